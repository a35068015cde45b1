"""What a change of a published text means: a typo, other words, or something clinical. Said by whoever publishes it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Meaning(models.TextChoices):
    """What a change does to a learner. There is no usual one."""

    TYPO = "typo", _("a typo")
    WORDING = "wording", _("other words, the same meaning")
    CLINICAL = "clinical", _("something she does changes")


class SaidMeaning(models.Model):
    """What somebody said of one revision, before it went live. Appended; what was said last counts.

    ``before`` is the revision that learners read then. Neither is held by the database: a draft may be deleted, what
    was said of it stays. ``said_by`` is nobody where a program published, such as an import at the command line.
    """

    revision = models.ForeignKey(
        "wagtailcore.Revision", models.DO_NOTHING, db_constraint=False, related_name="said_meanings"
    )
    before = models.ForeignKey(
        "wagtailcore.Revision", models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    language = models.CharField(max_length=12)
    meaning = models.CharField(max_length=8, choices=Meaning.choices)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-said_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["content_type", "object_id"], name="said_meaning_of_text"),
        ]

    def __str__(self) -> str:
        return f"{self.meaning}: {self.title} ({self.language})"


class TypoLook(models.Model):
    """A second person has looked at what was published as a typo. Appended.

    An approval stands over a typo at once; where ``is_typo`` is no, it stands no more in ``country``.
    """

    said = models.ForeignKey(SaidMeaning, models.PROTECT, related_name="looks")
    country = models.CharField(max_length=2)
    is_typo = models.BooleanField()
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two answers for one country would leave it open whether the approval stands.
            models.UniqueConstraint(fields=["said", "country"], name="one_look_per_typo_and_country"),
        ]

    def __str__(self) -> str:
        return f"{self.said_id} {self.country}: {self.is_typo}"
