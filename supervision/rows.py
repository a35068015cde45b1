"""One woman as one line: where she stands, may she work, and does she need somebody today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum

from django.db.models import Exists, F, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certificates.eligibility import eligibilities_of
from certificates.ending import STAGES, Ending, endings
from certificates.models import Award, AwardSignOff, Certificate
from certificates.permission import Kind, WorkPermission, live_certificates, permission_of
from programme.models import Milestone, OrganisationUnit, Term
from programme.scope import Act, Scope
from progress.standing import MilestoneState, Standing, TermState, short_date, standings_of
from progress.updates import told_at

SOON = timedelta(days=60)
"""How long ahead an ending certificate or term is said (programme reference, SU1 and SU6)."""

JUST_NOW = timedelta(days=14)
"""How long somebody counts as new, or as just back from leave."""


class Need(IntEnum):
    """Why somebody needs a supervisor today, the most pressing first."""

    STOPPED = 1
    ENDS_THIS_WEEK = 2
    OVERDUE = 3
    PRACTICE = 4
    ENDS_THIS_MONTH = 5
    SIGN_OFF = 6
    ISSUE = 7
    UPDATE = 8
    CERTIFICATE_ENDS = 9
    BACK = 10
    NEW = 11
    TERM_ENDS = 12


ENDS = dict(zip(STAGES, (Need.ENDS_THIS_WEEK, Need.ENDS_THIS_MONTH, Need.CERTIFICATE_ENDS), strict=True))
"""How pressing an end is that is so many days away."""


@dataclass(frozen=True)
class Wait:
    """One need with its sentence; ``on`` orders needs of the same kind."""

    need: Need
    on: date
    sentence: str


@dataclass(frozen=True)
class RosterRow:
    """One line of a roster, as this reader may see it."""

    term: Term
    alias: str
    name: str
    facility: OrganisationUnit | None
    standing: Standing
    reason: str
    permission: WorkPermission
    sees_dates: bool
    may_open: bool
    waits: Sequence[Wait]
    update_pending: bool = False
    """A rule that she learned has changed, and she has not yet answered what is new. It says nothing about her."""

    @property
    def is_ending(self) -> bool:
        """Whether her permission to work ends soon."""
        until = self.permission.until
        return self.permission.kind != Kind.NOT_NOW and until is not None and until <= self.standing.on + SOON


@dataclass(frozen=True)
class AwardState:
    """One award of the programme of one term: issued already, signed off, neither.

    ``asks_for_more`` than its gates: other certificates, hours, sessions, the end of the term.
    """

    award: Award
    code: str
    title: str
    gates: frozenset[str]
    allows_work: bool
    has_certificate: bool
    is_signed_off: bool
    asks_for_more: bool = False

    def gates_are_passed(self, standing: Standing) -> bool:
        """Whether something leads to it, and all of that is done."""
        items = [item for item in standing.items if item.milestone.gate in self.gates]
        return bool(items) and all(item.is_done for item in items)


def rows_of(terms: Iterable[Term], scope: Scope) -> list[RosterRow]:
    """A line for each of ``terms``, in their order; a constant number of queries."""
    terms = list(terms)
    standings = standings_of(terms, scope.on)
    certificates = live_certificates(terms)
    awards, told = _without_unearned(award_states(terms), standings, scope.on), told_at(terms, scope.on)
    return [
        _row(term, standings[term.pk], certificates[term.pk], awards[term.pk], told.get(term.pk), scope)
        for term in terms
    ]


def award_states(terms: Iterable[Term]) -> dict[int, list[AwardState]]:
    """The awards of each term's programme, in their order. One query."""
    found: dict[int, list[AwardState]] = defaultdict(list)
    term, language = OuterRef("programme__terms"), get_language() or "en"
    rows = Award.objects.filter(programme__terms__in=list(terms)).annotate(
        for_term=F("programme__terms"),
        has_certificate=Exists(Certificate.objects.live().filter(term=term, award=OuterRef("pk"))),
        is_signed_off=Exists(AwardSignOff.objects.filter(term=term, award=OuterRef("pk"))),
    )
    for award in rows.order_by("order", "pk"):
        found[award.for_term].append(
            AwardState(
                award=award,
                code=award.code,
                title=award.title_in(language),
                gates=frozenset(award.gates),
                allows_work=award.allows_work_alone or award.allows_work_supervised,
                has_certificate=award.has_certificate,
                is_signed_off=award.is_signed_off,
                asks_for_more=bool(
                    award.needs
                    or award.after_end
                    or award.attendance_hours
                    or award.logbook_entries
                    or award.not_before_day
                ),
            )
        )
    return found


def _without_unearned(
    awards: dict[int, list[AwardState]], standings: Mapping[int, Standing], on: date
) -> dict[int, list[AwardState]]:
    """``awards`` without those whose gates are passed and that wait for something else.

    No query where none asks for more than its gates.
    """

    def waits(term: int, state: AwardState) -> bool:
        return (
            state.asks_for_more
            and not (state.has_certificate and state.allows_work)
            and state.gates_are_passed(standings[term])
        )

    asked = [(term, state) for term, states in awards.items() for state in states if waits(term, state)]
    if not asked:
        return awards
    terms = {term: standings[term].term for term, _state in asked}
    kinds = {state.award.pk: state.award for _term, state in asked}
    answers = eligibilities_of(terms.values(), kinds.values(), on)
    unearned = {key for key, answer in answers.items() if not answer.is_eligible}
    return defaultdict(
        list,
        {
            term: [state for state in states if not (waits(term, state) and (term, state.award.pk) in unearned)]
            for term, states in awards.items()
        },
    )


def _row(
    term: Term,
    standing: Standing,
    certificates: Sequence[Certificate],
    awards: Sequence[AwardState],
    update_told_at: datetime | None,
    scope: Scope,
) -> RosterRow:
    sees_dates = scope.allows(Act.SEE_DATES, term)
    acts = frozenset(act for act in Act if scope.allows(act, term))
    permission = permission_of(term, certificates, scope.on)
    soon = endings(certificates, permission, scope.on)
    reason, waits = standing.reason(), waits_of(standing, permission, awards, acts, soon, update_told_at)
    if not sees_dates:
        # That somebody is not at work is seen by everybody; until when is not for a colleague.
        permission = without_dates_of_hers(permission, standing)
        if standing.state == TermState.ON_LEAVE:
            reason = permission.reason
    placement, name = term.placement_on(scope.on), scope.name_of(term)
    return RosterRow(
        term=term,
        alias=term.learner.alias,
        name="" if name == term.learner.alias else name,
        facility=placement.facility if placement else None,
        standing=standing,
        reason=reason,
        permission=permission,
        sees_dates=sees_dates,
        may_open=Act.OPEN_RECORD in acts,
        waits=waits,
        update_pending=update_told_at is not None,
    )


def without_dates_of_hers(permission: WorkPermission, standing: Standing) -> WorkPermission:
    """The permission without her leave, for somebody who may not see it."""
    if standing.state == TermState.ON_LEAVE:
        return replace(permission, until=None, reason=_("She is away now."))
    return permission


def waits_of(
    standing: Standing,
    permission: WorkPermission,
    awards: Iterable[AwardState],
    acts: Collection[Act],
    soon: Iterable[Ending] = (),
    update_told_at: datetime | None = None,
) -> list[Wait]:
    """Why this term needs somebody who may do ``acts``, the most pressing first.

    Nothing for a term that has ended, has not begun or is on leave. Only the pathway, its dates and
    her certificates speak: never when she signed in, for how long, or how often she tried.
    """
    term, on = standing.term, standing.on
    if standing.state in (TermState.ENDED, TermState.ON_LEAVE) or on < term.start_on:
        return []
    awards = list(awards)
    waits = [*_waits_of_pathway(standing, acts), *_waits_of_awards(standing, awards, acts)]
    if update_told_at is not None:
        waits.append(
            Wait(
                Need.UPDATE,
                update_told_at.date(),
                _("Update pending: a rule has changed, and two minutes wait for her."),
            )
        )
    waits += [Wait(ENDS[ending.stage], ending.until, ending.about_her()) for ending in soon]
    if permission.kind == Kind.NOT_NOW and any(award.allows_work and award.has_certificate for award in awards):
        waits.append(Wait(Need.STOPPED, on, permission.reason))
    waits += _waits_of_dates(standing) if Act.SEE_DATES in acts else []
    return sorted(waits, key=lambda wait: (wait.need, wait.on))


def _waits_of_pathway(standing: Standing, acts: Collection[Act]) -> Iterator[Wait]:
    """What is overdue; a practice is for whoever may watch it, and for the others a thing overdue."""
    watched = [item for item in standing.items if item.milestone.kind == Milestone.Kind.PRACTICE]
    watched = watched if Act.SIGN_PRACTICE in acts else []
    late = [item for item in standing.overdue if item not in watched]
    if late:
        yield Wait(Need.OVERDUE, late[0].due_on, standing.reason())
    waiting = [item for item in watched if item.state in (MilestoneState.OVERDUE, MilestoneState.DUE)]
    if waiting:
        due_on = min(item.due_on for item in waiting)
        words = {"codes": ", ".join(item.milestone.module.code for item in waiting), "date": short_date(due_on)}
        # Translators: %(codes)s are module codes such as "M4, D1": somebody has to watch her practise them.
        yield Wait(Need.PRACTICE, due_on, _("Practice to watch: %(codes)s, by %(date)s.") % words)


def _waits_of_awards(standing: Standing, awards: Iterable[AwardState], acts: Collection[Act]) -> Iterator[Wait]:
    """Certificates whose every gate is passed and that wait for a signature."""
    for award in awards:
        items = [item for item in standing.items if item.milestone.gate in award.gates]
        if award.has_certificate or not award.gates_are_passed(standing):
            continue
        done_on = max((item.done_on for item in items if item.done_on), default=standing.on)
        if not award.is_signed_off and Act.SIGN_OFF_AWARD in acts:
            yield Wait(Need.SIGN_OFF, done_on, _("“%(title)s” waits for your sign-off.") % {"title": award.title})
        if award.is_signed_off and Act.ISSUE_CERTIFICATE in acts:
            yield Wait(Need.ISSUE, done_on, _("“%(title)s” is signed off and can be issued.") % {"title": award.title})


def _waits_of_dates(standing: Standing) -> Iterator[Wait]:
    term, on = standing.term, standing.on
    back = [leave.to_on for leave in term.leaves.all() if on - JUST_NOW <= leave.to_on < on]
    if back:
        words = {"date": short_date(max(back) + timedelta(days=1))}
        yield Wait(Need.BACK, max(back), _("Back from leave since %(date)s.") % words)
    if on - JUST_NOW < term.start_on:
        yield Wait(Need.NEW, term.start_on, _("New: she started on %(date)s.") % {"date": short_date(term.start_on)})
    end_on = term.ended_on or term.end_with_leave()
    if end_on is not None and end_on <= on + SOON:
        yield Wait(Need.TERM_ENDS, end_on, _("Her term ends on %(date)s.") % {"date": short_date(end_on)})


def most_pressing(rows: Iterable[RosterRow]) -> list[RosterRow]:
    """Rows that need somebody, the most pressing first and the longest waiting before the others."""
    waiting = [row for row in rows if row.waits]
    return sorted(waiting, key=lambda row: (row.waits[0].need, row.waits[0].on, row.alias))
