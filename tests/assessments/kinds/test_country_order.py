"""An order whose steps are a country's times: its key, whom it is not asked, whom a changed value leaves alone."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.actions import freeze_quiz, open_ticket, record_attempt
from assessments.answer_blocks import Block, placed, step
from assessments.country_steps import step_ids, with_own_steps
from assessments.grading import POINTS, RULES, keyed, right_answer
from assessments.hearing import marks_of_quiz
from assessments.kept import KeyWouldLeave, check_that_no_key_leaves, practice_key, tickets_of
from assessments.left_out import left_out_of
from assessments.listening import spoken_of_quiz
from assessments.models import Attempt, Question, QuestionSnippet, Quiz, QuizText, QuizVersion
from assessments.models.answers import StepPlace
from assessments.releases import _question
from assessments.sheets import asked_of, sheet
from curriculum.fact_changing import NewValue, change_value
from curriculum.listening.texts import spoken_hash
from curriculum.models import Country, Fact, FactValue
from printing.questions import questions_of
from programme.models import Term
from progress.checking import Count, differences
from tests.assessments.kinds.making import as_sent, part, right_answers, write_question
from tests.assessments.kinds.test_sheets import hidden
from tests.assessments.making import NOW, clock, make_question, make_quiz_page, text_of
from tests.assessments.test_views import Learner, learner, words  # noqa: F401 -- a fixture
from tests.curriculum.admin_desk import make_person
from tests.factories import TODAY, make_country, make_lesson, make_module, make_term

pytestmark = pytest.mark.django_db

KEY = "test_times"
BIRTH = {"point": "birth"}
WEEKS_6, WEEKS_10 = {"number": "6", "unit": "week", "what": "pcr"}, {"number": "10", "unit": "week"}
MONTHS_6, MONTHS_18 = {"number": "6", "unit": "month"}, {"number": "18", "unit": "month"}
KENYA, SOUTH = [WEEKS_6, MONTHS_6, MONTHS_18], [BIRTH, WEEKS_10, MONTHS_6, MONTHS_18]
MILK = {"en": "Breastfeeding ends", "sw": "Kunyonya kunaisha"}


def fact(kind: str = "times") -> Fact:
    return Fact.objects.get_or_create(key=KEY, defaults={"kind": kind, "statement": "When a baby is tested"})[0]


def value(country: str, times: Any, *, mark: str = "sourced", texts: dict[str, str] | None = None) -> FactValue:
    """The value in force; the one before has ended."""
    FactValue.objects.filter(fact=fact(), country=country, valid_to_on=None).update(valid_to_on=TODAY)
    return FactValue.objects.create(
        fact=fact(),
        country=make_country(country),
        value=times,
        texts=texts or {},
        mark=mark,
        valid_from_on=TODAY,
    )


def milk(question: Question, language: str = "en", place: str = "before_last") -> list[Block]:
    return [placed(part(question, "milk"), MILK[language], place, "The milk goes on." if language == "en" else "Bado.")]


def make_quiz(
    use: str = "certifying", *, languages: tuple[str, ...] = ("en",), place: str = "before_last", **fields: Any
) -> Quiz:
    """A quiz whose second question is the order of the country, published for Kenya, South Africa and Malawi."""
    for country in ("KE", "ZA", "MW"):
        make_country(country)
    module = make_module("M5")
    lesson = make_lesson(module)
    quiz = Quiz.objects.create(module=module)
    asks = Question.objects.create(code="M5-Q4", module=module, uuid=uuid.uuid5(uuid.NAMESPACE_URL, "M5-Q4"))
    for language in languages:
        questions = [
            make_question(module, code="M5-A", use=use, lesson=lesson, language=language),
            write_question(
                module,
                "ordering",
                code="M5-Q4",
                use=use,
                lesson=lesson,
                language=language,
                key_from=fact(),
                blocks=milk(asks, language, place),
                **fields,
            ),
        ]
        make_quiz_page(quiz, questions, language=language)
    freeze_quiz(quiz)
    return quiz


def order_item(text: QuizText) -> dict[str, Any]:
    [item] = [item for item in text.version.structure["items"] if item["kind"] == "ordering"]
    return item


def asked_order(text: QuizText) -> list[str]:
    """The steps in the order that is right for the country of ``text``, in words."""
    item = order_item(text)
    said = text.content[item["question"]]["choices"]
    return [said[each]["text"] for each in right_answer(keyed(item, text.keys))]


def answers_to(text: QuizText, order: list[str]) -> dict[str, Any]:
    return right_answers(text, "certifying") | right_answers(text) | {order_item(text)["question"]: order}


def sit_on(term: Term, text: QuizText, ticket: Any, order: list[str], at: Any = NOW) -> Attempt:
    return record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=text.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers=answers_to(text, order),
        clock=clock(at),
    )[0]


def key_of(text: QuizText) -> list[str]:
    return [each["id"] for each in text.keys[order_item(text)["question"]]]


def start(learner: Learner) -> str:  # noqa: F811
    """She taps "start"; return the address of her try."""
    return learner.client.post("/en/m5/q/try/").url


# --- plain rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "right"),
    [("before_first", "mabc"), ("after_first", "ambc"), ("before_last", "abmc"), ("after_last", "abcm")],
)
def test_a_step_of_ours_stands_where_it_says(place: str, right: str) -> None:
    assert "".join(with_own_steps("abc", [{"id": "m", "place": place}])) == right


@given(
    times=st.integers(2, 8),
    places=st.lists(st.sampled_from(StepPlace.values), max_size=4),
)
def test_every_step_stands_once_and_the_times_keep_their_order(times: int, places: list[str]) -> None:
    named = [f"t{place}" for place in range(times)]
    own = [{"id": f"o{number}", "place": place} for number, place in enumerate(places)]
    found = with_own_steps(named, own)
    assert sorted(found) == sorted([*named, *(each["id"] for each in own)])
    assert [each for each in found if each in named] == named
    for each in own:
        before = [named.index(other) for other in found[: found.index(each["id"])] if other in named]
        gap = {"before_first": 0, "after_first": 1, "before_last": times - 1, "after_last": times}[each["place"]]
        assert len(before) == gap


def test_names_of_steps_stay_where_the_time_stays() -> None:
    question = str(uuid.uuid4())
    before, after = step_ids(question, KEY, KENYA), step_ids(question, KEY, [*KENYA[:2], {**MONTHS_18, "what": "pcr"}])
    assert before[:2] == after[:2]
    assert before[2] != after[2]
    assert step_ids(question, KEY, [dict(reversed(WEEKS_6.items()))]) == before[:1]
    assert not set(before) & set(step_ids(str(uuid.uuid4()), KEY, KENYA))
    assert not set(before) & set(step_ids(question, "other", KENYA))


# --- what a country's text is made of --------------------------------------------------------------


def test_each_country_has_its_own_order_on_one_structure() -> None:
    value("KE", KENYA)
    value("ZA", SOUTH, texts={"en": "at birth and so on"})
    quiz = make_quiz()
    kenya, south = text_of(quiz), text_of(quiz, country="ZA")

    assert QuizVersion.objects.count() == 1
    assert order_item(kenya)["choices"] == [
        {"id": part(Question.objects.get(code="M5-Q4"), "milk"), "place": "before_last"}
    ]
    assert asked_order(kenya) == ["6 weeks (PCR test)", "6 months", "Breastfeeding ends", "18 months"]
    assert asked_order(south) == ["At birth", "10 weeks", "6 months", "Breastfeeding ends", "18 months"]
    assert (kenya.left_out, south.left_out) == ([], [])
    freeze_quiz(quiz)
    assert QuizText.objects.count() == 3


def test_each_language_says_the_steps_in_its_own_words_under_the_same_names() -> None:
    value("KE", KENYA)
    quiz = make_quiz(languages=("en", "sw"))
    english, swahili = text_of(quiz), text_of(quiz, "sw")
    assert asked_order(swahili) == ["Wiki 6 (kipimo cha PCR)", "Miezi 6", "Kunyonya kunaisha", "Miezi 18"]
    assert english.keys == swahili.keys


def test_each_country_is_marked_by_its_own_order_with_half_for_one_swap() -> None:
    value("KE", KENYA)
    value("ZA", [*SOUTH[:2], MONTHS_18, MONTHS_6])
    quiz = make_quiz("practice")
    term = make_term()
    marks = {}
    for country in ("KE", "ZA"):
        text = text_of(quiz, country=country)
        right = key_of(text)
        orders = [right, [right[1], right[0], *right[2:]], right[::-1], []]
        question = order_item(text)["question"]
        marks[country] = [sit_on(term, text, None, order).item_points[question][0] for order in orders]
    assert marks == {country: [POINTS, POINTS // 2, 0, 0] for country in ("KE", "ZA")}
    assert [str(each) for each in differences(Count())] == []
    kenya, south = text_of(quiz), text_of(quiz, country="ZA")
    of_both = [each for each in key_of(kenya) if each in key_of(south)]
    assert of_both != [each for each in key_of(south) if each in key_of(kenya)]


def test_an_empty_answer_to_an_order_without_a_key_earns_nothing() -> None:
    text = text_of(make_quiz())
    item = keyed(order_item(text), text.keys)
    assert item["choices"] == []
    assert RULES["ordering"](item, []) == 0


# --- a country without the value -------------------------------------------------------------------


@pytest.mark.parametrize(
    "times",
    [
        None,
        [MONTHS_6],
        [MONTHS_6, MONTHS_6],
        [{"number": str(week), "unit": "week"} for week in range(1, 9)],
        {"number": "6", "unit": "week"},
    ],
    ids=["none", "one", "twice the same", "more than a screen holds", "no list"],
)
def test_where_there_is_no_order_it_is_not_asked_and_the_trainer_is_told(times: Any) -> None:
    value("KE", KENYA)
    if times is not None:
        value("MW", times)
    quiz = make_quiz(is_critical=True)
    malawi = text_of(quiz, country="MW")
    question = order_item(malawi)["question"]

    assert (malawi.left_out, malawi.keys, malawi.is_closed) == ([question], {}, True)
    assert question not in asked_of(malawi, "certifying")
    assert [item.kind for item in sheet(malawi, [question, *asked_of(malawi, "certifying")], 1).items] == ["single"]
    names = dict(Country.objects.values_list("code", "name"))
    told = {each.country: (each.questions, each.is_closed) for each in left_out_of(quiz)}
    assert told == {names[country]: (["M5-Q4"], True) for country in ("MW", "ZA")}


def test_a_value_that_is_not_confirmed_is_no_order() -> None:
    value("KE", KENYA, mark="unsure")
    text = text_of(make_quiz())
    assert text.left_out == [order_item(text)["question"]]
    assert "6 weeks" not in json.dumps(text.content)


def test_a_language_without_words_for_a_time_is_not_asked() -> None:
    value("KE", KENYA)
    make_country("KE")
    quiz = make_quiz(languages=("en", "sw"))
    FactValue.objects.filter(country="KE").update(value=[*KENYA, {"point": "nowhere"}])
    freeze_quiz(quiz)
    assert [bool(text_of(quiz, language).left_out) for language in ("en", "sw")] == [True, True]


# --- a changed value -------------------------------------------------------------------------------


def test_a_changed_value_is_new_words_and_the_old_ones_keep_their_key() -> None:
    value("KE", KENYA)
    value("ZA", SOUTH)
    quiz = make_quiz("practice")
    old, south = text_of(quiz), text_of(quiz, country="ZA").content_hash
    value("KE", [BIRTH, MONTHS_18])
    freeze_quiz(quiz)
    freeze_quiz(quiz)
    new = text_of(quiz)

    found = sorted(QuizText.objects.values_list("country", "edition"))
    assert found == [("KE", 1), ("KE", 2), ("MW", 1), ("ZA", 1)]
    assert text_of(quiz, country="ZA").content_hash == south
    assert (old.edition, len(asked_order(old))) == (1, 4)
    assert asked_order(new) == ["At birth", "Breastfeeding ends", "18 months"]
    term = make_term()
    before, after = sit_on(term, old, None, key_of(old)), sit_on(term, new, None, key_of(new))
    assert (before.points_earned, after.points_earned) == (2 * POINTS, 2 * POINTS)
    assert sit_on(term, new, None, key_of(old)).points_earned == POINTS
    assert [str(each) for each in differences(Count())] == []


def test_a_change_at_the_desk_freezes_the_order_of_that_country_anew() -> None:
    at = value("KE", KENYA)
    quiz = make_quiz("practice")
    new = NewValue(value=[BIRTH, WEEKS_10, MONTHS_18], texts={}, mark="sourced", source="a letter")
    change_value(fact=at.fact, country=at.country, new=new, on=NOW.date())

    assert asked_order(text_of(quiz)) == ["At birth", "10 weeks", "Breastfeeding ends", "18 months"]


def test_a_try_on_the_old_order_after_the_rule_changed_is_kept_and_does_not_count() -> None:
    value("KE", KENYA)
    quiz = make_quiz()
    term = make_term()
    old = text_of(quiz)
    ticket = open_ticket(term=term, quiz=quiz, now=NOW, text=old)
    FactValue.objects.filter(country="KE").update(valid_to_on=NOW.date())
    value("KE", [BIRTH, MONTHS_18])
    freeze_quiz(quiz)

    attempt = sit_on(term, old, ticket, key_of(old), NOW + timedelta(days=1))

    assert (attempt.counts, attempt.points_earned) == (False, 2 * POINTS)


# --- on the page, by ear, on a phone, on paper -----------------------------------------------------


def test_the_page_asks_it_without_script_and_marks_it(learner: Learner) -> None:  # noqa: F811
    value("KE", KENYA)
    quiz = make_quiz()
    address = start(learner)
    text = text_of(quiz)
    question = order_item(text)["question"]
    page = learner.client.get(address)
    rows = BeautifulSoup(page.content, "html.parser").select(f'select[name^="q-{question}."]')
    assert sorted(row["name"].split(".")[1] for row in rows) == sorted(key_of(text))
    assert [len(row.select("option")) for row in rows] == [5] * 4

    order = key_of(text)
    wrong = as_sent(answers_to(text, [*order[:2], order[3], order[2]]))
    shown = words(learner.client.get(learner.client.post(address, hidden(page) | wrong).url))

    attempt = Attempt.objects.get()
    assert attempt.item_points[question] == [POINTS // 2, POINTS]
    assert "6 weeks (PCR test) 6 months 18 months Breastfeeding ends" in shown


def test_steps_of_another_country_are_not_taken(learner: Learner) -> None:  # noqa: F811
    value("KE", KENYA)
    value("ZA", SOUTH)
    quiz = make_quiz()
    address = start(learner)
    theirs = key_of(text_of(quiz, country="ZA"))
    sent = hidden(learner.client.get(address)) | as_sent(answers_to(text_of(quiz), theirs))
    assert learner.client.post(address, sent).status_code != 302
    assert not Attempt.objects.exists()


def test_a_phone_marks_practice_by_the_order_of_its_country() -> None:
    value("KE", KENYA)
    value("ZA", SOUTH)
    quiz = make_quiz("practice")
    for country in ("KE", "ZA"):
        text = text_of(quiz, country=country)
        key = practice_key(text)[order_item(text)["question"]]
        assert key["right"] == key_of(text)
        assert set(key["choices"]) == set(key["right"])
    assert order_item(text)["question"] not in practice_key(text_of(quiz, country="MW"))


def test_the_steps_of_what_certifies_leave_only_with_her_try(learner: Learner) -> None:  # noqa: F811
    value("KE", KENYA)
    quiz = make_quiz()
    start(learner)
    text = text_of(quiz)
    for step_id in key_of(text):
        with pytest.raises(KeyWouldLeave):
            check_that_no_key_leaves(text.version, step_id, text.keys)
    [ticket] = tickets_of(learner.term.learner)
    assert all(step_id in ticket["html"] for step_id in key_of(text))
    assert "18 months" in ticket["html"]


def test_it_can_be_heard_and_recorded() -> None:
    value("KE", KENYA)
    text = text_of(make_quiz())
    said = {spoken.text for spoken in spoken_of_quiz(text)}
    assert set(asked_order(text)) <= said
    assert {spoken_hash(each) for each in asked_order(text)} <= marks_of_quiz(text)
    assert "Breastfeeding ends" not in {
        spoken.text for spoken in spoken_of_quiz(text_of(Quiz.objects.get(), country="MW"))
    }


def test_paper_and_the_document_for_the_meeting_have_the_order_of_the_country() -> None:
    value("ZA", SOUTH)
    text = text_of(make_quiz("practice"), country="ZA")
    question = order_item(text)["question"]
    [printed] = [each for each in questions_of(text, [question], {}) if each.kind == "ordering"]
    order = [option.text for option in sorted(printed.options, key=lambda option: option.answer)]
    lines = [line.text for line in _question(keyed(order_item(text), text.keys), text.content[question])]
    assert order == asked_order(text)
    assert [line for line in lines if line in order] == order


# --- the desk --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "blocks", "field", "sentence"),
    [
        ("times", [step("a" * 8, "Greet")], "choices", "The times of the country are the steps here."),
        ("times", [placed("a", "Milk", "somewhere")], "choices", "Say of each step where it stands"),
        ("times", [placed("a", "Milk", "before_last"), placed("b", "milk ", "after_last")], "choices", "say the same"),
        ("times", [placed(str(n), f"Milk {n}", "before_last") for n in range(7)], "choices", "More than eight steps"),
        ("text", [], "key_from", "Only a list of times can be put in order."),
    ],
)
def test_what_does_not_fit_an_order_of_a_country_is_said(
    kind: str, blocks: list[Block], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        write_question(make_module("M5"), "ordering", code="M5-1", key_from=fact(kind), blocks=blocks)
    assert sentence in refusal.value.message_dict[field][0]


def test_an_order_of_its_own_takes_no_step_with_a_place() -> None:
    with pytest.raises(ValidationError) as refusal:
        write_question(make_module("M5"), "ordering", code="M5-1", blocks=[placed("a", "Milk", "before_last")])
    assert "To put in order there are only steps." in refusal.value.message_dict["choices"][0]


def test_it_is_written_and_seen_at_the_desk(client: Client) -> None:
    value("ZA", SOUTH)
    module = make_module("M5")
    client.force_login(make_person("author"))
    sent = {
        "module": str(module.pk),
        "kind": "ordering",
        "use": "practice",
        "stem": "Put the tests in order.",
        "why": "So.",
        "look_again": "",
        "key_from": str(fact().pk),
        "choices-count": "1",
        "choices-0-deleted": "",
        "choices-0-order": "0",
        "choices-0-type": "placed",
        "choices-0-id": "",
        "choices-0-value-choice": "",
        "choices-0-value-text": "Breastfeeding ends",
        "choices-0-value-place": "before_last",
        "choices-0-value-feedback": "",
    }
    answer = client.post("/admin/snippets/assessments/questionsnippet/add/", sent)
    assert answer.status_code == 302, answer.context["form"].errors

    snippet = QuestionSnippet.objects.get()
    [block] = snippet.choices
    assert (block.block_type, block.value["place"]) == ("placed", "before_last")
    assert uuid.UUID(block.value["choice"])
    shown = " ".join(BeautifulSoup(snippet.make_preview_request().content, "html.parser").get_text(" ").split())
    for said in ("At birth", "10 weeks", "Breastfeeding ends ( before the last )"):
        assert said in shown
