"""What people of her sites sent and what was not accepted: a coordinator sees that it waits, never what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from offline.deciding import can_be_tried
from offline.kinds import label_of, words_for
from offline.models import RefusedEntry
from programme.models import RoleAssignment
from programme.scope import RIGHTS, Act, Scope


@dataclass(frozen=True)
class WaitingRow:
    """One entry as a line. ``kind`` is empty for what could not be opened; ``told`` is what she was told."""

    pk: int
    alias: str
    kind: str
    received_at: datetime
    told: str
    can_be_tried: bool


def entries_of(scope: Scope) -> QuerySet[RefusedEntry]:
    """What was sent by learners whose terms she runs, or by staff who work at her sites; never by herself."""
    units = scope.units(Act.MANAGE_TERM)
    if not units:
        return RefusedEntry.objects.none()
    learners = scope.terms(Act.MANAGE_TERM).values("learner")
    staff = RoleAssignment.objects.filter(unit__in=units).values("user")
    hers = RefusedEntry.objects.filter(Q(sent_by__in=learners) | Q(sent_by__in=staff)).exclude(sent_by=scope.user)
    return hers.select_related("sent_by").order_by("received_at", "pk")


def waiting_entries(scope: Scope) -> QuerySet[RefusedEntry]:
    """Those that nobody has decided about."""
    return entries_of(scope).filter(decided_at__isnull=True)


def row_of_entry(entry: RefusedEntry) -> WaitingRow:
    """``entry`` as it is listed: none of its contents."""
    return WaitingRow(
        pk=entry.pk,
        alias=entry.sent_by.alias,
        kind=label_of(entry.kind) if entry.kind else "",
        received_at=entry.received_at,
        told=words_for(entry.reason),
        can_be_tried=can_be_tried(entry),
    )


def role_of(scope: Scope) -> str:
    """The role in which she decides, for the access log."""
    return next((str(held.role) for held in scope.roles if Act.MANAGE_TERM in RIGHTS.get(held.role, ())), "")
