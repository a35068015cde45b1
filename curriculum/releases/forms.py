"""A release as it is named and chosen at the desk, and what the minutes say of its approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from curriculum.models import Country, Module, Release
from curriculum.releases.approving import MARK_LETTERS

CHOOSE = _("Please choose at least one.")


class ReleaseForm(forms.Form):
    """What goes into a release of one country."""

    name = forms.CharField(
        max_length=80, label=_("Name"), help_text=_("As the meeting will call it, such as “Kenya, first release 2026”.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), widget=forms.CheckboxSelectMultiple, error_messages={"required": CHOOSE}
    )
    modules = forms.ModelMultipleChoiceField(
        queryset=Module.objects.none(),
        label=_("Modules"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE},
    )

    def __init__(self, *args: Any, country: Country, modules: Any, titles: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        names = dict(settings.LANGUAGES)
        languages, chosen = self.fields["languages"], self.fields["modules"]
        if isinstance(languages, forms.MultipleChoiceField):
            languages.choices = [(code, names.get(code, code)) for code in country.languages]
        if isinstance(chosen, forms.ModelMultipleChoiceField):
            chosen.queryset = modules
            chosen.label_from_instance = lambda obj: f"{obj.code} {titles.get(obj.pk, '')}".strip()  # type: ignore[method-assign]

    def clean_modules(self) -> Any:
        """Modules of two curricula are two releases: nobody who works with one knows of the other."""
        modules = self.cleaned_data["modules"]
        if len({module.strand.curriculum for module in modules}) > 1:
            raise forms.ValidationError(_("These modules belong to two curricula. Please make two releases."))
        return modules

    def clean(self) -> dict[str, Any]:
        """A name is taken within one curriculum: of another nothing is told, not even that."""
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("modules"):
            curriculum = cleaned["modules"][0].strand.curriculum
            taken = Release.objects.filter(country=self.country, curriculum=curriculum, name=cleaned["name"])
            if taken.exists():
                self.add_error("name", _("There is a release with this name. Please choose another name."))
        return cleaned


class ApprovalForm(forms.Form):
    """What the minutes say, and the mark from the foot of the pages that were read."""

    reviewer = forms.CharField(
        max_length=120, label=_("Reviewer"), help_text=_("The name in the minutes: who answers for it.")
    )
    meeting = forms.CharField(max_length=160, label=_("Meeting"))
    held_on = forms.DateField(
        label=_("Day of the meeting"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Please choose a day.")},
    )
    document_number = forms.CharField(max_length=60, label=_("Document number"))
    mark = forms.CharField(
        min_length=MARK_LETTERS,
        max_length=64,
        label=_("Mark of the content, from the foot of a page"),
        help_text=_("The first 8 signs are enough. They show that this is the document that was read."),
        error_messages={"min_length": _("Please type at least 8 signs of it.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day
