"""Marking of orders, pairs, numbers and stories: at the boundary, on both sides of it, and for any garbage."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading import POINTS, RULES, keyed, mark, right_answer


def order(steps: str, *, is_critical: bool = False) -> dict[str, Any]:
    return _item("ordering", [{"id": step, "place": n} for n, step in enumerate(steps, start=1)], is_critical)


def pairs(both: str, *, is_critical: bool = False) -> dict[str, Any]:
    """``aAbB``: a goes with A, b with B."""
    choices = [{"id": left, "goes_with": right} for left, right in zip(both[::2], both[1::2], strict=True)]
    return _item("matching", choices, is_critical) | {"sides": [{"id": side} for side in [*both[1::2], "X"]]}


def number(
    *ranges: tuple[str, str], slips: tuple[tuple[str, str], ...] = (), is_critical: bool = False
) -> dict[str, Any]:
    choices = [{"id": f"n{low}", "is_right": True, "from": low, "to": high} for low, high in ranges]
    choices += [{"id": f"s{low}", "is_right": False, "from": low, "to": high} for low, high in slips]
    return _item("number", choices, is_critical)


def options(kind: str, right: str, wrong: str, *, is_critical: bool = False) -> dict[str, Any]:
    return _item(kind, [{"id": one, "is_right": one in right} for one in right + wrong], is_critical)


def _item(kind: str, choices: list[dict[str, Any]], is_critical: bool) -> dict[str, Any]:
    return {"question": "q", "kind": kind, "is_critical": is_critical, "points": POINTS, "choices": choices}


def earned(item: dict[str, Any], answer: Any) -> int:
    return mark({"items": [item]}, {"q": answer}, ["q"]).earned


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ("abcde", 12),
        ("bacde", 6),
        ("abced", 6),
        ("acbde", 6),
        ("cbade", 0),  # two apart
        ("badce", 0),  # two swaps
        ("bcade", 0),
        ("edcba", 0),
        ("abcd", 0),
        ("abcdd", 0),
        ("abcdef", 0),
        ("", 0),
    ],
)
def test_an_order_earns_all_half_or_nothing(answer: str, points: int) -> None:
    assert earned(order("abcde"), list(answer)) == points


@pytest.mark.parametrize(("answer", "points"), [("abc", 12), ("bac", 0), ("cba", 0)])
def test_an_order_that_keeps_somebody_safe_is_all_or_nothing(answer: str, points: int) -> None:
    assert earned(order("abc", is_critical=True), list(answer)) == points


@pytest.mark.parametrize(
    ("both", "answer", "points"),
    [
        ("aAbBcC", "aAbBcC", 12),
        ("aAbBcC", "aAbBcA", 8),
        ("aAbBcC", "aAbXcX", 4),
        ("aAbBcC", "aXbXcX", 0),
        ("aAbBcC", "aAbB", 8),
        ("aAbBcA", "aAbBcA", 12),  # two share a right side
        ("aAbBcCdDeE", "aAbXcXdXeX", 2),  # 12 / 5, rounded down
        ("aAbBcCdDeE", "aAbBcCdDeX", 9),  # 48 / 5, rounded down
    ],
)
def test_each_right_pair_earns_its_share(both: str, answer: str, points: int) -> None:
    assert earned(pairs(both), dict(zip(answer[::2], answer[1::2], strict=True))) == points


@pytest.mark.parametrize(("answer", "points"), [("aAbB", 12), ("aAbX", 0), ("aA", 0)])
def test_pairs_that_keep_somebody_safe_are_all_or_nothing(answer: str, points: int) -> None:
    given_ = dict(zip(answer[::2], answer[1::2], strict=True))
    assert earned(pairs("aAbB", is_critical=True), given_) == points


@pytest.mark.parametrize(
    ("answer", "points"),
    [("40", 12), ("45", 12), ("42.5", 12), ("39.9", 0), ("45.1", 0), ("6", 12), ("6.0", 12), ("7", 0), ("", 0)],
)
def test_a_number_is_exact_in_a_list_or_in_a_range(answer: str, points: int) -> None:
    assert earned(number(("6", "6"), ("40", "45"), slips=(("7", "8"),)), answer) == points


@pytest.mark.parametrize(("answer", "points"), [("a", 12), ("b", 0), (["a"], 12), (None, 0)])
def test_a_story_is_marked_as_one_right_answer(answer: Any, points: int) -> None:
    assert earned(options("scenario", "a", "bc"), answer) == points


def test_the_countrys_value_is_the_key_and_without_one_nothing_is_right() -> None:
    item = number(slips=(("9", "9"),)) | {"key_from": "weeks"}
    structure = {"items": [item]}
    keys = {"q": [{"from": "6", "to": "6"}]}

    assert mark(structure, {"q": "6"}, ["q"], keys).earned == 12
    assert mark(structure, {"q": "9"}, ["q"], keys).earned == 0
    assert mark(structure, {"q": "6"}, ["q"], {"q": [{"from": "8", "to": "8"}]}).earned == 0
    assert mark(structure, {"q": "6"}, ["q"]).earned == 0
    assert keyed(number(("6", "6")), keys) == number(("6", "6"))  # its own key stands


LETTERS = "abcdefgh"
NAMES = st.sampled_from([*LETTERS, "A", "B", "X"])
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | NAMES,
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@st.composite
def any_item(draw: st.DrawFn) -> dict[str, Any]:
    """A question of any kind."""
    kind, critical = draw(st.sampled_from(sorted(RULES))), draw(st.booleans())
    if kind == "ordering":
        return order(LETTERS[: draw(st.integers(3, 8))], is_critical=critical)
    if kind == "matching":
        rights = draw(st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=6))
        return pairs("".join(map("".join, zip(LETTERS, rights, strict=False))), is_critical=critical)
    if kind == "number":
        lows = draw(st.lists(st.integers(0, 99), min_size=1, max_size=3))
        return number(*((str(low), str(low + draw(st.integers(0, 5)))) for low in lows), is_critical=critical)
    right = draw(st.integers(1, 3)) if kind == "multiple" else 1
    return options(kind, LETTERS[:right], LETTERS[right : right + draw(st.integers(1, 4))], is_critical=critical)


@given(any_item(), garbage)
def test_whatever_is_sent_earns_between_nothing_and_all(item: dict[str, Any], answer: Any) -> None:
    result = mark({"items": [item]}, {"q": answer}, ["q"])
    assert isinstance(result.earned, int)
    assert 0 <= result.earned <= result.possible == POINTS
    assert result.critical_missed == int(item["is_critical"] and result.earned < POINTS)


@given(any_item())
def test_the_right_answer_earns_everything(item: dict[str, Any]) -> None:
    assert earned(item, right_answer(item)) == POINTS


@given(any_item(), st.data())
def test_parts_without_an_order_earn_the_same_in_any_order(item: dict[str, Any], data: st.DataObject) -> None:
    ids = [choice["id"] for choice in item["choices"]]
    answer = data.draw(st.lists(st.sampled_from(ids), unique=True))
    shuffled = {**item, "choices": data.draw(st.permutations(item["choices"]))}
    if item["kind"] == "matching":
        both = {left: data.draw(st.sampled_from("ABCDEX")) for left in answer}
        again = dict(data.draw(st.permutations(list(both.items()))))
        assert earned(item, both) == earned(shuffled, again)
    elif item["kind"] == "ordering":
        assert earned(item, answer) == earned(shuffled, answer)  # the key is its places, not how it is stored
    elif item["kind"] != "number":
        assert earned(item, answer) == earned(shuffled, data.draw(st.permutations(answer)))


@given(any_item(), st.data())
def test_an_order_is_only_right_when_it_is_exact(item: dict[str, Any], data: st.DataObject) -> None:
    if item["kind"] == "ordering":
        answer = data.draw(st.permutations(right_answer(item)))
        points = earned(item, answer)
        assert (points == POINTS) == (answer == right_answer(item))
        assert points in ((0, POINTS) if item["is_critical"] else (0, POINTS // 2, POINTS))
