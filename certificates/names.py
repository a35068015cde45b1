"""Whether a name typed from the paper is in the printed one, however it is accented or spelled big or small."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Letters of a typed name that are looked at."""

WORD = re.compile(r"[^\W\d_]+")


def words_of(name: str) -> set[str]:
    """The words of ``name`` without accents, case, hyphens or apostrophes."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    return set(WORD.findall(plain.casefold()))


def is_match(typed: str, printed: str) -> bool:
    """Whether every word typed is a word of the printed name, and at least one is no mere initial."""
    asked = words_of(typed[:LONGEST])
    return any(len(word) > 1 for word in asked) and asked <= words_of(printed)
