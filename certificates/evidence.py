"""What speaks for a term beside its standing: practices, approvals, hours, entries, certificates. For many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from assessments.approval import modules_that_may_certify
from assessments.models import Observation
from certificates.models import Award
from certificates.rounds import Holdings, holdings_of
from curriculum.models import Article, ReleaseApproval
from programme.models import Installation, Term
from progress.attendance import hours_of
from progress.logbook import by_kind_of, counted_towards
from progress.standing import Standing, standings_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evidence:
    """Of one term, until the end of one day where she works.

    ``practised``: each module with the first and the last day on which a practice of it was signed off.
    ``approved``: the modules that count in her country. ``hours`` and ``entries``: how many there were until a day.
    """

    standing: Standing
    holdings: Holdings
    practised: Mapping[int, tuple[date, date]] = field(default_factory=dict)
    approved: frozenset[int] = frozenset()
    hours: Mapping[date, Decimal] = field(default_factory=dict)
    entries: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    @property
    def counted(self) -> dict[int, tuple[date, date]]:
        """The practices of modules that count."""
        return {module: days for module, days in self.practised.items() if module in self.approved}

    def hours_since(self, since: date | None) -> Decimal:
        """Hours of attendance after ``since``, or of the whole term."""
        return self.hours.get(self.standing.on, Decimal(0)) - (self.hours.get(since, Decimal(0)) if since else 0)

    def entries_since(self, since: date | None, asked: int | None = None) -> int:
        """Signed sessions after ``since``, or of the whole term; with ``asked`` those that count towards so many."""
        until, before = self.entries.get(self.standing.on, {}), self.entries.get(since, {}) if since else {}
        return counted_towards({kind: number - before.get(kind, 0) for kind, number in until.items()}, asked)


def evidence_of(terms: Iterable[Term], awards: Iterable[Award], on: date) -> dict[int, Evidence]:
    """The evidence of each term for ``awards``, in as many queries for a cohort as for one woman of it.

    One query more for each country and release in which they work, and for each day since which hours are counted.
    """
    terms, awards = list(terms), list(awards)
    standings, holdings = standings_of(terms, on), holdings_of(terms)
    practised = _practised(terms, on)
    approved = _approved(standings, practised)
    days = {since for term in terms for award in awards if (since := counted_since(award, term, holdings[term.pk], on))}
    hours, entries = _amounts(terms, awards, days | {on})
    return {
        term.pk: Evidence(
            standing=standings[term.pk],
            holdings=holdings[term.pk],
            practised=practised[term.pk],
            approved=approved[term.pk],
            hours={day: found.get(term.pk, Decimal(0)) for day, found in hours.items()},
            entries={day: found.get(term.pk, {}) for day, found in entries.items()},
        )
        for term in terms
    }


def counted_since(award: Award, term: Term, holdings: Holdings, on: date) -> date | None:
    """The day after which everything has to be shown again, for a renewal or a refresher."""
    before = None if award.is_record else holdings.before(term, award, on)
    return before.issued_on if before else None


def _practised(terms: list[Term], on: date) -> dict[int, dict[int, tuple[date, date]]]:
    """By term and module; the days are those where she works."""
    zones = {}
    for term in terms:
        placement = term.placement_on(on)
        zones[term.pk] = ZoneInfo(placement.facility.time_zone) if placement else UTC
    found: dict[int, dict[int, tuple[date, date]]] = defaultdict(dict)
    signed = Observation.objects.signed_off().filter(term__in=terms).order_by("happened_at")
    for term_pk, module, at in signed.values_list("term_id", "module_id", "happened_at"):
        day = at.astimezone(zones[term_pk]).date()
        if day <= on:
            first, _last = found[term_pk].get(module, (day, day))
            found[term_pk][module] = (first, day)
    return found


def _approved(
    standings: Mapping[int, Standing], practised: Mapping[int, Mapping[int, tuple[date, date]]]
) -> dict[int, frozenset[int]]:
    """Law 10: outside a demonstration only what a reviewer of her country has approved counts."""
    asked = {
        pk: frozenset({item.milestone.module_id for item in standing.items} | set(practised.get(pk, {})))
        for pk, standing in standings.items()
    }
    if Installation.is_demo():
        return asked
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for pk, standing in standings.items():
        placement = standing.term.placement_on(standing.on)
        groups[placement.facility.country if placement else "", standing.release].append(pk)
    found: dict[int, frozenset[int]] = {}
    for (country, release), pks in groups.items():
        good = _approved_in(country, release, frozenset().union(*(asked[pk] for pk in pks)))
        found |= {pk: asked[pk] & good for pk in pks}
    return found


def _approved_in(country: str, release: int, asked: frozenset[int]) -> frozenset[int]:
    approvals: dict[int, set[bool]] = {}
    articles = Article.every.read_on(release).filter(country=country, module__in=asked)
    for module, is_approved in articles.values_list("module_id", "is_approved").distinct():
        approvals.setdefault(module, set()).add(is_approved)
    approved = frozenset(module for module, said in approvals.items() if said == {True})
    if release:
        # A meeting has said yes to what her cohort reads, or nothing of it counts.
        is_released = ReleaseApproval.objects.filter(release=release).exists()
        return approved if is_released else frozenset()
    if Installation.is_known_real():
        return approved & modules_that_may_certify(approved, country)
    return approved


def _amounts(
    terms: list[Term], awards: list[Award], days: Iterable[date]
) -> tuple[dict[date, dict[int, Decimal]], dict[date, dict[int, dict[str, int]]]]:
    """Hours and entries until each of ``days``; no query where no award asks for them or prints them."""
    prints = any(award.kind == Award.Kind.PASSPORT for award in awards)
    hours = prints or any(award.attendance_hours for award in awards)
    entries = prints or any(award.logbook_entries for award in awards)
    return (
        {day: hours_of(terms, day) for day in days} if hours else {},
        {day: by_kind_of(terms, day) for day in days} if entries else {},
    )
