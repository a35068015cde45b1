"""What a pack says about one question: the seam between the text of a pack and the question bank.

Plain frozen values. They know nothing of the database, of languages or of marks given to a learner.
Every text in them is tidy (see ``tidying.tidy``), whoever made it, so that what is written to a file and
read again is equal to what was there before.

An ``Item`` holds what its kind needs and leaves the rest empty:

=============  ==========================================================================
kind           fields beside ``stem`` and ``why``
=============  ==========================================================================
``single``     ``options``, one of them right
``multiple``   ``options``, one or more of them right
``true_false`` two ``options``: "True" and "False", one of them right
``scenario``   ``situation`` (the story), ``options``, one of them right
``ordering``   ``steps`` in their right order, ``otherwise``; or ``key_from`` with the steps put between
``matching``   ``pairs`` and ``extra_rights`` (right sides that belong to no left side), ``otherwise``
``number``     ``accepted`` (the first is the one to show), ``unit``, ``misconceptions``, ``otherwise``;
               or ``key_from``: the fact of the learner's country that holds what is accepted
=============  ==========================================================================

``misconceptions`` may stand in every kind: a wrong idea in words that no single option carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, get_args

from assessments.gift.tidying import tidy, tidy_comments, tidy_labels, tidy_line

Kind = Literal["single", "multiple", "true_false", "ordering", "matching", "number", "scenario"]
Use = Literal["certifying", "practice"]
KINDS: tuple[Kind, ...] = get_args(Kind)
USES: tuple[Use, ...] = get_args(Use)
OPTION_KINDS: tuple[Kind, ...] = ("single", "multiple", "true_false", "scenario")
"""The kinds whose answer is a choice among ``options``."""

ID = re.compile(r"[a-z][a-z0-9_]{0,11}")
"""An id of an item, option, step, pair or misconception; of a lesson too. Match it in full."""
FACT_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
"""A key of the fact register (``F41``) or of a country's value (``bf_duration``)."""
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""Where a text prints a country's value."""


class _Tidy:
    """Makes every text field of a dataclass tidy when it is made."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every heir is a dataclass
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, tidy(value))


@dataclass(frozen=True)
class Option(_Tidy):
    """One choice of an item. ``idea`` names the wrong idea behind it, for trainers only."""

    id: str
    text: str
    is_right: bool
    feedback: str = ""
    idea: str = ""


@dataclass(frozen=True)
class Step(_Tidy):
    """One step of an ordering. ``place`` says in words where it goes among the steps of a country's fact.

    ``feedback``: what is behind taking it too early.
    """

    id: str
    text: str
    place: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Pair(_Tidy):
    """A left side and the right side that belongs to it."""

    id: str
    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True)
class ExtraRight(_Tidy):
    """A right side that belongs to no left side: whoever chooses it was misled."""

    id: str
    text: str
    feedback: str = ""


@dataclass(frozen=True)
class NumberRange:
    """All numbers from ``low`` to ``high``, both included; one number when they are equal.

    Raises ``ValueError`` when ``high`` is below ``low`` or one of them is not a finite number.
    """

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite()) or self.high < self.low:
            raise ValueError(f"from {self.low} to {self.high} is no range")

    @classmethod
    def exactly(cls, value: Decimal | int) -> NumberRange:
        """The range that holds ``value`` alone."""
        return cls(Decimal(value), Decimal(value))

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Misconception(_Tidy):
    """A wrong idea: what shows it (``idea`` in words, ``values`` for a number) and what to say to it kindly."""

    id: str
    idea: str = ""
    feedback: str = ""
    values: tuple[NumberRange, ...] = ()


@dataclass(frozen=True)
class Item(_Tidy):
    """One question of a pack in its source language. Which fields a kind fills stands at the top of this file."""

    id: str
    code: str
    use: Use
    kind: Kind
    stem: str
    is_critical: bool = False
    lesson: str = ""
    facts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # the item is left out of a country that lacks one of these values
    situation: str = ""
    options: tuple[Option, ...] = ()
    steps: tuple[Step, ...] = ()
    pairs: tuple[Pair, ...] = ()
    extra_rights: tuple[ExtraRight, ...] = ()
    accepted: tuple[NumberRange, ...] = ()
    unit: str = ""
    key_from: str = ""
    misconceptions: tuple[Misconception, ...] = ()
    otherwise: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()  # comments of the author, one line each; no learner sees them

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind == "number":  # those that a number shows stand first: in the text they stand among the answers
            shown = sorted(self.misconceptions, key=lambda misconception: not misconception.values)
            object.__setattr__(self, "misconceptions", tuple(shown))
        object.__setattr__(self, "code", tidy_line(self.code))
        object.__setattr__(self, "unit", tidy_line(self.unit))
        object.__setattr__(self, "facts", tidy_labels(self.facts))
        object.__setattr__(self, "needs", tidy_labels(self.needs))
        object.__setattr__(self, "notes", tuple(tidy_line(note) for note in tidy_comments(self.notes)))

    def strings(self) -> Iterator[tuple[str, str]]:
        """Yield ``(key, text)`` for every text that a translator translates, in reading order.

        The keys are stable: ``situation``, ``stem``, ``a.text``, ``a.left``, ``a.right``,
        ``a.feedback``, ``a.idea``, ``m1.idea``, ``m1.feedback``, ``unit``, ``otherwise``, ``why``.
        """
        found: list[tuple[str, Any]] = [("situation", self.situation), ("stem", self.stem)]
        for option in self.options:
            found += [(f"{option.id}.text", option.text), (f"{option.id}.feedback", option.feedback)]
            found += [(f"{option.id}.idea", option.idea)]
        for step in self.steps:
            found += [(f"{step.id}.text", step.text), (f"{step.id}.feedback", step.feedback)]
        for pair in self.pairs:
            found += [(f"{pair.id}.left", pair.left), (f"{pair.id}.right", pair.right)]
            found += [(f"{pair.id}.feedback", pair.feedback)]
        for extra in self.extra_rights:
            found += [(f"{extra.id}.text", extra.text), (f"{extra.id}.feedback", extra.feedback)]
        for misconception in self.misconceptions:
            found += [(f"{misconception.id}.idea", misconception.idea)]
            found += [(f"{misconception.id}.feedback", misconception.feedback)]
        found += [("unit", self.unit), ("otherwise", self.otherwise), ("why", self.why)]
        return ((key, text) for key, text in found if text)

    def placeholders(self) -> set[str]:
        """The countries' values that this item prints or takes its key from."""
        printed = {name for _key, text in self.strings() for name in PLACEHOLDER.findall(text)}
        return printed | ({self.key_from} if self.key_from else set())
