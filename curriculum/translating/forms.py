"""What comes from the translators' room: words for one text, a file, what is decided about what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum.translating.brought_in import Decision
from curriculum.translating.sheet import MOST_BYTES


class WordsForm(forms.Form):
    """The words for one text; ``seen`` tells what was before her when she wrote them."""

    words = forms.CharField(required=False, max_length=8000, strip=False)
    seen = forms.CharField(required=False, max_length=16)


class FileForm(forms.Form):
    """A PO file or a sheet."""

    file = forms.FileField(
        label=_("A file that was given out here"),
        widget=forms.ClearableFileInput(attrs={"accept": ".po,.xlsx"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> Any:
        """A name that says what it is, and not larger than a module can be."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith((".po", ".xlsx")):
            raise forms.ValidationError(_("Choose a file that ends with .po or .xlsx."))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than a module can be."))
        return file


def decisions(posted: Mapping[str, str]) -> dict[str, tuple[Decision, str, str]]:
    """``{id: (keep or replace, the words of the file, what was before her)}``; anything else is left out."""
    found: dict[str, tuple[Decision, str, str]] = {}
    for name, answer in posted.items():
        if not name.startswith("decide-") or answer not in ("keep", "replace"):
            continue
        key = name.removeprefix("decide-")
        decision: Decision = "replace" if answer == "replace" else "keep"
        found[key] = (decision, posted.get(f"words-{key}", "")[:8000], posted.get(f"seen-{key}", ""))
    return found
