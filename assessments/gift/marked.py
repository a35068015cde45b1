"""Signs and escapes: which characters of a piece of GIFT mean something, and which are only themselves.

``\\~ \\= \\# \\{ \\} \\: \\\\`` are the sign itself and ``\\n`` is a line break, as in Moodle. Two things are
ours: ``\\>`` keeps an arrow in a text from parting a pair, and a line break in the file itself may be
read as a space (``joins_lines``), so that an author can wrap long lines where she likes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assessments.gift.problems import Problems
from assessments.gift.tidying import tidy

_ESCAPES = {"~": "~", "=": "=", "#": "#", "{": "{", "}": "}", ":": ":", "\\": "\\", "n": "\n", ">": ">"}
_PLAIN = "\0"
"""Stands in ``Source.signs`` for a character that is only itself."""

Line = tuple[int, str]
"""The number of a line in its file, and the line without white space at its ends."""


class Source:
    """The lines of one question with their escapes resolved.

    ``text`` holds what is meant; ``signs`` is as long and holds, for each character, the character when
    it may be a sign and a zero when it was escaped.
    """

    def __init__(self, lines: Iterable[Line], *, joins_lines: bool = False, problems: Problems | None = None) -> None:
        text: list[str] = []
        signs: list[str] = []
        self.joins_lines = joins_lines
        self.comments: list[tuple[int, Line]] = []  # where in the text each comment line stood
        self._starts: list[int] = []
        self._numbers: list[int] = []
        length = 0
        for number, line in lines:
            if line.startswith("//"):
                self.comments.append((length, (number, line)))
                continue
            self._starts.append(length)
            self._numbers.append(number)
            meant, marked = _resolve(line, number, problems)
            text += meant, "\n"
            signs += marked, "\n"
            length += len(meant) + 1
        self.text = "".join(text)
        self.signs = "".join(signs)

    def whole(self) -> Piece:
        """All of it."""
        return Piece(self, 0, len(self.text)).stripped()

    def line_at(self, offset: int) -> int:
        """The number of the line on which a character stands."""
        if not self._numbers:
            return self.comments[0][1][0] if self.comments else 0
        return self._numbers[max(bisect_right(self._starts, offset) - 1, 0)]


def _resolve(line: str, number: int, problems: Problems | None) -> tuple[str, str]:
    if "\\" not in line:
        return line, line
    text: list[str] = []
    signs: list[str] = []
    place = 0
    while place < len(line):
        letter = line[place]
        if letter != "\\":
            text.append(letter)
            signs.append(letter)
            place += 1
        elif (after := line[place + 1 : place + 2]) in _ESCAPES and after:
            text.append(_ESCAPES[after])
            signs.append(_PLAIN)
            place += 2
        else:  # as in Moodle: a backslash before anything else is a backslash
            if problems:
                problems.remark(number, "unknown_escape", escape=f"\\{after}")
            text.append(letter)
            signs.append(_PLAIN)
            place += 1
    return "".join(text), "".join(signs)


def signs_of(line: str) -> str:
    """What may be signs in one line."""
    return _resolve(line, 0, None)[1]


@dataclass(frozen=True)
class Piece:
    """A stretch of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.source.line_at(self.start)

    @property
    def signs(self) -> str:
        """What may be signs in it; offsets in it are offsets in the piece."""
        return self.source.signs[self.start : self.end]

    @property
    def raw(self) -> str:
        """Its text as it stands, with the line breaks of the file."""
        return self.source.text[self.start : self.end]

    @property
    def value(self) -> str:
        """Its text, tidy: with the author's line breaks, or with spaces in their place."""
        raw = self.raw
        if self.source.joins_lines and "\n" in self.signs:
            raw = "".join(" " if sign == "\n" else letter for letter, sign in zip(raw, self.signs, strict=True))
        return tidy(raw)

    def __bool__(self) -> bool:
        return bool(self.raw.strip())

    def find(self, sign: str) -> int:
        """Where ``sign`` first stands in it, unescaped; -1 when nowhere."""
        return self.signs.find(sign)

    def cut(self, start: int, end: int | None = None) -> Piece:
        """The stretch from ``start`` to ``end``, counted from its own beginning."""
        return Piece(self.source, self.start + start, self.end if end is None else self.start + end)

    def stripped(self) -> Piece:
        """Itself without white space at both ends."""
        raw = self.raw
        lead = len(raw) - len(raw.lstrip())
        return self.cut(lead, max(lead, len(raw.rstrip())))

    def parted(self, sign: str, most: int) -> list[Piece]:
        """Its parts between unescaped ``sign``, at most ``most`` of them, each stripped."""
        parts: list[Piece] = []
        rest = self
        while len(parts) < most - 1 and (place := rest.find(sign)) >= 0:
            parts.append(rest.cut(0, place).stripped())
            rest = rest.cut(place + len(sign))
        return [*parts, rest.stripped()]

    def answers(self, signs: str) -> list[tuple[str, Piece]]:
        """``[(sign, answer)]`` for each part that one of ``signs`` begins; the first sign may be missing."""
        starts = [match.start() for match in re.finditer(f"[{signs}]", self.signs)]
        ends = [*starts, self.end - self.start]
        found = [("", self.cut(0, ends[0]).stripped())]
        for place, until in pairwise(ends):
            found.append((self.signs[place], self.cut(place + 1, until).stripped()))
        return found if found[0][1] else found[1:]


def escaped(text: str, *, arrows: bool = False, colons: bool = False) -> str:
    """Return ``text`` on one line as GIFT writes it.

    ``arrows`` also keeps ``->`` from being read as the arrow of a pair; ``colons`` keeps all colons.
    """
    text = re.sub(r"[\\~=#{}]", r"\\\g<0>", text).replace("\n", "\\n")
    if arrows:
        text = text.replace("->", "-\\>")
    return text.replace(":", "\\:") if colons else text
