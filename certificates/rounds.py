"""What a woman holds already: which certificate a new one would follow, since when, and from which day on.

A round is one certificate of an award and its corrections; a renewal begins the next round, with a sign-off of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from certificates.models import Award, Certificate
from certificates.states import FullState, full_state_on
from programme.models import Term

AHEAD = timedelta(days=60)
"""How long before its end a certificate may be renewed, and a refresher given (programme reference, SU6)."""

HELD = frozenset({FullState.CURRENT, FullState.EXPIRED})
"""States of a certificate that she has, or has had until its last day."""


@dataclass(frozen=True)
class Holdings:
    """The certificates of one woman in one programme, the oldest first."""

    certificates: list[Certificate] = field(default_factory=list)

    def of(self, term: Term, award: Award) -> list[Certificate]:
        """Those of ``award`` within ``term``."""
        return [each for each in self.certificates if each.award_id == award.pk and each.term_id == term.pk]

    def live(self, term: Term, award: Award) -> Certificate | None:
        """The one that no later one has taken the place of."""
        return next((each for each in self.of(term, award) if each.superseded_at is None), None)

    def round(self, term: Term, award: Award) -> int:
        """The round of the next certificate of ``award``: 0 for the first."""
        rows = self.of(term, award)
        return int(rows[-1].facts.get("round", 0)) + 1 if rows else 0

    def with_code(self, code: str, on: date) -> tuple[Certificate | None, FullState | None]:
        """The best that she has of the award called ``code``, in any of her terms, and its state on ``on``."""
        rows = [each for each in self.certificates if each.award.code == code and each.superseded_at is None]
        states = [(each, full_state_on(each, on)) for each in rows]
        held = [(each, state) for each, state in states if state in HELD]
        if held:
            return max(held, key=lambda pair: pair[0].valid_until() or date.max)
        return states[-1] if states else (None, None)

    def has_gone_on(self, live: Certificate, on: date) -> bool:
        """Whether she holds what comes after ``live``: an award that needs it, or that asks for its gates and more."""
        award = live.award
        return any(
            each.term_id == live.term_id
            and each.superseded_at is None
            and each.issued_on >= live.issued_on
            and (award.code in each.award.needs or set(award.gates) < set(each.award.gates))
            and full_state_on(each, on) in HELD
            for each in self.certificates
            if each.award_id != live.award_id
        )

    def before(self, term: Term, award: Award, on: date) -> Certificate | None:
        """What a new certificate of ``award`` would come after: its own, or for a refresher what it refreshes."""
        own = self.live(term, award)
        if own is not None or award.kind != Award.Kind.REFRESHER:
            return own
        needed = [self.with_code(code, on)[0] for code in award.needs]
        ending = [each for each in needed if each is not None and each.expires_on is not None]
        return max(ending, key=lambda each: each.valid_until() or date.min, default=None)


def holdings_of(terms: Iterable[Term]) -> dict[int, Holdings]:
    """What the woman of each term holds in its programme, by the term. Two queries however many there are."""
    terms = list(terms)
    rows = (
        Certificate.objects.filter(
            term__learner__in={term.learner_id for term in terms},
            award__programme__in={term.programme_id for term in terms},
        )
        .with_state()
        .select_related("term")
        .order_by("issued_on", "pk")
    )
    found: dict[tuple[int, int], list[Certificate]] = defaultdict(list)
    for row in rows:
        found[row.term.learner_id, row.award.programme_id].append(row)
    return {term.pk: Holdings(found[term.learner_id, term.programme_id]) for term in terms}


def may_follow_from(certificate: Certificate) -> date | None:
    """The first day on which another may follow ``certificate``; ``None`` when it has no end."""
    until = certificate.valid_until()
    return None if until is None else until - AHEAD
