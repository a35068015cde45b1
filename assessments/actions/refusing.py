"""What could not be accepted is kept whole, for a person to decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from people.models import User
from programme.models import RefusedEntry


@transaction.atomic
def refuse(*, sent_by: User, kind: str, client_uuid: UUID, payload: Any, reason: str) -> RefusedEntry:
    """Keep an entry that was sent and not accepted; the same one sent again is kept once."""
    waiting = RefusedEntry.objects.filter(sent_by=sent_by, kind=kind, client_uuid=client_uuid, decided_at__isnull=True)
    for entry in waiting:
        if entry.payload == payload and entry.reason == reason:
            return entry
    return RefusedEntry.objects.create(
        sent_by=sent_by, kind=kind, client_uuid=client_uuid, payload=payload, reason=reason
    )
