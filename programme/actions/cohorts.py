"""Which release a cohort reads: its coordinator moves it, and every move is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.life import is_real_work
from curriculum.models import Module, Release
from curriculum.releases.contents import close_release
from programme.actions.terms import Refused
from programme.models import Cohort, CohortMove, Milestone, Placement


class NotForThisCohort(Refused):
    """The release is of another country or another curriculum."""

    words = gettext_lazy("This release is not for the country where this cohort works.")


class NotApprovedYet(Refused):
    """In real work nobody reads a release before a meeting has said yes to it."""

    words = gettext_lazy("This release is not approved yet. Until then the cohort reads what it reads now.")


class LacksModules(Refused):
    """Women of the cohort are asked for modules that the release does not hold."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        sentence = _("This release does not hold what their pathway asks for: %(codes)s.") % {"codes": ", ".join(codes)}
        self.words = sentence
        super().__init__(sentence)


def releases_for(cohorts: Iterable[Cohort]) -> dict[int, list[Release]]:
    """Cohort -> the releases of the countries where it is and of its programme's curriculum, newest first.

    In real work only those that a meeting has approved. Three queries for all of them.
    """
    cohorts = list(cohorts)
    places = countries_of(cohorts)
    releases = Release.objects.select_related("country", "approval").order_by("-prepared_at", "-pk")
    if is_real_work():
        releases = releases.filter(approval__isnull=False)
    offered = list(releases.filter(country__in=set().union(*places.values()))) if places else []
    return {
        cohort.pk: [
            release
            for release in offered
            if release.country_id in places[cohort.pk] and release.curriculum == cohort.programme.curriculum
        ]
        for cohort in cohorts
    }


def countries_of(cohorts: Iterable[Cohort]) -> dict[int, set[str]]:
    """Cohort -> the countries where it is: that of its unit, failing that those where its women work."""
    found: dict[int, set[str]] = {cohort.pk: {cohort.unit.country} - {""} for cohort in cohorts}
    unknown = [pk for pk, countries in found.items() if not countries]
    placed = Placement.objects.filter(term__cohort__in=unknown, to_on=None).exclude(facility__country="")
    for pk, country in placed.values_list("term__cohort", "facility__country").distinct():
        found[pk].add(country)
    return found


@transaction.atomic
def move_cohort(*, cohort: Cohort, release: Release | None, by: Any) -> CohortMove | None:
    """Let ``cohort`` read ``release``, or what is published today; ``None`` when it does already.

    What they have done stays theirs. From then on only clinical updates change the release. Raises
    ``NotForThisCohort``, ``NotApprovedYet`` or ``LacksModules``.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("unit", "programme").get(pk=cohort.pk)
    if cohort.release_id == (release.pk if release else None):
        return None
    if release is not None:
        _check(cohort, release)
        close_release(release)
    move = CohortMove.objects.create(
        cohort=cohort, from_release_id=cohort.release_id, to_release=release, moved_by=by, moved_at=timezone.now()
    )
    cohort.release = release
    cohort.save(update_fields=["release"])
    return move


def _check(cohort: Cohort, release: Release) -> None:
    if release.country_id not in countries_of([cohort])[cohort.pk] or release.curriculum != cohort.programme.curriculum:
        raise NotForThisCohort
    if is_real_work() and not hasattr(release, "approval"):
        raise NotApprovedYet
    asked = Milestone.objects.filter(version__terms__cohort=cohort, version__terms__ended_on=None).values("module")
    missing = Module.objects.filter(pk__in=asked).exclude(pk__in=release.modules.all())
    if codes := sorted(missing.values_list("code", flat=True)):
        raise LacksModules(codes)
