"""Marking at the boundary and on both sides of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading import POINTS, is_practice_good, mark, points_needed


def item(question: str, kind: str, right: str, wrong: str, *, is_critical: bool = False) -> dict[str, Any]:
    """A question whose options are single letters: ``right`` ones and ``wrong`` ones."""
    choices = [{"id": letter, "is_right": letter in right} for letter in right + wrong]
    return {"question": question, "kind": kind, "is_critical": is_critical, "points": POINTS, "choices": choices}


def earned(kind: str, right: str, wrong: str, answer: Any, *, is_critical: bool = False) -> int:
    structure = {"items": [item("q", kind, right, wrong, is_critical=is_critical)]}
    return mark(structure, {"q": answer}, ["q"]).earned


@pytest.mark.parametrize("kind", ["single", "true_false"])
@pytest.mark.parametrize(("answer", "points"), [("a", 12), ("b", 0), (None, 0), ("z", 0)])
def test_one_right_answer_is_all_or_nothing(kind: str, answer: str | None, points: int) -> None:
    assert earned(kind, "a", "b", answer) == points


@pytest.mark.parametrize(
    ("right", "wrong", "answer", "points"),
    [
        ("ab", "cd", "ab", 12),
        ("ab", "cd", "a", 6),
        ("ab", "cd", "ac", 0),
        ("ab", "cd", "abc", 6),
        ("ab", "cd", "abcd", 0),
        ("ab", "cd", "cd", 0),
        ("ab", "cd", "", 0),
        ("abc", "d", "ab", 8),
        ("abc", "d", "abd", 4),
        ("abcde", "f", "a", 2),  # 12 / 5, rounded down
        ("abcde", "f", "abcd", 9),  # 48 / 5, rounded down
        ("abcde", "f", "f", 0),  # never below nothing
    ],
)
def test_several_right_answers_earn_right_minus_wrong(right: str, wrong: str, answer: str, points: int) -> None:
    assert earned("multiple", right, wrong, list(answer)) == points


@pytest.mark.parametrize(("answer", "points"), [("ab", 12), ("a", 0), ("abc", 0)])
def test_several_right_answers_of_a_safety_question_are_all_or_nothing(answer: str, points: int) -> None:
    assert earned("multiple", "ab", "cd", list(answer), is_critical=True) == points


def test_mark_returns_points_of_the_asked_items_only() -> None:
    structure = {
        "items": [
            item("q1", "single", "a", "b", is_critical=True),
            item("q2", "multiple", "ab", "c"),
            item("q3", "true_false", "a", "b"),
        ]
    }

    result = mark(structure, {"q1": "b", "q2": ["a"], "q3": "a"}, ["q2", "q1"])

    assert result.as_fields() == {
        "item_points": {"q2": [6, 12], "q1": [0, 12]},
        "points_earned": 6,
        "points_possible": 24,
        "critical_missed": 1,
    }


def test_mark_refuses_an_item_that_was_never_asked() -> None:
    with pytest.raises(KeyError):
        mark({"items": []}, {}, ["q1"])


@pytest.mark.parametrize(
    ("possible", "percent", "needed"),
    [(96, 80, 77), (60, 80, 48), (12, 1, 1), (96, 100, 96), (100, 79, 79), (1, 50, 1)],
)
def test_points_needed_rounds_up(possible: int, percent: int, needed: int) -> None:
    assert points_needed(possible, percent) == needed


def steps(outcomes: str, safety: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """A checklist whose steps were w: done well, h: with help, n: not done, x: not applicable."""
    words = {"w": "done_well", "h": "with_help", "n": "not_done", "x": "not_applicable"}
    structure = {"steps": [{"id": str(i), "is_safety": str(i) in safety} for i in range(len(outcomes))]}
    return structure, {str(i): words[letter] for i, letter in enumerate(outcomes)}


@pytest.mark.parametrize(
    ("outcomes", "safety", "is_good"),
    [
        ("wwwwwwwnnn", "", True),  # 7 of 10
        ("wwwwwwhhnn", "", False),  # 6 of 10
        ("wwwwwwwnnx", "", True),  # 7 of 9
        ("wwwwwwwwwn", "9", False),  # a safety step
        ("wwwwwwwwwh", "9", True),  # with help is safe
        ("wwwwwwwwwx", "9", True),
        ("xxx", "", False),
        ("w", "0", True),
    ],
)
def test_practice_is_signed_off_at_seven_of_ten_with_every_safety_step(
    outcomes: str, safety: str, is_good: bool
) -> None:
    assert is_practice_good(*steps(outcomes, safety), pass_percent=70) is is_good


@st.composite
def asked(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A question of any kind and any choice among its options."""
    kind = draw(st.sampled_from(["single", "multiple", "true_false", "scenario"]))
    options = "ab" if kind == "true_false" else "abcdefg"[: draw(st.integers(2, 7))]
    count = draw(st.integers(1, len(options))) if kind == "multiple" else 1
    structure = item("q", kind, options[:count], options[count:], is_critical=draw(st.booleans()))
    return structure, draw(st.lists(st.sampled_from(options), unique=True))


@given(asked())
def test_points_never_leave_their_range(question: tuple[dict[str, Any], list[str]]) -> None:
    structure, chosen = question
    result = mark({"items": [structure]}, {"q": chosen}, ["q"])

    assert 0 <= result.earned <= result.possible == POINTS
    assert result.critical_missed == int(structure["is_critical"] and result.earned < POINTS)


@given(asked())
def test_full_points_are_earned_by_the_key_and_only_by_the_key(question: tuple[dict[str, Any], list[str]]) -> None:
    structure, chosen = question
    key = {choice["id"] for choice in structure["choices"] if choice["is_right"]}
    result = mark({"items": [structure]}, {"q": chosen}, ["q"])

    assert (result.earned == POINTS) == (set(chosen) == key)


@given(asked())
def test_one_more_wrong_answer_never_earns_more(question: tuple[dict[str, Any], list[str]]) -> None:
    structure, chosen = question
    wrong = [choice["id"] for choice in structure["choices"] if not choice["is_right"] and choice["id"] not in chosen]
    before = mark({"items": [structure]}, {"q": chosen}, ["q"]).earned

    for one in wrong:
        assert mark({"items": [structure]}, {"q": [*chosen, one]}, ["q"]).earned <= before


@given(st.integers(1, 600), st.integers(1, 100))
def test_points_needed_are_the_fewest_that_reach_the_mark(possible: int, percent: int) -> None:
    needed = points_needed(possible, percent)

    assert needed * 100 >= possible * percent > (needed - 1) * 100
