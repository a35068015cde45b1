"""Turning what a coordinator typed into typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.models import LONGEST_NAME
from people.offered import offered
from people.phones import to_e164
from programme.models import Cohort, Installation, OrganisationUnit, PathwayVersion, Programme, Term, UnitLevel
from programme.scope import Act, Scope

OPEN_ENDED = "open"
USUAL_MONTHS = (12, 18, 24, 0)
"""How long a term may be where its programme does not say; 0 has no planned end."""


class DayField(forms.DateField):
    """A day, with the phone's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _lengths(programmes: Sequence[Programme]) -> list[tuple[str, str]]:
    """The lengths of a term that ``programmes`` offer, each in its order; what is said first is the usual one."""
    found = dict.fromkeys(months for each in programmes for months in (each.term_months or USUAL_MONTHS))
    words = (
        (months, ngettext("%(months)s month", "%(months)s months", months) % {"months": months}) for months in found
    )
    return [(str(months), word) if months else (OPEN_ENDED, str(_("no planned end"))) for months, word in words]


class SiteChoice(forms.ModelChoiceField):
    """A site by its name and neutral code."""

    def label_from_instance(self, obj: OrganisationUnit) -> str:
        return f"{obj.name} ({obj.short_code})"


class PathwayChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: PathwayVersion) -> str:
        return f"{obj.pathway.programme.name}: {obj.pathway.code} {obj.number}"


class PlainForm(forms.Form):
    """A form that says in our words what is still missing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            is_list = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = _("Choose one.") if is_list else _("Fill this in.")
            if isinstance(field, forms.ModelChoiceField) and field.required:
                field.empty_label = _("Choose one.")


class ScopedForm(PlainForm):
    """A form whose lists hold only what this reader may choose."""

    def choice(self, name: str) -> forms.ModelChoiceField:
        """The list called ``name``."""
        return cast(forms.ModelChoiceField, self.fields[name])


class NewAccountForm(ScopedForm):
    """What is needed to open an account: a name she chooses, her languages, where and from when.

    Nothing about health, family or address; there is no field for it.
    """

    account_uuid = forms.UUIDField(widget=forms.HiddenInput)
    display_name = forms.CharField(
        label=_("Chosen name"),
        max_length=LONGEST_NAME,
        help_text=_("What she wants to be called. It need not be the name on her papers."),
    )
    language = forms.ChoiceField(label=_("She reads best in"), choices=offered)
    second_language = forms.ChoiceField(
        label=_("She also reads"), choices=lambda: [("", _("no other language")), *offered()], required=False
    )
    phone = forms.CharField(
        label=_("Phone (she may leave it out)"),
        max_length=24,
        required=False,
        help_text=_("Kept locked away. It is not needed to sign in."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    facility = SiteChoice(label=_("Site"), queryset=OrganisationUnit.objects.none())
    pathway_version = PathwayChoice(label=_("Programme"), queryset=PathwayVersion.objects.none())
    cohort = forms.ModelChoiceField(
        label=_("Starts together with"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("nobody, she starts alone"),
    )
    start_on = DayField(label=_("First day of her term"))
    months = forms.ChoiceField(
        label=_("Length of her term"),
        choices=[
            ("12", _("12 months")),
            ("18", _("18 months")),
            ("24", _("24 months")),
            (OPEN_ENDED, _("no planned end")),
        ],
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, scope: Scope) -> None:
        super().__init__(data, initial={"account_uuid": uuid4(), "start_on": scope.on})
        units = scope.units(Act.MANAGE_TERM)
        self.choice("facility").queryset = OrganisationUnit.objects.filter(pk__in=units, level=UnitLevel.FACILITY)
        hers = [p for p in Programme.objects.all() if units & scope.tree.below([p.root_unit_id])]
        programmes = [p.pk for p in hers]
        if any(p.term_months for p in hers):
            self.fields["months"] = forms.ChoiceField(label=self.fields["months"].label, choices=_lengths(hers))
            self.fields["months"].error_messages["required"] = _("Choose one.")
        versions = PathwayVersion.objects.filter(pathway__programme__in=programmes)
        newest: dict[int, int] = {}
        for version in versions.order_by("number"):
            newest[version.pathway_id] = version.pk
        self.choice("pathway_version").queryset = versions.filter(pk__in=newest.values()).select_related(
            "pathway__programme"
        )
        if len(newest) == 1:
            self.fields["pathway_version"].initial = next(iter(newest.values()))
        self.choice("cohort").queryset = Cohort.objects.filter(programme__in=programmes).order_by("-start_on")
        if Installation.is_demo():
            del self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        site, typed = cleaned.get("facility"), cleaned.get("phone")
        if typed and site:
            cleaned["phone"] = to_e164(typed, site.country)
            if not cleaned["phone"]:
                self.add_error("phone", _("This does not look like a phone number. Check it, or leave it out."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The keywords of ``open_account``."""
        cleaned = self.cleaned_data
        months = 0 if cleaned["months"] == OPEN_ENDED else int(cleaned["months"])
        return {
            "account_uuid": cleaned["account_uuid"],
            "display_name": cleaned["display_name"],
            "languages": list(dict.fromkeys(filter(None, (cleaned["language"], cleaned["second_language"])))),
            "phone": cleaned.get("phone", ""),
            "programme": cleaned["pathway_version"].pathway.programme,
            "pathway_version": cleaned["pathway_version"],
            "facility": cleaned["facility"],
            "cohort": cleaned["cohort"],
            "start_on": cleaned["start_on"],
            "planned_end_on": add_months(cleaned["start_on"], months) if months else None,
        }


class LeaveForm(PlainForm):
    """Two days. There is no field for a reason: the reason is nobody's business."""

    from_on = DayField(label=_("First day of leave"))
    to_on = DayField(label=_("Last day of leave"))


class MoveForm(ScopedForm):
    facility = SiteChoice(label=_("New site"), queryset=OrganisationUnit.objects.none())
    from_on = DayField(label=_("First day there"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, term: Term, scope: Scope) -> None:
        super().__init__(data, initial={"from_on": scope.on})
        inside = scope.tree.below([term.programme.root_unit_id])
        here = term.placement_on(scope.on)
        sites = OrganisationUnit.objects.filter(pk__in=inside, level=UnitLevel.FACILITY)
        if here is not None and data is None:
            sites = sites.exclude(pk=here.facility_id)
        self.choice("facility").queryset = sites


class PartnerChoice(forms.ModelChoiceField):
    """Somebody by her chosen name and her work name."""

    def label_from_instance(self, obj: Term) -> str:
        return f"{obj.learner.display_name} ({obj.learner.alias})"


class PairForm(ScopedForm):
    partner = PartnerChoice(
        label=_("Visits with"), queryset=Term.objects.none(), required=False, empty_label=_("nobody for now")
    )
    from_on = DayField(label=_("From this day"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, beside: QuerySet[Term], on: date) -> None:
        super().__init__(data, initial={"from_on": on})
        self.choice("partner").queryset = beside.select_related("learner").order_by("learner__alias")


class ExtendForm(PlainForm):
    new_end_on = DayField(label=_("New last day"))


class EndForm(PlainForm):
    ended_on = DayField(label=_("Last day of her term"))
    end_class = forms.ChoiceField(
        label=_("How it ends"),
        choices=Term.EndClass.choices,
        widget=forms.RadioSelect,
        help_text=_("Only those who run terms can read this."),
    )
