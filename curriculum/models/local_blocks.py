"""What one country has of its own in a shared lesson: a block instead of a shared one, or one more."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from curriculum.blocks import LessonBody
from curriculum.models.facts import Country
from curriculum.models.identities import Lesson


class LocalBlockQuerySet(models.QuerySet["LocalBlock"]):
    def in_source_language(self) -> LocalBlockQuerySet:
        """Those from which the others are translated; one for each ``identity``."""
        return self.filter(language=settings.LANGUAGE_CODE)


class LocalBlock(models.Model):
    """A block that stands in the articles of one country only, in one language.

    ``beside`` is the block of the shared lesson that it replaces or follows. ``made_beside`` is the mark of the words
    it was written beside: of the shared block for the text in the source language, of that text for a
    translation. When the words have other marks, somebody looks at both. In a language that has none, learners read the
    shared block.
    """

    class Where(models.TextChoices):
        REPLACES = "replaces", _("instead of this block")
        AFTER = "after", _("after this block")

    identity = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=12, blank=True, default="")
    country = models.ForeignKey(Country, models.PROTECT, related_name="local_blocks", verbose_name=_("country"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="local_blocks")
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)
    where = models.CharField(_("where it stands"), max_length=8, choices=Where.choices, default=Where.REPLACES)
    beside = models.UUIDField()
    position = models.PositiveSmallIntegerField(default=0)
    made_beside = models.CharField(max_length=64, blank=True, default="")
    body = StreamField(LessonBody(), verbose_name=_("block"), max_num=1)
    changed_at = models.DateTimeField(auto_now=True)

    objects = LocalBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("local block")
        verbose_name_plural = _("local blocks")
        ordering: ClassVar[list[str]] = ["country", "lesson", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A block says one thing in one language.
            models.UniqueConstraint(fields=["identity", "language"], name="one_local_block_per_language"),
            # Two blocks instead of one would leave it open which one learners read.
            models.UniqueConstraint(
                fields=["country", "lesson", "beside", "language"],
                condition=models.Q(where="replaces"),
                name="one_local_block_replaces_a_shared_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.name or self.identity} ({self.language})"
