"""Practice questions as they stand on paper: to tick, to number, to join, to write. Plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.answers_read import answered_of
from assessments.grading import keyed, right_ids, right_order, right_pairs
from assessments.models import QuizText
from assessments.sheets import SheetItem, sheet
from printing.pieces import LETTERS

ORDER = "paper"
"""Answers stand in the same order on every print, in every language: a trainer reads out "B" for all of them."""


@dataclass(frozen=True)
class PaperOption:
    """An answer, a step or a side with the letter or number in front of it, and what is behind it."""

    label: str
    text: str
    is_right: bool = False
    feedback: str = ""
    answer: str = ""
    """What belongs into its box: the place of a step, the letter of what goes with it."""


@dataclass(frozen=True)
class PaperQuestion:
    """One question. ``options`` are its answers, its steps or its left sides; ``sides`` what may stand right."""

    number: int
    kind: str
    stem: str
    story: str
    unit: str
    is_safety: bool
    lesson: int
    options: list[PaperOption]
    sides: list[PaperOption] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    slips: list[PaperOption] = field(default_factory=list)
    why: str = ""
    otherwise: str = ""

    @property
    def shape(self) -> str:
        """How it is answered on paper, whatever its kind: the name of its template."""
        return {"ordering": "order", "matching": "pairs", "number": "number"}.get(self.kind, "options")

    @property
    def asks_for_several(self) -> bool:
        return self.kind == "multiple"

    @property
    def key(self) -> str:
        """The letters of the right answers."""
        return ", ".join(option.label for option in self.options if option.is_right)

    @property
    def boxes(self) -> list[PaperOption]:
        """Parts that the answer sheet has a box for."""
        return self.options if self.shape in ("order", "pairs", "options") else []

    @property
    def ideas(self) -> list[PaperOption]:
        """What is said of answers that are not right, in the order in which they stand."""
        if self.shape == "options":
            return [option for option in self.options if option.feedback and not option.is_right]
        return [option for option in [*self.options, *self.sides, *self.slips] if option.feedback]

    @property
    def praise(self) -> list[PaperOption]:
        """What is said of right answers that can be chosen."""
        right = self.options if self.shape == "options" else []
        return [option for option in right if option.feedback and option.is_right]


def questions_of(text: QuizText, items: Sequence[str], lessons: Mapping[str, int]) -> list[PaperQuestion]:
    """``items`` of ``text`` in their order. ``lessons``: the place of each lesson by its identity, as text."""
    structure = {item["question"]: item for item in text.version.structure["items"]}
    return [_question(asked, structure[asked.question], text, lessons) for asked in sheet(text, items, ORDER).items]


def _question(asked: SheetItem, item: Mapping[str, Any], text: QuizText, lessons: Mapping[str, int]) -> PaperQuestion:
    own, words = keyed(item, text.keys), text.content[asked.question]
    common = {
        "number": asked.number,
        "kind": asked.kind,
        "stem": asked.stem,
        "story": asked.story,
        "unit": asked.unit,
        "is_safety": bool(item["is_critical"]),
        "lesson": lessons.get(str(item["look_again"]), 0),
        "why": words["why"],
        "otherwise": words.get("otherwise", ""),
    }
    if asked.kind == "ordering":
        return PaperQuestion(options=_steps(asked, own, words), **common)
    if asked.kind == "matching":
        options, sides = _pairs(asked, own, words)
        return PaperQuestion(options=options, sides=sides, **common)
    if asked.kind == "number":
        said = answered_of(own, words, "", language=text.language, is_practice=True)
        slips = [
            PaperOption("", _read(choice, words, asked), feedback=words["choices"][choice["id"]]["feedback"])
            for choice in item["choices"]
            if not choice["is_right"]
        ]
        return PaperQuestion(options=[], right=[line[0] for line in said.right], slips=slips, **common)
    right = right_ids(own)
    options = [
        PaperOption(letter, each.text, each.id in right, words["choices"][each.id]["feedback"])
        for letter, each in zip(LETTERS, asked.options, strict=False)
    ]
    return PaperQuestion(options=options, **common)


def _steps(asked: SheetItem, item: Mapping[str, Any], words: Mapping[str, Any]) -> list[PaperOption]:
    place = {step: str(number) for number, step in enumerate(right_order(item), start=1)}
    return [
        PaperOption(letter, each.text, feedback=words["choices"][each.id]["feedback"], answer=place[each.id])
        for letter, each in zip(LETTERS, asked.options, strict=False)
    ]


def _pairs(
    asked: SheetItem, item: Mapping[str, Any], words: Mapping[str, Any]
) -> tuple[list[PaperOption], list[PaperOption]]:
    sides = [
        PaperOption(letter, each.text, feedback=words["sides"][each.id]["feedback"])
        for letter, each in zip(LETTERS, asked.sides, strict=False)
    ]
    letters = {each.id: side.label for each, side in zip(asked.sides, sides, strict=True)}
    goes_with = right_pairs(item)
    lefts = [
        PaperOption(
            str(number),
            each.text,
            feedback=words["choices"][each.id]["feedback"],
            answer=letters[goes_with[each.id]],
        )
        for number, each in enumerate(asked.options, start=1)
    ]
    return lefts, sides


def _read(choice: Mapping[str, Any], words: Mapping[str, Any], asked: SheetItem) -> str:
    numbers = dict.fromkeys((choice["from"], choice["to"]))
    return f"{'–'.join(each.replace('.', asked.decimal_sign) for each in numbers)} {words.get('unit', '')}".strip()
