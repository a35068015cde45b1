"""The words of a name, however it is accented or spelled big or small: compared online, and by a digest on paper."""

from __future__ import annotations

import unicodedata

LONGEST = 120
"""Letters of a typed name that are looked at."""

LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
"""What words are made of. A modifier letter (``ʼ`` and its like) parts words as an apostrophe does."""


def words_of(name: str) -> set[str]:
    """The words of ``name`` without accents, case, hyphens, apostrophes or digits.

    The rule is on every paper (docs/verify.md) and on phones that check one without network: it never changes.
    Compatibility decomposition, marks dropped, case folded; what is left of letters in a row is a word.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if unicodedata.category(sign)[0] != "M")
    return set("".join(sign if unicodedata.category(sign) in LETTERS else " " for sign in plain.casefold()).split())


def is_match(typed: str, printed: str) -> bool:
    """Whether every word typed is a word of the printed name, and at least one is no mere initial."""
    asked = words_of(typed[:LONGEST])
    return any(len(word) > 1 for word in asked) and asked <= words_of(printed)
