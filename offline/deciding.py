"""What a person decides about an entry that was not accepted: try it again, or close it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from offline.batches import Result, Sealed, contradicts_counter, take_batch
from offline.kinds import Entry, Refused, kind_of
from offline.models import Receipt, RefusedEntry
from offline.sealing import from_text

CANNOT_OPEN = "cannot_open"

log = logging.getLogger(__name__)


def can_be_tried(entry: RefusedEntry) -> bool:
    """Whether trying again could end otherwise: some app takes its kind, or a key that was missing may be back."""
    return kind_of(entry.kind) is not None if entry.kind else entry.reason == CANNOT_OPEN


@transaction.atomic
def try_again(*, entry: RefusedEntry, by: Any, now: datetime) -> Result:
    """Give ``entry`` to its app once more, with the clock it came with.

    ``stored``: it is stored, its receipt says so, and it is decided. ``refused``: not accepted again, perhaps for
    another reason, and still waiting. ``later``: we tripped over it; it waits as it was. ``repeated``: somebody
    has decided about it before, and nothing was done.
    """
    entry = RefusedEntry.objects.select_for_update().select_related("sent_by").get(pk=entry.pk)
    if entry.decided_at is not None:
        return Result.REPEATED
    if not can_be_tried(entry):
        return Result.REFUSED
    if entry.kind:
        result = _take(entry)
        is_over = result == Result.STORED
    else:
        result, is_over = _open(entry)
    if is_over:
        _decide(entry, by, now)
    return result


@transaction.atomic
def close(*, entry: RefusedEntry, by: Any, now: datetime) -> bool:
    """``entry`` is not taken, and waits no longer; return whether this decided it."""
    entry = RefusedEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.decided_at is not None:
        return False
    _decide(entry, by, now)
    return True


def _decide(entry: RefusedEntry, by: Any, now: datetime) -> None:
    entry.decided_at, entry.decided_by = now, by
    entry.save(update_fields=["decided_at", "decided_by"])


def _take(entry: RefusedEntry) -> Result:
    kind, receipt = kind_of(entry.kind), _receipt_of(entry)
    assert kind is not None  # noqa: S101 -- can_be_tried has asked
    try:
        with transaction.atomic():
            kind.handler(_as_it_came(entry, receipt))
    except Refused as refusal:
        refusal.note()
        _note(entry, receipt, refusal.reason)
        return Result.REFUSED
    except Exception:
        # The entry itself may name an act of hers, so its content stays out of the log.
        log.exception("an entry that was kept could not be tried again")
        return Result.LATER
    if receipt is not None:
        receipt.result, receipt.reason = Receipt.Result.STORED, ""
        receipt.save(update_fields=["result", "reason"])
    return Result.STORED


def _note(entry: RefusedEntry, receipt: Receipt | None, reason: str) -> None:
    """What it is refused for today."""
    rows: list[RefusedEntry | Receipt] = [entry] if receipt is None else [entry, receipt]
    for row in rows:
        if row.reason != reason:
            row.reason = reason
            row.save(update_fields=["reason"])


def _receipt_of(entry: RefusedEntry) -> Receipt | None:
    """The receipt of this very entry: not that of another with the same uuid, which came before it.

    None for what was refused in a page of the site.
    """
    return Receipt.objects.filter(
        owner=entry.sent_by,
        client_uuid=entry.client_uuid,
        kind=entry.kind,
        result=Receipt.Result.REFUSED,
        received_at=entry.received_at,
    ).first()


def _as_it_came(entry: RefusedEntry, receipt: Receipt | None) -> Entry:
    """With the phone's clock and its count; where that is not known, it happened when it was received."""
    contradicts = receipt is not None and contradicts_counter(
        entry.sent_by, receipt.device, receipt.counter, receipt.acted_at
    )
    return Entry(
        owner=entry.sent_by,
        client_uuid=entry.client_uuid,
        kind=entry.kind,
        payload=entry.payload,
        device=receipt.device if receipt else "",
        counter=receipt.counter if receipt else None,
        acted_at=receipt.acted_at if receipt else entry.received_at,
        sent_at=receipt.sent_at if receipt else entry.received_at,
        received_at=entry.received_at,
        contradicts_counter=contradicts,
    )


def _open(entry: RefusedEntry) -> tuple[Result, bool]:
    """Take the envelope as if it came now, for when the operator has found the key that was missing.

    Return what became of it, and whether this row is over: when the envelope opens and is refused for a reason of
    its own, that waits in a row of its own. When the phone sent it is not kept: its clock is taken to be right.
    """
    sealed = Sealed(entry.client_uuid, from_text(entry.payload["envelope"]))
    answer = take_batch(
        owner=entry.sent_by, entries=[sealed], sent_at=entry.received_at, received_at=entry.received_at
    )[0]
    if answer.result == Result.LATER or answer.reason == CANNOT_OPEN:
        return answer.result, False
    return (Result.STORED if answer.result == Result.REPEATED else answer.result), True
