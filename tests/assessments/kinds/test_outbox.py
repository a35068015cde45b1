"""What a phone sends of every kind: taken whole, in any order of its parts, and never a fault whatever stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.forms import AttemptForm
from assessments.kept import check_that_no_key_leaves, practice_key, practice_sheet, tickets_of
from assessments.models import Attempt, AttemptAnswers, QuizText, QuizVersion
from assessments.sheets import sheet
from curriculum.listening.playing import Sounds
from offline.models import RefusedEntry
from tests.assessments.kinds.making import KINDS, make_every_kind, right_answers
from tests.assessments.making import make_ticket, text_of
from tests.assessments.test_views import Learner, learner  # noqa: F401 -- a fixture
from tests.offline.phone import Phone


def send(learner: Learner, text: QuizText, answers: Any, ticket: str | None = None) -> str:  # noqa: F811
    phone = Phone(learner.term.learner)
    phone.act("attempt", {"ticket": ticket, "text": text.content_hash, "answers": answers})
    return phone.send(learner.client)[0]


@pytest.mark.django_db
def test_practice_and_a_try_on_every_kind_arrive_from_a_phone(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind(is_critical=True)
    text = text_of(quiz)
    ticket = make_ticket(learner.term, quiz, timezone.now())

    results = [
        send(learner, text, right_answers(text)),
        send(learner, text, right_answers(text, "certifying"), str(ticket.uuid)),
    ]

    assert results == ["stored", "stored"]
    assert list(Attempt.objects.order_by("pk").values_list("points_earned", "points_possible", "critical_missed")) == [
        (84, 84, 0),
        (84, 84, 0),
    ]


@pytest.mark.django_db
def test_parts_may_come_in_any_order_and_numbers_as_she_wrote_them(learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind())
    right = right_answers(text)
    kinds = {item["question"]: item["kind"] for item in text.version.structure["items"]}
    sent = {}
    for question, answer in reversed(right.items()):
        if kinds[question] == "matching":
            answer = dict(reversed(answer.items()))
        elif kinds[question] == "multiple":
            answer = answer[::-1]
        elif kinds[question] == "number":
            answer = "6,0 Months"
        sent[question] = answer

    assert send(learner, text, sent) == "stored"

    assert Attempt.objects.get().points_earned == 84
    assert AttemptAnswers.objects.get().answers == right


STRANGE: list[Any] = [
    None,
    5,
    True,
    [],
    {},
    "",
    "x",
    ["x"],
    [["x"]],
    [None],
    [{}],
    {"x": "y"},
    {"x": None},
    {"x": ["y"]},
    "9" * 10_000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["ordering", "matching", "number", "multiple", "scenario"])
def test_what_is_no_answer_is_kept_for_a_person(kind: str, learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind(kinds=(kind,)))
    [(question, right)] = right_answers(text).items()
    strange = list(STRANGE)
    if isinstance(right, dict):
        strange += [right | {"more": "x"}, dict(list(right.items())[1:]), right | {next(iter(right)): "elsewhere"}]
    if isinstance(right, list):
        strange += [[*right, "x"], [*right[:-1], 7]]
    if kind == "ordering":
        strange += [[*right, right[0]], right[:-1], dict.fromkeys(right, "1")]

    results = {send(learner, text, {question: answer}) for answer in strange}
    results |= {send(learner, text, answers) for answers in ("x", [], {}, {question: right, "more": "x"})}

    assert results == {"refused"}
    assert not Attempt.objects.exists()
    assert set(RefusedEntry.objects.values_list("reason", flat=True)) == {"answers_do_not_fit"}


KEYS: dict[str, dict[str, Any]] = {
    "single": {"choices": [{"id": "a", "is_right": True}, {"id": "b", "is_right": False}]},
    "multiple": {"choices": [{"id": "a", "is_right": True}, {"id": "b", "is_right": True}]},
    "ordering": {"choices": [{"id": one, "place": n} for n, one in enumerate("abc", start=1)]},
    "matching": {
        "choices": [{"id": "a", "goes_with": "X"}, {"id": "b", "goes_with": "Y"}],
        "sides": [{"id": "X"}, {"id": "Y"}],
    },
    "number": {"choices": [{"id": "n", "is_right": True, "from": "6", "to": "6"}]},
}
STRUCTURE: dict[str, list[dict[str, Any]]] = {
    "items": [
        {"question": kind, "kind": kind, "use": "practice", "is_critical": False, "points": 12, **key}
        for kind, key in KEYS.items()
    ]
}
WORDS = {
    item["question"]: {
        "stem": "?",
        "why": "!",
        "choices": {each["id"]: {"text": each["id"], "feedback": ""} for each in item["choices"]},
        "sides": {"X": {"text": "x", "feedback": ""}, "Y": {"text": "y", "feedback": ""}},
    }
    for item in STRUCTURE["items"]
}
TEXT = QuizText(version=QuizVersion(structure=STRUCTURE), language="en", content=WORDS, content_hash="h")
NAMES = st.sampled_from(["a", "b", "c", "X", "Y", "1", "2", "6", ""])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=2), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([item["question"] for item in STRUCTURE["items"]]), anything))
def test_no_payload_is_a_fault(answers: dict[str, Any]) -> None:
    """What the form lets through is an answer of its kind; the rest it refuses in words."""
    items = [item["question"] for item in STRUCTURE["items"]]
    sent = {f"q-{question}": answer for question, answer in answers.items()}
    form = AttemptForm(
        {**sent, "client_uuid": "5f7a1f0e-0000-4000-8000-000000000000", "text": "h"}, sheet=sheet(TEXT, items, 1)
    )
    if form.is_valid():
        taken = form.answers()
        assert sorted(taken["ordering"]) == ["a", "b", "c"]
        assert taken["matching"].keys() == {"a", "b"}
        assert set(taken["matching"].values()) <= {"X", "Y"}
        assert taken["number"].replace(".", "").isdecimal()
        assert set(taken["multiple"]) <= {"a", "b"}
    else:
        assert all(str(problem) for problems in form.errors.values() for problem in problems)
        assert len(list(form.questions())) == 5  # what came back can be shown again


# --- what lies on the phone ----------------------------------------------------------------------


@pytest.mark.django_db
def test_pack_holds_the_key_of_what_is_practised_in_the_shape_of_its_kind(learner: Learner) -> None:  # noqa: F811
    text = text_of(make_every_kind())
    key = practice_key(text)
    right = right_answers(text)
    kinds = {item["question"]: item["kind"] for item in text.version.structure["items"] if item["use"] == "practice"}
    assert list(kinds.values()) == list(KINDS)
    for question, kind in kinds.items():
        wanted = right[question] if isinstance(right[question], list | dict) else [right[question]]
        assert key[question]["right"] == ([["6", "6"]] if kind == "number" else wanted)
        assert key[question]["why"] == "Why it is so."
        if kind == "number":
            assert key[question]["slips"] == [
                ["3", "4", "What is behind it: 3-4"],
                ["12", "12", "What is behind it: 12"],
            ]
        else:
            parts = len(text.content[question]["choices"]) + len(text.content[question].get("sides", {}))
            assert len(key[question]["choices"]) == parts
    [order] = [question for question, kind in kinds.items() if kind == "ordering"]
    assert key[order]["otherwise"] == "Look at the order once more."


@pytest.mark.django_db
def test_nothing_that_leaves_tells_the_key_of_a_try(learner: Learner) -> None:  # noqa: F811
    quiz = make_every_kind()
    text = text_of(quiz)
    make_ticket(learner.term, quiz, timezone.now())
    pack = practice_sheet(text, ["en"], Sounds("en")) + json.dumps(practice_key(text))
    check_that_no_key_leaves(text.version, pack)

    [ticket] = tickets_of(learner.term.learner)
    everything = json.dumps(ticket) + pack
    for item in text.version.structure["items"]:
        if item["use"] == "certifying":
            words = text.content[item["question"]]
            assert item["question"] in ticket["html"]
            shown = [each["id"] for each in [*item["choices"], *item.get("sides", ())] if each["id"] in ticket["html"]]
            assert bool(shown) == (item["kind"] != "number")
            if item["kind"] in ("number", "ordering"):
                shown_in = sorted(shown, key=ticket["html"].index)
                assert not shown or shown_in != [choice["id"] for choice in item["choices"]]
            assert words["stem"] in everything
    assert "csrf" not in everything


@pytest.mark.django_db
def test_a_side_of_a_certifying_match_may_not_be_in_a_pack() -> None:
    text = text_of(make_every_kind(kinds=("matching",)))
    [item] = [one for one in text.version.structure["items"] if one["use"] == "certifying"]
    with pytest.raises(Exception, match="certifying question"):
        check_that_no_key_leaves(text.version, item["sides"][0]["id"])


@pytest.mark.django_db
def test_everybody_who_keeps_something_has_the_script_of_a_sheet(client: Client) -> None:
    """It is opened with the first sheet, which may be without network."""
    shell, worker = client.get("/en/keep/").text, client.get("/worker.js").text
    [address] = [part.split('"')[0] for part in shell.split('data-sheets="')[1:]]
    [kept] = [line for line in worker.splitlines() if line.startswith("const KEPT")]
    assert address
    assert json.dumps(address) in kept
    assert f'src="{address}"' not in shell
