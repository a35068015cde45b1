"""What a sitting or an observation sends back, made into typed values. Used by the pages and by an outbox alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.answer_fields import NOT_A_CHOICE, PartsField, field_for, part_name
from assessments.grading import chosen_ids
from assessments.models import ChecklistText, Observation
from assessments.practice import Step, steps_of
from assessments.sheets import Option, Sheet, SheetItem

NUMBER_TO_CALL = re.compile(r"(?:\d[\s./()-]{0,2}){7,}")
"""Seven digits in a row, however they are spaced: what a telephone or clinic number looks like."""

# Translators: shown above a form that came back because something in it does not fit what is on the page.
CHANGED = gettext_lazy("This page has changed since you opened it. Look at it again, then send it once more.")


# Translators: places in an order, from the first to the eighth, each beside something that is put in order.
ORDINALS = tuple(map(gettext_lazy, ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th")))


@dataclass(frozen=True)
class AskedOption:
    """An option with what she made of it: chosen or not, or what she chose beside it (``chosen``)."""

    option: Option
    is_chosen: bool
    name: str = ""
    chosen: str = ""


@dataclass(frozen=True)
class Asked:
    """A question of the form with what she answered so far and what is still missing. ``typed`` is her number."""

    item: SheetItem
    options: list[AskedOption]
    problem: str
    typed: str = ""

    @property
    def template(self) -> str:
        """What draws its answers."""
        names = {"ordering": "order", "matching": "pairs", "number": "number"}
        return f"assessments/sheet_{names.get(self.item.kind, 'options')}.html"

    @property
    def places(self) -> list[tuple[str, str]]:
        """What she chooses from for each step: ``("1", "1st")`` and so on."""
        return [(str(place), str(ORDINALS[place - 1])) for place in range(1, len(self.options) + 1)]


class ActForm(forms.Form):
    """What every act carries: its own identity, and the hash of the very words that were on the page."""

    client_uuid = forms.UUIDField(error_messages={"required": CHANGED, "invalid": CHANGED})
    text = forms.CharField(max_length=64, error_messages={"required": CHANGED, "max_length": CHANGED})

    content_hash: str
    prefix_of_parts: str

    def __init__(self, data: Mapping[str, Any] | None = None, *, client_uuid: UUID | None = None) -> None:
        super().__init__(data)
        self._new = client_uuid or uuid4()

    @property
    def act(self) -> UUID:
        """The identity of this act: the one that came back with the form, or a new one."""
        return (self.is_bound and not self.errors.get("client_uuid") and self.cleaned_data["client_uuid"]) or self._new

    def clean_text(self) -> str:
        if self.cleaned_data["text"] != self.content_hash:
            raise ValidationError(CHANGED)
        return self.cleaned_data["text"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse parts that this text does not have: they belong to something else."""
        sent = {name for name in self.data if str(name).startswith(self.prefix_of_parts)}
        known = {name for field in self.fields.values() if isinstance(field, PartsField) for name in field.names}
        if sent - set(self.fields) - known:
            raise ValidationError(CHANGED)
        return super().clean()

    def problem(self, part: str) -> str:
        """What ``part`` still needs, in words; empty when it is well or was never sent."""
        return " ".join(str(problem) for problem in self.errors.get(part, []))

    @property
    def has_changed_page(self) -> bool:
        """Whether something came back that was never on this page."""
        return bool(self.errors.keys() & {"client_uuid", "text", "__all__"})

    @property
    def missing(self) -> int:
        """How many parts need another look."""
        return len(self.errors.keys() - {"client_uuid", "text", "__all__"})


class AttemptForm(ActForm):
    """Her answers to a ``Sheet``: every question answered, with options that it offers."""

    prefix_of_parts = "q-"

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: Sheet, client_uuid: UUID | None = None) -> None:
        super().__init__(data, client_uuid=client_uuid)
        self.sheet = sheet
        self.content_hash = sheet.text.content_hash
        for item in sheet.items:
            self.fields[item.name] = field_for(item)

    def questions(self) -> Iterator[Asked]:
        """The questions to show, with what she answered."""
        for item in self.sheet.items:
            value = self[item.name].value()
            parts = value if isinstance(value, dict) else {}
            chosen = chosen_ids(value)
            yield Asked(
                item=item,
                options=[
                    AskedOption(option, option.id in chosen, part_name(item.name, option.id), parts.get(option.id, ""))
                    for option in item.options
                ],
                problem=self.problem(item.name),
                typed=value if isinstance(value, str) and item.kind == "number" else "",
            )

    def answers(self) -> dict[str, Any]:
        """``{question: answer}``: an option; sorted options where several may be chosen; steps in her order;
        ``{left: right}``; a number as ``numbers.as_text`` writes it."""
        return {item.question: self.cleaned_data[item.name] for item in self.sheet.items}

    def summary(self) -> str:
        """What to do now, in one sentence, when the form came back."""
        if self.has_changed_page:
            return str(CHANGED)
        return ngettext(
            "One question needs an answer. Your other answers are still here.",
            "%(count)s questions need an answer. Your other answers are still here.",
            self.missing,
        ) % {"count": self.missing}


def no_number_to_call(line: str) -> None:
    """Refuse a line in which a telephone number seems to stand."""
    if NUMBER_TO_CALL.search(line):
        raise ValidationError(_("This looks like a telephone number. Leave out numbers that belong to a person."))


class LineField(forms.CharField):
    """One line of feedback."""

    default_validators = [no_number_to_call]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=160,
            error_messages={
                "required": gettext_lazy("Write one short line here."),
                "max_length": gettext_lazy("This line is too long for her phone. At most 160 letters."),
            },
            **kwargs,
        )


@dataclass(frozen=True)
class AskedStep:
    step: Step
    chosen: str
    problem: str


class ObservationForm(ActForm):
    """What an observer saw: one of four words for each step, and two lines."""

    prefix_of_parts = "step-"

    setting = forms.ChoiceField(
        choices=Observation.Setting.choices,
        error_messages={"required": gettext_lazy("Choose one."), "invalid_choice": NOT_A_CHOICE},
    )
    went_well = LineField()
    next_step = LineField()

    def __init__(self, data: Mapping[str, Any] | None = None, *, text: ChecklistText) -> None:
        super().__init__(data)
        self.checklist = text
        self.content_hash = text.content_hash
        self.steps = steps_of(text)
        for step in self.steps:
            self.fields[step.name] = forms.ChoiceField(
                choices=Observation.Outcome.choices,
                error_messages={"required": gettext_lazy("Choose what you saw."), "invalid_choice": NOT_A_CHOICE},
            )

    def asked_steps(self) -> Iterator[AskedStep]:
        """The steps to show, with what was chosen."""
        for step in self.steps:
            yield AskedStep(step, self[step.name].value() or "", self.problem(step.name))

    def outcomes(self) -> dict[str, str]:
        return {step.id: self.cleaned_data[step.name] for step in self.steps}

    def observed(self) -> dict[str, Any]:
        """What was seen, by the names of ``record_observation``."""
        said = ("setting", "went_well", "next_step")
        return {"steps": self.outcomes()} | {name: self.cleaned_data[name] for name in said}

    def summary(self) -> str:
        """What to do now, in one sentence, when the form came back."""
        if self.has_changed_page:
            return str(CHANGED)
        return ngettext(
            "One part needs another look. The rest is still here.",
            "%(count)s parts need another look. The rest is still here.",
            self.missing,
        ) % {"count": self.missing}
