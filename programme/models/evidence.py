"""What every piece of evidence carries: whose term, which act, which words she saw, and when.

Evidence is appended. The database itself refuses updates and deletes (``append_only``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from offline.kinds import Refused
from programme.models.terms import Term

DOUBT = timedelta(minutes=10)
"""A phone that says an act happened this much after it was sent has a clock nobody should trust."""

LONGEST_KEPT = timedelta(days=400)
"""No phone keeps an act longer than a term: one that says so was switched on with its clock in 1970."""


@dataclass(frozen=True)
class Clock:
    """The phone's two clock readings and ours. ``happened_at`` needs only their differences.

    A wrong phone clock cancels out: the act happened as long before it was received as it was
    made before it was sent. It never lies in the future. Where the phone says something impossible,
    or its count of acts goes the other way than its clock, the act is marked as doubtful; where nothing
    better is known, it happened when it was received.
    """

    acted_at: datetime
    sent_at: datetime
    received_at: datetime
    device: str = ""
    counter: int | None = None
    contradicts_counter: bool = False

    @classmethod
    def here_and_now(cls) -> Self:
        """For an act made online, in the page: all three readings are ours."""
        now = timezone.now()
        return cls(acted_at=now, sent_at=now, received_at=now)

    @property
    def kept_for(self) -> timedelta:
        """How long the phone says that it kept the act before it sent it."""
        return self.sent_at - self.acted_at

    @property
    def happened_at(self) -> datetime:
        if timedelta(0) <= self.kept_for <= LONGEST_KEPT:
            return self.received_at - self.kept_for
        return self.received_at

    @property
    def is_doubtful(self) -> bool:
        return not -DOUBT <= self.kept_for <= LONGEST_KEPT or self.contradicts_counter

    def as_fields(self) -> dict[str, Any]:
        """The fields of ``Evidence`` that a clock fills."""
        return {**asdict(self), "happened_at": self.happened_at, "clock_is_doubtful": self.is_doubtful}


def payload_hash(payload: Any) -> str:
    """SHA-256 (hex) of a payload in canonical JSON: the same act gives the same hash on every phone."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class PayloadChanged(Refused):
    """The same ``client_uuid`` came with another payload. Kept for a person, never dropped."""

    def __init__(self, client_uuid: UUID) -> None:
        super().__init__("payload_changed")
        self.client_uuid = client_uuid


class Evidence(models.Model):
    """One act of one term. Appended, never changed; unique on (term, ``client_uuid``).

    ``acted_at`` and ``sent_at`` are the phone's clock and may be wrong by years; ``received_at`` is
    ours; ``happened_at`` is derived from the three and is what deadlines use. ``content_hash`` is
    that of the very text she saw, in ``language`` for ``country``.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="%(class)ss")
    client_uuid = models.UUIDField(editable=False)
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    content_hash = models.CharField(max_length=64)
    payload_hash = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True, default="")
    counter = models.PositiveBigIntegerField(null=True)
    acted_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    clock_is_doubtful = models.BooleanField(default=False)
    contradicts_counter = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A phone resends until it hears back; the second copy must be harmless.
            models.UniqueConstraint(fields=["term", "client_uuid"], name="%(class)s_once_per_client_uuid"),
        ]

    @classmethod
    def append(cls, *, term: Term, client_uuid: UUID, payload: Any, **fields: Any) -> tuple[Self, bool]:
        """Store one act; return ``(row, created)``. A repeat of the same payload is harmless.

        Raises ``PayloadChanged`` when the same uuid is already there with another payload; the
        caller keeps that payload with ``offline.actions.keep_refused``.
        """
        digest = payload_hash(payload)
        row, created = cls._default_manager.get_or_create(
            term=term, client_uuid=client_uuid, defaults={"payload_hash": digest, **fields}
        )
        if row.payload_hash != digest:
            raise PayloadChanged(client_uuid)
        return row, created
