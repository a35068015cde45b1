"""Words that need explaining, with a meaning per language."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel


class GlossaryEntry(ClusterableModel):
    """A word of the field, whatever the language."""

    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Never changes; English, for the team."))
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)

    panels: ClassVar[list] = [FieldPanel("key"), InlinePanel("meanings", label=_("Meaning in one language"))]

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.key


class GlossaryMeaning(models.Model):
    """The word in one language and its meaning in a plain sentence."""

    entry = ParentalKey(GlossaryEntry, on_delete=models.CASCADE, related_name="meanings")
    language = models.CharField(_("language"), max_length=12)
    word = models.CharField(_("word"), max_length=80)
    meaning = models.CharField(_("meaning"), max_length=240)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A lesson prints the one meaning there is in its language.
            models.UniqueConstraint(fields=["entry", "language"], name="one_meaning_per_language"),
        ]

    def __str__(self) -> str:
        return self.word
