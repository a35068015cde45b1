"""What she is asked: the questions of a version in the words of a text, in the order of a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.models import QuizText, QuizVersion


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class SheetItem:
    """One question as she reads it. Nothing here tells the key."""

    question: str
    number: int
    kind: str
    stem: str
    options: list[Option]

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"q-{self.question}"

    @property
    def is_multiple(self) -> bool:
        return self.kind == "multiple"


@dataclass(frozen=True)
class Sheet:
    """One sitting's questions in one text."""

    text: QuizText
    items: list[SheetItem]


def items_of(version: QuizVersion, use: str) -> list[str]:
    """The questions of ``version`` that are in ``use``, in their authored order."""
    return [item["question"] for item in version.structure["items"] if item["use"] == use]


def shuffled[T](items: Sequence[T], seed: int | str) -> list[T]:
    """``items`` in the order that ``seed`` gives: the same after every reload and on every phone."""
    order = list(items)
    random.Random(str(seed)).shuffle(order)  # noqa: S311 -- an order, not a secret
    return order


def sheet(text: QuizText, items: Sequence[str], seed: int | str) -> Sheet:
    """Lay out ``items`` of the text's version in that order; answers are mixed, save true and false."""
    by_question = {item["question"]: item for item in text.version.structure["items"]}
    laid_out = []
    for number, question in enumerate(items, start=1):
        item, words = by_question[question], text.content[question]
        choices = [choice["id"] for choice in item["choices"]]
        if item["kind"] != "true_false":
            choices = shuffled(choices, f"{seed}:{question}")
        laid_out.append(
            SheetItem(
                question=question,
                number=number,
                kind=item["kind"],
                stem=words["stem"],
                options=[Option(choice, words["choices"][choice]["text"]) for choice in choices],
            )
        )
    return Sheet(text, laid_out)
