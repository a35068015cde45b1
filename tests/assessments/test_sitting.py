"""Tries and attempts: what counts, what is kept, what is refused."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from assessments.actions import (
    AlreadyPassed,
    NothingToAnswer,
    NoTriesLeft,
    QuizNotOpen,
    TicketBelongsToAnother,
    freeze_quiz,
    open_ticket,
    record_attempt,
)
from assessments.models import Attempt, AttemptAnswers, QuestionSnippet, QuizPage, Ticket
from assessments.sheets import items_of, sheet
from programme.models import Term
from programme.models.evidence import PayloadChanged
from tests.assessments.making import NOW, answers, choices, clock, make_quiz, make_ticket, sit, text_of
from tests.factories import make_term

pytestmark = pytest.mark.django_db


def test_open_ticket_holds_the_certifying_items_only_for_thirty_days() -> None:
    term, quiz = make_term(), make_quiz(critical=2, plain=2, practice=3)

    ticket = make_ticket(term, quiz)

    version = quiz.versions.get()
    assert (ticket.ordinal, ticket.version, ticket.expires_at) == (1, version, NOW + timedelta(days=30))
    assert sorted(ticket.items) == sorted(items_of(version, "certifying"))
    assert len(ticket.items) == 4


def test_two_taps_make_one_ticket() -> None:
    term, quiz = make_term(), make_quiz()

    assert make_ticket(term, quiz) == make_ticket(term, quiz, NOW + timedelta(days=29))
    assert Ticket.objects.count() == 1


def test_ticket_that_ran_out_does_not_use_up_a_try() -> None:
    term, quiz = make_term(), make_quiz()
    make_ticket(term, quiz)
    late = NOW + timedelta(days=30)

    again = [make_ticket(term, quiz, late), make_ticket(term, quiz, late + timedelta(days=30))]

    assert [ticket.ordinal for ticket in again] == [2, 3]


def test_tries_end_with_the_pathway() -> None:
    term, quiz = make_term(), make_quiz()
    sit(term, quiz, wrong=1)
    sit(term, quiz, wrong=1)

    with pytest.raises(NoTriesLeft):
        make_ticket(term, quiz)

    assert Ticket.objects.count() == 2


def test_after_a_pass_there_is_only_practice() -> None:
    term, quiz = make_term(), make_quiz()
    assert sit(term, quiz).is_passed

    with pytest.raises(AlreadyPassed):
        make_ticket(term, quiz)


def test_a_withdrawn_quiz_opens_no_ticket() -> None:
    term, quiz = make_term(), make_quiz()
    QuizPage.objects.get().unpublish()

    with pytest.raises(QuizNotOpen):
        make_ticket(term, quiz)


def test_a_quiz_of_practice_questions_opens_no_ticket() -> None:
    term, quiz = make_term(), make_quiz(critical=0, plain=0, practice=2)

    with pytest.raises(NothingToAnswer):
        make_ticket(term, quiz)


@pytest.mark.parametrize(
    ("critical", "plain", "wrong", "passed"),
    [(1, 9, 0, True), (0, 10, 2, True), (0, 10, 3, False), (1, 9, 1, False)],
)
def test_passed_at_the_pass_mark_with_every_safety_question_right(
    critical: int, plain: int, wrong: int, passed: bool
) -> None:
    attempt = sit(make_term(), make_quiz(critical=critical, plain=plain, practice=0), wrong=wrong)

    assert (attempt.is_passed, attempt.counts, attempt.points_needed) == (passed, True, 96)
    assert list(Attempt.objects.counted().passed()) == ([attempt] if passed else [])


def test_points_needed_come_from_the_pathway_of_the_term() -> None:
    term, quiz = make_term(), make_quiz(critical=0, plain=3, practice=0)
    term.pathway_version.pass_mark_percent = 55
    term.pathway_version.save()

    assert sit(term, quiz).points_needed == 20  # 36 * 55 % = 19.8


def test_an_attempt_is_marked_by_the_key_of_its_own_version() -> None:
    term, quiz = make_term(), make_quiz(critical=1, plain=0, practice=0)
    ticket, text = make_ticket(term, quiz), text_of(quiz)
    snippet = QuestionSnippet.objects.get()
    snippet.choices = choices(snippet.question, "b", "ac")
    snippet.save_revision().publish()
    assert freeze_quiz(quiz).number == 2

    attempt, _created = record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=ticket.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers=answers(text, ticket.items),
        clock=clock(),
    )

    assert (attempt.is_passed, attempt.quiz_version.number, attempt.content_hash) == (True, 1, text.content_hash)


def test_repeat_is_harmless_and_another_payload_is_refused() -> None:
    term, quiz = make_term(), make_quiz()
    ticket, text = make_ticket(term, quiz), text_of(quiz)
    act = {
        "term": term,
        "ticket": ticket,
        "quiz_version": ticket.version,
        "quiz_text": text,
        "client_uuid": uuid.uuid4(),
    }
    right, wrong = answers(text, ticket.items), answers(text, ticket.items, wrong=1)
    first = record_attempt(**act, answers=wrong, clock=clock())

    again = record_attempt(**act, answers=wrong, clock=clock(NOW + timedelta(days=40)))
    with pytest.raises(PayloadChanged):
        record_attempt(**act, answers=right, clock=clock())

    assert (first[1], again) == (True, (first[0], False))
    assert Attempt.objects.get().counts
    assert AttemptAnswers.objects.get().answers == wrong


def test_second_sitting_of_a_ticket_is_kept_and_does_not_count() -> None:
    term, quiz = make_term(), make_quiz()
    ticket = make_ticket(term, quiz)
    sit(term, quiz, wrong=1, ticket=ticket)

    second = sit(term, quiz, ticket=ticket)

    assert (second.counts, second.ticket) == (False, ticket)
    assert Attempt.objects.counted().passed().count() == 0


@pytest.mark.parametrize(("after", "counts"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_a_try_that_ran_out_is_kept_and_does_not_count(after: timedelta, counts: bool) -> None:
    term, quiz = make_term(), make_quiz()
    ticket = make_ticket(term, quiz)

    assert sit(term, quiz, ticket=ticket, at=ticket.expires_at + after).counts is counts


def test_an_old_ticket_never_gives_one_try_more() -> None:
    """Answered on a phone in time, sent after the tries were used on another one."""
    term, quiz = make_term(), make_quiz()
    old = make_ticket(term, quiz)
    for days in (31, 32):
        sit(term, quiz, wrong=1, at=NOW + timedelta(days=days))

    assert sit(term, quiz, ticket=old).counts is False


def test_an_attempt_after_a_pass_does_not_count() -> None:
    term, quiz = make_term(), make_quiz()
    old = make_ticket(term, quiz)
    sit(term, quiz, at=NOW + timedelta(days=31))

    assert sit(term, quiz, ticket=old, wrong=1).counts is False


def test_practice_has_no_ticket_and_never_counts() -> None:
    term, quiz = make_term(), make_quiz(practice=2)
    text = text_of(quiz)

    attempt, _created = record_attempt(
        term=term,
        ticket=None,
        quiz_version=text.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers=answers(text, items_of(text.version, "practice")),
        clock=clock(),
    )

    assert (attempt.counts, attempt.ticket, attempt.points_earned, attempt.points_possible) == (False, None, 24, 24)


def test_a_ticket_of_another_term_is_refused() -> None:
    term, quiz = make_term(), make_quiz()
    other = make_ticket(make_term(), quiz)

    with pytest.raises(TicketBelongsToAnother):
        sit(term, quiz, ticket=other)

    assert not Attempt.objects.exists()


def test_the_same_seed_lays_out_the_same_sheet_and_mixes_the_answers() -> None:
    quiz = make_quiz(critical=6, plain=0, practice=0)
    text = text_of(quiz)
    items = items_of(text.version, "certifying")

    one, same, other = (sheet(text, items, seed) for seed in (1, 1, 2))

    assert one == same
    assert [item.options for item in one.items] != [item.options for item in other.items]
    assert [{o.id for o in item.options} for item in one.items] == [{o.id for o in i.options} for i in other.items]


def test_open_ticket_takes_the_version_of_the_text_she_is_shown() -> None:
    term, quiz = make_term(), make_quiz(critical=1, plain=0, practice=0)
    shown = text_of(quiz)
    snippet = QuestionSnippet.objects.get()
    snippet.choices = choices(snippet.question, "b", "ac")
    snippet.save_revision().publish()

    assert open_ticket(term=term, quiz=quiz, now=NOW, text=shown).version.number == 1


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_taps_at_the_same_moment_make_one_ticket() -> None:
    term, quiz = make_term(), make_quiz()

    def tap(_number: int) -> Ticket:
        try:
            return make_ticket(Term.objects.select_related("pathway_version", "learner").get(pk=term.pk), quiz)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as taps:
        tickets = list(taps.map(tap, range(4)))

    assert {ticket.pk for ticket in tickets} == {Ticket.objects.get().pk}


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_phones_at_the_same_moment_have_one_counted_attempt() -> None:
    term, quiz = make_term(), make_quiz()
    ticket = make_ticket(term, quiz)

    def answer(_number: int) -> None:
        try:
            sit(term, quiz, wrong=1, ticket=ticket)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as phones:
        list(phones.map(answer, range(4)))

    assert sorted(Attempt.objects.values_list("counts", flat=True)) == [False, False, False, True]
