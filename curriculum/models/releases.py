"""A release: named texts in named languages with one country's values, and the approval of exactly that."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models.fact_changes import FactChange
from curriculum.models.facts import Country
from curriculum.models.identities import Module


class Release(models.Model):
    """What was published in one country on one day, under a name that a meeting can use.

    ``content_hash`` is the mark of everything in it (``curriculum.releases.contents``). It can be taken again from what
    is published until it is closed (``closed_at``): when it is approved, or when a cohort first reads it. From then on
    only clinical updates reach it (``ReleaseUpdate``). ``values``: the country's values as they were, each with its
    source and mark.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    country = models.ForeignKey(Country, models.PROTECT, related_name="releases")
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)
    languages = models.JSONField(default=list)
    modules = models.ManyToManyField(Module, related_name="+")
    values = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-prepared_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A meeting names it.
            models.UniqueConstraint(fields=["country", "curriculum", "name"], name="one_release_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ReleasedText(models.Model):
    """One frozen text in a release, by its mark; the words themselves are in the app that froze it.

    What was true of it when the release was taken: ``is_approved`` for the country, ``is_stale`` beside its source,
    ``is_draft`` when nobody who speaks the language has read all of it.
    """

    class Kind(models.TextChoices):
        MODULE = "module", _("module")
        LESSON = "lesson", _("lesson")
        QUIZ = "quiz", _("quiz")
        CHECKLIST = "checklist", _("practice checklist")

    release = models.ForeignKey(Release, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    path = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    facts = models.JSONField(default=list)
    is_approved = models.BooleanField(default=False)
    is_stale = models.BooleanField(default=False)
    is_draft = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["module__code", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One text at one place.
            models.UniqueConstraint(fields=["release", "kind", "path", "language"], name="one_released_text_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.language})"


class ReleaseDocument(models.Model):
    """A document of a release as it was made for a meeting. Appended. ``html`` is what was read, to the letter."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="documents")
    content_hash = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    html = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.release} {self.content_hash[:12]}"


class ReleasePaper(models.Model):
    """The PDF of a document. It can be made again from it."""

    document = models.OneToOneField(ReleaseDocument, models.CASCADE, related_name="paper")
    pdf = models.BinaryField()
    pages = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.document_id)


class ReleaseApproval(models.Model):
    """A meeting's yes to exactly what was read. Appended; there is one for a release.

    ``content_hash`` is that of the document and of the release, both, when it was recorded. ``recorded_by`` holds the
    clinical review of the country and did not prepare the release; ``reviewer`` is the name in the minutes.
    """

    release = models.OneToOneField(Release, models.PROTECT, related_name="approval")
    document = models.ForeignKey(ReleaseDocument, models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    reviewer = models.CharField(_("reviewer"), max_length=120)
    meeting = models.CharField(_("meeting"), max_length=160)
    held_on = models.DateField(_("day of the meeting"))
    document_number = models.CharField(_("document number"), max_length=60)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.release}: {self.document_number}"


class ReleaseUpdate(models.Model):
    """A clinical change reached a closed release: one text gave way to what is published now. Appended.

    An empty ``new_hash``: the text is not there any more.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="updates")
    change = models.ForeignKey(FactChange, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReleasedText.Kind.choices)
    path = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    old_hash = models.CharField(max_length=64)
    new_hash = models.CharField(max_length=64, blank=True, default="")
    reached_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-reached_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.path} ({self.language})"
