"""What she is asked: the questions of a version in the words of a text, in the order of a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.grading import keyed
from assessments.models import QuizText, QuizVersion
from assessments.models.answers import PARTS_KINDS
from assessments.numbers import decimal_sign_of


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class SheetItem:
    """One question as she reads it. Nothing here tells the key.

    ``options`` are its answers, its steps, or its left sides; ``sides`` what may stand right of them. A number has
    neither, but maybe a ``unit``; ``decimal_sign`` is that of the language of its words.
    """

    question: str
    number: int
    kind: str
    stem: str
    options: list[Option] = field(default_factory=list)
    sides: list[Option] = field(default_factory=list)
    story: str = ""
    unit: str = ""
    decimal_sign: str = "."

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"q-{self.question}"

    @property
    def is_multiple(self) -> bool:
        return self.kind == "multiple"

    @property
    def is_in_parts(self) -> bool:
        """Whether it is put in order, matched or written, and not chosen among whole answers."""
        return self.kind in PARTS_KINDS

    @property
    def said(self) -> Iterator[str]:
        """Its words in the order in which she reads or hears them."""
        parts = [self.story, self.stem, *(one.text for one in [*self.options, *self.sides]), self.unit]
        return (part for part in parts if part)


@dataclass(frozen=True)
class Sheet:
    """One sitting's questions in one text."""

    text: QuizText
    items: list[SheetItem]

    @property
    def is_tapped(self) -> bool:
        """Whether a question of it is put in order or matched: the page then brings the script that taps those."""
        return any(item.options and item.is_in_parts for item in self.items)


def items_of(version: QuizVersion, use: str) -> list[str]:
    """The questions of ``version`` that are in ``use``, in their authored order, whatever the country."""
    return [item["question"] for item in version.structure["items"] if item["use"] == use]


def asked_of(text: QuizText, use: str) -> list[str]:
    """The questions of ``text`` in ``use`` that its country can be asked, in their authored order."""
    return text.asks(items_of(text.version, use))


def shuffled[T](items: Sequence[T], seed: int | str) -> list[T]:
    """``items`` in the order that ``seed`` gives: the same after every reload and on every phone."""
    order = list(items)
    random.Random(str(seed)).shuffle(order)  # noqa: S311 -- an order, not a secret
    return order


def mixed(steps: Sequence[str], seed: int | str) -> list[str]:
    """``steps`` in an order that ``seed`` gives and that is not their own: what she is shown first is no answer."""
    order = shuffled(steps, seed)
    return [*order[1:], order[0]] if order == list(steps) else order


def sheet(text: QuizText, items: Sequence[str], seed: int | str) -> Sheet:
    """Lay out ``items`` of the text's version in that order, save those that its country cannot be asked.

    Answers are mixed, save true and false; so are the steps of an order, and the right sides of what is matched.
    """
    by_question = {item["question"]: item for item in text.version.structure["items"]}
    return Sheet(
        text,
        [
            _laid_out(by_question[question], text, number, f"{seed}:{question}")
            for number, question in enumerate(text.asks(items), start=1)
        ],
    )


def _laid_out(item: Mapping[str, Any], text: QuizText, number: int, seed: str) -> SheetItem:
    words = text.content[item["question"]]
    choices = [choice["id"] for choice in keyed(item, text.keys)["choices"]]
    parts: dict[str, Any] = {}
    if item["kind"] == "ordering":
        choices = mixed(choices, seed)
    elif item["kind"] == "matching":
        sides = shuffled([side["id"] for side in item["sides"]], seed)
        parts["sides"] = [Option(side, words["sides"][side]["text"]) for side in sides]
    elif item["kind"] == "number":
        parts["decimal_sign"] = decimal_sign_of(text.language)
        choices = []
    elif item["kind"] != "true_false":
        choices = shuffled(choices, seed)
    return SheetItem(
        question=item["question"],
        number=number,
        kind=item["kind"],
        stem=words["stem"],
        options=[Option(choice, words["choices"][choice]["text"]) for choice in choices],
        story=words.get("story", ""),
        unit=words.get("unit", ""),
        **parts,
    )
