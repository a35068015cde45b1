"""What a trainer writes below a question: the blocks of each kind, and what is still wrong with them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessments.numbers import as_text, kept, number_in
from curriculum.blocks import IdentityBlock

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Answers = Sequence[tuple[str, Mapping[str, Any]]]
"""``(type, value)`` of each block of a question, in order."""

MOST_STEPS = 8
MOST_PAIRS = 6
"""What still stands on a phone at once, and in a head."""
LEAST_STEPS = 3
LEAST_TIMES = 2
"""Fewer steps are no order, and fewer times of a country are none of its own."""


class QuestionKind(models.TextChoices):
    """How a question is answered. Each has a rule in ``grading``."""

    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")
    TRUE_FALSE = "true_false", _("true or false")
    ORDERING = "ordering", _("put in order")
    MATCHING = "matching", _("find what goes together")
    NUMBER = "number", _("a number")
    SCENARIO = "scenario", _("a story, then one right answer")


PARTS_KINDS = (QuestionKind.ORDERING, QuestionKind.MATCHING, QuestionKind.NUMBER)
"""Kinds that are not answered by choosing among whole answers."""


class NumberBlock(blocks.FieldBlock):
    """A number, kept as ``2.5`` whichever sign its author types. The same in every language."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self._required, self._help = required, help_text
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.CharField:
        return forms.CharField(
            required=self._required,
            help_text=self._help,
            max_length=24,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )

    def clean(self, value: str) -> str:
        said = super().clean(value)
        number = number_in(said) if said else None
        if said and number is None:
            raise ValidationError(_("Write a number here, such as 6 or 2.5, without words."))
        return "" if number is None else as_text(number)

    def get_translatable_segments(self, value: str) -> list[Any]:
        """Nothing to translate."""
        return []


def _explains(said_when: StrPromise | str, *, required: bool = False) -> blocks.TextBlock:
    return blocks.TextBlock(label=_("What is behind this"), rows=2, required=required, help_text=said_when)


class ChoiceBlock(blocks.StructBlock):
    choice = IdentityBlock()
    text = blocks.CharBlock(label=_("Answer"), max_length=240)
    is_right = blocks.BooleanBlock(label=_("This answer is right"), required=False)
    feedback = blocks.TextBlock(
        label=_("What is behind this choice"), rows=2, help_text=_("She reads it after the quiz when she chose this.")
    )

    class Meta:
        icon = "radio-full"
        label = _("Answer")


class StepBlock(blocks.StructBlock):
    choice = IdentityBlock()
    text = blocks.CharBlock(label=_("Step"), max_length=120)
    feedback = _explains(_("She reads it after the quiz when she took this step too early."))

    class Meta:
        icon = "list-ol"
        label = _("Step, in the right order")
        group = _("Put in order")


class StepPlace(models.TextChoices):
    """Where a step of ours stands among the times of a country."""

    BEFORE_FIRST = "before_first", _("before the first")
    AFTER_FIRST = "after_first", _("after the first")
    BEFORE_LAST = "before_last", _("before the last")
    AFTER_LAST = "after_last", _("after the last")


class PlacedStep(blocks.StructValue):
    @property
    def place_label(self) -> str:
        """Where it stands, in words."""
        return str(StepPlace(self["place"]).label) if self["place"] in StepPlace.values else ""


class PlacedStepBlock(blocks.StructBlock):
    choice = IdentityBlock()
    text = blocks.CharBlock(label=_("Step"), max_length=120)
    place = blocks.ChoiceBlock(label=_("Where it stands among the country's times"), choices=StepPlace.choices)
    feedback = _explains(_("She reads it after the quiz when she took this step too early."))

    class Meta:
        icon = "list-ol"
        label = _("Step among the country's times")
        group = _("Put in order")
        value_class = PlacedStep


class PairBlock(blocks.StructBlock):
    choice = IdentityBlock()
    side = IdentityBlock()
    text = blocks.CharBlock(label=_("Left"), max_length=120)
    goes_with = blocks.CharBlock(label=_("What goes with it"), max_length=120)
    feedback = _explains(_("She reads it after the quiz when she put something else beside it."))

    class Meta:
        icon = "link"
        label = _("Pair")
        group = _("Find what goes together")


class OtherBlock(blocks.StructBlock):
    choice = IdentityBlock()
    text = blocks.CharBlock(label=_("Goes with nothing"), max_length=120)
    feedback = _explains(_("She reads it after the quiz when she chose it."))

    class Meta:
        icon = "cross"
        label = _("Right side too many")
        group = _("Find what goes together")


class RightNumberBlock(blocks.StructBlock):
    choice = IdentityBlock()
    lowest = NumberBlock(label=_("Right number"), help_text=_("Several such blocks are a list: each is right."))
    highest = NumberBlock(label=_("Or up to"), required=False, help_text=_("Only when every number between is right."))

    class Meta:
        icon = "tick"
        label = _("Right number")
        group = _("A number")


class SlipBlock(blocks.StructBlock):
    choice = IdentityBlock()
    lowest = NumberBlock(label=_("Number that is not right"))
    highest = NumberBlock(label=_("Or up to"), required=False)
    feedback = _explains(_("She reads it after the quiz when she wrote this number."), required=True)

    class Meta:
        icon = "warning"
        label = _("Number that is not right")
        group = _("A number")


class AnswersBlock(blocks.StreamBlock):
    """Everything that can stand below a question. Which of it fits, its kind says."""

    choice = ChoiceBlock()
    step = StepBlock()
    placed = PlacedStepBlock()
    pair = PairBlock()
    other = OtherBlock()
    number = RightNumberBlock()
    slip = SlipBlock()


class Fitting(NamedTuple):
    """The blocks of a kind, and the sentence for its author when another one stands there."""

    types: tuple[str, ...]
    sentence: StrPromise | str


_CHOICES = Fitting(
    ("choice",), _("A question that is answered so has only answers to choose. Take the other blocks away.")
)
FITTING: dict[str, Fitting] = {
    QuestionKind.SINGLE: _CHOICES,
    QuestionKind.MULTIPLE: _CHOICES,
    QuestionKind.TRUE_FALSE: _CHOICES,
    QuestionKind.SCENARIO: _CHOICES,
    QuestionKind.ORDERING: Fitting(("step",), _("To put in order there are only steps. Take the other blocks away.")),
    QuestionKind.MATCHING: Fitting(
        ("pair", "other"), _("To find what goes together there are only pairs and right sides. Take the others away.")
    ),
    QuestionKind.NUMBER: Fitting(("number", "slip"), _("For a number there are only numbers. Take the others away.")),
}
ORDER_OF_A_COUNTRY = Fitting(
    ("placed",),
    _("The times of the country are the steps here. Beside them stand only steps that say where they belong."),
)
"""What fits below an order whose steps are a country's."""


def key_problem(kind: str, answers: Answers, *, has_country_key: bool = False) -> StrPromise | str:
    """What is wrong with the answers of a question of ``kind``, in words for its author; empty when nothing is."""
    if kind not in FITTING:
        return _("Choose how it is answered.")
    is_of_country = kind == QuestionKind.ORDERING and has_country_key
    fitting = ORDER_OF_A_COUNTRY if is_of_country else FITTING[kind]
    if any(name not in fitting.types for name, _value in answers):
        return fitting.sentence
    values = [value for _name, value in answers]
    if kind == QuestionKind.ORDERING:
        return _placed_problem(values) if is_of_country else _order_problem(values)
    if kind == QuestionKind.MATCHING:
        return _pairs_problem(answers)
    if kind == QuestionKind.NUMBER:
        return _number_problem(answers, has_country_key=has_country_key)
    return _choices_problem(kind, values)


def _choices_problem(kind: str, choices: Sequence[Mapping[str, Any]]) -> StrPromise | str:
    right = sum(bool(choice["is_right"]) for choice in choices)
    if len(choices) < 2:
        return _("She needs at least two answers to choose from.")
    if kind == QuestionKind.TRUE_FALSE and len(choices) > 2:
        return _("A question that is true or false has two answers.")
    if kind == QuestionKind.MULTIPLE and right == 0:
        return _("Mark at least one answer as right.")
    if kind != QuestionKind.MULTIPLE and right != 1:
        return _("Mark one answer as right, and only one.")
    return ""


def _order_problem(steps: Sequence[Mapping[str, Any]]) -> StrPromise | str:
    if len(steps) < LEAST_STEPS:
        return _("An order needs at least three steps.")
    if len(steps) > MOST_STEPS:
        return _("More than eight steps are too many for one screen. Make two questions of them.")
    if says_twice(step["text"] for step in steps):
        return _("Two steps say the same. She could not know which is which.")
    return ""


def _placed_problem(steps: Sequence[Mapping[str, Any]]) -> StrPromise | str:
    if len(steps) > MOST_STEPS - LEAST_TIMES:
        return _("More than eight steps are too many for one screen. Make two questions of them.")
    if says_twice(step["text"] for step in steps):
        return _("Two steps say the same. She could not know which is which.")
    if any(step["place"] not in StepPlace.values for step in steps):
        return _("Say of each step where it stands among the country's times.")
    return ""


def _pairs_problem(answers: Answers) -> StrPromise | str:
    pairs = [value for name, value in answers if name == "pair"]
    others = [value["text"] for name, value in answers if name == "other"]
    sides = {_plain(pair["goes_with"]) for pair in pairs}
    if len(pairs) < 2:
        return _("She needs at least two pairs.")
    if len(answers) > MOST_PAIRS + 2 or len(pairs) > MOST_PAIRS:
        return _("More than six pairs are too many for one screen. Make two questions of them.")
    if says_twice(pair["text"] for pair in pairs):
        return _("Two pairs have the same left side. She could not know which is which.")
    if says_twice(others) or sides & {_plain(text) for text in others}:
        return _("A right side too many says the same as another one. Say something else, or take it away.")
    if len(sides) + len(others) < 2:
        return _("All pairs have the same right side. She needs something to choose from.")
    return ""


def _number_problem(answers: Answers, *, has_country_key: bool) -> StrPromise | str:
    right = [bounds(value) for name, value in answers if name == "number"]
    slips = [bounds(value) for name, value in answers if name == "slip"]
    if has_country_key and right:
        return _("The country's value is the right number here. Take the right numbers away, or the country's value.")
    if not has_country_key and not right:
        return _("Write at least one right number, or choose the country's value that is right.")
    if None in right or None in slips:
        return _("Write a number here, such as 6 or 2.5, without words.")
    ranges = [(one[0], one[1]) for one in [*right, *slips] if one]
    if any(lowest > highest for lowest, highest in ranges):
        return _("A range goes up: the first number is the smaller one.")
    if any(lowest < 0 for lowest, _highest in ranges):
        return _("Numbers here are not below zero: a phone's number keys have no minus.")
    if any(one and other and one[0] <= other[1] and other[0] <= one[1] for one in right for other in slips):
        return _("A number cannot be right and not right. Look at the ranges again.")
    return ""


def bounds(value: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest number of a block; ``None`` when one of them is none."""
    lowest = kept(str(value["lowest"] or ""))
    highest = kept(str(value["highest"])) if value["highest"] else lowest
    return None if lowest is None or highest is None else (lowest, highest)


def sides_of(answers: Answers) -> dict[str, str]:
    """``{words of a right side: its identity}``; pairs that say the same on the right share the first one's."""
    sides: dict[str, str] = {}
    for name, value in answers:
        if name == "pair":
            sides.setdefault(_plain(value["goes_with"]), value["side"])
    return sides


def side_of(pair: Mapping[str, Any], sides: Mapping[str, str]) -> str:
    """The identity of what goes with a pair."""
    return sides[_plain(pair["goes_with"])]


def give_identities(stream: Iterable[Any], *, anew: bool = False) -> None:
    """Give each answer that has none its identity; ``anew``: to all of them, as in a copy."""
    for block in stream:
        for name in ("choice", "side"):
            if name in block.value and (anew or not block.value[name]):
                block.value[name] = str(uuid.uuid4())


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def says_twice(texts: Iterable[str]) -> bool:
    """Whether two of ``texts`` read the same."""
    said = [_plain(text) for text in texts]
    return len(said) != len(set(said))
