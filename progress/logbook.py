"""The sessions that she noted in her logbook, and which of them her supervisor has signed. Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from programme.models import Term
from progress.models import LogbookEntry, LogbookSignature

TERMS_AT_A_TIME = 5000


def entries_of(terms: Iterable[Term], until: date, *, asked: int | None = None) -> dict[int, int]:
    """Term -> how many signed sessions her logbook holds up to and including ``until``; 0 for none.

    With ``asked``, how many of them count towards so many: half of those are watched and half are led, and more of
    one kind are not less of the other. One query for up to five thousand terms.
    """
    by_kind = by_kind_of(terms, until)
    return {term: counted_towards(kinds, asked) for term, kinds in by_kind.items()}


def counted_towards(kinds: Mapping[str, int], asked: int | None) -> int:
    """How many of the sessions of each kind count towards ``asked``, or all of them."""
    if asked is None:
        return sum(kinds.values())
    # Of an odd number one more may be watched: watching comes first.
    shares = {LogbookEntry.Kind.WATCHED: (asked + 1) // 2, LogbookEntry.Kind.LED: asked // 2}
    return sum(min(number, shares[LogbookEntry.Kind(kind)]) for kind, number in kinds.items())


def by_kind_of(terms: Iterable[Term], until: date) -> dict[int, dict[str, int]]:
    """Term -> kind of session -> how many signed ones. One query for up to five thousand terms."""
    keys = [term.pk for term in terms]
    found: dict[int, dict[str, int]] = {key: {} for key in keys}
    for start in range(0, len(keys), TERMS_AT_A_TIME):
        signed = LogbookEntry.objects.signed().filter(term__in=keys[start : start + TERMS_AT_A_TIME])
        rows = signed.filter(held_on__lte=until).order_by().values_list("term", "kind").annotate(Count("pk"))
        for term, kind, number in rows:
            found[term][kind] = number
    return found


@dataclass(frozen=True)
class Noted:
    """One session in her logbook; ``signed_at`` is empty while it waits."""

    entry: UUID
    kind: str
    held_on: date
    signed_at: datetime | None

    @property
    def label(self) -> str:
        return str(LogbookEntry.Kind(self.kind).label)


def sessions_of(term: Term) -> list[Noted]:
    """Everything that stands in the logbook of ``term``, the newest session first. One query."""
    signature = LogbookSignature.objects.filter(term=OuterRef("term"), entry=OuterRef("client_uuid"))
    rows = LogbookEntry.objects.standing().filter(term=term).annotate(at=Subquery(signature.values("signed_at")[:1]))
    return [Noted(row.client_uuid, row.kind, row.held_on, row.at) for row in rows.order_by("-held_on", "-pk")]


@dataclass(frozen=True)
class Tally:
    """Of one kind of session: how many are signed, and how many wait."""

    kind: str
    signed: int
    waiting: int

    @property
    def label(self) -> str:
        return str(LogbookEntry.Kind(self.kind).label)


def tallies(noted: Iterable[Noted]) -> list[Tally]:
    """One tally for each kind, in their order. No query."""
    signed = Counter((each.kind, each.signed_at is not None) for each in noted)
    return [Tally(kind.value, signed[kind.value, True], signed[kind.value, False]) for kind in LogbookEntry.Kind]
