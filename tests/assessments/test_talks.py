"""After the last try: somebody talks with her, notes the day, and one more try opens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.actions import NothingToTalkAbout, NoTriesLeft, record_talk
from assessments.models import Attempt, TalkHeld
from assessments.tries import tries_by_quiz, tries_of
from people.models import AccessEntry
from programme.models import Cohort, Placement
from tests.assessments.making import NOW, make_quiz, make_ticket, sit
from tests.factories import as_user, give_consent, give_role, make_staff, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    html = re.sub(r"<(head|nav|footer).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def term() -> Any:
    """A woman in a cohort, long enough in her term."""
    found = make_term(learner=make_user(alias="K7M-2QX"), start_on=timezone.now().date() - timedelta(days=400))
    found.cohort = Cohort.objects.create(
        programme=found.programme, unit=found.placements.get().facility, code="spring", start_on=found.start_on
    )
    found.save()
    give_consent(found.learner)
    return found


@pytest.fixture
def quiz() -> Any:
    return make_quiz(code="M4")


def use_up(term: Any, quiz: Any, tries: int = 2) -> None:
    for _ in range(tries):
        sit(term, quiz, wrong=1)


def staff(term: Any, role: str = "trainer") -> Any:
    return make_staff(term.placements.get().facility, role)


def address(term: Any) -> str:
    return f"/en/people/talks/{term.uuid}/m4/"


def today(term: Any) -> str:
    return term.placements.get().facility.today().isoformat()


def hold(term: Any, quiz: Any, by: Any = None, on: date | None = None) -> tuple[TalkHeld, bool]:
    return record_talk(
        term=term,
        quiz=quiz,
        held_on=on or NOW.date(),
        recorded_by=by or staff(term),
        recorded_as="trainer",
        now=NOW,
    )


@pytest.mark.parametrize("role", ["trainer", "coordinator"])
def test_a_talk_opens_one_more_try(role: str, term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    hers = as_user(term.learner)
    before = words(hers.get("/en/m4/q/"))
    assert "You have used your tries" in before
    assert "When you have talked, she notes the day. Then one more try opens here by itself." in before
    by = staff(term, role)
    browser = as_user(by)
    assert "M4 · since 15 Jun 2026" in words(browser.get("/en/people/talks/"))

    noted = browser.post(address(term), {"held_on": today(term)})

    assert (noted.status_code, noted["Location"]) == (302, "/en/people/talks/")
    talk = TalkHeld.objects.get()
    assert (talk.term, talk.quiz, talk.after_tries, talk.recorded_by, talk.recorded_as) == (term, quiz, 2, by, role)
    assert "Nobody waits for a talk." in words(browser.get("/en/people/talks/"))
    after = words(hers.get("/en/m4/q/"))
    assert "You have one try left" in after
    assert "You talked with your trainer on" in after
    assert list(AccessEntry.objects.values_list("subject", "actor_role")) == [(term.learner_id, role)]

    sit(term, quiz, wrong=1)
    assert Attempt.objects.counted().count() == 3
    with pytest.raises(NoTriesLeft):
        make_ticket(term, quiz)
    browser.post(address(term), {"held_on": today(term)})
    assert sit(term, quiz).is_passed
    assert TalkHeld.objects.count() == 2


def test_the_result_page_says_what_happens_next(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    last = Attempt.objects.order_by("-pk").first()
    said = words(as_user(term.learner).get(f"/en/m4/q/result/{last.client_uuid}/"))
    assert "When you have talked, she notes the day. Then one more try opens here by itself." in said


def test_a_double_click_and_a_colleague_open_one_try(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    first, second = as_user(staff(term)), as_user(staff(term, "coordinator"))
    for browser in (first, first, second):
        assert browser.post(address(term), {"held_on": today(term)}).status_code == 302
    assert TalkHeld.objects.count() == 1
    assert tries_of(term, quiz, timezone.now()).left == 1


@pytest.mark.parametrize("tries", [0, 1])
def test_who_has_a_try_left_needs_no_talk(tries: int, term: Any, quiz: Any) -> None:
    use_up(term, quiz, tries)
    browser = as_user(staff(term))
    assert browser.get(address(term)).status_code == 404
    told = browser.post(address(term), {"held_on": today(term)}, follow=True)
    assert "She does not need a talk for this quiz" in words(told)
    assert not TalkHeld.objects.exists()


def test_who_has_passed_waits_for_nothing(term: Any, quiz: Any) -> None:
    use_up(term, quiz, 1)
    sit(term, quiz)
    assert "Nobody waits for a talk." in words(as_user(staff(term)).get("/en/people/talks/"))
    with pytest.raises(NothingToTalkAbout):
        hold(term, quiz)


def test_the_day_is_after_the_last_try_and_not_to_come(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    browser = as_user(staff(term))
    last = NOW.date()
    answers = [
        browser.post(address(term), {"held_on": day.isoformat()})
        for day in (last - timedelta(days=1), date.fromisoformat(today(term)) + timedelta(days=1))
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "That was before her last try." in words(answers[0])
    assert "That day is still to come." in words(answers[1])
    assert browser.post(address(term), {"held_on": last.isoformat()}).status_code == 302
    assert TalkHeld.objects.get().held_on == last


@pytest.mark.parametrize("role", ["supervisor", "nurse", "district_manager", "monitoring", "learner"])
def test_other_roles_find_no_talks(role: str, term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    browser = as_user(staff(term, role))
    answers = [
        browser.get("/en/people/talks/"),
        browser.get(address(term)),
        browser.post(address(term), {"held_on": today(term)}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert not TalkHeld.objects.exists()


def test_a_stranger_sees_nobody_and_opens_nothing(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    browser = as_user(make_staff(make_unit(), "trainer"))
    assert "K7M-2QX" not in words(browser.get("/en/people/talks/"))
    assert browser.post(address(term), {"held_on": today(term)}).status_code == 404
    assert tries_of(term, quiz, timezone.now()).left == 0


def test_a_trainer_meets_women_of_cohorts_and_a_coordinator_all(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    term.cohort = None
    term.save()
    trainer, coordinator = as_user(staff(term)), as_user(staff(term, "coordinator"))
    assert trainer.get(address(term)).status_code == 404
    assert "K7M-2QX" not in words(trainer.get("/en/people/talks/"))
    assert coordinator.get(address(term)).status_code == 200
    assert "K7M-2QX" in words(coordinator.get("/en/people/talks/"))


def test_nobody_talks_with_herself(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    give_role(term.learner, "trainer", term.placements.get().facility)
    assert as_user(term.learner).post(address(term), {"held_on": today(term)}).status_code == 404


def test_a_term_that_is_over_waits_for_nothing(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    term.ended_on, term.end_class = date.fromisoformat(today(term)) - timedelta(days=1), "other"
    term.save()
    Placement.objects.filter(term=term).update(to_on=term.ended_on)
    browser = as_user(staff(term))
    assert "Nobody waits for a talk." in words(browser.get("/en/people/talks/"))
    assert browser.post(address(term), {"held_on": today(term)}).status_code == 404


def test_no_mark_and_no_answer_is_said(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    browser = as_user(staff(term))
    for page in (browser.get("/en/people/talks/"), browser.get(address(term))):
        assert not re.search(r"%|points|\bof 4\b|Stem|Option|Idea", words(page))


@pytest.mark.parametrize("women", [1, 3])
def test_talks_ask_the_same_queries_for_any_number(women: int, django_assert_num_queries: Any) -> None:
    quiz, unit = make_quiz(code="M4"), make_unit()
    for _ in range(women):
        use_up(make_term(facility=unit), quiz)
    browser = as_user(make_staff(unit, "coordinator"))
    browser.get("/en/people/talks/")
    with django_assert_num_queries(7):
        browser.get("/en/people/talks/")
    one = make_term(facility=unit)
    use_up(one, quiz)
    hold(one, quiz)
    with django_assert_num_queries(2):
        tries_of(one, quiz, NOW)
    with django_assert_num_queries(2):
        assert [tries.left for tries in tries_by_quiz(one, NOW).values()] == [1]


def test_the_database_keeps_one_talk_after_so_many_tries_and_changes_none(term: Any, quiz: Any) -> None:
    use_up(term, quiz)
    talk, _created = hold(term, quiz)
    with pytest.raises(IntegrityError), transaction.atomic():
        TalkHeld.objects.create(
            term=term,
            quiz=quiz,
            after_tries=2,
            held_on=talk.held_on,
            recorded_by=talk.recorded_by,
            recorded_as="trainer",
            recorded_at=NOW,
        )
    for statement in ("UPDATE assessments_talkheld SET id = id", "DELETE FROM assessments_talkheld"):
        with pytest.raises(DatabaseError, match="assessments_talkheld is append-only"), transaction.atomic():
            connection.cursor().execute(statement)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(["sit", "talk", "talk"]), max_size=8))
def test_tries_and_talks_in_any_order_never_open_more_than_one_at_a_time(steps: list[str]) -> None:
    """Two tries, and one for each talk; a talk counts only after the last try, and once."""
    with transaction.atomic():
        term, quiz = make_term(), make_quiz(code="M4")
        trainer = staff(term)
        sat = talks = 0
        for step in steps:
            if step == "talk":
                if sat == 2 + talks:
                    assert hold(term, quiz, trainer)[1]
                    talks += 1
                elif talks and sat == 1 + talks:
                    assert not hold(term, quiz, trainer)[1]
                else:
                    with pytest.raises(NothingToTalkAbout):
                        hold(term, quiz, trainer)
            elif sat < 2 + talks:
                sit(term, quiz, wrong=1)
                sat += 1
            else:
                with pytest.raises(NoTriesLeft):
                    make_ticket(term, quiz)
            tries = tries_of(term, quiz, NOW)
            assert (len(tries.counted), tries.left) == (sat, 2 + talks - sat)
        transaction.set_rollback(True)
