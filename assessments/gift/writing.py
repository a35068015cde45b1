"""Write questions as GIFT, in one shape only: ``write(read(...))`` of what was written is the same text.

One line holds a title with its question, one line each answer. Every text is kept on one line; its line
breaks are ``\\n``. Between questions stands one blank line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal

from assessments.gift.answers import WEIGHT
from assessments.gift.blocks import CATEGORY
from assessments.gift.marked import escaped
from assessments.gift.questions import (
    DEFAULT_FORMAT,
    FORMATS,
    FULL,
    NONE,
    Category,
    Choice,
    Comment,
    Description,
    Entry,
    Format,
    Matching,
    Number,
    NumberAnswer,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)
from assessments.gift.tidying import bracketed

_INDENT = "    "
_PLENTY = Context(prec=300)


def write(entries: Iterable[Entry]) -> str:
    """Return the text of a file that holds ``entries``; empty for none."""
    return "\n".join("".join(f"{line}\n" for line in _entry(entry)) for entry in entries)


def _entry(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Comment):
        yield from _comments(entry.lines, "")
    elif isinstance(entry, Category):
        yield from _comments(entry.comments, "")
        yield f"{CATEGORY} {entry.path}".strip()
    else:
        yield from _question(entry)


def _question(question: Question) -> Iterator[str]:
    yield from _comments(question.comments, "")
    labels = [bracketed("tag", tag) for tag in question.tags]
    if question.id_number:
        labels.insert(0, bracketed("id", question.id_number))
    if labels:
        yield f"// {' '.join(labels)}"
    title = f"::{escaped(question.title, colons=True)}::" if question.title else ""
    stem = _stem(question.stem, has_title=bool(title))
    head = " ".join(part for part in (title, stem) if part)
    if isinstance(question.answers, Description):
        yield head or "::::"
        yield from _comments(question.inner_comments, "")
        return
    inside = list(_answers(question))
    inside += _comments(question.inner_comments, _INDENT)
    if question.general_feedback:
        general = _text(question.general_feedback, question.stem.format)
        inside.append(f"{_INDENT}####{general}" if general.startswith("[") else f"{_INDENT}#### {general}")
    start = "{#" if isinstance(question.answers, Number) else "{"
    if isinstance(question.answers, TrueFalse):
        start += "TRUE" if question.answers.is_true else "FALSE"
    tail = _tail(question.tail)
    if inside:
        yield f"{head} {start}".lstrip()
        yield from inside
        yield f"}}{tail}"
    else:
        yield f"{head} {start}}}{tail}".lstrip()


def _answers(question: Question) -> Iterator[str]:
    """The lines of the answers, from the line after the opening brace on."""
    answers, default = question.answers, question.stem.format
    if isinstance(answers, TrueFalse):
        if answers.wrong_feedback or answers.right_feedback:
            yield _INDENT + (_feedback(answers.wrong_feedback, default).strip() or "#")
        if answers.right_feedback:
            yield _INDENT + _feedback(answers.right_feedback, default).strip()
    elif isinstance(answers, Choice):
        for answer in answers.answers:
            yield from _comments(answer.comments, _INDENT)
            text = _text(answer.text, default)
            is_right = answers.is_single and answer.weight == FULL
            sign = "=" if is_right else "~" + _weight(answer.weight, NONE, text)
            yield f"{_INDENT}{sign} {text}{_feedback(answer.feedback, default)}"
    elif isinstance(answers, ShortAnswer):
        for answer in answers.answers:
            yield from _comments(answer.comments, _INDENT)
            text = _text(answer.text, default, arrows=True)
            feedback = _feedback(answer.feedback, default, arrows=True)
            yield f"{_INDENT}={_weight(answer.weight, FULL, text)} {text}{feedback}"
    elif isinstance(answers, Matching):
        for pair in answers.pairs:
            yield from _comments(pair.comments, _INDENT)
            left = _text(pair.left, default, arrows=True)
            yield f"{_INDENT}= {left} -> {escaped(pair.right)}" if left else f"{_INDENT}= -> {escaped(pair.right)}"
    elif isinstance(answers, Number):
        for number in answers.answers:
            yield from _comments(number.comments, _INDENT)
            weight = _weight(number.weight, FULL, "")
            yield f"{_INDENT}={weight} {_range(number)}{_feedback(number.feedback, default)}"
        if answers.otherwise:
            yield f"{_INDENT}~{_feedback(answers.otherwise, default)}"


def _comments(comments: Iterable[str], indent: str) -> Iterator[str]:
    return (f"{indent}// {comment}" for comment in comments)


def _stem(stem: Text, *, has_title: bool) -> str:
    """The question's text, so marked that its beginning cannot be taken for a comment, title or category."""
    text = _text(stem, DEFAULT_FORMAT, colons="::" in stem.text or stem.text.startswith((":", CATEGORY)))
    return f"[{stem.format}]{text}" if text.startswith("//") and not has_title else text


def _text(text: Text, default: Format, *, arrows: bool = False, colons: bool = False) -> str:
    said = escaped(text.text, arrows=arrows, colons=colons)
    is_like_a_mark = any(text.text.startswith(f"[{name}]") for name in FORMATS)
    return f"[{text.format}]{said}" if text.format != default or is_like_a_mark else said


def _feedback(feedback: Text | None, default: Format, *, arrows: bool = False) -> str:
    return f" # {_text(feedback, default, arrows=arrows)}" if feedback else ""


def _weight(weight: Decimal, usual: Decimal, text: str) -> str:
    """``%50%``, where the weight is not the usual one or the text itself begins like a weight."""
    return f"%{plain_number(weight)}%" if weight != usual or WEIGHT.match(text) else ""


def _range(number: NumberAnswer) -> str:
    if number.low is None or number.high is None:
        return "*"
    low, high = plain_number(number.low), plain_number(number.high)
    return low if low == high else f"{low}..{high}"


def plain_number(value: Decimal) -> str:
    """A number without an exponent and without zeros that say nothing."""
    return format(value.normalize(_PLENTY), "f") if value else "0"


def _tail(tail: str) -> str:
    """The rest of the sentence; a space parts it from the brace when it begins with a word."""
    return f" {escaped(tail)}" if tail[:1].isalnum() else escaped(tail)
