"""For the national trainer: who learned a rule that has changed, and who knows the new one, county by county."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from curriculum.models import FactUpdate
from programme.models import OrganisationUnit, Placement, UnitLevel, UnitParent
from programme.models.units import valid_on
from programme.scope import Act, Scope
from progress.updates import asked_now, who_learned
from supervision.counts import LEAST

MOST_CHANGES = 5
"""On the first screen: the last ones. All of them stand under the rules of her country."""

MOST_NAMED = 20
"""Women of her cohorts who still wait, by their work names."""


@dataclass(frozen=True)
class CountyRow:
    """One county, or all small ones together (``county`` is ``None``). ``None`` in a cell: hidden."""

    county: OrganisationUnit | None
    learned: int | None
    knows: int | None


@dataclass(frozen=True)
class ChangeReach:
    """How far one change has come, as this reader may see it."""

    update: FactUpdate
    name: str
    rows: Sequence[CountyRow]
    waiting: Sequence[str]
    """Work names in her cohorts that have not answered yet; empty for whoever trains none."""


def reach_of_changes(scope: Scope, language: str) -> list[ChangeReach]:
    """The last changes in the countries of her units, with numbers by county. Four queries, and two for each change."""
    units = scope.units(Act.SEE_UPDATES)
    if not units:
        return []
    rows = OrganisationUnit.objects.filter(pk__in=units)
    countries = set(rows.exclude(country="").values_list("country", flat=True))
    updates = (
        asked_now()
        .filter(change__country__in=countries)
        .select_related("change__fact", "change__said", "change__country")
    )
    newest = list(updates.order_by("-published_at")[:MOST_CHANGES])
    if not newest:
        return []
    county_of = counties(scope)
    return [_reach(update, scope, county_of, language) for update in newest]


def _reach(update: FactUpdate, scope: Scope, county_of: Mapping[int, OrganisationUnit], language: str) -> ChangeReach:
    here = _placed(update, scope)
    running = who_learned(update, scope.terms(Act.SEE_UPDATES).open_on(scope.on)).annotate(site=here)
    counted = running.filter(site__isnull=False).order_by().values_list("site", "knows_new").annotate(Count("pk"))
    people: dict[OrganisationUnit | None, Counter[bool]] = defaultdict(Counter)
    for site, knows_new, number in counted:
        people[county_of.get(site)][bool(knows_new)] += number
    cohorts = who_learned(update, scope.terms(Act.SEE_COHORT).open_on(scope.on)).annotate(site=here)
    waiting = cohorts.filter(site__isnull=False, knows_new=False).order_by("learner__alias")
    return ChangeReach(
        update=update,
        name=update.change.name_in(language),
        rows=_rows(people),
        waiting=list(waiting.values_list("learner__alias", flat=True)[:MOST_NAMED]),
    )


def _placed(update: FactUpdate, scope: Scope) -> Subquery:
    """For a query of terms: where it is today, in the country of the change."""
    places = Placement.objects.filter(valid_on(scope.on), term=OuterRef("pk"))
    return Subquery(places.filter(facility__country=update.change.country_id).values("facility")[:1])


def _rows(people: Mapping[OrganisationUnit | None, Counter[bool]]) -> list[CountyRow]:
    """A row for each county with five women or more; the smaller ones in one row of their own."""
    large = [county for county, each in people.items() if county is not None and each.total() >= LEAST]
    small = sum((each for county, each in people.items() if county not in large), Counter())
    rows = [_row(county, people[county]) for county in sorted(large, key=lambda county: county.name)]
    return [*rows, _row(None, small)] if small.total() else rows


def _row(county: OrganisationUnit | None, people: Counter[bool]) -> CountyRow:
    """Numbers under five are not said; nor are those from which one could be worked out."""
    learned, knows, waits = people.total(), people[True], people[False]
    is_said = learned >= LEAST and not (0 < knows < LEAST or 0 < waits < LEAST)
    return CountyRow(county, learned if learned >= LEAST else None, knows if is_said else None)


def counties(scope: Scope) -> dict[int, OrganisationUnit]:
    """Unit -> the county (a unit of the level region) that it is, or stood under that day. Two queries."""
    parents = dict(UnitParent.objects.filter(valid_on(scope.on)).values_list("unit_id", "parent_id"))
    regions = {unit.pk: unit for unit in OrganisationUnit.objects.filter(level=UnitLevel.REGION)}
    found: dict[int, OrganisationUnit] = {}
    for unit in scope.units(Act.SEE_UPDATES):
        above: int | None = unit
        seen: set[int] = set()
        while above is not None and above not in seen:
            if above in regions:
                found[unit] = regions[above]
                break
            seen.add(above)
            above = parents.get(above)
    return found
