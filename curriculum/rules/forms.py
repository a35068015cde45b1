"""A new value of a fact, and the words of an update, as they are typed at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from curriculum.fact_changing import NewValue
from curriculum.models import Country, Fact, FactUpdate, FactUpdateText, FactValue, Mark
from curriculum.typed_values import MOST_TIMES, NUMBER, printed

UNIT_NAMES = {
    "hour": _("hours"),
    "day": _("days"),
    "week": _("weeks"),
    "month": _("months"),
    "year": _("years"),
}
POINT_NAMES = {
    "birth": _("at birth"),
    "first_visit": _("at the first visit"),
    "late_pregnancy": _("late in pregnancy"),
    "third_trimester": _("in the last three months of pregnancy"),
    "delivery": _("at delivery"),
    "breastfeeding": _("while breastfeeding"),
    "pregnancy_and_breastfeeding": _("in pregnancy and while breastfeeding"),
    "after_birth": _("after birth"),
    "after_weaning": _("after breastfeeding ends"),
    "after_start": _("after starting treatment"),
    "every_visit": _("at every visit"),
    "all_children": _("for all children"),
}
DEED_NAMES = {
    "test": _("test"),
    "pcr": _("PCR test"),
    "antibody": _("antibody test"),
    "viral_load": _("viral load"),
}
LANGUAGE_NAMES = dict(settings.LANGUAGES)
NOT_A_NUMBER = _("Please write a number in digits, such as 6 or 2.5.")


def _choices(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [("", "–"), *names.items()]


class NumberField(forms.RegexField):
    """Digits, kept as they were written; a comma is a point."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": NOT_A_NUMBER}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6})
        super().__init__(rf"^{NUMBER.pattern}$", required=False, error_messages=messages, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).strip().replace(",", ".")


class TimeForm(forms.Form):
    """One line of a list of times. An empty line is none."""

    is_every = forms.BooleanField(required=False, label=_("every"))
    number = NumberField(label=_("Number"))
    to = NumberField(label=_("to (if it is a span)"))
    unit = forms.ChoiceField(required=False, choices=_choices(UNIT_NAMES), label=_("Unit"))
    point = forms.ChoiceField(required=False, choices=_choices(POINT_NAMES), label=_("When"))
    what = forms.ChoiceField(required=False, choices=_choices(DEED_NAMES), label=_("What is done"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The label stands once, above the column.
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("number"):
            _check_span(self)
            if not cleaned.get("unit"):
                self.add_error("unit", _("Please choose the unit of the number."))
        elif any(cleaned.get(name) for name in ("to", "unit", "is_every")):
            self.add_error("number", NOT_A_NUMBER)
        elif cleaned.get("what") and not cleaned.get("point"):
            self.add_error("point", _("Please say when."))
        return cleaned

    @property
    def value(self) -> dict[str, Any]:
        return {name: given for name in self.fields if (given := self.cleaned_data.get(name))}


def _check_span(form: forms.Form) -> None:
    lowest, highest = form.cleaned_data.get("number"), form.cleaned_data.get("to")
    if highest and not (lowest and float(lowest) < float(highest)):
        form.add_error("to", _("The second number is the larger one, or stays empty."))


TimesFormSet = forms.formset_factory(TimeForm, extra=3, max_num=MOST_TIMES)


class ChangeForm(forms.Form):
    """What a country's guideline says now. The typed value of a list of times is in ``TimesFormSet``."""

    TEXT = "text_"

    number = NumberField(label=_("Number"))
    to = NumberField(label=_("to (if it is a span)"))
    unit = forms.ChoiceField(required=False, choices=_choices(UNIT_NAMES), label=_("Unit"))
    mark = forms.ChoiceField(
        choices=Mark.choices,
        label=_("How sure are we"),
        help_text=_("A value that is not confirmed never reaches her as a rule."),
    )
    source = forms.CharField(max_length=200, required=False, label=_("Document and page"))
    version = forms.CharField(max_length=60, required=False, label=_("Edition of the document"))
    reviewer = forms.CharField(max_length=120, required=False, label=_("Who confirmed it"))
    reviewed_on = forms.DateField(required=False, label=_("Confirmed on"), widget=forms.DateInput({"type": "date"}))
    review_due_on = forms.DateField(required=False, label=_("Look again by"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, fact: Fact, country: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact, self.country = fact, country
        self.times: Any = None
        if fact.kind != Fact.Kind.NUMBER:
            for name in ("number", "to", "unit"):
                del self.fields[name]
        if fact.kind == Fact.Kind.TIMES:
            self.times = TimesFormSet(self.data if self.is_bound else None, prefix="times")
        for code in country.languages:
            self.fields[f"{self.TEXT}{code}"] = forms.CharField(
                label=LANGUAGE_NAMES.get(code, code),
                max_length=400,
                required=False,
                widget=forms.Textarea({"rows": 2, "lang": code}),
            )

    @property
    def typed_fields(self) -> list[Any]:
        return [self[name] for name in ("number", "to", "unit") if name in self.fields]

    @property
    def text_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(self.TEXT)]

    @property
    def how_fields(self) -> list[Any]:
        names = ("mark", "source", "version", "reviewer", "reviewed_on", "review_due_on")
        return [self[name] for name in names]

    def is_valid(self) -> bool:
        return (self.times is None or self.times.is_valid()) and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.fact.kind == Fact.Kind.NUMBER and not self.errors:
            _check_span(self)
        if self.errors or (self.times is not None and not self.times.is_valid()):
            return cleaned
        value = self._value()
        if self.fact.kind != Fact.Kind.TEXT and value is None:
            self.add_error(None, _("Please write the value itself: the words alone cannot be counted with."))
        elif cleaned.get("mark") != Mark.UNSURE:
            for name in ("source", "reviewer"):
                if not cleaned.get(name):
                    self.add_error(name, _("Please say how we know: a rule has a document and somebody who read it."))
            for code in self.country.languages:
                if not cleaned.get(f"{self.TEXT}{code}") and not printed(value, code):
                    self.add_error(f"{self.TEXT}{code}", _("Please write it in this language too."))
        return cleaned

    def _value(self) -> Any:
        if self.fact.kind == Fact.Kind.TIMES:
            return [time for form in self.times if (time := form.value)] or None
        if self.fact.kind == Fact.Kind.NUMBER and self.cleaned_data.get("number"):
            return {name: given for name in ("number", "to", "unit") if (given := self.cleaned_data.get(name))}
        return None

    @property
    def new_value(self) -> NewValue:
        """Once it is valid."""
        said = {code: self.cleaned_data[f"{self.TEXT}{code}"].strip() for code in self.country.languages}
        names = ("mark", "source", "version", "reviewer", "reviewed_on", "review_due_on")
        return NewValue(
            value=self._value(),
            texts={code: words for code, words in said.items() if words},
            **{name: self.cleaned_data[name] for name in names},
        )


def initial_times(value: FactValue | None) -> list[dict[str, Any]]:
    return list(value.value) if value is not None and isinstance(value.value, list) else []


class UpdateTextForm(forms.Form):
    """What she reads of an update in one language. Empty fields may be saved; published is only what is whole."""

    title = forms.CharField(max_length=120, required=False, label=_("What it is about"))
    was = forms.CharField(max_length=600, required=False, label=_("What was"), widget=forms.Textarea({"rows": 2}))
    now = forms.CharField(max_length=600, required=False, label=_("What is now"), widget=forms.Textarea({"rows": 2}))
    means = forms.CharField(
        max_length=600,
        required=False,
        label=_("What it means for her"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Short sentences. What she does differently from today."),
    )
    question = forms.CharField(
        max_length=300, required=False, label=_("Safety question"), widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: Any, *, text: FactUpdateText, update: FactUpdate) -> None:
        names = ("title", "was", "now", "means", "question")
        initial = {name: getattr(text, name) for name in names}
        self.text, self.choices = text, update.choices
        for place, one in enumerate(update.choices):
            option = text.options.get(one["id"], {})
            initial |= {f"option_{place}": option.get("text", ""), f"feedback_{place}": option.get("feedback", "")}
        super().__init__(data, prefix=text.language, initial=initial)
        for place, one in enumerate(update.choices):
            label = _("The right answer") if one["is_right"] else _("A wrong answer")
            self.fields[f"option_{place}"] = forms.CharField(max_length=300, required=False, label=label)
            self.fields[f"feedback_{place}"] = forms.CharField(
                max_length=400, required=False, label=_("What she reads then"), widget=forms.Textarea({"rows": 2})
            )
        for name in self.fields:
            self.fields[name].widget.attrs["lang"] = text.language

    @property
    def language_name(self) -> str:
        return str(LANGUAGE_NAMES.get(self.text.language, self.text.language))

    @property
    def words(self) -> dict[str, Any]:
        """As ``complete_update`` wants them."""
        given = {name: said.strip() for name, said in self.cleaned_data.items()}
        options = {
            one["id"]: {"text": given.pop(f"option_{place}"), "feedback": given.pop(f"feedback_{place}")}
            for place, one in enumerate(self.choices)
        }
        return {**given, "options": options}
