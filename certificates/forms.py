"""What is typed from the paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.names import LONGEST
from programme.forms import PlainForm


class NumberForm(forms.Form):
    """The number on the paper, or the whole address."""

    number = forms.CharField(
        label=_("Number on the paper"),
        max_length=400,
        help_text=_("Twelve letters and digits. You may type the address instead."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NameForm(PlainForm):
    """A family name as the paper shows it. Whatever is typed is compared: what is no name matches none."""

    name = forms.CharField(
        label=_("Family name on the paper"),
        help_text=_("Accents and capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].validators = []  # of a nought; only letters are looked at


class TakeOffForm(forms.Form):
    """What the number answers once her name is off; her PIN is asked beside it."""

    STAYS, GONE = "stays", "gone"
    answers = forms.ChoiceField(choices=[(STAYS, STAYS), (GONE, GONE)])
    pin = forms.CharField(max_length=4096, strip=False)
