"""Writing a question of every kind: what is refused and in which words, its copy, its translation, its preview."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from assessments.actions import freeze_quiz
from assessments.answer_blocks import Block, choice, number, other, pair, slip, step
from assessments.models import Question, QuestionSnippet, Quiz, QuizPage, QuizText, QuizVersion
from curriculum.models import Fact
from curriculum.translation import translate
from tests.assessments.kinds.making import KINDS, make_every_kind, make_number_from, write_question
from tests.assessments.making import locale, make_question, make_quiz_page, quiz_items, text_of
from tests.curriculum.admin_desk import make_person
from tests.factories import make_country, make_lesson, make_module

pytestmark = pytest.mark.django_db

QUESTION = "/admin/snippets/assessments/questionsnippet"


def new() -> str:
    return str(uuid.uuid4())


def steps(*texts: str) -> list[Block]:
    return [step(new(), text) for text in texts]


def pairs(*both: tuple[str, str]) -> list[Block]:
    return [pair(new(), left, new(), right) for left, right in both]


THREE = [("a", "A"), ("b", "B"), ("c", "C")]


@pytest.mark.parametrize(
    ("kind", "blocks", "sentence"),
    [
        ("ordering", steps("a", "b"), "An order needs at least three steps."),
        ("ordering", steps(*"abcdefghi"), "More than eight steps are too many"),
        ("ordering", steps("a", "b", "A "), "Two steps say the same."),
        ("ordering", pairs(*THREE), "To put in order there are only steps."),
        ("single", steps("a", "b", "c"), "has only answers to choose."),
        ("matching", pairs(("a", "A")), "She needs at least two pairs."),
        ("matching", pairs(*[(str(n), str(n)) for n in range(7)]), "More than six pairs are too many"),
        ("matching", pairs(("a", "A"), ("a", "B")), "Two pairs have the same left side."),
        ("matching", [*pairs(*THREE), other(new(), "b ")], "says the same as another one."),
        ("matching", pairs(("a", "A"), ("b", "a")), "All pairs have the same right side."),
        ("matching", [*pairs(*THREE), number(new(), "1")], "only pairs and right sides."),
        ("number", [], "Write at least one right number"),
        ("number", [slip(new(), "3", feedback="No.")], "Write at least one right number"),
        ("number", [number(new(), "six")], "Write a number here"),
        ("number", [number(new(), "45", "40")], "A range goes up"),
        ("number", [number(new(), "-1")], "Numbers here are not below zero"),
        ("number", [number(new(), "4", "6"), slip(new(), "6", "9", feedback="No.")], "cannot be right and not right"),
        ("scenario", [choice(new(), "a", is_right=True, feedback="x")], "at least two answers"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(kind: str, blocks: list[Block], sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        write_question(make_module("M4"), kind, code="M4-1", blocks=blocks)
    assert list(refusal.value.message_dict) == ["choices"]
    assert sentence in refusal.value.message_dict["choices"][0]


@pytest.mark.parametrize(
    ("kind", "field", "value", "sentence"),
    [
        ("scenario", "story", "", "Tell the story here"),
        ("single", "story", "Once.", "Only a question with a story has one."),
        ("ordering", "unit", "months", "Only a number has a unit."),
        ("single", "otherwise", "Look again.", "Each answer has its own reason here."),
    ],
)
def test_what_belongs_to_another_kind_is_refused_in_words(kind: str, field: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        write_question(make_module("M4"), kind, code="M4-1", **{field: value})
    assert sentence in refusal.value.message_dict[field][0]


def test_a_number_has_its_own_key_or_the_countrys_and_nothing_else_takes_one() -> None:
    module, fact = make_module("M4"), Fact.objects.create(key="weeks")
    with pytest.raises(ValidationError) as refusal:
        write_question(module, "number", code="M4-1", key_from=fact)
    assert "The country's value is the right number here." in refusal.value.message_dict["choices"][0]
    with pytest.raises(ValidationError) as refusal:
        write_question(module, "single", code="M4-2", key_from=fact)
    assert "Only a number or an order takes the country's value." in refusal.value.message_dict["key_from"][0]
    make_number_from("weeks", module)


@pytest.mark.parametrize("kind", KINDS)
def test_new_answers_get_their_identity_and_keep_it(kind: str) -> None:
    question = write_question(make_module("M4"), kind, code="M4-1")
    snippet = QuestionSnippet.objects.get(question=question)
    for block in snippet.choices:
        for name in {"choice", "side"} & set(block.value):
            block.value[name] = ""

    snippet.full_clean()
    given = [dict(block.value) for block in snippet.choices]
    snippet.full_clean()

    found = [value[name] for value in given for name in ("choice", "side") if name in value]
    assert len({uuid.UUID(one) for one in found}) == len(found)
    assert [dict(block.value) for block in snippet.choices] == given


# --- the desk ------------------------------------------------------------------------------------


def form_of(kind: str, module: Any, answers: list[tuple[str, dict[str, str]]], **fields: str) -> dict[str, str]:
    data = {
        "module": str(module.pk),
        "kind": kind,
        "use": "practice",
        "stem": "What?",
        "why": "So.",
        "look_again": "",
        "choices-count": str(len(answers)),
    }
    for place, (name, value) in enumerate(answers):
        prefix = f"choices-{place}"
        data |= {f"{prefix}-deleted": "", f"{prefix}-order": str(place), f"{prefix}-type": name, f"{prefix}-id": ""}
        data |= {f"{prefix}-value-{key}": said for key, said in value.items()}
    return data | fields


def test_a_number_is_written_at_the_desk_with_either_sign(client: Client) -> None:
    module = make_module("M4")
    client.force_login(make_person("author"))
    answers = [
        ("number", {"choice": "", "lowest": "2,5", "highest": " 3.50 "}),
        ("slip", {"choice": "", "lowest": "6", "highest": "", "feedback": "Too many."}),
    ]

    client.post(f"{QUESTION}/add/", form_of("number", module, answers, unit="weeks"))

    snippet = QuestionSnippet.objects.get()
    assert [(block.value["lowest"], block.value["highest"]) for block in snippet.choices] == [("2.5", "3.5"), ("6", "")]
    assert (snippet.unit, snippet.question.code) == ("weeks", "M4-Q1")
    assert all(uuid.UUID(block.value["choice"]) for block in snippet.choices)


def test_the_desk_says_what_is_missing_and_keeps_nothing(client: Client) -> None:
    module = make_module("M4")
    client.force_login(make_person("author"))
    answers = [("step", {"choice": "", "text": text, "feedback": ""}) for text in ("Greet", "Listen")]

    response = client.post(f"{QUESTION}/add/", form_of("ordering", module, answers))

    assert "An order needs at least three steps." in response.text
    assert Question.objects.count() == 0


def test_a_copy_of_pairs_has_sides_of_its_own(client: Client) -> None:
    module = make_module("M4")
    client.force_login(make_person("author"))
    answers = [
        ("pair", {"choice": new(), "side": new(), "text": left, "goes_with": right, "feedback": ""})
        for left, right in THREE
    ]

    client.post(f"{QUESTION}/add/", form_of("matching", module, answers))
    client.post(f"{QUESTION}/add/", form_of("matching", module, answers))

    ids = [
        {block.value[name] for block in snippet.choices for name in ("choice", "side")}
        for snippet in QuestionSnippet.objects.all()
    ]
    assert [len(these) for these in ids] == [6, 6]
    assert ids[0] & ids[1] == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_desk_opens_and_previews_every_kind(kind: str, client: Client) -> None:
    question = write_question(make_module("M4"), kind, code="M4-1")
    snippet = QuestionSnippet.objects.get(question=question)
    client.force_login(make_person("author"))

    assert client.get(f"{QUESTION}/edit/{snippet.pk}/").status_code == 200
    assert client.get(f"{QUESTION}/copy/{snippet.pk}/").status_code == 200
    html = snippet.make_preview_request().rendered_content
    page = BeautifulSoup(html, "html.parser")
    card, after = page.select("fieldset, section")[:2]
    shown = {"ordering": 4, "matching": 7, "number": 1, "true_false": 2}.get(kind, 3)
    assert len(card.select("input, button")) == shown
    assert "What is behind it" in after.get_text()
    assert ("Amina" in card.get_text()) == (kind == "scenario")
    if kind == "ordering":
        texts = [button.get_text() for button in card.select("button")]
        assert texts != [block.value["text"] for block in snippet.choices]


def test_the_trainer_reads_what_a_country_is_not_asked_and_what_that_closes(client: Client) -> None:
    make_country("KE")
    module = make_module("M4")
    safe = make_number_from("weeks", module, code="M4-S", use="certifying", is_critical=True)
    plain = make_number_from("days", module, code="M4-D")
    quiz = Quiz.objects.create(module=module)
    page = make_quiz_page(quiz, [make_question(module, code="M4-A"), plain])
    client.force_login(make_person("author"))
    address = f"/admin/pages/{page.pk}/edit/"

    words = " ".join(BeautifulSoup(client.get(address).content, "html.parser").get_text(" ").split())
    assert "Not asked in some countries" in words
    assert "KE : M4-D" in words
    assert "nobody there can pass" not in words

    page.items = quiz_items([plain, safe])
    page.save_revision().publish()
    words = " ".join(BeautifulSoup(client.get(address).content, "html.parser").get_text(" ").split())
    assert "KE : M4-D, M4-S. One of them is a safety question: nobody there can pass" in words


def test_where_everything_is_asked_the_trainer_reads_nothing_of_it(client: Client) -> None:
    quiz = make_every_kind(kinds=("number",))
    client.force_login(make_person("author"))
    page = QuizPage.objects.get(quiz=quiz)
    assert "Not asked in some countries" not in client.get(f"/admin/pages/{page.pk}/edit/").text


# --- in another language --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ordering", "matching", "number", "scenario"])
def test_a_translation_has_the_same_key_in_other_words(kind: str) -> None:
    make_country()
    module = make_module("M4")
    question = write_question(module, kind, code="M4-1", lesson=make_lesson(module))
    quiz = Quiz.objects.create(module=module)
    page = make_quiz_page(quiz, [question])
    source = QuestionSnippet.objects.get(question=question)
    locale("sw")
    texts = {name: f"sw {getattr(source, name)}" for name in ("stem", "why", "story", "unit", "otherwise")}
    texts = {name: said for name, said in texts.items() if said != "sw "}
    for block in source.choices:
        for name in ("text", "goes_with", "feedback"):
            if block.value.get(name):
                texts[f"choices.{block.id}.{name}"] = f"sw {block.value[name]}"

    translate(source, "sw", texts)
    make_quiz_page(quiz, [question], language="sw")
    freeze_quiz(quiz)

    assert QuizVersion.objects.count() == 1
    english, swahili = text_of(quiz), text_of(quiz, "sw")
    assert page.locale_id != QuizPage.objects.get(locale__language_code="sw").locale_id

    def prefixed(words: Any) -> Any:
        if isinstance(words, str):
            return words and f"sw {words}"
        return {name: prefixed(inner) for name, inner in words.items()}

    assert swahili.content == prefixed(english.content)


def test_two_pairs_that_share_a_right_side_are_one_side_in_every_language() -> None:
    make_country()
    module = make_module("M4")
    blocks = [*pairs(("a", "The nurse"), ("b", "the  nurse"), ("c", "You")), other(new(), "Nobody")]
    question = write_question(module, "matching", code="M4-1", blocks=blocks)
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, [question])

    [item] = text_of(quiz).version.structure["items"]
    words = text_of(quiz).content[str(question.uuid)]

    assert len(item["sides"]) == len(words["sides"]) == 3
    assert item["choices"][0]["goes_with"] == item["choices"][1]["goes_with"]
    assert [words["sides"][side["id"]]["text"] for side in item["sides"]] == ["The nurse", "You", "Nobody"]


def test_what_was_frozen_before_has_no_keys_and_leaves_nothing_out() -> None:
    make_country()
    module = make_module("M4")
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, [make_question(module, code="M4-A")])
    assert list(QuizText.objects.values_list("keys", "left_out")) == [({}, [])]
