"""Where a step of a pack stands among the times of a country: words of its author, and what they mean."""

from __future__ import annotations

import re

PLACES = {
    "before_first": "before the first",
    "after_first": "after the first",
    "before_last": "before the last",
    "after_last": "after the last",
}
_SAID = re.compile(r"(before|after) the (first|last)(?: \w+)?", re.IGNORECASE)


def place_in(words: str) -> str:
    """The place that ``words`` name, ``before the last test``; empty when they name none."""
    found = _SAID.fullmatch(words)
    return f"{found[1]}_{found[2]}".lower() if found else ""


def in_words(place: str, before: str = "") -> str:
    """``place`` in words: those of ``before`` where they say the same."""
    return before if place_in(before) == place else PLACES[place]
