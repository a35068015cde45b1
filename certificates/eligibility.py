"""Whether a term has earned an award, or everything it still lacks, by name. From evidence alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certificates.evidence import Evidence, counted_since, evidence_of
from certificates.models import Award, Certificate, CertificateEvent
from certificates.rounds import HELD, may_follow_from
from certificates.states import FullState, full_state_on
from curriculum.models import Module
from programme.models import Milestone, Term
from progress.standing import MilestoneStanding, Standing, short_date

LAST_DAYS = timedelta(days=14)
"""How long before the end of a term its last papers may be given: a ceremony is held while everybody is still there."""


class Requirement(StrEnum):
    """What can be missing."""

    MODULE = "module"
    PRACTICE = "practice"
    ANY_PRACTICE = "any_practice"
    FRESH_PRACTICE = "fresh_practice"
    ATTENDANCE = "attendance"
    LOGBOOK = "logbook"
    AWARD = "award"
    APPROVAL = "approval"
    PATHWAY = "pathway"
    SOMETHING = "something"
    DAY = "day"
    END = "end"
    HAS_IT = "has_it"
    STOPPED = "stopped"
    DECISION = "decision"
    NAME = "name"
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
    """The answer for one award on one day. Eligible when nothing is unmet.

    Where the term has the award already (``live``), it is about the next one: ``round`` is the round of that.
    """

    term: Term
    award: Award
    on: date
    unmet: list[Unmet]
    modules: list[EarnedModule]
    evidence: Evidence
    round: int = 0
    live: Certificate | None = None

    @property
    def is_eligible(self) -> bool:
        return not self.unmet

    @property
    def release(self) -> int:
        """What she reads, as in her standing."""
        return self.evidence.standing.release


def eligibility(term: Term, award: Award, on: date) -> Eligibility:
    """Whether ``term`` has earned ``award`` by the end of ``on``."""
    return eligibilities(term, [award], on)[award.pk]


def eligibilities(term: Term, awards: Iterable[Award], on: date) -> dict[int, Eligibility]:
    """``eligibility`` for several awards by primary key, in as many queries as for one."""
    return {award: found for (_term, award), found in eligibilities_of([term], awards, on).items()}


def eligibilities_of(terms: Iterable[Term], awards: Iterable[Award], on: date) -> dict[tuple[int, int], Eligibility]:
    """``eligibility`` of a whole cohort, by (term, award), in as many queries as for one woman of it."""
    terms, awards = list(terms), list(awards)
    evidence, titles = evidence_of(terms, awards, on), _titles(awards)
    return {(term.pk, award.pk): _judge(award, evidence[term.pk], titles) for term in terms for award in awards}


def _judge(award: Award, evidence: Evidence, titles: Mapping[tuple[int, str], str]) -> Eligibility:
    standing, holdings = evidence.standing, evidence.holdings
    term, on = standing.term, standing.on
    live = holdings.live(term, award)
    items, unmet = _asked(award, standing, evidence)
    if award.programme_id != term.programme_id:
        unmet.append(Unmet(Requirement.PATHWAY, _("This certificate belongs to another programme.")))
    unmet += _unmet_awards(award, evidence, titles)
    if award.after_end:
        unmet += _before_the_end(award, term, on)
    modules = {item.milestone.module_id: item.milestone.module for item in items}
    earned = [EarnedModule(module, pk in evidence.counted) for pk, module in modules.items()]
    unmet += _too_soon(award, evidence, live, earned)
    return Eligibility(term, award, on, unmet, earned, evidence, holdings.round(term, award), live)


def _asked(award: Award, standing: Standing, evidence: Evidence) -> tuple[list[MilestoneStanding], list[Unmet]]:
    """The milestones that the paper would name, and what they and the amounts beside them still lack."""
    if award.is_record or not award.gates:
        items = [item for item in standing.items if _is_module(item) and item.is_done]
        items = [item for item in items if item.milestone.module_id in evidence.approved]
        nothing = Unmet(Requirement.SOMETHING, _("No module is finished yet, so there is nothing to list."))
        unmet = [] if items else [nothing]
        if not award.is_record and not award.needs:
            unmet = _unmet_gates(award, [])
        if award.is_record:
            return items, unmet
        return items, [*unmet, *_too_early(award, standing), *_unmet_amounts(award, evidence)]
    items = [item for item in standing.items if item.milestone.gate in award.gates]
    unmet = [*_unmet_gates(award, items), *_unmet_items(items), *_unapproved(items, evidence)]
    unmet += _too_early(award, standing)
    if not evidence.counted:
        # Whatever a pathway asks for: nobody is certified who was never watched at work.
        unmet.append(Unmet(Requirement.ANY_PRACTICE, _("No practice is signed off yet.")))
    return items, [*unmet, *_unmet_amounts(award, evidence)]


def _too_early(award: Award, standing: Standing) -> list[Unmet]:
    """A course of so many days is not over before its last; leave stops the count, as it does for every date."""
    if not award.not_before_day or standing.term.day_of_term(standing.on) >= award.not_before_day:
        return []
    day = short_date(standing.term.date_of_day(award.not_before_day))
    # Translators: why a certificate cannot be given yet.
    return [Unmet(Requirement.DAY, _("The course runs until %(date)s.") % {"date": day})]


def _unmet_amounts(award: Award, evidence: Evidence) -> list[Unmet]:
    """Hours and entries; for a renewal or a refresher those since the certificate that it follows."""
    standing = evidence.standing
    since = counted_since(award, standing.term, evidence.holdings, standing.on)
    hours, entries = evidence.hours_since(since), evidence.entries_since(since, award.logbook_entries)
    unmet = []
    if hours < award.attendance_hours:
        words = {"done": number_format(hours.normalize(), use_l10n=True), "needed": award.attendance_hours}
        # Translators: hours of training at which she was present.
        unmet.append(Unmet(Requirement.ATTENDANCE, _("Attendance: %(done)s of %(needed)s hours.") % words))
    if entries < award.logbook_entries:
        words = {"done": entries, "needed": award.logbook_entries}
        # Translators: sessions that she held herself and wrote down.
        unmet.append(Unmet(Requirement.LOGBOOK, _("Logbook: %(done)s of %(needed)s sessions.") % words))
    return unmet


def _unmet_awards(award: Award, evidence: Evidence, titles: Mapping[tuple[int, str], str]) -> list[Unmet]:
    """The certificates that have to come first, by title: held until their last day, and not stopped."""
    unmet = []
    for code in award.needs:
        _found, state = evidence.holdings.with_code(code, evidence.standing.on)
        words = {"title": titles.get((award.programme_id, code), code)}
        if state is None:
            unmet.append(Unmet(Requirement.AWARD, _("“%(title)s” comes first, and she does not have it yet.") % words))
        elif state not in HELD:
            unmet.append(Unmet(Requirement.AWARD, _("“%(title)s” comes first, and hers does not count now.") % words))
    return unmet


def _titles(awards: list[Award]) -> dict[tuple[int, str], str]:
    """The titles of the awards that ``awards`` need, by programme and code. One query, or none."""
    codes = {code for award in awards for code in award.needs}
    if not codes:
        return {}
    language = get_language() or "en"
    rows = Award.objects.filter(programme__in={award.programme_id for award in awards}, code__in=codes)
    return {(each.programme_id, each.code): each.title_in(language) for each in rows}


def _before_the_end(award: Award, term: Term, on: date) -> list[Unmet]:
    """Given when the term is over or nearly; what praises the whole of it only when it was not cut short."""
    planned = term.end_with_leave()
    if term.ended_on is None and planned is None:
        return [Unmet(Requirement.END, _("Her term has no last day yet."))]
    last = term.ended_on or planned
    if last is not None and on < last - LAST_DAYS:
        words = {"last": short_date(last), "date": short_date(last - LAST_DAYS)}
        return [Unmet(Requirement.END, _("Her term runs until %(last)s. This can be given from %(date)s.") % words)]
    is_list = award.is_record or award.kind == Award.Kind.PASSPORT
    if not is_list and term.ended_on is not None and planned is not None and term.ended_on < planned - LAST_DAYS:
        return [Unmet(Requirement.END, _("Her term ended before its planned last day."))]
    return []


def _too_soon(award: Award, evidence: Evidence, live: Certificate | None, earned: list[EarnedModule]) -> list[Unmet]:
    """What stands against another one beside, or after, the one that she has."""
    standing = evidence.standing
    given = evidence.holdings.of(standing.term, award)
    if any(each.last_event() == CertificateEvent.State.REVOKED for each in given):
        # Also when she has had it erased since: that takes her name off, and no decision back.
        return [Unmet(Requirement.STOPPED, _("It was withdrawn for good. It is not given again in this term."))]
    if live is not None:
        if full_state_on(live, standing.on) == FullState.SUSPENDED:
            return [Unmet(Requirement.STOPPED, _("It is suspended. First decide whether it counts again."))]
        if not award.is_record and evidence.holdings.has_gone_on(live, standing.on):
            return [Unmet(Requirement.HAS_IT, _("She has it already, and has gone on from it."))]
        if live.expires_on is None:
            listed = {module["code"] for module in live.modules}
            is_more = award.is_record and any(entry.module.code not in listed for entry in earned)
            return [] if is_more else [Unmet(Requirement.HAS_IT, _("She has it already, and it has no end."))]
    before = evidence.holdings.before(standing.term, award, standing.on)
    if before is None:
        return []
    opens_on, unmet = may_follow_from(before), []
    if opens_on is not None and standing.on < opens_on:
        words = {"date": short_date(opens_on)}
        if live is not None:
            unmet.append(Unmet(Requirement.HAS_IT, _("She has it already. It can be renewed from %(date)s.") % words))
        else:
            unmet.append(Unmet(Requirement.DAY, _("This can be given from %(date)s.") % words))
    if not award.is_record and all(last <= before.issued_on for _first, last in evidence.counted.values()):
        words = {"date": short_date(before.issued_on)}
        # Translators: %(date)s is the day of her present certificate; a new one asks for something watched since.
        unmet.append(Unmet(Requirement.FRESH_PRACTICE, _("No practice is signed off since %(date)s.") % words))
    return unmet


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


def _unapproved(items: list[MilestoneStanding], evidence: Evidence) -> list[Unmet]:
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
