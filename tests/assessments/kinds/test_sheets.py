"""Every kind of question as she meets it: the page without script, the key that it never shows, and what comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import brotli
import pytest
from bs4 import BeautifulSoup

from assessments.answers_read import answered_of
from assessments.models import Attempt, AttemptAnswers, QuestionSnippet, QuizText
from assessments.sheets import asked_of, mixed, sheet
from tests.assessments.kinds.making import KINDS, as_sent, make_every_kind, part, right_answers
from tests.assessments.making import text_of
from tests.assessments.test_views import Learner, learner, start, stored, words  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

PRACTICE = "/en/m4/q/practice/"


def hidden(page: Any) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(client_uuid|text)" value="([^"]+)"', page.content.decode())
    return dict(found)


def item_of(text: QuizText, kind: str, use: str = "practice") -> dict[str, Any]:
    [item] = [one for one in text.version.structure["items"] if (one["kind"], one["use"]) == (kind, use)]
    return item


def question_of(kind: str, use: str = "practice") -> Any:
    return QuestionSnippet.objects.get(kind=kind, use=use).question


def test_every_kind_is_a_form_that_needs_no_script(learner: Learner) -> None:  # noqa: F811
    make_every_kind()
    page = BeautifulSoup(learner.client.get(PRACTICE).content, "html.parser")
    shapes = {}
    for kind, card in zip(KINDS, page.select("form .card"), strict=True):
        fields = [(field.name, field.get("type")) for field in card.select("input, select")]
        shapes[kind] = (len(fields), fields[0])
        for field in card.select("select"):
            label = card.select_one(f'label[for="{field["id"]}"]')
            assert label.get_text(strip=True)
            assert field.select_one("[selected]") is None
    assert shapes == {
        "single": (3, ("input", "radio")),
        "multiple": (3, ("input", "checkbox")),
        "true_false": (2, ("input", "radio")),
        "ordering": (4, ("select", None)),
        "matching": (3, ("select", None)),
        "number": (1, ("input", None)),
        "scenario": (3, ("input", "radio")),
    }
    [number] = page.select('[inputmode="decimal"]')
    described, labelled = (page.find(id=number[name]) for name in ("aria-describedby", "aria-labelledby"))
    assert (described.get_text(), labelled.get_text()) == ("months", "For how many months does a baby need only milk?")
    places = [option.get_text() for option in page.select('[data-kind="ordering"] select')[0].select("option")]
    assert places == ["–", "1st", "2nd", "3rd", "4th"]
    legend = page.select("form .card legend")[-1].get_text(" ")
    assert legend.index("7 of 7") < legend.index("Amina sits outside.") < legend.index("What do you say to her?")


def test_right_answers_of_every_kind_are_all_known(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    page = learner.client.get(PRACTICE)

    answer = learner.client.post(PRACTICE, hidden(page) | as_sent(right_answers(text_of(quiz))))

    attempt = Attempt.objects.get()
    assert (attempt.points_earned, attempt.points_possible, attempt.counts) == (84, 84, False)
    assert "You know all of these" in words(learner.client.get(answer.url))


def test_a_try_on_every_kind_counts_and_its_answers_are_kept_in_their_shapes(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(is_critical=True)
    address = start(learner)
    page = learner.client.get(address)
    right = right_answers(text_of(quiz), "certifying")

    learner.client.post(address, hidden(page) | as_sent(right))

    attempt = Attempt.objects.get()
    assert (attempt.counts, attempt.is_passed, attempt.critical_missed) == (True, True, 0)
    kept = AttemptAnswers.objects.get().answers
    assert kept == right
    items = [item for item in text_of(quiz).version.structure["items"] if item["use"] == "certifying"]
    shapes = {item["kind"]: type(kept[item["question"]]).__name__ for item in items}
    assert shapes == {
        "single": "str",
        "multiple": "list",
        "true_false": "str",
        "ordering": "list",
        "matching": "dict",
        "number": "str",
        "scenario": "str",
    }


def test_part_marks_are_those_of_the_blueprint(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    text = text_of(quiz)
    right = right_answers(text)
    order, pairs, number = (item_of(text, kind)["question"] for kind in ("ordering", "matching", "number"))
    given = dict(right)
    given[order] = [right[order][1], right[order][0], *right[order][2:]]
    lefts = list(right[pairs])
    given[pairs] = right[pairs] | {lefts[0]: right[pairs][lefts[1]]}
    given[number] = "4"

    learner.client.post(PRACTICE, hidden(learner.client.get(PRACTICE)) | as_sent(given))

    points = Attempt.objects.get().item_points
    assert {kind: points[item_of(text, kind)["question"]] for kind in ("ordering", "matching", "number")} == {
        "ordering": [6, 12],
        "matching": [8, 12],
        "number": [0, 12],
    }


def test_what_is_missing_is_said_beside_it_and_the_rest_stays(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    text = text_of(quiz)
    sent = as_sent(right_answers(text))
    order, pairs = (question_of(kind) for kind in ("ordering", "matching"))
    sent[f"q-{order.uuid}.{part(order, 's1')}"] = "1"  # as s0 has it
    sent[f"q-{pairs.uuid}.{part(pairs, 'l1')}"] = ""
    sent[f"q-{question_of('number').uuid}"] = "6 weeks"

    again = learner.client.post(PRACTICE, hidden(learner.client.get(PRACTICE)) | sent)

    assert again.status_code == 422
    page = BeautifulSoup(again.content, "html.parser")
    assert [unescape(problem.get_text()) for problem in page.select(".card .error")] == [
        "Two have the same place. Give each a place of its own.",
        "Choose what goes with each one.",
        "Write only the number, in digits. “months” stands here already.",
    ]
    assert "3 questions need an answer" in words(again)
    chosen = [option["value"] for option in page.select('[data-kind="ordering"] [selected]')]
    assert sorted(chosen) == ["1", "1", "3", "4"]
    assert [field["value"] for field in page.select('[inputmode="decimal"]')] == ["6 weeks"]
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("typed", ["6", " 6,0 ", "6 months", "٦"])
def test_a_number_is_taken_as_she_writes_it(typed: str, learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(kinds=("number",))
    [question] = right_answers(text_of(quiz))

    learner.client.post(PRACTICE, hidden(learner.client.get(PRACTICE)) | {f"q-{question}": typed})

    assert AttemptAnswers.objects.get().answers == {question: "6"}
    assert Attempt.objects.get().points_earned == 12


@pytest.mark.parametrize(
    "strange",
    [
        {"q-{order}.zzz": "1"},
        {"q-{order}": "abc"},
        {"q-{pairs}.{order}": "1"},
        {"q-{number}.x": "1"},
        {"q-{order}.{s0}": "99"},
        {"q-{pairs}.{l0}": "{s0}"},
        {"q-{number}": "9" * 5000},
        {"q-{number}": "-6"},
    ],
)
def test_what_was_never_on_the_page_is_not_taken(strange: dict[str, str], learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(kinds=("ordering", "matching", "number"))
    order, pairs, number = (question_of(kind) for kind in ("ordering", "matching", "number"))
    names = {
        "order": order.uuid,
        "pairs": pairs.uuid,
        "number": number.uuid,
        "s0": part(order, "s0"),
        "l0": part(pairs, "l0"),
    }
    sent = as_sent(right_answers(text_of(quiz))) | {
        key.format(**names): value.format(**names) for key, value in strange.items()
    }
    answer = learner.client.post(PRACTICE, hidden(learner.client.get(PRACTICE)) | sent)
    assert answer.status_code == 422
    assert stored() == (0, 0, 0)


# --- the key -------------------------------------------------------------------------------------


def test_a_sheet_that_counts_tells_no_key(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    text = text_of(quiz)
    html = learner.client.get(start(learner)).content.decode()
    for item in text.version.structure["items"]:
        if item["use"] == "certifying":
            said = text.content[item["question"]]
            for secret in (said["why"], said.get("otherwise"), *(p["feedback"] for p in said["choices"].values())):
                assert not secret or secret not in html
    number = item_of(text, "number", "certifying")
    assert all(choice["id"] not in html for choice in number["choices"])
    for mark in ("is_right", "goes_with", "place="):
        assert mark not in html


def test_steps_never_stand_in_their_order_and_stand_alike_after_a_reload(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(kinds=("ordering",))
    address = start(learner)
    text = text_of(quiz)
    [item] = [one for one in text.version.structure["items"] if one["use"] == "certifying"]
    order = [choice["id"] for choice in item["choices"]]

    def shown() -> list[str]:
        return re.findall(rf'<select id="[^"]+" name="q-{item["question"]}\.([^"]+)"', learner.client.get(address).text)

    assert shown() == shown()
    assert sorted(shown()) == sorted(order)
    assert shown() != order
    for seed in range(300):
        assert mixed(order, seed) != order
        laid_out = sheet(text, [item["question"]], seed).items[0]
        assert [option.id for option in laid_out.options] != order


def test_right_sides_are_mixed_apart_from_the_left_ones(learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind(kinds=("matching",)))
    found = set()
    for seed in range(60):
        [laid_out] = sheet(text, asked_of(text, "practice"), seed).items
        found.add(tuple(side.text for side in laid_out.sides))
        assert len(laid_out.sides) == 4
    assert len(found) > 10


# --- what she reads afterwards -------------------------------------------------------------------


def wrong_everywhere(text: QuizText, use: str = "practice") -> dict[str, Any]:
    """Something wrong for every question, the same each time."""
    given = right_answers(text, use)
    for kind in KINDS:
        item = item_of(text, kind, use)
        question, ids = item["question"], [choice["id"] for choice in item["choices"]]
        if kind == "ordering":
            given[question] = [ids[0], ids[3], ids[1], ids[2]]
        elif kind == "matching":
            given[question] |= {ids[0]: item["sides"][-1]["id"], ids[1]: item["sides"][2]["id"]}
        elif kind == "number":
            given[question] = "12"
        elif kind == "multiple":
            given[question] = [ids[2]]
        else:
            given[question] = ids[1]
    return given


def cards(page: Any) -> list[str]:
    found = BeautifulSoup(page.content, "html.parser").select("section[aria-labelledby=again] .card")
    return [" ".join(card.get_text(" ").split()) for card in found]


def test_practice_explains_every_kind(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    sent = hidden(learner.client.get(PRACTICE)) | as_sent(wrong_everywhere(text_of(quiz)))

    found = cards(learner.client.get(learner.client.post(PRACTICE, sent).url))

    assert found[KINDS.index("ordering")] == (
        "Put the first visit in order. Your answer: Greet her and find a quiet place Agree on the next visit Listen "
        "Ask what she knows Agree on the next visit What is behind it: s3 Right: Greet her and find a quiet place "
        "Listen Ask what she knows Agree on the next visit Why: Why it is so. Look at the lesson: Lesson en"
    )
    assert found[KINDS.index("matching")] == (
        "Who helps with what? Your answer: An injection : The driver What is behind it: o Your answer: "
        "A leaking roof : You What is behind it: l1 Right: "
        "An injection : The nurse A leaking roof : The social worker Fear of a visit : You Why: Why it is so. "
        "Look at the lesson: Lesson en"
    )
    assert found[KINDS.index("number")] == (
        "For how many months does a baby need only milk? Your answer: 12 months What is behind it: 12 Right: 6 months "
        "Why: Why it is so. Look at the lesson: Lesson en"
    )
    assert found[KINDS.index("scenario")] == (
        "Amina sits outside. She has been crying. Her sister is waiting at the gate. What do you say to her? "
        "Your answer: Explain everything at once What is behind it: c1 Right: Sit down and listen Why: Why it is so. "
        "Look at the lesson: Lesson en"
    )


def test_what_nothing_explains_has_a_sentence_of_its_own(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(kinds=("ordering",))
    [(question, order)] = right_answers(text_of(quiz)).items()
    sent = as_sent({question: [order[1], order[0], *order[2:]]})  # nothing is said of that step

    page = learner.client.get(learner.client.post(PRACTICE, hidden(learner.client.get(PRACTICE)) | sent).url)

    assert "Look at the order once more. Right:" in cards(page)[0]


def test_a_try_tells_neither_what_is_right_nor_which_part_was_wrong(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    address = start(learner)
    text = text_of(quiz)
    sent = hidden(learner.client.get(address)) | as_sent(wrong_everywhere(text, "certifying"))

    found = {
        stem: card
        for card in cards(learner.client.get(learner.client.post(address, sent).url))
        for stem in [card.split(" Your answer")[0]]
    }

    assert not any("Right:" in card for card in found.values())
    order = found["Put the first visit in order."]
    assert order == (
        "Put the first visit in order. Your answer: Greet her and find a quiet place Agree on the next visit Listen "
        "Ask what she knows Why: Why it is so. Look at the lesson: Lesson en"
    )
    assert "What is behind it" not in found["Who helps with what?"]
    assert "What is behind it: 12" in found["For how many months does a baby need only milk?"]


@pytest.mark.parametrize("use", ["practice", "certifying"])
def test_answers_that_are_gone_or_broken_still_read(use: str, learner: Learner) -> None:  # noqa: F811
    """Answers are purged after a year, and what an old phone sent may be anything."""
    text = text_of(make_every_kind())
    strange = [None, "", "x", [], {}, ["x"], {"x": "y"}, 5, [None], {"a": None}, ["a", ["b"]]]
    for item in text.version.structure["items"]:
        for answer in [*strange, strange]:
            read = answered_of(
                item, text.content[item["question"]], answer, language="en", is_practice=use == "practice"
            )
            assert read.given == []


# --- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [("ordering",), KINDS])
def test_the_kinds_cost_no_query(kinds: tuple[str, ...], learner: Learner, django_assert_num_queries: Any) -> None:  # noqa: F811
    make_every_kind(kinds=kinds)
    learner.client.get(PRACTICE)
    with django_assert_num_queries(5):
        learner.client.get(PRACTICE)


@pytest.mark.parametrize(("kinds", "brings"), [(("single", "number", "scenario"), False), (("ordering",), True)])
def test_only_a_page_that_is_tapped_brings_the_script(
    kinds: tuple[str, ...],
    brings: bool,
    learner: Learner,  # noqa: F811
) -> None:
    make_every_kind(kinds=kinds)
    assert ("kept-parts" in learner.client.get(PRACTICE).text) is brings


def test_a_sheet_of_every_kind_stays_within_its_price(learner: Learner) -> None:  # noqa: F811
    """10 kB with the style (3.8) and both scripts (1.4 each)."""
    make_every_kind()
    assert len(brotli.compress(learner.client.get(PRACTICE).content, quality=5)) < 3400
