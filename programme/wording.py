"""The interface in a programme's own words: one says team where another says site. Over gettext, under every page.

The words come from the programme's ``words/<language>.po`` (docs/programmes.md). A phrase without words of its own
says what it says everywhere. Nothing in code names a peer, a place or an illness: a programme that needs other words
than ours brings them along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import trans_real

from programme.own import Own, of_programme

_in_force: ContextVar[Own | None] = ContextVar("programme_in_force", default=None)

PUBLIC_NAME = "Thuto"
"""What the installation is called where its programme has no neutral name of its own (``settings.PUBLIC_NAME``)."""

LibraryTranslation = trans_real.DjangoTranslation


class WordedTranslation(LibraryTranslation):  # type: ignore[valid-type, misc]
    """A language whose phrases the programme in force may say in its own words."""

    def gettext(self, message: str) -> str:
        words = self._own_words(message)
        return words if isinstance(words, str) else str(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        words = self._own_words(msgid1)
        if isinstance(words, list) and words:
            return words[min(self.plural(n), len(words) - 1)]
        return str(super().ngettext(msgid1, msgid2, n))

    def _own_words(self, message: str) -> Any:
        own = _in_force.get()
        if own is None:
            return None
        if own.public_name and message == PUBLIC_NAME:
            return own.public_name
        return own.wording.get(self.to_language(), {}).get(message)


def install() -> None:
    """Let Django make its languages so. Done once, before anything is translated (``ProgrammeConfig.ready``)."""
    if trans_real.DjangoTranslation is not WordedTranslation:
        trans_real.DjangoTranslation = WordedTranslation  # type: ignore[misc]
        # A tripwire test holds us to how the library keeps them.
        vars(trans_real).update(_translations={}, _default=None)


def in_force() -> Own | None:
    """The programme whose words are spoken now."""
    return _in_force.get()


@contextmanager
def spoken(own: Own | None) -> Iterator[None]:
    """Speak in the words of ``own`` inside the block; in ours for ``None``."""
    before = _in_force.set(own)
    try:
        yield
    finally:
        _in_force.reset(before)


@contextmanager
def words_of(programme_pk: int | None) -> Iterator[None]:
    """Speak in the words of the programme ``programme_pk`` inside the block."""
    with spoken(of_programme(programme_pk)):
        yield


def languages_in_force() -> tuple[str, ...]:
    """The languages of the programme whose words are spoken now; none: all there are."""
    own = _in_force.get()
    return own.languages if own is not None else ()
