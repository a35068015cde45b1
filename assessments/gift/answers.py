"""What stands between the braces of a question: one reader for each of GIFT's forms."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from decimal import Context, Decimal

from assessments.gift.marked import Piece
from assessments.gift.problems import Problems
from assessments.gift.questions import (
    FORMATS,
    FULL,
    NONE,
    Answer,
    Answers,
    Choice,
    Essay,
    Format,
    Matching,
    MatchingPair,
    Number,
    NumberAnswer,
    ShortAnswer,
    Text,
    TrueFalse,
)

Comments = deque[tuple[int, str]]
"""Comment lines, each with where in the source it stood."""

WEIGHT = re.compile(r"%-*\d[^%]*%")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_MOST_DIGITS = 30
_EXACT = Context(prec=4 * _MOST_DIGITS)
_TRUE = {"T", "TRUE"}
_TRUE_OR_FALSE = {*_TRUE, "F", "FALSE"}


def read_text(piece: Piece, default: Format) -> Text:
    """Return a text with the format it is marked with, or ``default``."""
    piece = piece.stripped()
    for name in FORMATS:
        if piece.raw.startswith(f"[{name}]"):
            return Text(piece.cut(len(name) + 2).value, name)
    return Text(piece.value, default)


def read_answers(piece: Piece, comments: Comments, default: Format, problems: Problems) -> Answers | None:
    """Read what stands between braces; None when it cannot be read. Comments used by an answer leave ``comments``.

    The form is told as Moodle tells it: by a leading ``#``, then a ``~``, then ``=`` with an arrow.
    """
    if (brace := piece.find("{")) >= 0:
        problems.remark(piece.cut(brace).line, "brace_inside")
    reader = _Reader(comments, default, problems)
    if not piece:
        return Essay()
    signs = piece.signs
    if signs.startswith("#"):
        return reader.number(piece.cut(1).stripped())
    if "~" in signs:
        return reader.choice(piece)
    if "=" in signs and "->" in signs:
        return reader.matching(piece)
    if piece.parted("#", 2)[0].raw.upper() in _TRUE_OR_FALSE:
        return reader.true_false(piece)
    return reader.short_answer(piece)


class _Reader:
    def __init__(self, comments: Comments, default: Format, problems: Problems) -> None:
        self.comments = comments
        self.default = default
        self.problems = problems

    def true_false(self, piece: Piece) -> TrueFalse:
        said, *feedbacks = piece.parted("#", 3)
        wrong, right = ([read_text(feedback, self.default) for feedback in feedbacks] + [None, None])[:2]
        return TrueFalse(said.raw.upper() in _TRUE, wrong, right)

    def choice(self, piece: Piece) -> Choice | None:
        answers: list[Answer | None] = []
        for sign, part in piece.answers("~="):
            if not sign:
                self.problems.stop(part.line, "text_before_answers", text=part.value)
                answers.append(None)
                continue
            line, above = part.line, self._above(part)
            weight: Decimal | None = FULL
            if sign == "~":
                weight, part = self._weight(part, NONE)
            text, feedback = self._with_feedback(part)
            if weight is None or not self._says_something(text, line):
                answers.append(None)
            else:
                answers.append(Answer(text, weight, feedback, above, line))
        good = _all(answers)
        return None if good is None else Choice(good, "=" in piece.signs)

    def short_answer(self, piece: Piece) -> ShortAnswer | None:
        answers: list[Answer | None] = []
        for _sign, part in piece.answers("="):
            line, above = part.line, self._above(part)
            weight, part = self._weight(part, FULL)
            text, feedback = self._with_feedback(part)
            if weight is None or not self._says_something(text, line):
                answers.append(None)
            else:
                answers.append(Answer(text, weight, feedback, above, line))
        good = _all(answers)
        return None if good is None else ShortAnswer(good)

    def matching(self, piece: Piece) -> Matching | None:
        pairs: list[MatchingPair | None] = []
        for sign, part in piece.answers("="):
            line, above = part.line, self._above(part)
            left, *right = part.parted("->", 2)
            pairs.append(None)
            if not sign:
                self.problems.stop(line, "text_before_answers", text=part.value)
            elif not right:
                self.problems.stop(line, "no_arrow", text=part.value)
            elif not right[0].value:
                self.problems.stop(line, "no_right_side", text=left.value)
            else:
                pairs[-1] = MatchingPair(read_text(left, self.default), right[0].value, above, line)
        good = _all(pairs)
        return None if good is None else Matching(good)

    def number(self, piece: Piece) -> Number | None:
        otherwise: Text | None = None
        if (tilde := piece.find("~")) >= 0:  # what stands after it is said to every other number
            _nothing, otherwise = self._with_feedback(piece.cut(tilde + 1))
            piece = piece.cut(0, tilde).stripped()
        if not piece:
            self.problems.stop(piece.line, "no_numbers")
            return None
        answers: list[NumberAnswer | None] = []
        for _sign, part in piece.answers("="):
            line, above = part.line, self._above(part)
            weight, part = self._weight(part, FULL)
            said, *feedbacks = part.parted("#", 2)
            feedback = read_text(feedbacks[0], self.default) if feedbacks else None
            both = self._range(read_text(said, self.default).text, line)
            if weight is None or both is None:
                answers.append(None)
            else:
                answers.append(NumberAnswer(*both, weight, feedback, above, line))
        good = _all(answers)
        return None if good is None else Number(good, otherwise)

    def _range(self, text: str, line: int) -> tuple[Decimal | None, Decimal | None] | None:
        if text == "*":
            return None, None
        found = read_range(text)
        if isinstance(found, str):
            self.problems.stop(line, found, text=text)
            return None
        return found

    def _weight(self, part: Piece, usual: Decimal) -> tuple[Decimal | None, Piece]:
        """Take ``%50%`` from the front of an answer; None for the weight when it is none."""
        if not (match := WEIGHT.match(part.raw)):
            return usual, part
        weight = _decimal(match[0].strip("%"))
        if weight is None or not -FULL <= weight <= FULL:
            self.problems.stop(part.line, "weight", text=match[0])
            weight = None
        return weight, part.cut(match.end()).stripped()

    def _with_feedback(self, part: Piece) -> tuple[Text, Text | None]:
        said, *feedbacks = part.parted("#", 2)
        return read_text(said, self.default), read_text(feedbacks[0], self.default) if feedbacks else None

    def _says_something(self, text: Text, line: int) -> bool:
        if not text.text:
            self.problems.stop(line, "empty_answer")
        return bool(text.text)

    def _above(self, part: Piece) -> tuple[str, ...]:
        """Take the comment lines that stand before this answer and after the last."""
        above: list[str] = []
        while self.comments and self.comments[0][0] <= part.start:
            above.append(self.comments.popleft()[1])
        return tuple(above)


def read_range(text: str) -> tuple[Decimal, Decimal] | str:
    """Read ``3``, ``3:0.5`` or ``3..4`` as ``(from, to)``; the name of the rule it breaks when it is none."""
    low, dots, high = text.partition("..")
    middle, colon, tolerance = text.partition(":")
    values = [_decimal(part) for part in ((low, high) if dots else (middle, tolerance) if colon else (text,))]
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return "not_a_number"
    first, last = numbers[0], numbers[-1]
    if colon and not dots:
        first, last = _EXACT.subtract(first, last), _EXACT.add(first, last)
    return (first, last) if first <= last else "backwards_range"


def _decimal(text: str) -> Decimal | None:
    """Return an ordinary number; None for anything else, and for one with more digits than anybody means."""
    text = text.strip()
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return None
    value = Decimal(text)
    return value if not value or abs(value.adjusted()) <= _MOST_DIGITS else None


def _all[Part](parts: Sequence[Part | None]) -> tuple[Part, ...] | None:
    """All parts, or None when one of them could not be read."""
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None
