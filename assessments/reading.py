"""What the templates of a quiz are told, for a page of the site and for a page on her phone alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from assessments.forms import AttemptForm
from assessments.models import Ticket

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def language_note(text_language: str, languages: Sequence[str]) -> dict[str, str] | None:
    """The names for "not yet in yours, here it is in this one"; ``None`` when the text is in her first language."""
    if text_language == languages[0]:
        return None
    return {"wanted": LANGUAGE_NAMES[languages[0]], "read": LANGUAGE_NAMES[text_language]}


def sheet_words(form: AttemptForm, ticket: Ticket | None, languages: Sequence[str]) -> dict[str, Any]:
    """For ``assessments/quiz_sheet.html``; without a ticket it is practice."""
    text = form.sheet.text
    return {
        "form": form,
        "text": text,
        "ticket": ticket,
        "module": text.version.quiz.module,
        "language_note": language_note(text.language, languages),
    }
