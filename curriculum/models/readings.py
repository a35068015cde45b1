"""Who has read a translation, beside the source that it was made from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class TextReading(models.Model):
    """A person who speaks the language has read exactly these words beside exactly this source. Appended.

    It is bound to both by their hashes: other words, or another source, are read by nobody. Where the words are
    published the ledger says the same (``TranslatedSegment.reviewed_by``).

    Personal data: the reader's name, as it stands in the file that goes with the translation. Kept: as long as the
    words. ``reader`` goes with the account.
    """

    translation_key = models.UUIDField()
    language = models.CharField(max_length=12)
    path = models.CharField(max_length=240)
    source_hash = models.CharField(max_length=64)
    text_hash = models.CharField(max_length=64)
    read_by = models.CharField(max_length=120)
    read_on = models.DateField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Read once is read; who signs a second time signs nothing new.
            models.UniqueConstraint(
                fields=["translation_key", "language", "path", "source_hash", "text_hash"],
                name="one_reading_of_the_same_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.path}: {self.read_by}"
