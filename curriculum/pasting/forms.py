"""What comes from a clipboard, and the lesson that is made of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from curriculum.models import ModulePage

MOST_LETTERS = 1_500_000
"""A long book without its pictures. Script takes those out before it sends anything."""


class PastedForm(forms.Form):
    html = forms.CharField(max_length=MOST_LETTERS, strip=False, widget=forms.HiddenInput)


class NewLessonForm(PastedForm):
    """The place and the name of a lesson that is made of a pasted text."""

    title = forms.CharField(label=_("Title of the lesson"), max_length=120)
    module: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Module"), queryset=ModulePage.objects.none())

    def __init__(self, *args: Any, modules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["module"]
        field.queryset = modules

    def clean_html(self) -> str:
        html: str = self.cleaned_data["html"]
        if not html.strip():
            raise ValidationError(_("Paste a text first."))
        return html
