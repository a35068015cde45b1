"""What phones send about the person herself, and in which term of hers an act was done.

The app that keeps what she chooses, ``people``, knows nothing of phones.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

import people.actions
from offline.kinds import Entry, Refused
from programme.models import Clock, Term
from programme.scope import term_at

SETTINGS = "settings"
LARGEST_TEXT = 2

REASONS = {
    "no_term": _("This phone says that you did this before your term or after it. It is kept. Ask your coordinator."),
    "no_such_setting": _("This choice is not known here. Nothing was changed. Choose again under Settings."),
}


def term_of(entry: Entry, clock: Clock) -> Term:
    """The term of hers in which it happened, though it may have ended meanwhile. Raises ``Refused``. One query."""
    term = term_at(entry.owner, clock.happened_at)
    if term is None:
        raise Refused("no_term")
    return term


@transaction.atomic
def take_settings(entry: Entry) -> bool:
    """What she chose: ``{"languages": [code, ...], "text_size": 0 to 2}``, both or one of them.

    Of two choices the one that happened later stands, in whatever order they come.
    """
    languages, text_size = entry.payload.get("languages"), entry.payload.get("text_size")
    if languages is None and text_size is None:
        raise Refused("no_such_setting")
    if not _are_languages(languages) or not _is_text_size(text_size):
        raise Refused("no_such_setting")
    at = Clock(**entry.clock()).happened_at
    is_new = False
    if languages is not None:
        is_new |= people.actions.choose_languages(user=entry.owner, languages=languages, at=at)
    if text_size is not None:
        is_new |= people.actions.choose_text_size(user=entry.owner, text_size=text_size, at=at)
    return is_new


def _are_languages(value: Any) -> bool:
    if value is None:
        return True
    known = dict(settings.LANGUAGES)
    return isinstance(value, list) and bool(value) and all(isinstance(code, str) and code in known for code in value)


def _is_text_size(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= LARGEST_TEXT)
