from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import User
from programme.models import Cohort, Placement, Role, RoleAssignment, Term, UnitParent
from programme.scope import (
    IN_COHORTS_ONLY,
    RIGHTS,
    Act,
    acting_role,
    current_study,
    may,
    roles_of,
    scope_of,
    visible_terms,
)
from tests.factories import TODAY, give_role, make_pathway_version, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db

PEOPLE_SEEING = ["supervisor", "nurse", "coordinator", "district_manager", "programme_manager"]


def make_tree() -> dict[str, object]:
    """Root > district > two sites, and a second district with a third site."""
    root = make_unit(level="root", country="")
    district, other = make_unit(level="district", parent=root), make_unit(level="district", parent=root)
    return {
        "root": root,
        "district": district,
        "other": other,
        "here": make_unit(parent=district),
        "beside": make_unit(parent=district),
        "far": make_unit(parent=other),
    }


# --- her own term -------------------------------------------------------------------------------


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_current_study_is_one_query_and_takes_the_date_of_her_place(monkeypatch, django_assert_num_queries) -> None:
    at(monkeypatch, datetime(2026, 6, 15, 22, 30, tzinfo=UTC))  # 01:30 on the 16th in Nairobi
    term = make_term(learner=make_user(languages=["sw", "en"]))
    user = User.objects.get(pk=term.learner_id)
    with django_assert_num_queries(1):
        study = current_study(user)
        assert (study.term, study.country) == (term, "KE")
        assert study.today == date(2026, 6, 16)
        assert study.languages[:2] == ["sw", "en"]
        assert study.term.programme.name and study.term.pathway_version.number == 1
        assert study.term.learner == user


def test_current_study_follows_a_transfer_on_the_day(monkeypatch) -> None:
    term = make_term()
    new = make_unit(country="ZA", time_zone="Africa/Johannesburg")
    term.placements.update(to_on=TODAY)
    Placement.objects.create(term=term, facility=new, from_on=TODAY + timedelta(days=1))
    at(monkeypatch, datetime(2026, 6, 15, 9, tzinfo=UTC))
    assert current_study(term.learner).country == "KE"
    at(monkeypatch, datetime(2026, 6, 16, 9, tzinfo=UTC))
    assert (current_study(term.learner).facility, current_study(term.learner).country) == (new, "ZA")


@pytest.mark.parametrize(
    ("days", "has_term"), [(-1, False), (0, True), (1, True)], ids=["before her first day", "first day", "after"]
)
def test_current_study_begins_on_her_first_day(monkeypatch, days: int, has_term: bool) -> None:
    term = make_term(start_on=TODAY)
    at(monkeypatch, datetime(2026, 6, 15, 9, tzinfo=UTC) + timedelta(days=days))
    assert (current_study(term.learner) is not None) is has_term


def test_current_study_is_over_the_day_after_her_last(monkeypatch) -> None:
    term = make_term(ended_on=TODAY, end_class="completed")
    term.placements.update(to_on=TODAY)
    at(monkeypatch, datetime(2026, 6, 15, 9, tzinfo=UTC))
    assert current_study(term.learner).term == term
    at(monkeypatch, datetime(2026, 6, 16, 9, tzinfo=UTC))
    assert current_study(term.learner) is None


def test_current_study_is_nothing_for_strangers_staff_and_closed_accounts(monkeypatch) -> None:
    at(monkeypatch, datetime(2026, 6, 15, 9, tzinfo=UTC))
    term = make_term()
    closed = term.learner
    closed.is_active = False
    assert [current_study(user) for user in (AnonymousUser(), make_user(), closed)] == [None, None, None]


# --- who sees whom ------------------------------------------------------------------------------


def test_nobody_sees_anybody_without_a_role() -> None:
    make_term()
    superuser = make_user(is_superuser=True, is_staff=True)
    for user in (make_user(), superuser, AnonymousUser()):
        assert list(visible_terms(user, TODAY)) == []
        assert not any(may(user, act, Term.objects.get(), TODAY) for act in Act)


@pytest.mark.parametrize("role", Role.values)
def test_role_sees_exactly_the_terms_below_its_unit(role: str) -> None:
    tree = make_tree()
    here, beside, far = (make_term(facility=tree[name]) for name in ("here", "beside", "far"))
    for unit, expected in (("here", {here}), ("district", {here, beside}), ("root", {here, beside, far})):
        user = make_user()
        give_role(user, role, tree[unit])
        assert set(visible_terms(user, TODAY)) == (expected if role in PEOPLE_SEEING else set())


def test_rights_of_each_role_are_those_of_the_programme_reference() -> None:
    """The whole table, literally: a change here is a change of who may see whom."""
    seen = {"open_record", "see_name", "see_dates", "see_counts"}
    runs = {"issue_certificate", "manage_term", "see_contact", "end_sign_ins"}
    expected = {
        "supervisor": seen | {"sign_practice", "sign_off_award", "sign_logbook", "end_sign_ins"},
        "nurse": {"open_record", "see_name", "sign_practice"},
        "coordinator": seen | runs | {"record_attendance", "record_talk"},
        "programme_manager": seen | runs,
        "district_manager": seen - {"see_name"},
        "trainer": {"see_cohort", "see_updates", "record_attendance", "record_talk"},
        "monitoring": {"see_counts", "see_updates"},
        "privacy_officer": {"end_sign_ins", "see_lost_phones"},
        "translator": set(),
        "reviewer": set(),
        "learner": set(),
    }
    site = make_unit()
    term = make_term(facility=site, cohort=None)
    term.cohort = Cohort.objects.create(programme=term.programme, unit=site, code="c1", start_on=term.start_on)
    term.save()
    granted = {}
    for role in Role.values:
        user = make_user()
        give_role(user, role, site)
        granted[role] = {act.value for act in Act if may(user, act, term, TODAY)}
    assert granted == expected
    assert set(RIGHTS) <= set(Role.values)


def test_supervisor_of_a_district_sees_the_alias_and_of_the_site_the_name() -> None:
    tree = make_tree()
    term = make_term(facility=tree["here"], learner=make_user(name="Amélia", alias="K7M-2QX"))
    at_site, above, nurse, district = (make_user() for _ in range(4))
    give_role(at_site, "supervisor", tree["here"])
    give_role(above, "supervisor", tree["district"])
    give_role(nurse, "nurse", tree["here"])
    give_role(district, "district_manager", tree["district"])
    names = [scope_of(user, TODAY).name_of(term) for user in (at_site, above, nurse, district)]
    assert names == ["Amélia", "K7M-2QX", "Amélia", "K7M-2QX"]


def test_trainer_sees_cohorts_in_her_units_and_opens_no_record() -> None:
    tree = make_tree()
    alone, learner = make_term(facility=tree["here"]), make_term(facility=tree["here"])
    elsewhere = make_term(facility=tree["far"])
    for term in (learner, elsewhere):
        term.cohort = Cohort.objects.create(
            programme=term.programme, unit=tree["root"], code=f"c{term.pk}", start_on=term.start_on
        )
        term.save()
    trainer = make_user()
    give_role(trainer, "trainer", tree["district"])
    assert list(visible_terms(trainer, TODAY)) == [learner]
    assert not may(trainer, Act.OPEN_RECORD, learner, TODAY)
    assert not may(trainer, Act.SEE_COHORT, alone, TODAY)


def test_old_supervisor_loses_a_transferred_learner_the_same_day_and_the_new_one_gains_her() -> None:
    tree = make_tree()
    term = make_term(facility=tree["here"])
    old, new = make_user(), make_user()
    give_role(old, "supervisor", tree["here"])
    give_role(new, "supervisor", tree["far"])
    term.placements.update(to_on=TODAY - timedelta(days=1))
    Placement.objects.create(term=term, facility=tree["far"], from_on=TODAY)
    eve = TODAY - timedelta(days=1)
    assert [list(visible_terms(old, eve)), list(visible_terms(old, TODAY))] == [[term], []]
    assert [list(visible_terms(new, eve)), list(visible_terms(new, TODAY))] == [[], [term]]


def test_ended_role_loses_everything_the_day_after() -> None:
    term = make_term()
    user = make_user()
    give_role(user, "supervisor", term.placements.get().facility, to_on=TODAY)
    assert list(visible_terms(user, TODAY)) == [term]
    assert list(visible_terms(user, TODAY + timedelta(days=1))) == []


def test_closed_account_sees_nobody() -> None:
    term = make_term()
    user = make_user(is_active=False)
    give_role(user, "programme_manager", term.programme.root_unit)
    assert roles_of(user, TODAY) == []
    assert list(visible_terms(user, TODAY)) == []


def test_ended_term_stays_with_its_last_place_and_a_coming_one_is_at_its_first() -> None:
    tree = make_tree()
    ended = make_term(facility=tree["here"], ended_on=TODAY - timedelta(days=5), end_class="completed")
    ended.placements.update(to_on=ended.ended_on)
    coming = make_term(facility=tree["here"], start_on=TODAY + timedelta(days=5))
    user, other = make_user(), make_user()
    give_role(user, "coordinator", tree["here"])
    give_role(other, "coordinator", tree["far"])
    assert set(visible_terms(user, TODAY)) == {ended, coming}
    assert set(visible_terms(other, TODAY)) == set()


def test_nobody_acts_on_her_own_term() -> None:
    term = make_term()
    for role in PEOPLE_SEEING:
        give_role(term.learner, role, term.programme.root_unit)
    assert list(visible_terms(term.learner, TODAY)) == []
    assert not any(may(term.learner, act, term, TODAY) for act in Act)


def test_acting_role_is_the_nearest_that_may_do_it() -> None:
    term = make_term()
    user = make_user()
    give_role(user, "coordinator", term.programme.root_unit)
    give_role(user, "supervisor", term.placements.get().facility)
    assert acting_role(user, term, TODAY) == "supervisor"
    assert acting_role(user, term, TODAY, Act.ISSUE_CERTIFICATE) == "coordinator"
    assert acting_role(make_user(), term, TODAY) == ""


def test_scope_asks_the_database_the_same_for_one_and_three_terms(django_assert_num_queries) -> None:
    tree = make_tree()
    user = make_user()
    give_role(user, "supervisor", tree["district"])
    for expected in (1, 3):
        while Term.objects.count() < expected:
            make_term(facility=tree["here"])
        with django_assert_num_queries(4):  # roles, tree, terms, placements
            scope = scope_of(user, TODAY)
            rows = list(scope.visible_terms().prefetch_related("placements"))
            assert [scope.allows(Act.SIGN_PRACTICE, term) for term in rows] == [True] * expected


# --- over random trees, moves and roles -----------------------------------------------------------

DAYS = 40
day = st.integers(0, DAYS)


@st.composite
def worlds(draw: st.DrawFn) -> dict:
    """A tree whose units move, terms that move, roles that begin and end, and a day to look at it."""
    size = draw(st.integers(2, 7))
    parents = {
        unit: [(draw(st.integers(0, unit - 1)), draw(day)) for _ in range(draw(st.integers(1, 2)))]
        for unit in range(1, size)
    }
    unit = st.integers(0, size - 1)
    terms = draw(
        st.lists(
            st.tuples(day, st.lists(st.tuples(unit, day), min_size=1, max_size=3), st.none() | day),
            min_size=1,
            max_size=4,
        )
    )
    roles = draw(st.lists(st.tuples(st.sampled_from(Role.values), unit, day, st.none() | day), max_size=4))
    return {"size": size, "parents": parents, "terms": terms, "roles": roles, "on": draw(day)}


def spans(points: list[tuple[int, int]]) -> list[tuple[int, date, date | None]]:
    """(thing, from, to) in a row from (thing, day): each ends the day before the next begins."""
    ordered = sorted({start: thing for thing, start in points}.items())
    ends = [TODAY + timedelta(days=start - 1) for start, _thing in ordered[1:]] + [None]
    return [(thing, TODAY + timedelta(days=start), end) for (start, thing), end in zip(ordered, ends, strict=True)]


def holds(on: date, start: date, end: date | None) -> bool:
    return start <= on and (end is None or on <= end)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_nobody_ever_sees_a_term_outside_her_units_on_that_day(world: dict) -> None:
    with transaction.atomic():
        check_world(world)
        transaction.set_rollback(True)


def check_world(world: dict) -> None:
    on = TODAY + timedelta(days=world["on"])
    units = [make_unit(level="facility" if n else "root") for n in range(world["size"])]
    above: dict[int, int] = {}
    for n, moves in world["parents"].items():
        for parent, start, end in spans(moves):
            UnitParent.objects.create(unit=units[n], parent=units[parent], from_on=start, to_on=end)
            if holds(on, start, end):
                above[n] = parent

    def line_of(n: int) -> list[int]:
        return [n] + (line_of(above[n]) if n in above else [])

    version = make_pathway_version()
    where: dict[Term, int] = {}
    for start, moves, length in world["terms"]:
        first = TODAY + timedelta(days=start)
        ended = None if length is None else first + timedelta(days=length)
        term = Term.objects.create(
            learner=make_user(),
            programme=version.pathway.programme,
            pathway_version=version,
            start_on=first,
            ended_on=ended,
            end_class="" if ended is None else "other",
        )
        rows = spans([(moves[0][0], start)] + [(unit, start + offset) for unit, offset in moves[1:]])
        rows = [(n, a, b) for n, a, b in rows if ended is None or a <= ended]
        if ended is not None:
            n, a, _b = rows[-1]
            rows[-1] = (n, a, ended)
        for n, a, b in rows:
            Placement.objects.create(term=term, facility=units[n], from_on=a, to_on=b)
        here = [n for n, a, b in rows if holds(on, a, b)]
        where[term] = here[0] if here else rows[0][0] if on < first else rows[-1][0]

    user = make_user()
    held: list[tuple[str, int]] = []
    for role, n, start, length in world["roles"]:
        from_on = TODAY + timedelta(days=start)
        to_on = None if length is None else from_on + timedelta(days=length)
        if not RoleAssignment.objects.filter(user=user, role=role, unit=units[n], to_on=None).exists():
            give_role(user, role, units[n], from_on=from_on, to_on=to_on)
            if holds(on, from_on, to_on):
                held.append((role, n))

    for act in Act:
        # None of them starts with a cohort.
        reached = {n for role, n in held if act in RIGHTS.get(role, ()) and (role, act) not in IN_COHORTS_ONLY}
        expected = {term for term, n in where.items() if reached & set(line_of(n))}
        if act == Act.SEE_NAME:
            narrow = {
                n for role, n in held if act in RIGHTS.get(role, ()) and (n or role not in ("supervisor", "nurse"))
            }
            expected = {term for term, n in where.items() if narrow & set(line_of(n))}
        assert set(scope_of(user, on).terms(act)) == expected
        assert {term for term in where if may(user, act, term, on)} == expected
    opened = {n for role, n in held if role in PEOPLE_SEEING}
    assert set(visible_terms(user, on)) == {term for term, n in where.items() if opened & set(line_of(n))}
