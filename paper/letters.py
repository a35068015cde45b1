"""What our fonts can write, and how wide it will be. Plain values only; nothing is laid out here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from paper import engine

FACES = {
    "sans": ("NotoSans-Regular.ttf", "NotoSansEthiopic-Regular.ttf"),
    "bold": ("NotoSans-Bold.ttf", "NotoSansEthiopic-Bold.ttf"),
    "display": ("NotoSerifDisplay-Regular.ttf", "NotoSansEthiopic-Regular.ttf"),
}
"""The files of a face, in the order in which a letter is looked for."""

POINT = 25.4 / 72
"""Millimetres."""

INVISIBLE = frozenset({"Cf", "Mn", "Zs"})
"""Joiners, marks and spaces: without a form of their own they leave no hole on the paper."""


@cache
def _advances(face: str) -> dict[int, float]:
    """How far each letter of ``face`` moves the pen, in parts of its size."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow, and only what prints needs it

    advances: dict[int, float] = {}
    for name in reversed(FACES[face]):
        if not (engine.FONTS / name).exists():
            raise engine.CannotPrint(engine.missing_words([name]))
        font: Any = TTFont(engine.FONTS / name, lazy=True)
        metrics, size = font["hmtx"].metrics, font["head"].unitsPerEm
        advances |= {code: metrics[glyph][0] / size for code, glyph in font.getBestCmap().items()}
        font.close()
    return advances


def width_of(text: str, points: float, face: str = "sans") -> float:
    """How wide ``text`` is on one line, in millimetres. Kerning is left out: it makes a line narrower, hardly wider."""
    advances = _advances(face)
    return sum(advances.get(ord(letter), 0.6) for letter in unicodedata.normalize("NFC", text)) * points * POINT


def unprintable(text: str) -> str:
    """The signs in ``text`` for which no font of ours has a form, each once: an emoji, a script that is not bundled."""
    known = _advances("sans").keys() & _advances("display").keys()
    return "".join(
        dict.fromkeys(
            letter
            for letter in unicodedata.normalize("NFC", text)
            if ord(letter) not in known and unicodedata.category(letter) not in INVISIBLE
        )
    )


def lines_of(text: str, points: float, width: float, face: str = "sans") -> int:
    """On how many lines of ``width`` millimetres ``text`` stands, broken at its gaps."""
    gap, lines, used = width_of(" ", points, face), 1, 0.0
    for word in text.split():
        wide = width_of(word, points, face)
        if used and used + gap + wide > width:
            lines, used = lines + 1, wide
        else:
            used += wide + (gap if used else 0)
    return lines


def largest(text: str, sizes: Sequence[float], width: float, face: str = "sans") -> float | None:
    """The first of ``sizes`` in points at which ``text`` fits on one line of ``width`` millimetres."""
    return next((size for size in sizes if width_of(text, size, face) <= width), None)
