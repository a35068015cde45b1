"""What is typed from the paper."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.names import LONGEST


class NumberForm(forms.Form):
    """The number on the paper, or the whole address."""

    number = forms.CharField(
        label=_("Number on the paper"),
        max_length=400,
        help_text=_("Twelve letters and digits. You may type the address instead."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NameForm(forms.Form):
    """A family name as the paper shows it."""

    name = forms.CharField(
        label=_("Family name on the paper"),
        max_length=LONGEST,
        help_text=_("Accents and capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
