"""What a pack last brought in, and a pack that waits at the desk to be brought in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class ImportedPiece(models.Model):
    """One piece of a pack as the last import found it there: what tells an edit at the desk from one in the pack.

    ``language`` is empty for the source. ``order`` holds the ids of a list. Written by imports only; it says nothing
    about what learners read.
    """

    module = models.CharField(max_length=16)
    language = models.CharField(max_length=12, blank=True, default="")
    key = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    order = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two memories of one piece would leave it open what the trainer has changed since.
            models.UniqueConstraint(fields=["module", "language", "key"], name="one_memory_of_an_imported_piece"),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.key} {self.language}"


class KeptPack(models.Model):
    """The text of a pack as it was last brought in: remarks, ids, signatures and facts that no page holds.

    ``curriculum`` is the one that its modules belong to; a pack stays with it however often it comes again.

    An export from the desk begins with it. Recordings have a place of their own and are not part of it.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    curriculum = models.CharField(max_length=30, blank=True, default="")
    zip = models.BinaryField()
    imported_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.code


class UploadedPack(models.Model):
    """A pack that somebody sent to the desk and has not brought in yet. One a person; it goes when it is brought in.

    Personal data: who sent it. Kept: until it is brought in, put away, or replaced by her next one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    zip = models.BinaryField()
    uploaded_by = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploaded_pack")
    uploaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
