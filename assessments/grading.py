"""How answers and observations are judged. Plain values in, plain values out.

A kind of question is one function in ``RULES``: it is given the item and what was chosen, and
returns points. Points are integers; every question is worth ``POINTS``, which 2, 3, 4 and 6
parts divide without a remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

POINTS = 12
"""What one question is worth, whatever its kind."""

Item = Mapping[str, Any]
"""One question of a version's structure: ``kind``, ``is_critical``, ``points``, ``choices``."""


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
    """The options an answer names: one id, a list of ids, or nothing."""
    if answer is None:
        return set()
    return {answer} if isinstance(answer, str) else set(answer)


def right_ids(item: Item) -> set[str]:
    """The key of a question with options."""
    return {choice["id"] for choice in item["choices"] if choice["is_right"]}


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


RULES: dict[str, Callable[[Item, Any], int]] = {
    "single": all_or_nothing,
    "true_false": all_or_nothing,
    "multiple": right_minus_wrong,
}
"""One rule for each kind of question."""


def mark(structure: Mapping[str, Any], answers: Mapping[str, Any], items: Iterable[str]) -> Result:
    """Mark ``answers`` (``{question: answer}``) to ``items``, in their order, with the key of ``structure``.

    A question without an answer earns nothing. Raises ``KeyError`` for an item that the structure
    does not hold or a kind that has no rule.
    """
    by_question = {item["question"]: item for item in structure["items"]}
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
