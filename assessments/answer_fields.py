"""One form field for each kind of question: what a page or a phone sends, made into an answer.

A page without script sends the parts of an answer each by itself, ``q-<question>.<part>``; a phone sends the answer
whole, in the shape in which it is kept. Both are read here, and whatever does not fit is a sentence, never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.numbers import as_text, number_in
from assessments.sheets import SheetItem

NOT_A_CHOICE = gettext_lazy("That answer is not one of the choices here. Choose again.")
CHOOSE = gettext_lazy("Choose an answer here.")


def field_for(item: SheetItem) -> forms.Field:
    """The field of a question, whatever its kind."""
    if item.kind == "ordering":
        return OrderField(item)
    if item.kind == "matching":
        return PairsField(item)
    if item.kind == "number":
        return NumberField(item)
    kind = OptionsField if item.is_multiple else forms.ChoiceField
    return kind(
        choices=[(option.id, option.text) for option in item.options],
        error_messages={"required": CHOOSE, "invalid_choice": NOT_A_CHOICE},
    )


def part_name(question: str, part: str) -> str:
    """The name of the part of an answer in a page's form."""
    return f"{question}.{part}"


class OptionsField(forms.MultipleChoiceField):
    """Several options, sorted: in which order she tapped them says nothing."""

    def clean(self, value: Any) -> list[str]:
        return sorted(super().clean(value))


class PartsWidget(forms.Widget):
    """Reads the parts of an answer, or the whole of it."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if name in data:
            return data[name]
        return {part: data.get(part_name(name, part), "") for part in self.parts}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(part_name(name, part) in data for part in self.parts)


class PartsField(forms.Field):
    """An answer in parts: ``{part: what she chose for it}``."""

    def __init__(self, item: SheetItem) -> None:
        self.parts = [option.id for option in item.options]
        self.names = {part_name(item.name, part) for part in self.parts}
        super().__init__(widget=PartsWidget(self.parts))

    def chosen(self, value: Any, possible: set[str]) -> dict[str, str]:
        """``value`` with each part answered by one of ``possible``. Raises ``ValidationError`` in words."""
        if not isinstance(value, Mapping) or set(value) - set(self.parts):
            raise ValidationError(NOT_A_CHOICE)
        given = {part: value.get(part, "") for part in self.parts}
        if any(each and not (isinstance(each, str) and each in possible) for each in given.values()):
            raise ValidationError(NOT_A_CHOICE)
        if not all(given.values()):
            raise ValidationError(self.incomplete(sum(not each for each in given.values())))
        return given

    def incomplete(self, missing: int) -> str:
        raise NotImplementedError


class OrderField(PartsField):
    """Steps in her order. A page sends ``{step: place}``."""

    def clean(self, value: Any) -> list[str]:
        if isinstance(value, list):
            if not all(isinstance(step, str) for step in value) or sorted(value) != sorted(self.parts):
                raise ValidationError(NOT_A_CHOICE)
            return value
        places = [str(place) for place in range(1, len(self.parts) + 1)]
        given = self.chosen(value, set(places))
        if len(set(given.values())) < len(places):
            raise ValidationError(_("Two have the same place. Give each a place of its own."))
        return sorted(given, key=lambda step: int(given[step]))

    def incomplete(self, missing: int) -> str:
        return _("Give each one a place.")


class PairsField(PartsField):
    """``{left: right}``. The same right side may stand beside several."""

    def __init__(self, item: SheetItem) -> None:
        super().__init__(item)
        self.sides = {side.id for side in item.sides}

    def clean(self, value: Any) -> dict[str, str]:
        return self.chosen(value, self.sides)

    def incomplete(self, missing: int) -> str:
        return _("Choose what goes with each one.")


class NumberField(forms.Field):
    """A number, however she writes it in her language (``numbers``)."""

    def __init__(self, item: SheetItem) -> None:
        super().__init__()
        self.item = item

    def clean(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValidationError(_("Write a number here."))
        number = number_in(value, decimal_sign=self.item.decimal_sign, unit=self.item.unit)
        if number is not None and number >= 0:
            return as_text(number)
        if self.item.unit:
            raise ValidationError(
                # Translators: beside a number that she types; "unit" is what it counts, such as months.
                _("Write only the number, in digits. “%(unit)s” stands here already.") % {"unit": self.item.unit}
            )
        raise ValidationError(_("Write only the number, in digits."))
