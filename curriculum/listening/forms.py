"""A recording as it comes in, and one that is not to be used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum.listening.sound import MOST_BYTES, TOO_BIG
from curriculum.models import Recording


class KeepForm(forms.Form):
    """One piece that was read: where it stands, which words it had, and the sound."""

    place = forms.CharField(max_length=160)
    hash = forms.RegexField(r"^[0-9a-f]{32}$")
    sound = forms.FileField(error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")})

    def clean_sound(self) -> Any:
        """Not more than one block can be."""
        sound = self.cleaned_data["sound"]
        if sound.size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return sound

    @property
    def key(self) -> str:
        """The text in which its place is."""
        key: str = self.cleaned_data["place"].partition("#")[0]
        return key


class WithdrawForm(forms.Form):
    """A recording in one language that is played today."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Recording.objects.in_use().filter(language=language)
        self.fields["recording"] = forms.ModelChoiceField(queryset=rows)
