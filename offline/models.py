"""What was received from phones: a receipt for every entry, and whole whatever could not be accepted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Receipt(models.Model):
    """What became of one entry of one person. Written in the transaction that stores what it names.

    ``digest``: SHA-256 (hex) of the opened entry. ``counter`` counts the acts of one phone in the order
    in which they were made, which no wrong clock can change. ``acted_at`` and ``sent_at`` are the
    phone's clock. ``reason`` is a word for programs; its sentence is ``offline.kinds.words_for``.
    Personal data: which phone she used and when. Kept: twelve months. Erased by: the retention command.
    """

    class Result(models.TextChoices):
        STORED = "stored", _("received")
        REFUSED = "refused", _("not accepted")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_uuid = models.UUIDField(editable=False)
    kind = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True, default="")
    counter = models.PositiveBigIntegerField(null=True)
    acted_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    result = models.CharField(max_length=8, choices=Result.choices)
    reason = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A phone resends until it hears back; the second copy gets the answer of the first.
            models.UniqueConstraint(fields=["owner", "client_uuid"], name="one_receipt_per_entry"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "device", "counter"], name="receipts_of_a_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_uuid}: {self.result}"


class RefusedEntry(models.Model):
    """Something that was sent and could not be accepted: kept whole, for a person to decide.

    Personal data: answers. Kept: until decided, at most twelve months. Erased by: the retention command.
    """

    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    client_uuid = models.UUIDField()
    payload = models.JSONField()
    reason = models.CharField(max_length=60)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.client_uuid}: {self.reason}"


class Pack(models.Model):
    """What a phone keeps of one place in one language and country, as ciphertext (``offline/packs.py``).

    ``name`` follows from the content: the same content is the same pack. Old ones stay for a while, for
    phones that are half-way through.
    """

    place = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    signature = models.CharField(max_length=64)
    name = models.CharField(max_length=32, db_index=True)
    key = models.BinaryField()
    body = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two phones that ask at once get the same pack.
            models.UniqueConstraint(fields=["place", "language", "country", "signature"], name="one_pack_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.language}-{self.country} {self.name}"
