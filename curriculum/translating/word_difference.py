"""What has changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple


class Piece(NamedTuple):
    """Words that stayed, went, or came."""

    what: Literal["same", "gone", "new"]
    words: str


def word_difference(older: str, newer: str) -> list[Piece]:
    """``older`` and ``newer`` as one text: the same words once, the others marked."""
    before, after = (re.findall(r"\S+\s*", text) for text in (older, newer))
    found: list[Piece] = []
    matcher = SequenceMatcher(None, [each.strip() for each in before], [each.strip() for each in after], autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(after[start:end])))
            continue
        if first < last:
            found.append(Piece("gone", "".join(before[first:last])))
        if start < end:
            found.append(Piece("new", "".join(after[start:end])))
    return found
