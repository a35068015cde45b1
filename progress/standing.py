"""Where a term stands on its pathway today, and why: from evidence alone, never stored.

``stand`` is the rule, over plain values. ``standing_of`` and ``standings_of`` gather those values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import (
    DateTimeField,
    F,
    FilteredRelation,
    Min,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt, Observation
from curriculum.models import Article
from curriculum.models.articles import PUBLISHED
from programme.models import Milestone, Placement, Term
from progress.models import LessonStudy

SOON = timedelta(days=14)
"""How long before its date a milestone is called due."""

DAYS_IN_A_MONTH = 365.2425 / 12

TERMS_AT_A_TIME = 5_000
"""Databases limit how many values a query may name."""


class MilestoneState(StrEnum):
    """Where one milestone stands. ``NEXT`` is the first one not done, when it is neither due nor overdue."""

    DONE = "done"
    NEXT = "next"
    DUE = "due"
    OVERDUE = "overdue"
    LATER = "later"


class TermState(StrEnum):
    """Where a term stands as a whole; the first that is true, in this order."""

    ENDED = "ended"
    ON_LEAVE = "on_leave"
    COMPLETE = "complete"
    OVERDUE = "overdue"
    DUE = "due"
    ON_TRACK = "on_track"


class Missing(StrEnum):
    """Why a milestone is not yet done."""

    LESSONS = "lessons"
    QUIZ = "quiz"
    PRACTICE = "practice"
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True)
class MilestoneStanding:
    """One milestone of one term on one day. ``done_on`` is the day its last missing part came."""

    milestone: Milestone
    state: MilestoneState
    due_on: date
    missing: list[Missing]
    done_on: date | None
    lessons_left: int = 0
    lessons_total: int = 0

    @property
    def is_done(self) -> bool:
        return self.state == MilestoneState.DONE

    def sentence(self) -> str:
        """What is left, in words: "2 lessons and the quiz are left". Empty when nothing is."""
        count = {"count": self.lessons_left}
        match self.missing:
            case []:
                return ""
            case [Missing.LESSONS, Missing.QUIZ]:
                # Translators: what is left of a module; may follow a module code and a colon.
                return (
                    ngettext(
                        "%(count)s lesson and the quiz are left",
                        "%(count)s lessons and the quiz are left",
                        self.lessons_left,
                    )
                    % count
                )
            case [Missing.LESSONS]:
                return ngettext("%(count)s lesson is left", "%(count)s lessons are left", self.lessons_left) % count
            case [Missing.QUIZ]:
                return _("the quiz is not yet passed")
            case [Missing.PRACTICE]:
                return _("practice not yet signed off")
        return _("not yet published where she works")


@dataclass(frozen=True)
class Standing:
    """One term on one day. Leave stops its clock; an ended term is asked for nothing."""

    term: Term
    on: date
    day_of_term: int
    month_of_term: int
    months_total: int | None
    items: list[MilestoneStanding]
    release: int = PUBLISHED
    """What she reads: the key of a release, or what is published today."""

    @property
    def is_ended(self) -> bool:
        return _is_ended(self.term, self.on)

    @property
    def is_on_leave(self) -> bool:
        return not self.is_ended and self.term.is_on_leave(self.on)

    @property
    def left(self) -> list[MilestoneStanding]:
        """What is not done yet, in the pathway's order; nothing for an ended term."""
        return [] if self.is_ended else [item for item in self.items if not item.is_done]

    @property
    def next_item(self) -> MilestoneStanding | None:
        """The first milestone not done, whatever its date."""
        return next(iter(self.left), None)

    @property
    def overdue(self) -> list[MilestoneStanding]:
        """Longest overdue first."""
        return self._in_state(MilestoneState.OVERDUE)

    @property
    def due(self) -> list[MilestoneStanding]:
        """Soonest first."""
        return self._in_state(MilestoneState.DUE)

    @property
    def state(self) -> TermState:
        if self.is_ended:
            return TermState.ENDED
        if self.is_on_leave:
            return TermState.ON_LEAVE
        if not self.left:
            return TermState.COMPLETE
        if self.overdue:
            return TermState.OVERDUE
        return TermState.DUE if self.due else TermState.ON_TRACK

    @property
    def leave_until_on(self) -> date | None:
        """The last day of the leave she is on."""
        return max((x.to_on for x in self.term.leaves.all() if x.from_on <= self.on <= x.to_on), default=None)

    def reason(self) -> str:
        """The state in one or two sentences, in the language in force."""
        state = self.state
        if state == TermState.ENDED:
            return _("This term has ended.")
        if state == TermState.ON_LEAVE and self.leave_until_on:
            return _("On leave until %(date)s.") % {"date": short_date(self.leave_until_on)}
        if state == TermState.COMPLETE:
            return _("Everything the pathway asks for is done.")
        if state == TermState.OVERDUE:
            # Translators: for example "M4: the quiz is not yet passed. It was due on 3 March 2027."
            return self._about(self.overdue, _("%(code)s: %(what)s. It was due on %(date)s."))
        if state == TermState.DUE:
            return self._about(self.due, _("%(code)s: %(what)s. It is due on %(date)s."))
        return self._about(self.left[:1], _("On track. Next is %(code)s, by %(date)s."))

    def _about(self, items: list[MilestoneStanding], words: str) -> str:
        first, others = items[0], len(items) - 1
        sentence = words % {
            "code": first.milestone.module.code,
            "what": first.sentence(),
            "date": short_date(first.due_on),
        }
        if not others:
            return sentence
        # Translators: follows a sentence about the milestone that has waited longest.
        more = ngettext("%(count)s more waits.", "%(count)s more wait.", others) % {"count": others}
        return f"{sentence} {more}"

    def _in_state(self, state: MilestoneState) -> list[MilestoneStanding]:
        return sorted((item for item in self.items if item.state == state), key=lambda item: item.due_on)


def short_date(day: date) -> str:
    """``3 March 2027`` in the language in force."""
    return date_format(day, "DATE_FORMAT")


@dataclass(frozen=True)
class Facts:
    """What is known of one term: (lesson or module, day) pairs, in any order, any number of times.

    ``lessons`` are the published lessons of each module in her country.
    """

    lessons: Mapping[int, Set[int]] = field(default_factory=dict)
    studied: Iterable[tuple[int, date]] = ()
    passed: Iterable[tuple[int, date]] = ()
    signed_off: Iterable[tuple[int, date]] = ()


def stand(term: Term, on: date, milestones: Iterable[Milestone], facts: Facts) -> Standing:
    """Where ``term`` stands on ``on``; what happened later is not counted. No query when leaves are prefetched."""
    studied, passed, signed_off = (_first_days(days, on) for days in (facts.studied, facts.passed, facts.signed_off))
    is_paused = _is_ended(term, on) or term.is_on_leave(on)
    items: list[MilestoneStanding] = []
    is_first_left = not _is_ended(term, on)
    for milestone in sorted(milestones, key=lambda milestone: milestone.order):
        due_on = term.date_of_day(milestone.due_day)
        lessons = facts.lessons.get(milestone.module_id, frozenset())
        left = lessons - studied.keys()
        if milestone.kind == Milestone.Kind.PRACTICE:
            days = [signed_off.get(milestone.module_id)]
            missing = [] if days[0] else [Missing.PRACTICE]
        elif not lessons:
            days, missing = [None], [Missing.NOT_PUBLISHED]
        else:
            days = [passed.get(milestone.module_id), *(studied.get(lesson) for lesson in lessons)]
            missing = [Missing.LESSONS] if left else []
            missing += [] if days[0] else [Missing.QUIZ]
        if not missing:
            state = MilestoneState.DONE
        elif not is_paused and due_on < on:
            state = MilestoneState.OVERDUE
        elif not is_paused and due_on <= on + SOON:
            state = MilestoneState.DUE
        else:
            state = MilestoneState.NEXT if is_first_left else MilestoneState.LATER
        is_first_left = is_first_left and not missing
        is_module = milestone.kind == Milestone.Kind.MODULE
        items.append(
            MilestoneStanding(
                milestone=milestone,
                state=state,
                due_on=due_on,
                missing=missing,
                done_on=None if missing else max(day for day in days if day),
                lessons_left=len(left) if is_module else 0,
                lessons_total=len(lessons) if is_module else 0,
            )
        )
    clock_on = min(on, term.ended_on) if term.ended_on else on
    day = term.day_of_term(clock_on)
    return Standing(
        term=term,
        on=on,
        day_of_term=day,
        month_of_term=_months_between(term.start_on, term.start_on + timedelta(days=max(day, 1) - 1)) + 1,
        months_total=_months_planned(term),
        items=items,
    )


def standing_of(term: Term, on: date) -> Standing:
    """``standings_of`` for one term."""
    return standings_of([term], on)[term.pk]


def standings_of(terms: Iterable[Term], on: date) -> dict[int, Standing]:
    """The standing of each term by its primary key, in four queries for up to five thousand terms."""
    found: dict[int, Standing] = {}
    waiting = list(terms)
    for start in range(0, len(waiting), TERMS_AT_A_TIME):
        found |= _standings(waiting[start : start + TERMS_AT_A_TIME], on)
    return found


def _standings(terms: list[Term], on: date) -> dict[int, Standing]:
    placements = Prefetch("placements", Placement.objects.select_related("facility"))
    prefetch_related_objects(terms, "leaves", placements)
    places = {term.pk: _place(term, on) for term in terms}
    countries = {place.facility.country for place in places.values() if place}
    acts = _first_acts(terms)
    releases = {term.pk: next((release for release, _at in acts[term.pk, READS]), 0) for term in terms}
    milestones, lessons = _pathways(
        {term.pathway_version_id for term in terms}, countries, {PUBLISHED, *releases.values()}
    )
    standings: dict[int, Standing] = {}
    for term in terms:
        place = places[term.pk]
        zone = ZoneInfo(place.facility.time_zone) if place else UTC
        studied, passed, signed_off = (
            [(key, at.astimezone(zone).date()) for key, at in acts[term.pk, kind]] for kind in Act
        )
        country = place.facility.country if place else ""
        # A release is of one country; whoever works in another reads what is published there.
        release = releases[term.pk] if (country, releases[term.pk]) in lessons else PUBLISHED
        facts = Facts(lessons.get((country, release), {}), studied, passed, signed_off)
        standing = stand(term, on, milestones.get(term.pathway_version_id, []), facts)
        standings[term.pk] = replace(standing, release=release)
    return standings


def _place(term: Term, on: date) -> Placement | None:
    """Where she works on ``on``; between two places the one she came from, whose lessons she reads."""
    before = [placement for placement in term.placements.all() if placement.from_on <= on]
    return term.placement_on(on) or max(before, key=lambda placement: placement.from_on, default=None)


def _pathways(
    versions: Set[int], countries: Set[str], releases: Set[int]
) -> tuple[dict[int, list[Milestone]], dict[tuple[str, int], dict[int, set[int]]]]:
    """``{version: milestones}``, and ``{(country, release): {module: lessons}}`` of what can be read, in any language.

    One query: a row for each milestone and lesson that is read in one of ``countries``, on one of ``releases``.
    """
    in_module = "module__articles"
    published = FilteredRelation(
        in_module,
        condition=Q(
            **{
                f"{in_module}__kind": Article.Kind.LESSON,
                f"{in_module}__country__in": countries,
                f"{in_module}__of_release__in": releases,
            }
        ),
    )
    rows = Milestone.objects.filter(version__in=versions).select_related("module").annotate(published=published)
    milestones: dict[int, dict[int, Milestone]] = defaultdict(dict)
    lessons: dict[tuple[str, int], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    read = rows.annotate(
        country=F("published__country"), release=F("published__of_release"), lesson=F("published__lesson")
    )
    for row in read.distinct():
        milestones[row.version_id].setdefault(row.pk, row)
        if row.lesson is not None:
            lessons[row.country, row.release][row.module_id].add(row.lesson)
    return {version: list(found.values()) for version, found in milestones.items()}, dict(lessons)


class Act(StrEnum):
    """The three kinds of evidence that a milestone asks for."""

    STUDIED = "studied"
    PASSED = "passed"
    SIGNED_OFF = "signed_off"


READS = "reads"
"""Beside the kinds of evidence, in the same query: the release that a term reads."""


def _first_acts(terms: list[Term]) -> dict[tuple[int, str], list[tuple[int, datetime]]]:
    """``{(term, kind of act): [(lesson or module, when it first happened)]}``. One query.

    Under ``READS`` the release of the term's cohort, if it has one.
    """
    acts: list[tuple[Act, QuerySet, str]] = [
        (Act.STUDIED, LessonStudy.objects.all(), "lesson_id"),
        (Act.PASSED, Attempt.objects.passed().counted(), "quiz_version__quiz__module_id"),
        (Act.SIGNED_OFF, Observation.objects.signed_off(), "module_id"),
    ]
    first, *others = (
        evidence.filter(term__in=terms)
        .order_by()
        .values_list("term_id", Value(kind.value), F(about))
        .annotate(first_at=Min("happened_at"))
        for kind, evidence, about in acts
    )
    on_release = Term.objects.filter(pk__in=[term.pk for term in terms], cohort__release__isnull=False).order_by()
    nothing = Value(None, output_field=DateTimeField())
    reads = on_release.values_list("pk", Value(READS), F("cohort__release")).annotate(first_at=nothing)
    found: dict[tuple[int, str], list[tuple[int, datetime]]] = defaultdict(list)
    for term, kind, about, at in first.union(*others, reads, all=True):
        found[term, kind].append((about, at))
    return found


def _first_days(days: Iterable[tuple[int, date]], on: date) -> dict[int, date]:
    first: dict[int, date] = {}
    for key, day in days:
        if day <= on:
            first[key] = min(day, first.get(key, day))
    return first


def _is_ended(term: Term, on: date) -> bool:
    return term.ended_on is not None and on > term.ended_on


def _months_between(start: date, later: date) -> int:
    return (later.year - start.year) * 12 + later.month - start.month - (later.day < start.day)


def _months_planned(term: Term) -> int | None:
    if term.planned_end_on is None:
        return None
    return max(1, round((term.planned_end_on - term.start_on).days / DAYS_IN_A_MONTH))
