"""From the bytes of a file to the lines of each question in it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from assessments.gift.marked import Line, signs_of
from assessments.gift.problems import Problems
from assessments.gift.tidying import without_unseen

MOST_BYTES = 2_000_000
"""A larger file is refused: the questions of sixteen modules are a quarter of it."""

CATEGORY = "$CATEGORY:"
TITLE = "::"


def decoded(data: bytes, problems: Problems) -> tuple[str, str]:
    """Return ``(text, encoding)``: UTF-8 with or without its mark, else windows-1252, else nothing."""
    if len(data) > MOST_BYTES:
        problems.stop(1, "too_large", most=MOST_BYTES // 1_000_000)
        return "", ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.stop(1, "utf16")
        return "", ""
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as bad:
        line = data.count(b"\n", 0, bad.start) + 1
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError as worse:
        problems.stop(data.count(b"\n", 0, worse.start) + 1, "unknown_letters")
        return "", ""
    problems.remark(line, "windows_1252")
    return text, "windows-1252"


def lines_of(text: str, problems: Problems) -> list[Line]:
    """Return the numbered lines of a text, each without white space at its ends."""
    lines: list[Line] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        seen = without_unseen(line)
        if seen != line:
            problems.remark(number, "control_characters")
        lines.append((number, seen.strip()))
    return lines


def blocks(lines: list[Line], problems: Problems) -> Iterator[list[Line]]:
    """Yield the lines of each question, category or lone comment, in order.

    A blank line ends a question, as in Moodle. Where one stands between the braces of a question, or
    is missing before the next, the question is read all the same and the line is named. A question
    whose braces do not close is named and left out, and what follows is read.
    """
    place = 0
    while place < len(lines):
        if not lines[place][1]:
            place += 1
            continue
        block = _Block(lines, place, problems)
        place = block.end
        if block.is_readable:
            yield [line for line in lines[block.start : block.end] if line[1]]


class _Block:
    """Finds where the block that begins at ``start`` ends, looking at each line once."""

    def __init__(self, lines: list[Line], start: int, problems: Problems) -> None:
        self.lines = lines
        self.problems = problems
        self.start = self.end = start
        self.is_readable = True
        self._opened = self._closed = -1  # the lines of the braces
        self._find_end()

    def _find_end(self) -> None:
        has_words = False
        while self.end < len(self.lines):
            number, line = self.lines[self.end]
            if not line and not self._goes_on():
                break
            if line and not line.startswith("//"):
                if self._is_over(number, line, has_words):
                    return
                has_words = True
            self.end += 1
        if self._is_open():
            self._leave_out(self.lines[self._opened][0], "not_closed")

    def _is_open(self) -> bool:
        return self._closed < 0 <= self._opened

    def _is_over(self, number: int, line: str, has_words: bool) -> bool:
        """Look at one line with words in it; true when the block ends here, with ``end`` set."""
        if line.startswith(CATEGORY) and not has_words:
            self._cut(self.end + 1)
            return True
        signs = signs_of(line)
        opens, closes = signs.find("{"), signs.find("}")
        begins_anew = has_words and line.startswith((TITLE, CATEGORY))
        if self._closed >= 0:
            if begins_anew or opens >= 0:
                self._cut(self._closed + 1)
                return True
        elif self._opened >= 0:
            if begins_anew:
                self._leave_out(self.lines[self._opened][0], "not_closed")
                return True
            if closes >= 0:
                self._closed = self.end
        elif closes >= 0 and not 0 <= opens < closes:
            self._leave_out(number, "not_opened")
            while self.end < len(self.lines) and self.lines[self.end][1]:
                self.end += 1
            return True
        elif opens >= 0:
            self._opened = self.end
            self._closed = self.end if closes >= 0 else -1
        return False

    def _cut(self, end: int) -> None:
        """End the block, though no blank line stands there."""
        self.end = end
        if end < len(self.lines) and self.lines[end][1]:
            self.problems.remark(self.lines[end][0], "no_blank_line")

    def _leave_out(self, number: int, rule: str) -> None:
        self.problems.stop(number, rule)
        self.is_readable = False

    def _goes_on(self) -> bool:
        """Whether a blank line stands inside braces that close further down, before another question begins."""
        if not self._is_open():
            return False
        for place in range(self.end, len(self.lines)):
            line = self.lines[place][1]
            if line.startswith((TITLE, CATEGORY)):
                return False
            signs = "" if line.startswith("//") else signs_of(line)
            opens, closes = signs.find("{"), signs.find("}")
            if closes >= 0 and not 0 <= opens < closes:
                self.problems.remark(self.lines[self.end][0], "blank_line_inside")
                return True
            if opens >= 0:
                return False
        return False
