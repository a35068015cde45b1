"""What a GIFT file says, as plain frozen values: the format's own words, not yet a pack's items.

GIFT is Moodle's text format for questions. Each of its questions is one class here. Texts are tidy
(``tidying.tidy``). A text carries the format its author marked it with; this package never turns one
format into another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal, get_args

from assessments.gift.tidying import tidy, tidy_comments, tidy_label, tidy_labels, tidy_line

Format = Literal["moodle", "html", "plain", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)
DEFAULT_FORMAT: Format = "moodle"
"""What Moodle takes an unmarked text for: its own mixture of text and HTML."""

FULL = Decimal(100)
NONE = Decimal(0)


@dataclass(frozen=True)
class Text:
    """A text and the format it is written in."""

    text: str
    format: Format = DEFAULT_FORMAT

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", tidy(self.text))


_TIDYING: dict[str, Callable[..., object]] = {
    "title": tidy_line,
    "path": tidy_line,
    "tail": tidy,
    "right": tidy,
    "id_number": tidy_label,
    "tags": tidy_labels,
    "comments": tidy_comments,
    "inner_comments": tidy_comments,
    "lines": tidy_comments,
}


def _tidy_parts(value: Any) -> None:
    """Bring the parts of a new value into the shape in which a file can say them."""
    for part in fields(value):
        content = getattr(value, part.name)
        if part.name in _TIDYING:
            object.__setattr__(value, part.name, _TIDYING[part.name](content))
        elif content == Text("", getattr(content, "format", DEFAULT_FORMAT)) and part.default is None:
            object.__setattr__(value, part.name, None)  # a feedback without a word is none


@dataclass(frozen=True)
class Answer:
    """An answer of a choice or of a short answer. ``weight`` is the percent it earns, -100 to 100.

    ``comments`` are the comment lines directly above it.
    """

    text: Text
    weight: Decimal = NONE
    feedback: Text | None = None
    comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _tidy_parts(self)


@dataclass(frozen=True)
class NumberAnswer:
    """The numbers from ``low`` to ``high``; every number when both are None. ``weight`` in percent."""

    low: Decimal | None
    high: Decimal | None
    weight: Decimal = FULL
    feedback: Text | None = None
    comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _tidy_parts(self)


@dataclass(frozen=True)
class MatchingPair:
    """A left side and the right side that belongs to it; without a left side, one more wrong right side."""

    left: Text
    right: str
    comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _tidy_parts(self)


@dataclass(frozen=True)
class Choice:
    """Choose one answer (``is_single``), or several whose weights add up."""

    answers: tuple[Answer, ...]
    is_single: bool = True

    def __post_init__(self) -> None:
        # GIFT says "single" by a "=" and "choice" by a "~": both must be there to be read again.
        weights = [answer.weight for answer in self.answers]
        can_be_single = FULL in weights and any(weight != FULL for weight in weights)
        object.__setattr__(self, "is_single", self.is_single and can_be_single)

    form = "choice"


@dataclass(frozen=True)
class TrueFalse:
    """A statement that is true or not, with what to say to the wrong and to the right answer."""

    is_true: bool
    wrong_feedback: Text | None = None
    right_feedback: Text | None = None

    def __post_init__(self) -> None:
        _tidy_parts(self)

    form = "true_false"


@dataclass(frozen=True)
class ShortAnswer:
    """Type a word; each accepted one has its weight."""

    answers: tuple[Answer, ...]

    form = "short_answer"


@dataclass(frozen=True)
class Number:
    """Type a number; the first answer that fits counts. ``otherwise`` is said to every other number."""

    answers: tuple[NumberAnswer, ...]
    otherwise: Text | None = None

    def __post_init__(self) -> None:
        _tidy_parts(self)

    form = "number"


@dataclass(frozen=True)
class Matching:
    """Join each left side with its right side."""

    pairs: tuple[MatchingPair, ...]

    form = "matching"


@dataclass(frozen=True)
class Essay:
    """Write freely; a person marks it."""

    form = "essay"


@dataclass(frozen=True)
class Description:
    """A text to read; nothing is asked."""

    form = "description"


Answers = Choice | TrueFalse | ShortAnswer | Number | Matching | Essay | Description


@dataclass(frozen=True)
class Question:
    """One question of a GIFT file.

    ``tail`` is the rest of the sentence after the answers: with words in it the question is one of a
    missing word. ``comments`` stand above the question, ``inner_comments`` between its braces after the
    last answer. ``line`` is where it begins in its file; it is no part of what the question says.
    """

    stem: Text
    answers: Answers
    title: str = ""
    tail: str = ""
    general_feedback: Text | None = None
    id_number: str = ""
    tags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    inner_comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.answers, Description):  # without braces nothing can stand in or behind them
            for name, value in (
                ("tail", ""),
                ("general_feedback", None),
                ("comments", self.comments + self.inner_comments),
                ("inner_comments", ()),
            ):
                object.__setattr__(self, name, value)
        _tidy_parts(self)

    @property
    def form(self) -> str:
        """Which of GIFT's forms it has: ``choice``, ``true_false``, ``short_answer``, ``number`` and so on."""
        return self.answers.form

    @property
    def is_missing_word(self) -> bool:
        """Whether the answers stand in the middle of a sentence."""
        return any(letter.isalnum() for letter in self.tail)


@dataclass(frozen=True)
class Category:
    """Where Moodle files the questions that follow."""

    path: str
    comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _tidy_parts(self)


@dataclass(frozen=True)
class Comment:
    """Comment lines that belong to no question: a blank line parts them from it."""

    lines: tuple[str, ...]
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        _tidy_parts(self)


Entry = Question | Category | Comment
