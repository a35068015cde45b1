"""How answers and observations are judged. Plain values in, plain values out.

A kind of question is one function in ``RULES``: it is given the item and what was chosen, and
returns points. Points are integers; every question is worth ``POINTS``, which 2, 3, 4 and 6
parts divide without a remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.numbers import kept

POINTS = 12
"""What one question is worth, whatever its kind."""

Item = Mapping[str, Any]
"""One question of a version's structure: ``kind``, ``is_critical``, ``points``, ``choices`` (``QuizVersion``)."""

Keys = Mapping[str, Sequence[Mapping[str, str]]]
"""What a country's own values make right (``QuizText.keys``): ``{question: [{"from": "6", "to": "6"}]}`` for a number,
for an order all its steps from the first to the last, ``{question: [{"id": …}, …]}``."""


@dataclass(frozen=True)
class Result:
    """What a set of answers earned: points per question, and how many safety questions were missed."""

    item_points: dict[str, list[int]]
    earned: int
    possible: int
    critical_missed: int

    def as_fields(self) -> dict[str, Any]:
        """The fields of an attempt that marking fills."""
        return {
            "item_points": self.item_points,
            "points_earned": self.earned,
            "points_possible": self.possible,
            "critical_missed": self.critical_missed,
        }


def chosen_ids(answer: Any) -> set[str]:
    """The options an answer names: one id, a list of ids, or nothing. What is no id is not among them."""
    if isinstance(answer, str):
        return {answer}
    return {each for each in answer if isinstance(each, str)} if isinstance(answer, list | tuple | set) else set()


def right_ids(item: Item) -> set[str]:
    """The key of a question with options."""
    return {choice["id"] for choice in item["choices"] if choice["is_right"]}


def right_order(item: Item) -> list[str]:
    """The key of an ordering: its steps from the first to the last."""
    return [choice["id"] for choice in sorted(item["choices"], key=lambda choice: choice["place"])]


def right_pairs(item: Item) -> dict[str, str]:
    """The key of a matching: ``{left: right}``."""
    return {choice["id"]: choice["goes_with"] for choice in item["choices"]}


def right_answer(item: Item) -> Any:
    """An answer that earns every point of ``item``, in the shape of its kind."""
    if item["kind"] == "ordering":
        return right_order(item)
    if item["kind"] == "matching":
        return right_pairs(item)
    if item["kind"] == "number":
        return next(choice["from"] for choice in item["choices"] if choice["is_right"])
    right = sorted(right_ids(item))
    return right if item["kind"] == "multiple" else right[0]


def keyed(item: Item, keys: Keys) -> Item:
    """``item`` with the key that a country's value makes, where it takes its key from one."""
    if not item.get("key_from"):
        return item
    if item["kind"] == "ordering":
        steps = [one["id"] for one in keys.get(item["question"], ())]
        return {**item, "choices": [{"id": step, "place": place} for place, step in enumerate(steps, start=1)]}
    own = [{"id": "", "is_right": True, **one} for one in keys.get(item["question"], ())]
    return {**item, "choices": [*own, *item["choices"]]}


def all_or_nothing(item: Item, answer: Any) -> int:
    """Full points when exactly the right options were chosen, otherwise none."""
    return item["points"] if chosen_ids(answer) == right_ids(item) else 0


def right_minus_wrong(item: Item, answer: Any) -> int:
    """Part marks: each right option earns its share, each wrong one takes a share away, never below 0.

    A safety question is all or nothing: half of a safe answer is not safe.
    """
    if item["is_critical"]:
        return all_or_nothing(item, answer)
    chosen, right = chosen_ids(answer), right_ids(item)
    return max(0, item["points"] * (len(chosen & right) - len(chosen - right)) // len(right))


def in_order(item: Item, answer: Any) -> int:
    """Full points for the exact order, half when one pair of neighbours is swapped, otherwise none.

    A safety question is all or nothing.
    """
    right = right_order(item)
    if not right or not isinstance(answer, list | tuple) or len(answer) != len(right):
        return 0
    given = list(answer)
    if given == right:
        return item["points"]
    if item["is_critical"]:
        return 0
    wrong = [place for place, (one, other) in enumerate(zip(given, right, strict=True)) if one != other]
    first = wrong[0]
    is_one_swap = wrong == [first, first + 1] and given[first : first + 2] == right[first : first + 2][::-1]
    return item["points"] // 2 if is_one_swap else 0


def right_share(item: Item, answer: Any) -> int:
    """Each right pair earns its share, rounded down at the end. A safety question is all or nothing."""
    right = right_pairs(item)
    given = answer if isinstance(answer, Mapping) else {}
    count = sum(given.get(left) == goes_with for left, goes_with in right.items())
    if item["is_critical"] and count < len(right):
        return 0
    return item["points"] * count // len(right)


def is_within(choice: Mapping[str, Any], answer: Any) -> bool:
    """Whether a number, as ``numbers.as_text`` writes it, is one of ``choice``: its ``from`` up to its ``to``."""
    number = kept(answer) if isinstance(answer, str) else None
    lowest, highest = kept(choice["from"]), kept(choice["to"])
    return number is not None and lowest is not None and highest is not None and lowest <= number <= highest


def is_number(item: Item, answer: Any) -> int:
    """Full points for a number that is accepted, otherwise none."""
    return item["points"] if any(is_within(one, answer) for one in item["choices"] if one["is_right"]) else 0


RULES: dict[str, Callable[[Item, Any], int]] = {
    "single": all_or_nothing,
    "true_false": all_or_nothing,
    "multiple": right_minus_wrong,
    "ordering": in_order,
    "matching": right_share,
    "number": is_number,
    "scenario": all_or_nothing,
}
"""One rule for each kind of question."""


def mark(
    structure: Mapping[str, Any], answers: Mapping[str, Any], items: Iterable[str], keys: Keys | None = None
) -> Result:
    """Mark ``answers`` (``{question: answer}``) to ``items``, in their order, with the key of ``structure``.

    ``keys`` are those that the country of her text puts in. A question without an answer, or with one that is not
    of its kind, earns nothing. Raises ``KeyError`` for an item that the structure does not hold or a kind that has
    no rule.
    """
    by_question = {item["question"]: keyed(item, keys or {}) for item in structure["items"]}
    asked = [by_question[question] for question in items]
    points = {
        item["question"]: [RULES[item["kind"]](item, answers.get(item["question"])), item["points"]] for item in asked
    }
    return Result(
        item_points=points,
        earned=sum(earned for earned, _possible in points.values()),
        possible=sum(possible for _earned, possible in points.values()),
        critical_missed=sum(points[item["question"]][0] < item["points"] for item in asked if item["is_critical"]),
    )


def points_needed(possible: int, pass_mark_percent: int) -> int:
    """The fewest points that reach the pass mark: a fraction is rounded up, never down."""
    return -(-possible * pass_mark_percent // 100)


def is_practice_good(structure: Mapping[str, Any], outcomes: Mapping[str, str], pass_percent: int) -> bool:
    """Whether an observed practice can be signed off.

    No safety step is "not done", and at least ``pass_percent`` of the steps that apply were done
    well (curriculum blueprint, section 5). When no step applies there was nothing to see: not yet.
    """
    if any(step["is_safety"] and outcomes[step["id"]] == "not_done" for step in structure["steps"]):
        return False
    applicable = [outcome for outcome in outcomes.values() if outcome != "not_applicable"]
    done_well = sum(outcome == "done_well" for outcome in applicable)
    return bool(applicable) and done_well * 100 >= pass_percent * len(applicable)
