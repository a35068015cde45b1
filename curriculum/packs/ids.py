"""Short names that stay: every block, answer and line of a pack has one, and nothing else is it known by.

Translations, recordings and evidence hold on to them, so they never change and are never used again for
something else. A new one follows from the words it stands beside: two people who run the command get the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

ID = re.compile(r"^[a-z][a-z0-9_]{0,11}$")
LESSON_ID = re.compile(r"^l[1-9][0-9]{0,2}$")
_LETTERS = "bcdfghjkmnpqrstvwxyz"
_SIGNS = _LETTERS + "23456789"


def mint(words: str, taken: Iterable[str]) -> str:
    """A new id of four signs for a block that says ``words``; it spells no word and is not among ``taken``."""
    used = set(taken)
    for turn in range(10_000):
        digest = hashlib.sha256(f"{turn}\n{words}".encode()).digest()
        found = _LETTERS[digest[0] % len(_LETTERS)] + "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest[1:4])
        if found not in used:
            return found
    raise RuntimeError("no id is left")


def next_letter(taken: Iterable[str]) -> str:
    """The id of a new answer: the first of a, b, c ... that is free, then a1, b1 ..."""
    used = set(taken)
    return next(
        name
        for round_ in range(1000)
        for name in (f"{letter}{round_ or ''}" for letter in "abcdefghijklmnopqrstuvwxyz")
        if name not in used
    )


def next_number(prefix: str, taken: Iterable[str]) -> str:
    """The id of a new line: ``c1``, ``c2`` ..., one more than the highest there is."""
    numbers = [int(found[1]) for name in taken if (found := re.fullmatch(rf"{prefix}(\d+)", name))]
    return f"{prefix}{max(numbers, default=0) + 1}"


def mark_of(words: str) -> str:
    """Eight signs by which ``words`` are known again: whether somebody has read exactly these."""
    return hashlib.sha256(words.encode()).hexdigest()[:8]
