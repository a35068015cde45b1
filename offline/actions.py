"""Keeping what could not be accepted, and what a person decides about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from offline.models import RefusedEntry


@transaction.atomic
def keep_refused(
    *, sent_by: Any, kind: str, client_uuid: UUID, payload: Any, reason: str, received_at: datetime | None = None
) -> RefusedEntry:
    """Keep an entry that was sent and not accepted; the same one sent again is kept once."""
    waiting = RefusedEntry.objects.filter(sent_by=sent_by, kind=kind, client_uuid=client_uuid, decided_at__isnull=True)
    for entry in waiting:
        if entry.payload == payload and entry.reason == reason:
            return entry
    return RefusedEntry.objects.create(
        sent_by=sent_by,
        kind=kind,
        client_uuid=client_uuid,
        payload=payload,
        reason=reason,
        received_at=received_at or timezone.now(),
    )
