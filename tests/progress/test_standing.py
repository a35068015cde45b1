"""Where a term stands, from evidence alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from curriculum.models import Module
from programme.models import Leave, Milestone, PathwayVersion, Placement, Term
from progress.standing import Facts, MilestoneState, Missing, TermState, stand, standing_of, standings_of
from tests.factories import make_pathway_version, make_term, make_unit
from tests.progress.conftest import World, attempt, observe, publish_lesson, publish_module, study

START = date(2026, 3, 2)
LESSONS = {1: frozenset({11, 12}), 2: frozenset({21})}


def term_with(*leaves: tuple[date, date], **fields: object) -> Term:
    """A term that is in no database; its leaves are as if prefetched."""
    term = Term(**{"pk": 1, "start_on": START, "planned_end_on": date(2027, 3, 2)} | fields)
    rows = [Leave(term=term, from_on=first, to_on=last) for first, last in leaves]
    term._prefetched_objects_cache = {"leaves": rows}
    return term


def milestones() -> list[Milestone]:
    version = PathwayVersion(pk=1)
    modules = {number: Module(pk=number, code=f"M{number}") for number in (1, 2)}
    asked = [("module", 1, 10), ("practice", 1, 40), ("module", 2, 60)]
    return [
        Milestone(pk=order, version=version, order=order, kind=kind, module=modules[module], due_day=day, gate="g")
        for order, (kind, module, day) in enumerate(asked, start=1)
    ]


def states(term: Term, on: date, facts: Facts) -> list[MilestoneState]:
    return [item.state for item in stand(term, on, milestones(), facts).items]


def test_stand_on_the_first_day_asks_for_the_first_milestone() -> None:
    assert states(term_with(), START, Facts(LESSONS)) == ["due", "later", "later"]


def test_stand_on_the_due_day_is_not_overdue_and_the_day_after_is() -> None:
    tenth = START + timedelta(days=9)
    assert states(term_with(), tenth, Facts(LESSONS))[0] == "due"
    assert states(term_with(), tenth + timedelta(days=1), Facts(LESSONS))[0] == "overdue"


def test_stand_calls_due_what_is_fourteen_days_away_and_next_what_is_fifteen() -> None:
    done = Facts(LESSONS, [(11, START), (12, START)], [(1, START)])
    fortieth = START + timedelta(days=39)
    assert states(term_with(), fortieth - timedelta(days=14), done) == ["done", "due", "later"]
    assert states(term_with(), fortieth - timedelta(days=15), done) == ["done", "next", "later"]


def test_stand_needs_every_lesson_and_the_quiz() -> None:
    def missing(studied: list[int], passed: list[int]) -> list[Missing]:
        facts = Facts(LESSONS, [(lesson, START) for lesson in studied], [(module, START) for module in passed])
        return stand(term_with(), START, milestones(), facts).items[0].missing

    assert missing([], []) == ["lessons", "quiz"]
    assert missing([11], []) == ["lessons", "quiz"]
    assert missing([11, 12], []) == ["quiz"]
    assert missing([11], [1]) == ["lessons"]
    assert missing([11, 12], [1]) == []
    assert missing([11, 21], [2]) == ["lessons", "quiz"]


def test_stand_says_when_the_last_part_came() -> None:
    facts = Facts(LESSONS, [(11, START + timedelta(days=3)), (12, START)], [(1, START + timedelta(days=2))])
    assert stand(term_with(), START + timedelta(days=5), milestones(), facts).items[0].done_on == START + timedelta(
        days=3
    )


def test_stand_does_not_count_what_happens_later() -> None:
    facts = Facts(LESSONS, [(11, START), (12, START + timedelta(days=5))], [(1, START)])
    assert stand(term_with(), START + timedelta(days=4), milestones(), facts).items[0].missing == ["lessons"]


def test_stand_never_calls_a_module_without_lessons_done() -> None:
    facts = Facts({}, [], [(1, START)])
    assert stand(term_with(), START, milestones(), facts).items[0].missing == ["not_published"]


def test_stand_on_leave_has_nothing_due_or_overdue() -> None:
    on = START + timedelta(days=20)
    term = term_with((on, on + timedelta(days=120)))
    standing = stand(term, on, milestones(), Facts(LESSONS))
    assert [item.state for item in standing.items] == ["next", "later", "later"]
    assert (standing.state, standing.overdue, standing.due) == (TermState.ON_LEAVE, [], [])


def test_stand_after_leave_has_dates_moved_by_it() -> None:
    leave = (START + timedelta(days=5), START + timedelta(days=104))
    standing = stand(term_with(leave), START + timedelta(days=105), milestones(), Facts(LESSONS))
    assert standing.items[0].due_on == START + timedelta(days=109)
    assert standing.items[0].state == "due"
    assert standing.day_of_term == 6


def test_stand_asks_an_ended_term_for_nothing() -> None:
    term = term_with(ended_on=START + timedelta(days=30), end_class="other")
    standing = stand(term, START + timedelta(days=300), milestones(), Facts(LESSONS))
    assert (standing.state, standing.next_item, standing.overdue, standing.day_of_term) == ("ended", None, [], 31)


def test_stand_counts_months_from_the_first() -> None:
    def months(on: date) -> tuple[int, int | None]:
        standing = stand(term_with(), on, milestones(), Facts(LESSONS))
        return standing.month_of_term, standing.months_total

    assert months(START) == (1, 12)
    assert months(date(2026, 4, 1)) == (1, 12)
    assert months(date(2026, 4, 2)) == (2, 12)
    assert stand(term_with(planned_end_on=None), START, [], Facts()).months_total is None


def test_stand_with_an_empty_pathway_is_complete() -> None:
    assert stand(term_with(), START, [], Facts()).state == "complete"


def test_reason_names_what_is_left_and_since_when() -> None:
    with translation.override("en"):
        facts = Facts(LESSONS, [(11, START)])
        late = stand(term_with(), START + timedelta(days=70), milestones(), facts)
        assert late.reason() == ("M1: 1 lesson and the quiz are left. It was due on 11 March 2026. 2 more wait.")
        facts = Facts(LESSONS, [(11, START), (12, START)], [(1, START)])
        assert stand(term_with(), START, milestones(), facts).reason() == "On track. Next is M1, by 10 April 2026."
        assert stand(term_with(), START + timedelta(days=30), milestones(), facts).reason() == (
            "M1: practice not yet signed off. It is due on 10 April 2026."
        )
        away = term_with((START, START + timedelta(days=9)))
        assert stand(away, START, milestones(), facts).reason() == "On leave until 11 March 2026."


# Properties: any order, any number of times, and leave is never a loss.

days = st.integers(-5, 400).map(lambda n: START + timedelta(days=n))
evidence = st.lists(st.tuples(st.sampled_from([11, 12, 21, 99]), days), max_size=8)
results = st.lists(st.tuples(st.sampled_from([1, 2, 9]), days), max_size=6)
leave = st.tuples(st.integers(0, 300), st.integers(0, 200)).map(
    lambda pair: (START + timedelta(days=pair[0]), START + timedelta(days=sum(pair)))
)


@given(evidence, results, results, days, st.data())
def test_order_and_repetition_of_evidence_change_nothing(studied, passed, signed_off, on, data) -> None:
    shuffled = [data.draw(st.permutations(facts + facts[:3])) for facts in (studied, passed, signed_off)]
    once = stand(term_with(), on, milestones(), Facts(LESSONS, studied, passed, signed_off))
    assert stand(term_with(), on, milestones(), Facts(LESSONS, *shuffled)).items == once.items


@given(st.lists(leave, max_size=3), leave)
def test_leave_makes_nothing_due_earlier(leaves, more) -> None:
    before = stand(term_with(*leaves), START, milestones(), Facts(LESSONS)).items
    after = stand(term_with(*leaves, more), START, milestones(), Facts(LESSONS)).items
    assert all(late.due_on >= early.due_on for early, late in zip(before, after, strict=True))


@given(leave, evidence, results, days)
def test_leave_never_makes_anything_overdue(away, studied, passed, on) -> None:
    facts = Facts(LESSONS, studied, passed)
    before = stand(term_with(), on, milestones(), facts).overdue
    after = stand(term_with(away), on, milestones(), facts).overdue
    assert {item.milestone.order for item in after} <= {item.milestone.order for item in before}


@given(evidence, results, days, st.integers(0, 100))
def test_what_is_done_stays_done(studied, passed, on, later) -> None:
    facts = Facts(LESSONS, studied, passed)
    done = {item.milestone.order for item in stand(term_with(), on, milestones(), facts).items if item.is_done}
    items = stand(term_with(), on + timedelta(days=later), milestones(), facts).items
    assert done <= {item.milestone.order for item in items if item.is_done}


# From the database.


def test_standing_of_counts_only_counted_passed_attempts(world: World) -> None:
    for lesson in world.lessons:
        study(world.term, lesson, world.today)
    attempt(world.term, world.module, world.today, counts=False)
    attempt(world.term, world.module, world.today, earned=7)
    attempt(world.term, world.module, world.today, critical=1)
    assert standing_of(world.term, world.today).items[0].missing == ["quiz"]

    attempt(world.term, world.module, world.today, earned=8)
    fresh = Term.objects.get(pk=world.term.pk)
    assert [(item.state, item.missing) for item in standing_of(fresh, world.today).items] == [
        ("done", []),
        ("next", ["practice"]),
    ]


def test_standing_of_counts_only_signed_off_practice(world: World) -> None:
    observe(world.term, world.module, world.today, is_signed_off=False)
    assert standing_of(world.term, world.today).items[1].missing == ["practice"]

    observe(world.term, world.module, world.today)
    assert standing_of(world.term, world.today).items[1].done_on == world.today


def test_standing_of_ignores_lessons_of_another_country(world: World) -> None:
    for lesson in world.lessons:
        study(world.term, lesson, world.today)
    publish_lesson(world.module, 3, 3, country="MW")
    assert standing_of(world.term, world.today).items[0].lessons_total == 2


def test_standing_of_ignores_another_womans_evidence(world: World) -> None:
    stranger = make_term(pathway_version=world.term.pathway_version)
    study(stranger, world.lessons[0], world.today)
    attempt(stranger, world.module, world.today)
    observe(stranger, world.module, world.today)
    assert standing_of(world.term, world.today).items[0].missing == ["lessons", "quiz"]
    assert standing_of(world.term, world.today).items[1].missing == ["practice"]


def test_standing_of_counts_the_day_at_her_place_of_work(world: World) -> None:
    """Noon in UTC is already tomorrow in Kiritimati."""
    facility = world.term.placements.get().facility
    facility.time_zone = "Pacific/Kiritimati"
    facility.save(update_fields=["time_zone"])
    for lesson in world.lessons:
        study(world.term, lesson, world.today)
    term = Term.objects.get(pk=world.term.pk)
    assert standing_of(term, world.today).items[0].lessons_left == 2
    assert standing_of(term, world.today + timedelta(days=1)).items[0].lessons_left == 0


def test_standing_of_follows_her_last_country_between_two_places(world: World) -> None:
    Placement.objects.filter(term=world.term).update(to_on=world.today - timedelta(days=2))
    term = Term.objects.get(pk=world.term.pk)
    assert standing_of(term, world.today).items[0].lessons_total == 2


@pytest.mark.parametrize("count", [1, 3])
def test_standings_of_asks_four_queries_for_any_number(count: int, db: None, django_assert_num_queries) -> None:
    module, lessons = publish_module()
    version = make_pathway_version(milestones=(("module", module, 40, "g"), ("practice", module, 50, "g")))
    facility = make_unit()
    today = date(2026, 6, 15)
    for _ in range(count):
        term = make_term(pathway_version=version, facility=facility)
        study(term, lessons[0], today)
        attempt(term, module, today)
    terms = list(Term.objects.all())
    with django_assert_num_queries(4):
        found = standings_of(terms, today)
    assert [standing.items[0].missing for standing in found.values()] == [["lessons"]] * count


def test_standings_of_nobody_is_nothing(db: None) -> None:
    assert standings_of([], date(2026, 6, 15)) == {}
