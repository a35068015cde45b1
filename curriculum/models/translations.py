"""The ledger of translations: which source each published sentence was made from."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class TranslatedSegmentQuerySet(models.QuerySet["TranslatedSegment"]):
    def of(self, translation_key: uuid.UUID, language: str) -> TranslatedSegmentQuerySet:
        """What was last published of one object in one language, in reading order."""
        return self.filter(translation_key=translation_key, language=language).order_by("path", "order")


class TranslatedSegment(models.Model):
    """A sentence as it was last published in one language, and the source it was made from.

    ``path`` is the place inside the object, ``order`` the sentence's place at that path (a rich text has
    several). ``source_hash`` and ``source`` are of the sentence that the translator saw. When the
    source changes, ``text`` stays what learners read, and ``is_stale`` says so. ``template`` is the
    html around the sentences of a rich text, on its first sentence only: with it, a text whose
    paragraphs no longer match can be kept whole. ``reviewed_by`` and ``reviewed_on`` say who has read exactly these
    words beside exactly that source; other words are a draft again.
    """

    model = models.CharField(max_length=80)
    translation_key = models.UUIDField()
    language = models.CharField(max_length=12)
    path = models.CharField(max_length=240)
    order = models.PositiveSmallIntegerField()
    source_hash = models.CharField(max_length=64)
    source = models.TextField()
    text = models.TextField()
    attrs = models.JSONField(default=dict)
    template = models.TextField(blank=True, default="")
    is_stale = models.BooleanField(default=False)
    reviewed_by = models.CharField(max_length=120, blank=True, default="")
    reviewed_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()

    objects = TranslatedSegmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two texts for one place would leave it open which one learners read.
            models.UniqueConstraint(
                fields=["translation_key", "language", "path", "order"], name="one_translated_text_per_segment"
            ),
            # A yes without a name or a day is nobody's.
            models.CheckConstraint(
                condition=models.Q(reviewed_by="", reviewed_on=None)
                | (~models.Q(reviewed_by="") & models.Q(reviewed_on__isnull=False)),
                name="a_reader_has_a_name_and_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.path} {self.order}"
