"""Words that would tell a stranger about health, for every text that strangers see."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

BLOCKED_WORDS = Path(__file__).with_name("blocked_words.toml")


def _bare(text: str) -> str:
    """``text`` without case and accents, so that "Clínica" is "clinica"."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


@cache
def _blocked() -> re.Pattern[str]:
    with BLOCKED_WORDS.open("rb") as file:
        words = {_bare(word) for listed in tomllib.load(file).values() for word in listed}
    # The longest first: "mentor mother" is named before "mother" would be.
    patterns = [
        re.escape(word.removesuffix("*")).replace(r"\ ", r"[\s_-]+") + (r"\w*" if word.endswith("*") else "")
        for word in sorted(words, key=len, reverse=True)
    ]
    # Not \b: an underscore joins words for a machine, not for whoever reads them.
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])")


def blocked_words_in(text: str) -> list[str]:
    """The words in ``text`` that would tell a stranger about health; empty for a neutral title."""
    return _blocked().findall(_bare(text))
