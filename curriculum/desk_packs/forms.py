"""A pack that is sent to the desk, and what is decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum.packs.files import MOST_BYTES_A_FILE
from curriculum.packs.merging import Change, Decision
from curriculum.packs.pieces import Place


class UploadForm(forms.Form):
    """One zip."""

    pack = forms.FileField(
        label=_("A pack in a zip"),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )

    def clean_pack(self) -> Any:
        """Not larger than a curriculum can be."""
        pack = self.cleaned_data["pack"]
        if pack.size > MOST_BYTES_A_FILE:
            raise forms.ValidationError(
                _("This file is larger than %(most)s MB. Leave the recordings out and try again.")
                % {"most": MOST_BYTES_A_FILE // 1_000_000}
            )
        return pack


class DecisionForm(forms.Form):
    """What is done with each piece that was changed here and in the pack; every one has to be answered."""

    # Translators: two answers below two texts, one from here and one from a file.
    ANSWERS = (("keep", _("Leave what is here")), ("replace", _("Take the pack's")))

    def __init__(self, *args: Any, conflicts: Sequence[Change], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = conflicts
        for change in conflicts:
            self.fields[name_of(change.place)] = forms.ChoiceField(
                choices=self.ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose one of the two.")},
            )

    def rows(self) -> list[tuple[Change, forms.BoundField]]:
        """Each conflict with its question."""
        return [(change, self[name_of(change.place)]) for change in self.conflicts]

    def decide(self, place: Place) -> Decision | None:
        """What was answered for ``place``."""
        answer: Decision | None = self.cleaned_data.get(name_of(place))
        return answer


def name_of(place: Place) -> str:
    """The name of the question about ``place``."""
    return f"decide-{place}"
