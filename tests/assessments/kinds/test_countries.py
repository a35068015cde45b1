"""A right number that is a country's own: its key, what is left out without it, and whom a change leaves alone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from assessments.actions import ValueMissing, freeze_quiz, open_ticket, record_attempt
from assessments.kept import practice_key, tickets_of
from assessments.models import Attempt, Quiz, QuizText, QuizVersion
from assessments.sheets import asked_of, sheet
from curriculum.facts import number_for, numbers_for
from curriculum.models import Fact, FactValue
from programme.models import Term
from programme.models.evidence import payload_hash
from progress.checking import Count, differences
from tests.assessments.kinds.making import make_number_from, write_question
from tests.assessments.making import NOW, clock, make_question, make_quiz_page, text_of
from tests.assessments.test_views import Learner, learner, start, words  # noqa: F401 -- a fixture
from tests.factories import TODAY, make_country, make_lesson, make_module, make_term

pytestmark = pytest.mark.django_db

KEY = "wait_weeks"


def value(country: str, *said: str, mark: str = "sourced") -> FactValue:
    """The value in force: in English, and in Kiswahili when it is said too."""
    fact = Fact.objects.get_or_create(key=KEY)[0]
    FactValue.objects.filter(fact=fact, country=country, valid_to_on=None).update(valid_to_on=TODAY)
    return FactValue.objects.create(
        fact=fact,
        country=make_country(country),
        texts=dict(zip(("en", "sw"), said, strict=False)),
        mark=mark,
        valid_from_on=TODAY,
    )


def make_quiz_of_countries(use: str = "certifying", **fields: Any) -> Quiz:
    """A quiz whose second question is the country's number, published for Kenya and South Africa."""
    for country in ("KE", "ZA"):
        make_country(country)
    module = make_module("M4")
    lesson = make_lesson(module)
    questions = [
        make_question(module, code="M4-A", use=use, lesson=lesson),
        make_number_from(KEY, module, use=use, lesson=lesson, **fields),
    ]
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, questions)
    freeze_quiz(quiz)
    return quiz


def number_item(text: QuizText) -> str:
    [item] = [item for item in text.version.structure["items"] if item["kind"] == "number"]
    return item["question"]


# --- the one way from a value to a number ---------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "mark", "number"),
    [
        (("6",), "sourced", Decimal(6)),
        (("6", "6"), "recalled", Decimal(6)),
        (("2.5", "2,5"), "sourced", Decimal("2.5")),
        ((" 72 ",), "sourced", Decimal(72)),
        (("6", "7"), "sourced", None),
        (("6 weeks",), "sourced", None),
        (("-6",), "sourced", None),
        (("1e3",), "sourced", None),
        (("٦",), "sourced", None),
        (("",), "sourced", None),
        (("6",), "unsure", None),
    ],
)
def test_only_a_value_that_is_one_plain_number_is_a_number(said: tuple[str, ...], mark: str, number: Any) -> None:
    value("KE", *said, mark=mark)
    assert number_for("KE", KEY) == number
    assert numbers_for("ZA") == {}


# --- what a country's text is made of --------------------------------------------------------------


def test_each_country_has_its_own_key_on_one_structure() -> None:
    value("KE", "6")
    value("ZA", "10")
    quiz = make_quiz_of_countries()

    kenya, south = text_of(quiz), text_of(quiz, country="ZA")
    question = number_item(kenya)
    assert QuizVersion.objects.count() == 1
    assert (kenya.keys, south.keys) == (
        {question: [{"from": "6", "to": "6"}]},
        {question: [{"from": "10", "to": "10"}]},
    )
    assert kenya.left_out == south.left_out == []
    assert kenya.content_hash != south.content_hash
    assert KEY not in str(kenya.content)


def test_a_changed_value_of_kenya_leaves_south_africa_as_it_is() -> None:
    value("KE", "6")
    value("ZA", "10")
    quiz = make_quiz_of_countries()
    before = {text.country: text.content_hash for text in QuizText.objects.all()}

    value("KE", "8")
    freeze_quiz(quiz)
    freeze_quiz(quiz)

    found = sorted(QuizText.objects.values_list("country", "edition"))
    assert found == [("KE", 1), ("KE", 2), ("ZA", 1)]
    kenya = text_of(quiz)
    assert kenya.keys == {number_item(kenya): [{"from": "8", "to": "8"}]}
    assert text_of(quiz, country="ZA").content_hash == before["ZA"]
    old = QuizText.objects.get(country="KE", edition=1)
    assert (old.content_hash, old.keys) == (before["KE"], {number_item(kenya): [{"from": "6", "to": "6"}]})


def answers_to(text: QuizText, number: str) -> dict[str, Any]:
    [single] = [item for item in text.version.structure["items"] if item["kind"] == "single"]
    right = next(choice["id"] for choice in single["choices"] if choice["is_right"])
    return {single["question"]: right, number_item(text): number}


def sit_on(term: Term, text: QuizText, ticket: Any, number: str, at: Any = NOW) -> Attempt:
    return record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=text.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers=answers_to(text, number),
        clock=clock(at),
    )[0]


def test_a_sitting_is_marked_by_the_value_that_stood_in_her_words() -> None:
    value("KE", "6")
    quiz = make_quiz_of_countries(use="practice")
    old = text_of(quiz)
    value("KE", "8")
    freeze_quiz(quiz)
    new = text_of(quiz)
    term = make_term()

    marks = [sit_on(term, text, None, number).points_earned for text in (old, new) for number in ("6", "8")]

    assert marks == [24, 12, 12, 24]
    assert [str(each) for each in differences(Count())] == []


def test_a_try_on_the_old_value_after_the_rule_changed_is_kept_and_does_not_count() -> None:
    value("KE", "6")
    quiz = make_quiz_of_countries()
    term = make_term()
    old = text_of(quiz)
    ticket = open_ticket(term=term, quiz=quiz, now=NOW, text=old)
    FactValue.objects.filter(country="KE").update(valid_to_on=NOW.date())
    value("KE", "8")
    freeze_quiz(quiz)

    attempt = sit_on(term, old, ticket, "6", NOW + timedelta(days=1))

    assert (attempt.counts, attempt.points_earned) == (False, 24)


def test_pack_of_a_country_marks_by_its_own_number() -> None:
    value("KE", "6")
    value("ZA", "10")
    quiz = make_quiz_of_countries(use="practice")
    rights = {
        country: practice_key(text_of(quiz, country=country))[number_item(text_of(quiz))]["right"]
        for country in ("KE", "ZA")
    }
    assert rights == {"KE": [["6", "6"]], "ZA": [["10", "10"]]}


# --- a country without the value ------------------------------------------------------------------


def test_a_question_whose_number_is_not_known_is_not_asked_there() -> None:
    value("ZA", "10")
    quiz = make_quiz_of_countries(use="practice")
    kenya, south = text_of(quiz), text_of(quiz, country="ZA")

    assert (kenya.left_out, kenya.keys, south.left_out) == ([number_item(kenya)], {}, [])
    assert len(asked_of(kenya, "practice")) == 1
    assert [item.number for item in sheet(kenya, [number_item(kenya), *asked_of(kenya, "practice")], 1).items] == [1]
    assert number_item(kenya) not in practice_key(kenya)


def test_a_question_that_prints_what_is_not_known_is_not_asked_there() -> None:
    value("ZA", "10")
    for country in ("KE", "ZA"):
        make_country(country)
    module = make_module("M4")
    asks = write_question(module, "single", code="M4-1", stem=f"For how long? {{{KEY}}}")
    explains = write_question(module, "single", code="M4-2", why=f"Because of {{{KEY}}}.")
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, [asks, explains])

    assert text_of(quiz).left_out == [str(asks.uuid)]
    assert text_of(quiz, country="ZA").left_out == []
    assert "Ask your trainer" in text_of(quiz).content[str(explains.uuid)]["why"]


def test_a_safety_question_that_is_left_out_closes_certifying_there_with_the_reason(
    learner: Learner,  # noqa: F811
) -> None:
    value("KE", "6")
    quiz = make_quiz_of_countries(is_critical=True)
    address = start(learner)
    before = text_of(quiz)
    FactValue.objects.filter(country="KE").delete()
    freeze_quiz(quiz)
    closed = "a safety question needs a rule of your country that is not written down yet"

    assert text_of(quiz).is_closed
    assert closed in words(learner.client.get("/en/m4/q/"))
    assert "Start the quiz" not in words(learner.client.get("/en/m4/q/"))
    shown = learner.client.get(address)
    assert (shown.status_code, closed in words(shown)) == (409, True)
    assert tickets_of(learner.term.learner) == []
    ticket = learner.term.tickets.get()
    assert not sit_on(learner.term, text_of(quiz), ticket, "6", ticket.created_at).counts
    assert sit_on(learner.term, before, ticket, "6", ticket.created_at).counts


def test_no_try_is_opened_while_a_safety_question_is_left_out() -> None:
    quiz = make_quiz_of_countries(is_critical=True)
    term = make_term()
    with pytest.raises(ValueMissing):
        open_ticket(term=term, quiz=quiz, now=NOW, text=text_of(quiz))


def test_a_plain_question_that_is_left_out_leaves_the_rest_open() -> None:
    quiz = make_quiz_of_countries()
    term = make_term()
    text = text_of(quiz)
    ticket = open_ticket(term=term, quiz=quiz, now=NOW, text=text)

    attempt = record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=text.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers={key: answer for key, answer in answers_to(text, "6").items() if key != number_item(text)},
        clock=clock(),
    )[0]

    assert ticket.items == asked_of(text, "certifying")
    assert (attempt.counts, attempt.points_earned, attempt.points_possible) == (True, 12, 12)


def test_words_that_need_no_value_are_hashed_as_they_always_were() -> None:
    """A deployment of this must not make a new edition of every quiz there is."""
    make_country()
    module = make_module("M4")
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, [make_question(module, code="M4-A")])
    text = text_of(quiz)
    as_before = {
        "structure": text.version.structure_hash,
        "number": 1,
        "language": "en",
        "country": "KE",
        "content": text.content,
        "title": "Feeding",
    }
    assert text.content_hash == payload_hash(as_before)
