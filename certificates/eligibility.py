"""Whether a term has earned an award, or everything it still lacks, by name. From evidence alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from assessments.approval import modules_that_may_certify
from assessments.models import Observation
from certificates.models import Award
from curriculum.models import Article, Module, ReleaseApproval
from programme.models import Installation, Milestone, Term
from progress.standing import MilestoneStanding, Standing, short_date, standing_of


class Requirement(StrEnum):
    """What can be missing."""

    MODULE = "module"
    PRACTICE = "practice"
    ANY_PRACTICE = "any_practice"
    APPROVAL = "approval"
    PATHWAY = "pathway"
    SOMETHING = "something"
    DAY = "day"
    SIGN_OFF = "sign_off"
    SECOND_PERSON = "second_person"


@dataclass(frozen=True)
class Unmet:
    """One requirement that is not met, with a sentence in the language in force."""

    requirement: Requirement
    sentence: str
    module_code: str = ""


@dataclass(frozen=True)
class EarnedModule:
    """A module that a certificate may name. ``is_practised``: a practice of it was signed off."""

    module: Module
    is_practised: bool


@dataclass(frozen=True)
class Eligibility:
    """The answer for one award on one day. Eligible when nothing is unmet."""

    term: Term
    award: Award
    on: date
    unmet: list[Unmet]
    modules: list[EarnedModule]
    release: int = 0
    """What she reads, as in her standing."""

    @property
    def is_eligible(self) -> bool:
        return not self.unmet


def eligibility(term: Term, award: Award, on: date) -> Eligibility:
    """Whether ``term`` has earned ``award`` by the end of ``on``."""
    return eligibilities(term, [award], on)[award.pk]


def eligibilities(term: Term, awards: Iterable[Award], on: date) -> dict[int, Eligibility]:
    """``eligibility`` for several awards by primary key, in as many queries as for one."""
    standing = standing_of(term, on)
    evidence = _Evidence.of(standing)
    return {award.pk: _judge(award, standing, evidence) for award in awards}


@dataclass(frozen=True)
class _Evidence:
    """Beside the standing: modules with a signed-off practice, and modules approved where she works."""

    practised: frozenset[int]
    approved: frozenset[int]

    @classmethod
    def of(cls, standing: Standing) -> _Evidence:
        term, on = standing.term, standing.on
        placement = term.placement_on(on)
        zone = ZoneInfo(placement.facility.time_zone) if placement else UTC
        end_of_day = datetime.combine(on + timedelta(days=1), time.min, zone)
        practised = frozenset(
            Observation.objects.signed_off()
            .filter(term=term, happened_at__lt=end_of_day)
            .values_list("module_id", flat=True)
        )
        asked = {item.milestone.module_id for item in standing.items} | practised
        approved = frozenset(asked)
        # Law 10: outside a demonstration only what a reviewer of her country has approved counts.
        if not Installation.is_demo():
            country = placement.facility.country if placement else ""
            approvals: dict[int, set[bool]] = {}
            articles = Article.every.read_on(standing.release).filter(country=country, module__in=asked)
            for module, is_approved in articles.values_list("module_id", "is_approved").distinct():
                approvals.setdefault(module, set()).add(is_approved)
            approved = frozenset(module for module, found in approvals.items() if found == {True})
            if standing.release:
                # A meeting has said yes to what her cohort reads, or nothing of it counts.
                is_released = ReleaseApproval.objects.filter(release=standing.release).exists()
                approved = approved if is_released else frozenset()
            elif Installation.is_known_real():
                approved &= modules_that_may_certify(approved, country)
        return cls(practised, approved)


def _judge(award: Award, standing: Standing, evidence: _Evidence) -> Eligibility:
    counted_practice = evidence.practised & evidence.approved
    if award.is_record:
        items = [item for item in standing.items if _is_module(item) and item.is_done]
        items = [item for item in items if item.milestone.module_id in evidence.approved]
        nothing = Unmet(Requirement.SOMETHING, _("No module is finished yet, so there is nothing to list."))
        unmet = [] if items else [nothing]
    else:
        items = [item for item in standing.items if item.milestone.gate in award.gates]
        unmet = [*_unmet_gates(award, items), *_unmet_items(items), *_unapproved(items, evidence)]
        unmet += _too_early(award, standing)
        if not counted_practice:
            # Whatever a pathway asks for: nobody is certified who was never watched at work.
            unmet.append(Unmet(Requirement.ANY_PRACTICE, _("No practice is signed off yet.")))
    if award.programme_id != standing.term.programme_id:
        unmet.append(Unmet(Requirement.PATHWAY, _("This certificate belongs to another programme.")))
    modules = {item.milestone.module_id: item.milestone.module for item in items}
    earned = [EarnedModule(module, pk in counted_practice) for pk, module in modules.items()]
    return Eligibility(standing.term, award, standing.on, unmet, earned, standing.release)


def _too_early(award: Award, standing: Standing) -> list[Unmet]:
    """A course of so many days is not over before its last; leave stops the count, as it does for every date."""
    if not award.not_before_day or standing.term.day_of_term(standing.on) >= award.not_before_day:
        return []
    day = short_date(standing.term.date_of_day(award.not_before_day))
    # Translators: why a certificate cannot be given yet.
    return [Unmet(Requirement.DAY, _("The course runs until %(date)s.") % {"date": day})]


def _is_module(item: MilestoneStanding) -> bool:
    return item.milestone.kind == Milestone.Kind.MODULE


def _unmet_gates(award: Award, items: list[MilestoneStanding]) -> list[Unmet]:
    """A gate that her pathway does not have would be open to everybody."""
    if award.gates and {item.milestone.gate for item in items} == set(award.gates):
        return []
    return [Unmet(Requirement.PATHWAY, _("The pathway of this term does not lead to this certificate."))]


def _unmet_items(items: list[MilestoneStanding]) -> list[Unmet]:
    return [
        Unmet(
            requirement=Requirement.MODULE if _is_module(item) else Requirement.PRACTICE,
            # Translators: for example "M4: the quiz is not yet passed."
            sentence=_("%(code)s: %(what)s.") % {"code": item.milestone.module.code, "what": item.sentence()},
            module_code=item.milestone.module.code,
        )
        for item in items
        if not item.is_done
    ]


def _unapproved(items: list[MilestoneStanding], evidence: _Evidence) -> list[Unmet]:
    modules = {item.milestone.module_id: item.milestone.module for item in items}
    return [
        Unmet(
            requirement=Requirement.APPROVAL,
            sentence=_("%(code)s is not yet approved for the country she works in.") % {"code": module.code},
            module_code=module.code,
        )
        for pk, module in modules.items()
        if pk not in evidence.approved
    ]
