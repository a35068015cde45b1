"""Taking a batch from a phone: each entry is opened, dispatched and given a receipt, or left for later."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from offline.actions import keep_refused
from offline.kinds import Entry, Refused, kind_of
from offline.models import Receipt
from offline.sealing import CannotOpen, open_envelope, to_text

MOST_ENTRIES = 50
"""Of one batch: a phone on 2G sends them in half a minute, and a server killed half-way repeats little."""

MOST_BYTES = 256 * 1024
"""Of one batch, unpacked."""

DOUBT = timedelta(minutes=10)
"""A phone sets its clock by the network now and then; less than this is no contradiction."""

FIRST_TIME, LAST_TIME = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


class Result(StrEnum):
    """What a phone is told of one entry. Only after the first three may it let the entry go."""

    STORED = "stored"
    REPEATED = "repeated"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Sealed:
    """One entry as it came: who it says it is, and the envelope, which only we can open."""

    client_uuid: UUID
    envelope: bytes


@dataclass(frozen=True)
class Answer:
    """What the phone hears about one entry."""

    client_uuid: UUID
    result: Result
    received_at: datetime
    reason: str = ""


@transaction.atomic
def take_batch(*, owner: Any, entries: Sequence[Sealed], sent_at: datetime, received_at: datetime) -> list[Answer]:
    """Take each entry on its own: one that is refused or trips changes nothing for the others.

    An answer other than ``later`` is true for ever: it is written with what it names, in this one
    transaction, and the same entry gets the same answer again. Nothing is answered before it is committed.
    """
    answers = []
    named = Receipt.objects.filter(owner=owner, client_uuid__in={sealed.client_uuid for sealed in entries})
    known = {receipt.client_uuid: receipt for receipt in named}
    for sealed in entries:
        try:
            with transaction.atomic():
                answer = _take(owner, sealed, sent_at, received_at, known)
        except IntegrityError:
            # The same entry is being taken at this very moment: next time it is a repeat.
            answer = Answer(sealed.client_uuid, Result.LATER, received_at)
        except Exception:
            # The entry itself may name an act of hers, so its content stays out of the log.
            log.exception("an entry from a phone could not be taken; it will come again")
            answer = Answer(sealed.client_uuid, Result.LATER, received_at)
        answers.append(answer)
    return answers


def _take(
    owner: Any, sealed: Sealed, sent_at: datetime, received_at: datetime, receipts: dict[UUID, Receipt]
) -> Answer:
    client_uuid = sealed.client_uuid
    try:
        entry, digest = _opened(owner, sealed, sent_at, received_at)
    except (CannotOpen, ValueError, TypeError, KeyError):
        return _refuse(owner, client_uuid, "", "cannot_open", {"envelope": to_text(sealed.envelope)}, received_at)
    except NotHers:
        return _refuse(owner, client_uuid, "", "not_hers", {"envelope": to_text(sealed.envelope)}, received_at)
    known = receipts.get(client_uuid)
    if known is not None:
        if known.digest != digest:
            return _refuse(owner, client_uuid, entry.kind, "payload_changed", dict(entry.payload), received_at)
        result = Result.REPEATED if known.result == Receipt.Result.STORED else Result.REFUSED
        return Answer(client_uuid, result, known.received_at, known.reason)
    kind = kind_of(entry.kind)
    try:
        if kind is None:
            raise Refused("unknown_kind")
        with transaction.atomic():
            is_new = kind.handler(entry)
    except Refused as refusal:
        refusal.note()
        answer = _refuse(owner, client_uuid, entry.kind, refusal.reason, dict(entry.payload), received_at)
        receipts[client_uuid] = _write(entry, digest, Receipt.Result.REFUSED, refusal.reason)
        return answer
    receipts[client_uuid] = _write(entry, digest, Receipt.Result.STORED)
    return Answer(client_uuid, Result.STORED if is_new else Result.REPEATED, received_at)


def _write(entry: Entry, digest: str, result: str, reason: str = "") -> Receipt:
    return Receipt.objects.create(
        owner=entry.owner,
        client_uuid=entry.client_uuid,
        kind=entry.kind,
        digest=digest,
        device=entry.device,
        counter=entry.counter,
        acted_at=entry.acted_at,
        sent_at=entry.sent_at,
        received_at=entry.received_at,
        result=result,
        reason=reason,
    )


def _refuse(
    owner: Any, client_uuid: UUID, kind: str, reason: str, payload: dict[str, Any], received_at: datetime
) -> Answer:
    keep_refused(
        sent_by=owner, kind=kind, client_uuid=client_uuid, payload=payload, reason=reason, received_at=received_at
    )
    return Answer(client_uuid, Result.REFUSED, received_at, reason)


class NotHers(Exception):
    """Sealed by somebody else: phones are shared."""


def _opened(owner: Any, sealed: Sealed, sent_at: datetime, received_at: datetime) -> tuple[Entry, str]:
    """The entry in its envelope and its digest. Raises ``CannotOpen``, ``NotHers`` and what rubbish raises."""
    content = open_envelope(sealed.envelope, sealed.client_uuid.bytes)
    said = json.loads(content)
    if said["owner"] != str(owner.uuid):
        raise NotHers
    if not isinstance(said["payload"], dict) or not isinstance(said["kind"], str):
        raise ValueError("not an entry")
    counter = said.get("counter")
    counter = counter if type(counter) is int and 0 <= counter < 2**62 else None
    device, acted_at = str(said.get("device", ""))[:64], instant(said["acted_at"])
    return (
        Entry(
            owner=owner,
            client_uuid=sealed.client_uuid,
            kind=said["kind"][:30],
            payload=said["payload"],
            device=device,
            counter=counter,
            acted_at=acted_at,
            sent_at=sent_at,
            received_at=received_at,
            contradicts_counter=contradicts_counter(owner, device, counter, acted_at),
        ),
        hashlib.sha256(content).hexdigest(),
    )


def contradicts_counter(owner: Any, device: str, counter: int | None, acted_at: datetime) -> bool:
    """Whether an act that this phone counted earlier says that it was made later, or the other way round."""
    if counter is None or not device:
        return False
    others = Receipt.objects.filter(owner=owner, device=device)
    earlier = Q(counter__lt=counter, acted_at__gt=acted_at + DOUBT)
    later = Q(counter__gt=counter, acted_at__lt=acted_at - DOUBT)
    return others.filter(earlier | later).exists()


def instant(milliseconds: Any) -> datetime:
    """A phone's clock, in milliseconds since 1970, as an instant; as near as there is one. Raises ``ValueError``."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float) or milliseconds != milliseconds:
        raise ValueError("not a time")
    low, high = FIRST_TIME.timestamp(), LAST_TIME.timestamp()
    return datetime.fromtimestamp(min(max(milliseconds / 1000, low), high), tz=UTC)
