"""What comes from the room, as typed values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from curriculum.models import Module
from printing.models import PaperKind
from printing.rights import Place, Rights


class RouteForm(forms.Form):
    """For whom, and in which language. What is not given or not hers is what she would look at first."""

    place = forms.CharField(required=False, max_length=40)
    language = forms.CharField(required=False, max_length=12)

    def __init__(self, data: Any, *, rights: Rights, usual_language: str) -> None:
        super().__init__(data)
        self.rights, self.usual_language = rights, usual_language

    @property
    def chosen_place(self) -> Place | None:
        places = self.rights.places
        first = next(iter(places.values()), None)
        return places.get(str(self.data.get("place", "")), first)

    @property
    def chosen_language(self) -> str:
        asked = str(self.data.get("language", ""))
        return asked if asked in dict(settings.LANGUAGES) else self.usual_language


class AskForm(forms.Form):
    """One kind of paper of one module, or of all that lack it."""

    kind = forms.ChoiceField(choices=PaperKind.choices)
    module = forms.ModelChoiceField(Module.objects.all(), to_field_name="code", required=False)
    place = forms.CharField(max_length=40)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
