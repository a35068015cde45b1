"""What a trainer writes on a sheet, made into typed values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.forms import DayField, PlainForm
from programme.models import Term
from progress.models import MOST_HOURS, Half


class HalfDayForm(PlainForm):
    """Which half-day a sheet is of: from the cohort's first day until today."""

    on = DayField(label=gettext_lazy("Day"))
    half = forms.ChoiceField(label=gettext_lazy("Half of the day"), choices=Half.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, first: date, last: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.first, self.last = first, last
        self.fields["on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.last:
            raise forms.ValidationError(_("That day is still to come. Take the sheet when you are together."))
        if on < self.first:
            began = {"date": date_format(self.first, "DATE_FORMAT")}
            raise forms.ValidationError(_("This cohort began on %(date)s. Choose that day or a later one.") % began)
        return on


class SheetForm(PlainForm):
    """Who was there, and how long it was. ``mark`` says which state of the sheet she saw."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    mark = forms.IntegerField(widget=forms.HiddenInput)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours together"),
        min_value=Decimal("0.5"),
        max_value=MOST_HOURS,
        max_digits=3,
        decimal_places=1,
        widget=forms.NumberInput({"step": "0.5", "inputmode": "decimal"}),
    )
    there = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, women: Iterable[Term], **options: Any) -> None:
        super().__init__(*args, **options)
        self.terms = {str(term.uuid): term for term in women}
        self.fields["there"].choices = [(key, key) for key in self.terms]  # type: ignore[attr-defined]
        too_many = _("A half-day has %(hours)s hours at most.") % {"hours": MOST_HOURS}
        self.fields["hours"].error_messages |= {
            "min_value": _("Write at least half an hour."),
            "max_value": too_many,
            "max_digits": too_many,
            "max_whole_digits": too_many,
            "max_decimal_places": _("Write whole or half hours, such as 3 or 3.5."),
            "invalid": _("Write whole or half hours, such as 3 or 3.5."),
        }
        self.fields["there"].error_messages["invalid_choice"] = _(
            "Somebody you ticked is not on your list any more. Look at the ticks and save again."
        )

    def clean_hours(self) -> Decimal:
        hours: Decimal = self.cleaned_data["hours"]
        if hours * 2 % 1:
            raise forms.ValidationError(_("Write whole or half hours, such as 3 or 3.5."))
        return hours

    def there_now(self) -> list[Term]:
        """Those who are ticked."""
        return [self.terms[key] for key in self.cleaned_data["there"]]


class JoinForm(PlainForm):
    """Somebody who comes later, by the work name that she says."""

    work_name = forms.CharField(
        label=gettext_lazy("Her work name"),
        max_length=24,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "placeholder": "K7M-2QX"}),
    )
