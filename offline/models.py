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


class KeepingPhone(models.Model):
    """One browser of one person that keeps something of hers, from its first vault until it is told to let go.

    ``tag`` is the name that her vault there gave itself: random, it says nothing of phone or person. ``round``
    counts the lives of that vault. A row that was ended never comes back: what she keeps there later is a new
    round, with another secret. ``told_at``: when that browser asked and was told to wipe what it keeps of her.
    Personal data: that she keeps something on a phone, by days. Kept: until twelve months after it was ended or
    last given anything. Erased by: the next phone that is given something (``offline.phones.tidy``).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tag = models.CharField(max_length=64, db_index=True)
    round = models.PositiveIntegerField(default=0)
    since_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    lost_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two tabs that ask at once open one vault, with one secret.
            models.UniqueConstraint(fields=["owner", "tag", "round"], name="one_row_per_life_of_a_vault"),
            # A phone that is lost must not go on being given anything.
            models.CheckConstraint(
                condition=models.Q(lost_at__isnull=True) | models.Q(ended_at__isnull=False), name="lost_phone_is_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"phone {self.pk}"


class Given(models.Model):
    """Something that a phone was given to keep, and whom it is about: her own ``m4``, or a list with other people.

    ``until``: the last moment at which that phone shows it; null for what has no end, such as a module.
    Personal data: who was on whose phone. Kept: thirty days after ``until``, or twelve months after ``last_on``
    where it has none; twelve months after a loss. Erased by: ``offline.phones.tidy``.
    """

    phone = models.ForeignKey(KeepingPhone, models.CASCADE, related_name="given")
    what = models.CharField(max_length=20)
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    until = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Given again, it is the same thing with a later end.
            models.UniqueConstraint(fields=["phone", "what", "about"], name="given_once_per_phone_and_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} on phone {self.phone_id}"
