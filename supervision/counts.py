"""Numbers without people, and the rule that hides the small ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from certificates.permission import Kind, may_work_of
from programme.models import OrganisationUnit, Term
from programme.scope import Scope
from progress.standing import TermState, standings_of

LEAST = 5
"""Fewer people than this are never counted aloud (programme reference, 7.2)."""

WORK = tuple(Kind)
PATHWAY = (TermState.ON_TRACK, TermState.DUE, TermState.OVERDUE, TermState.COMPLETE, TermState.ON_LEAVE)


@dataclass(frozen=True)
class CountRow:
    """One site, or all small ones together (``unit`` is ``None``). ``None`` in a cell: hidden."""

    unit: OrganisationUnit | None
    total: int | None
    work: Mapping[str, int | None]
    pathway: Mapping[str, int | None]


def hide_small(cells: Mapping[str, int]) -> dict[str, int | None]:
    """``cells`` with every number under five hidden.

    The cells add up to a number that is printed beside them: when only one would be hidden, it could
    be worked out, so the smallest of the others is hidden with it.
    """
    hidden = {key for key, number in cells.items() if number < LEAST}
    if len(hidden) == 1 and len(cells) > 1:
        hidden.add(min((key for key in cells if key not in hidden), key=lambda key: cells[key]))
    return {key: None if key in hidden else number for key, number in cells.items()}


def counts(terms: Iterable[Term], scope: Scope) -> list[CountRow]:
    """A row for each site with five terms or more; the smaller ones in one row of their own.

    There is no line with the sum of all: it would give away what the small row hides.
    """
    terms = list(terms)
    standings, permissions = standings_of(terms, scope.on), may_work_of(terms, scope.on)
    sites: dict[int, OrganisationUnit] = {}
    people: dict[int, list[Term]] = defaultdict(list)
    for term in terms:
        placement = term.placement_on(scope.on)
        if placement is not None:
            sites[placement.facility_id] = placement.facility
            people[placement.facility_id].append(term)

    def row(unit: OrganisationUnit | None, group: list[Term]) -> CountRow:
        work = Counter(permissions[term.pk].kind for term in group)
        pathway = Counter(standings[term.pk].state for term in group)
        return CountRow(
            unit=unit,
            total=len(group) if len(group) >= LEAST else None,
            work=hide_small({kind.value: work[kind] for kind in WORK}),
            pathway=hide_small({state.value: pathway[state] for state in PATHWAY}),
        )

    large = [pk for pk in people if len(people[pk]) >= LEAST]
    small = [term for pk, group in people.items() if pk not in large for term in group]
    rows = [row(sites[pk], people[pk]) for pk in sorted(large, key=lambda pk: sites[pk].name)]
    return [*rows, row(None, small)] if small else rows
