"""Who was there on which half-day: sheets through their addresses, corrections, repeats, and the hours of it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import AccessEntry
from programme.models import Clock, Cohort, Placement
from programme.scope import Act, scope_of
from progress.actions import SheetHasChanged, take_sheet
from progress.attendance import hours_of, sheet_of, women_of
from progress.models import Attendance
from tests.factories import as_user, give_role, make_staff, make_term, make_unit, make_user
from tests.progress.sheets import Class, add_woman, hidden, make_class, take
from tests.progress.test_views import text_of

pytestmark = pytest.mark.django_db


def hours(of: Class) -> list[Decimal]:
    found = hours_of(of.women, of.today)
    return [found[term.pk] for term in of.women]


def test_a_sheet_taken_is_hours_for_those_who_were_there() -> None:
    of = make_class()
    first, second = of.women
    take(of.browser, of.sheet("am"), [first, second], "3")
    saved = take(of.browser, of.sheet("pm"), [first], "2.5")
    assert saved.status_code == 302
    assert saved["Location"] == of.days
    assert hours(of) == [Decimal("5.5"), Decimal("3.0")]
    assert list(Attendance.objects.values_list("term", "half", "hours", "was_there", "taken_by", "taken_as")) == [
        (first.pk, "am", 3, True, of.trainer.pk, "trainer"),
        (second.pk, "am", 3, True, of.trainer.pk, "trainer"),
        (first.pk, "pm", Decimal("2.5"), True, of.trainer.pk, "trainer"),
    ]


def test_hours_count_up_to_a_day_and_that_somebody_was_away_is_written_nowhere() -> None:
    of = make_class()
    take(of.browser, of.sheet("am", ago=3), [of.women[0]], "3")
    take(of.browser, of.sheet("am", ago=1), [of.women[0]], "4")
    day = of.today - timedelta(days=3)
    until = [hours_of(of.women, day + timedelta(days=n))[of.women[0].pk] for n in (-1, 0, 1, 2)]
    assert until == [0, 3, 3, 7]
    assert not Attendance.objects.filter(term=of.women[1]).exists()


def test_a_correction_takes_the_place_and_the_first_row_stays() -> None:
    of = make_class()
    first, second = of.women
    take(of.browser, of.sheet(), [first], "3")
    take(of.browser, of.sheet(), [second], "3.5")
    assert hours(of) == [0, Decimal("3.5")]
    rows = Attendance.objects.order_by("pk").values_list("term", "was_there", "hours")
    assert list(rows) == [(first.pk, True, 3), (first.pk, False, Decimal("3.5")), (second.pk, True, Decimal("3.5"))]
    page = of.browser.get(of.sheet()).content.decode()
    assert re.findall(r'value="([0-9a-f-]{36})" checked', page) == [str(second.uuid)]
    assert 'name="hours" min="0.5" max="8" step="0.5" inputmode="decimal" required value="3.5"' in page


def test_a_double_click_and_a_reload_append_nothing() -> None:
    of = make_class()
    browser = of.browser
    carried = hidden(browser.get(of.sheet()))
    answers = [take(browser, of.sheet(), of.women, carried=carried).status_code for _ in range(3)]
    assert answers == [302, 302, 302]
    assert Attendance.objects.count() == 2


def test_two_trainers_with_the_same_sheet_lose_nothing() -> None:
    of = make_class()
    first, second = of.women
    mine, yours = of.browser, as_user(make_staff(of.facility, "coordinator"))
    carried = hidden(yours.get(of.sheet()))
    take(mine, of.sheet(), [first], "3")

    conflict = take(yours, of.sheet(), [second], "4", carried=carried)

    assert conflict.status_code == 409
    assert hours(of) == [3, 0]
    said = text_of(conflict)
    assert "This sheet was saved before with other ticks." in said
    assert "Name 0 K7M-2Q0 Saved before: she was there Name 1 K7M-2Q1 Saved before: no tick" in said
    ticked = re.findall(r'value="([0-9a-f-]{36})" checked', conflict.content.decode())
    assert ticked == [str(second.uuid)]
    assert take(yours, of.sheet(), [second], "4", carried=hidden(conflict)).status_code == 302
    assert hours(of) == [0, 4]


def test_going_back_in_the_browser_with_other_ticks_asks_first() -> None:
    of = make_class()
    browser = of.browser
    carried = hidden(browser.get(of.sheet()))
    take(browser, of.sheet(), of.women[:1], carried=carried)
    assert take(browser, of.sheet(), of.women, carried=carried).status_code == 409
    assert hours(of) == [3, 0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0", "Write at least half an hour."),
        ("9", "A half-day has 8 hours at most."),
        ("3.3", "Write whole or half hours, such as 3 or 3.5."),
        ("three", "Write whole or half hours, such as 3 or 3.5."),
        ("", "Fill this in."),
    ],
)
def test_hours_that_cannot_be_are_asked_again_and_no_tick_is_lost(typed: str, words: str) -> None:
    of = make_class()
    answer = take(of.browser, of.sheet(), of.women[1:], typed)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert re.findall(r'value="([0-9a-f-]{36})" checked', answer.content.decode()) == [str(of.women[1].uuid)]
    assert not Attendance.objects.exists()


def test_a_mistake_in_the_hours_does_not_hide_what_somebody_else_saved() -> None:
    of = make_class()
    carried = hidden(of.browser.get(of.sheet()))
    take(of.browser, of.sheet(), of.women[:1])
    again = take(of.browser, of.sheet(), of.women[1:], "9", carried=carried)
    assert again.status_code == 422
    assert take(of.browser, of.sheet(), of.women[1:], carried=hidden(again)).status_code == 409


def test_somebody_of_another_list_cannot_be_ticked() -> None:
    of, other = make_class(), make_term()
    answer = take(of.browser, of.sheet(), [of.women[0], other])
    assert answer.status_code == 422
    assert "Somebody you ticked is not on your list any more." in text_of(answer)
    assert not Attendance.objects.exists()


def test_days_that_are_not_the_cohorts_have_no_sheet() -> None:
    of = make_class()
    answers = [of.browser.get(of.sheet(ago=ago)).status_code for ago in (-1, 0, 20, 21)]
    assert answers == [404, 200, 200, 404]
    assert of.browser.get(f"{of.days}2026-02-31/am/").status_code == 404


def test_the_day_asked_for_is_checked_in_words() -> None:
    of = make_class()
    tomorrow, before = of.today + timedelta(days=1), of.today - timedelta(days=21)
    chosen = of.browser.get(of.days, {"on": of.today.isoformat(), "half": "pm"})
    assert chosen["Location"] == of.sheet("pm", ago=0)
    late = of.browser.get(of.days, {"on": tomorrow.isoformat(), "half": "pm"})
    early = of.browser.get(of.days, {"on": before.isoformat(), "half": "pm"})
    none = of.browser.get(of.days, {"on": of.today.isoformat()})
    assert [page.status_code for page in (late, early, none)] == [422, 422, 422]
    assert "That day is still to come." in text_of(late)
    assert "This cohort began on" in text_of(early)
    assert "Choose one." in text_of(none)


def test_a_woman_stands_on_the_sheets_of_the_days_of_her_term() -> None:
    of = make_class(1)
    late = add_woman(of, "LATE-1", "Amina", start_on=of.today - timedelta(days=1))
    left = add_woman(of, "LEFT-1", "Grace", ended_on=of.today - timedelta(days=10), end_class="other")
    Placement.objects.filter(term=left).update(to_on=left.ended_on)
    on = {ago: re.findall(r"[A-Z0-9]{3,4}-[0-9A-Z]+", text_of(of.browser.get(of.sheet(ago=ago)))) for ago in (15, 5, 1)}
    assert on == {15: ["K7M-2Q0", "LEFT-1"], 5: ["K7M-2Q0"], 1: ["K7M-2Q0", "LATE-1"]}
    assert late.cohort == of.cohort


@pytest.mark.parametrize("role", ["supervisor", "nurse", "district_manager", "monitoring", "learner", "translator"])
def test_other_roles_find_no_sheet(role: str) -> None:
    of = make_class()
    take(of.browser, of.sheet(), of.women)
    stranger = as_user(make_staff(of.facility, role))
    addresses = [of.days, of.sheet(), f"{of.days}blank/", "/en/people/days/"]
    assert [stranger.get(address).status_code for address in addresses] == [404] * 4
    posts = [stranger.post(of.sheet(), {}), stranger.post(f"{of.days}join/", {"work_name": "K7M-2Q0"})]
    assert [post.status_code for post in posts] == [404, 404]


def test_a_trainer_of_another_unit_finds_nothing() -> None:
    of = make_class()
    take(of.browser, of.sheet(), of.women)
    elsewhere = make_unit(parent=of.version.pathway.programme.root_unit)
    stranger = as_user(make_staff(elsewhere, "trainer"))
    carried = {"client_uuid": str(uuid.uuid4()), "mark": "2", "hours": "3"}
    assert stranger.get(of.sheet()).status_code == stranger.post(of.sheet(), carried).status_code == 404
    assert "spring" not in text_of(stranger.get("/en/people/days/"))
    assert hours(of) == [3, 3]


def test_a_trainer_of_one_site_ticks_her_own_and_leaves_the_others() -> None:
    """A cohort may come from two sites; what she cannot see she cannot take back."""
    of = make_class(1)
    elsewhere = make_unit(parent=of.version.pathway.programme.root_unit)
    far = make_term(facility=elsewhere, pathway_version=of.version, cohort=of.cohort, start_on=of.cohort.start_on)
    there = as_user(make_staff(elsewhere, "coordinator"))
    take(there, of.sheet(), [far], "2")
    take(of.browser, of.sheet(), of.women, "3")
    take(of.browser, of.sheet(), [], "3")
    assert hours_of([far, *of.women], of.today) == {far.pk: 2, of.women[0].pk: 0}


def test_nobody_ticks_herself() -> None:
    of = make_class(1)
    give_role(of.women[0].learner, "trainer", of.facility)
    browser = as_user(of.women[0].learner)
    assert take(browser, of.sheet(), of.women).status_code == 422
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(("role", "sees"), [("trainer", True), ("coordinator", True), ("supervisor", False)])
def test_the_roster_leads_to_sheets_and_talks_who_may_take_them(role: str, sees: bool) -> None:
    of = make_class(1, role)
    page = of.browser.get("/en/roster/").content.decode()
    assert ["/en/people/days/" in page, "/en/people/talks/" in page] == [sees, sees]
    cohorts = of.browser.get("/en/people/cohorts/").content.decode()
    assert (of.days in cohorts) == (role == "coordinator")


# Joining late.


def join(of: Class, work_name: str, browser: Any = None) -> Any:
    return (browser or of.browser).post(f"{of.days}join/", {"work_name": work_name})


def test_somebody_who_comes_late_is_on_the_next_sheet_and_can_read_who_did_it() -> None:
    of = make_class(1)
    late = add_woman(of, "AME-102", "Amina", cohort=None)
    assert join(of, "ame 102").status_code == 302
    late.refresh_from_db()
    assert late.cohort == of.cohort
    assert "Amina" in text_of(of.browser.get(of.sheet()))
    log = AccessEntry.objects.values_list("subject", "actor", "kind", "actor_role")
    assert list(log) == [(late.learner_id, of.trainer.pk, "term_changed", "trainer")]
    assert join(of, "AME-102").status_code == 302
    assert AccessEntry.objects.count() == 1


def test_whom_she_may_not_bring_is_not_known_to_be_there() -> None:
    of = make_class(1)
    elsewhere = make_unit(parent=of.version.pathway.programme.root_unit)
    make_term(learner=make_user(alias="FAR-1"), facility=elsewhere, pathway_version=of.version)
    make_term(learner=make_user(alias="PRG-2"), facility=of.facility)
    other = Cohort.objects.create(
        programme=of.version.pathway.programme, unit=of.facility, code="other", start_on=of.cohort.start_on
    )
    taken = add_woman(of, "OTH-3", cohort=other)
    answers = [join(of, name) for name in ("FAR-1", "PRG-2", "OTH-3", "NOBODY", "-")]
    assert [answer.status_code for answer in answers] == [422] * 5
    said = {re.search(r"Nobody with this work name[^.]*\.", text_of(answer)).group() for answer in answers}
    assert said == {"Nobody with this work name can join here."}
    coordinator = as_user(make_staff(of.facility, "coordinator"))
    assert join(of, "OTH-3", coordinator).status_code == 302
    taken.refresh_from_db()
    assert taken.cohort == of.cohort


# Paper.


def test_the_empty_sheet_holds_work_names_and_chosen_names_and_no_programme() -> None:
    of = make_class(2)
    programme = of.version.pathway.programme
    page = of.browser.get(f"{of.days}blank/").content.decode()
    assert page.count("☐") == 2 + 2 + 6
    said = re.sub(r"<[^>]+>", " ", page)
    assert all(word in said for word in ("K7M-2Q0", "Name 0", "K7M-2Q1", "Name 1", "List spring"))
    own_words = [programme.name, programme.issuing_name, programme.issuing_short_name, programme.peer_title]
    assert not [word for word in own_words if word in page]


# What a list costs.


@pytest.mark.parametrize(("page", "queries"), [("days", 7), ("sheet", 7), ("blank", 6), ("cohorts", 5)])
@pytest.mark.parametrize("women", [1, 3])
def test_sheets_ask_the_same_queries_for_any_number_of_women(
    women: int, page: str, queries: int, django_assert_num_queries: Any
) -> None:
    of = make_class(women)
    browser = of.browser
    take(browser, of.sheet("pm"), of.women)
    pages = {"days": of.days, "sheet": of.sheet("pm"), "blank": f"{of.days}blank/", "cohorts": "/en/people/days/"}
    browser.get(pages[page])
    with django_assert_num_queries(queries):
        assert browser.get(pages[page]).status_code == 200


@pytest.mark.parametrize("women", [1, 3])
def test_hours_of_is_one_query(women: int, django_assert_num_queries: Any) -> None:
    of = make_class(women)
    take(of.browser, of.sheet(), of.women)
    with django_assert_num_queries(1):
        assert hours(of) == [3] * women


# The database.


def test_a_half_day_has_a_few_hours() -> None:
    of = make_class(1)
    for wrong in ("0", "8.5"):
        with pytest.raises(IntegrityError, match="half_day_has_a_few_hours"), transaction.atomic():
            _take(of, of.women, uuid.uuid4(), 0, hours=Decimal(wrong))


def test_attendance_is_append_only() -> None:
    of = make_class(1)
    take(of.browser, of.sheet(), of.women)
    for statement in ("UPDATE progress_attendance SET id = id", "DELETE FROM progress_attendance"):
        with pytest.raises(DatabaseError, match="progress_attendance is append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert hours(of) == [3]


# Any order, any repetition.


def _take(of: Class, there: Any, act: uuid.UUID, mark: int, hours: Decimal = Decimal(3)) -> int:
    return take_sheet(
        cohort=of.cohort,
        held_on=of.today,
        half="am",
        hours=hours,
        there=there,
        women=women_of(of.cohort, scope_of(of.trainer, of.today)),
        taken_by=of.trainer,
        roles={term.pk: "trainer" for term in of.women},
        client_uuid=act,
        mark=mark,
        clock=Clock.here_and_now(),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 2)), st.sampled_from(["1", "3", "4.5"]), st.integers(1, 3), st.integers(0, 2)),
        max_size=8,
    )
)
def test_whatever_is_sent_however_often_the_last_sheet_that_was_seen_stands(
    saves: list[tuple[set[int], str, int, int]],
) -> None:
    """A save with the newest mark holds; one with an older mark changes nothing, and neither does a repeat."""
    with transaction.atomic():
        of = make_class(3)
        expected = [Decimal(0)] * 3
        women = women_of(of.cohort, scope_of(of.trainer, of.today))
        for numbers, long, times, behind in saves:
            there = [of.women[number] for number in numbers]
            after = [Decimal(long) if number in numbers else Decimal(0) for number in range(3)]
            mark, act = sheet_of(of.cohort, of.today, "am", women).mark, uuid.uuid4()
            rows = Attendance.objects.count()
            if behind and after != expected:
                with pytest.raises(SheetHasChanged):
                    _take(of, there, act, mark - behind, Decimal(long))
                assert Attendance.objects.count() == rows
                continue
            for _ in range(times):
                _take(of, there, act, mark, Decimal(long))
            changed = sum(one != other for one, other in zip(expected, after, strict=True))
            assert Attendance.objects.count() == rows + changed
            expected = after
            assert hours(of) == expected
        transaction.set_rollback(True)


def test_a_role_is_kept_as_it_was_on_that_day() -> None:
    of = make_class(1, role="coordinator")
    take(of.browser, of.sheet(), of.women)
    assert Attendance.objects.get().taken_as == "coordinator"
    assert Act.RECORD_ATTENDANCE in {act for act in Act if scope_of(of.trainer, of.today).allows(act, of.women[0])}
