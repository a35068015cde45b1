"""Recorded speech: the voice of a text, found by the words that it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecordingQuerySet(models.QuerySet["Recording"]):
    def in_use(self) -> RecordingQuerySet:
        """What is played: neither replaced by a later one nor withdrawn."""
        return self.filter(stopped_at=None)

    def saying(self, hashes: Iterable[str], language: str) -> RecordingQuerySet:
        """Recordings of these words in ``language``."""
        return self.filter(language=language, spoken_hash__in=set(hashes))


class Recording(models.Model):
    """Somebody, or a machine, says one text in one language.

    ``spoken_hash`` is the mark of the words (``listening.texts.spoken_hash``): words that change have another, so
    that nothing wrong is ever played. ``name`` is the mark of the sound, and its address. ``place`` says where it was
    read first (``m4/l2#1a2b3c4d``), for finding what was read before under other words; the same words at another
    place use the same recording. Nothing is taken away when it is stopped: words that come back have their voice back
    only if nobody withdrew it.

    Personal data: who recorded and who withdrew (members of staff). The voice itself is staff's; learners never record.
    """

    class Stop(models.TextChoices):
        REPLACED = "replaced", _("read again")
        WITHDRAWN = "withdrawn", _("not to be used")

    language = models.CharField(max_length=12)
    spoken_hash = models.CharField(max_length=32)
    text = models.TextField()
    place = models.CharField(max_length=160)
    name = models.CharField(max_length=32)
    size_bytes = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField()
    is_synthetic = models.BooleanField(default=False)
    licence = models.CharField(max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stop = models.CharField(max_length=10, choices=Stop.choices, blank=True, default="")

    objects = RecordingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["language", "place"], name="recording_by_place")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same words must not have two voices, of which one was meant to replace the other.
            models.UniqueConstraint(
                fields=["language", "spoken_hash"],
                condition=Q(stopped_at__isnull=True),
                name="one_recording_in_use_per_text",
            ),
            # What is no longer played says why.
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stop="") | (Q(stopped_at__isnull=False) & ~Q(stop="")),
                name="a_stopped_recording_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.name}"

    @property
    def url(self) -> str:
        """Where it is fetched: the mark of the sound, which says nothing. Never changes."""
        return f"{settings.MEDIA_URL}sound/{self.name}.opus"

    @property
    def file_name(self) -> str:
        """Where it lies in storage."""
        return f"sound/{self.name}.opus"
