"""What is noted beside lessons: who was there, and the sessions of a logbook with their signatures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from people.models import AccessKind, User, log_access
from programme.models import Clock, Cohort, OrganisationUnit, Term
from progress.attendance import sheet_of
from progress.models import Attendance, LogbookEntry, LogbookSignature


class SheetHasChanged(Exception):
    """Somebody has saved the sheet since it was drawn: nothing is stored, and both are shown."""


@transaction.atomic
def take_sheet(
    *,
    cohort: Cohort,
    held_on: date,
    half: str,
    hours: Decimal,
    there: Collection[Term],
    women: Any,
    taken_by: User,
    roles: Mapping[int, str],
    client_uuid: UUID,
    mark: int,
    clock: Clock,
) -> int:
    """Note who of ``women`` was there on a half-day, and take back what no longer holds; return how many rows it took.

    Only what differs from the sheet as it stands is appended, so that a repeat appends nothing. ``roles``: in which
    role she takes the sheet, for each term. ``mark`` is that of the sheet she was shown: when it stands otherwise by
    now, and not as she says, ``SheetHasChanged`` is raised.
    """
    # Two who save at once: the second waits here and finds what the first has saved.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    sheet = sheet_of(cohort, held_on, half, women)
    wanted = {term.pk for term in there}
    changed = [
        line.term
        for line in sheet.lines
        if line.is_there != (line.term.pk in wanted) or (line.is_there and line.row and line.row.hours != hours)
    ]
    if not changed:
        return 0
    if sheet.mark != mark:
        raise SheetHasChanged
    for term in changed:
        was_there = term.pk in wanted
        Attendance.append(
            term=term,
            client_uuid=uuid5(client_uuid, str(term.uuid)),
            payload=attendance_payload(
                cohort=cohort, held_on=held_on, half=half, hours=hours, was_there=was_there, taken_by=taken_by
            ),
            cohort=cohort,
            held_on=held_on,
            half=half,
            hours=hours,
            was_there=was_there,
            taken_by=taken_by,
            taken_as=roles[term.pk],
            **clock.as_fields(),
        )
    return len(changed)


def attendance_payload(
    *, cohort: Cohort, held_on: date, half: str, hours: Decimal, was_there: bool, taken_by: User
) -> dict[str, Any]:
    """What a tick says, as it is hashed. The row's own columns give it back: ``check_evidence`` compares."""
    return {
        "cohort": cohort.code,
        "held_on": held_on.isoformat(),
        "half": str(half),
        "hours": f"{hours:.1f}",
        "was_there": was_there,
        "taken_by": str(taken_by.uuid),
    }


@transaction.atomic
def note_session(*, term: Term, kind: str, held_on: date, client_uuid: UUID, clock: Clock) -> tuple[LogbookEntry, bool]:
    """Append that she watched or led a session; return ``(entry, created)``.

    Safe to call again with the same ``client_uuid`` and payload; raises ``PayloadChanged`` when the uuid is there with
    another one. It counts when it is signed.
    """
    return LogbookEntry.append(
        term=term,
        client_uuid=client_uuid,
        payload=entry_payload(kind=kind, held_on=held_on),
        kind=kind,
        held_on=held_on,
        **clock.as_fields(),
    )


def entry_payload(*, kind: str, held_on: date, takes_back: UUID | None = None) -> dict[str, str]:
    """What an entry says, as it is hashed. The row's own columns give it back."""
    said = {"kind": str(kind), "held_on": held_on.isoformat()}
    return said | ({"takes_back": str(takes_back)} if takes_back else {})


class AlreadySigned(Exception):
    """What somebody has signed stands: she asks her supervisor."""


@transaction.atomic
def take_back_session(*, term: Term, entry: UUID, clock: Clock) -> bool:
    """Append that ``entry`` was a mistake; whether it was there to take back.

    Again it changes nothing. Raises ``AlreadySigned`` when a supervisor was faster.
    """
    # Taking back and signing at once: whoever comes second finds what the first did.
    Term.objects.select_for_update().get(pk=term.pk)
    found = LogbookEntry.objects.standing().filter(term=term, client_uuid=entry).first()
    if found is None:
        return False
    if LogbookSignature.objects.filter(term=term, entry=entry).exists():
        raise AlreadySigned
    LogbookEntry.append(
        term=term,
        client_uuid=uuid5(entry, "back"),
        payload=entry_payload(kind=found.kind, held_on=found.held_on, takes_back=entry),
        kind=found.kind,
        held_on=found.held_on,
        takes_back=entry,
        **clock.as_fields(),
    )
    return True


class NotHerOwnLogbook(Exception):
    """Nobody signs her own sessions."""


@transaction.atomic
def sign_sessions(
    *, term: Term, entries: Iterable[UUID], signed_by: User, signed_as: str, unit: OrganisationUnit, now: datetime
) -> int:
    """Sign those of ``entries`` that stand in her logbook and wait; return how many that were.

    A repeat, or a second supervisor, signs nothing twice. One's own raises ``NotHerOwnLogbook``.
    """
    if signed_by.pk == term.learner_id:
        raise NotHerOwnLogbook
    Term.objects.select_for_update().get(pk=term.pk)
    waiting = LogbookEntry.objects.waiting().filter(term=term, client_uuid__in=list(entries)).order_by("pk")
    signed = LogbookSignature.objects.bulk_create(
        LogbookSignature(term=term, entry=entry, signed_by=signed_by, signed_as=signed_as, unit=unit, signed_at=now)
        for entry in waiting.values_list("client_uuid", flat=True)
    )
    if signed:
        log_access(subjects=[term.learner], actor=signed_by, kind=AccessKind.PRACTICE_SIGNED, actor_role=signed_as)
    return len(signed)
