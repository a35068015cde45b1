"""One answer read back in words: what she answered, the idea behind it, and what is right. Plain values in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.grading import Item, chosen_ids, is_within, right_ids, right_order, right_pairs
from assessments.numbers import as_read, decimal_sign_of, kept

Words = Mapping[str, Any]
Line = tuple[str, ...]
"""One line of an answer: one part, or a left and a right one, each of which may have a recording of its own."""


@dataclass(frozen=True)
class Idea:
    """What she chose, and what is behind it; nothing chosen where it is about the whole of her answer."""

    chosen: Line
    feedback: str


@dataclass(frozen=True)
class Answered:
    """An answer in words, line by line.

    ``given`` is what she answered where her answer has parts; where she chose among whole answers, ``ideas`` name
    it. ``is_ordered``: the lines are steps.
    """

    given: list[Line] = field(default_factory=list)
    ideas: list[Idea] = field(default_factory=list)
    right: list[Line] = field(default_factory=list)
    is_ordered: bool = False

    @property
    def said(self) -> Iterator[str]:
        """Everything in it that is read."""
        for line in self.given:
            yield from line
        for idea in self.ideas:
            yield from (*idea.chosen, idea.feedback)
        for line in self.right:
            yield from line


def answered_of(item: Item, words: Words, answer: Any, *, language: str, is_practice: bool) -> Answered:
    """``answer`` to ``item`` (``grading.keyed``) in ``words``, as far as it may be told.

    In practice everything. Of a question that certifies never what is right, and nothing that would tell which part
    of several was wrong. Whatever is no answer of its kind reads as nothing.
    """
    if item["kind"] == "ordering":
        return _order(item, words, answer, is_practice=is_practice)
    if item["kind"] == "matching":
        return _pairs(item, words, answer, is_practice=is_practice)
    if item["kind"] == "number":
        return _number(item, words, answer, language=language, is_practice=is_practice)
    return _choices(item, words, answer, is_practice=is_practice)


def _choices(item: Item, words: Words, answer: Any, *, is_practice: bool) -> Answered:
    chosen, right = chosen_ids(answer), right_ids(item)
    said = words["choices"]
    order = [choice["id"] for choice in item["choices"]]
    shows_ideas = is_practice or item["kind"] != "multiple"
    return Answered(
        ideas=[
            Idea((said[each]["text"],), said[each]["feedback"])
            for each in order
            if shows_ideas and each in chosen and each not in right
        ],
        right=[(said[each]["text"],) for each in order if is_practice and each in right],
    )


def _order(item: Item, words: Words, answer: Any, *, is_practice: bool) -> Answered:
    said, right = words["choices"], right_order(item)
    if not isinstance(answer, list) or sorted(map(str, answer)) != sorted(right):
        answer = []
    ideas = []
    if is_practice and answer:
        # Up to here all is right, so what stands here was taken too early.
        early = next((one for one, other in zip(answer, right, strict=True) if one != other), "")
        ideas = _first_said([Idea((said[early]["text"],), said[early]["feedback"])] if early else [], words)
    return Answered(
        given=[(said[step]["text"],) for step in answer],
        ideas=ideas,
        right=[(said[step]["text"],) for step in right] if is_practice else [],
        is_ordered=True,
    )


def _pairs(item: Item, words: Words, answer: Any, *, is_practice: bool) -> Answered:
    left, sides, right = words["choices"], words["sides"], right_pairs(item)
    given = answer if isinstance(answer, Mapping) else {}
    pairs = [(each, side) for each in right if isinstance(side := given.get(each), str) and side in sides]
    wrong = [(each, side) for each, side in pairs if side != right[each]] if is_practice else []
    ideas = [
        Idea(_joined(left[each], sides[side]), sides[side]["feedback"] or left[each]["feedback"])
        for each, side in wrong
    ]
    # What is explained pair by pair need not stand there twice.
    is_explained = bool(ideas) and all(idea.feedback for idea in ideas)
    return Answered(
        given=[] if is_explained else [_joined(left[each], sides[side]) for each, side in pairs],
        ideas=_first_said(ideas, words) if is_practice else [],
        right=[_joined(left[each], sides[side]) for each, side in right.items()] if is_practice else [],
    )


def _number(item: Item, words: Words, answer: Any, *, language: str, is_practice: bool) -> Answered:
    sign = decimal_sign_of(language)

    def read(lowest: str, highest: str) -> Line:
        numbers = [as_read(each, sign) for each in dict.fromkeys((lowest, highest))]
        return (f"{'–'.join(numbers)} {words.get('unit', '')}".strip(),)

    if not isinstance(answer, str) or kept(answer) is None:
        answer = ""
    slips = [choice for choice in item["choices"] if not choice["is_right"] and is_within(choice, answer)]
    return Answered(
        given=[read(answer, answer)] if answer else [],
        ideas=_first_said([Idea((), words["choices"][slip["id"]]["feedback"]) for slip in slips[:1]], words),
        right=[read(one["from"], one["to"]) for one in item["choices"] if is_practice and one["is_right"]],
    )


def _joined(left: Mapping[str, str], side: Mapping[str, str]) -> Line:
    return left["text"], side["text"]


def _first_said(ideas: Sequence[Idea], words: Words) -> list[Idea]:
    """``ideas`` of which something is said; failing those, what is said when nothing else explains it."""
    said = [idea for idea in ideas if idea.feedback]
    return said or ([Idea((), words["otherwise"])] if words.get("otherwise") else [])
