"""Which languages are offered to choose from: the complete ones, and those beginning in which she can read something.

People say who she is; what there is to read where she works, an app above knows and registers here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings

Begun = Callable[[Any], Collection[str]]
"""Given a person, or ``None`` for a stranger: the languages in which she can read something."""

_begun: list[Begun] = []


def register(begun: Begun) -> None:
    _begun[:] = [begun]


_spoken: list[Callable[[], Collection[str]]] = []


def register_spoken(spoken: Callable[[], Collection[str]]) -> None:
    """Offer only the languages that ``spoken()`` names, where it names any: those of the place that is asked."""
    _spoken[:] = [spoken]


def is_spoken(code: str) -> bool:
    """Whether the place that is asked has this language. No query."""
    return all(not languages or code in languages for languages in (spoken() for spoken in _spoken))


def offered(user: Any = None, *, besides: Collection[str] = ()) -> list[tuple[str, str]]:
    """``(code, name)`` of the languages to offer to ``user``, with those she has, and ``besides``."""
    found = {*besides, *getattr(user, "languages", ())}
    wanted = [code for code in settings.BEGINNING_LANGUAGES if code not in found]
    if wanted:
        found |= {code for begun in _begun for code in begun(user)}
    hers = {*besides, *getattr(user, "languages", ())}
    return [
        (code, name)
        for code, name in settings.LANGUAGES
        if (code not in settings.BEGINNING_LANGUAGES or code in found) and (code in hers or is_spoken(code))
    ]
