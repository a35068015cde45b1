"""Write the items of a pack as GIFT that Moodle reads too.

What GIFT has no form for is written as the nearest it has: an ordering as a matching of steps with the
numbers 1, 2, 3; a scenario as a choice whose text is the story and the question; whatever takes its key
from a country's fact as an open question, because the file does not know the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assessments.gift.items import OPTION_KINDS, Item, Misconception, NumberRange, Option
from assessments.gift.labels import Mark, tags_of
from assessments.gift.questions import (
    FORMATS,
    FULL,
    NONE,
    Answer,
    Answers,
    Category,
    Choice,
    Entry,
    Essay,
    Format,
    Matching,
    MatchingPair,
    Number,
    NumberAnswer,
    Question,
    Text,
    TrueFalse,
)
from assessments.gift.writing import plain_number, write

SIDES = (("a", "True"), ("b", "False"))
"""The ids and texts of the two options of a true or false question, where the file names no others."""

PARAGRAPH = "\n\n"
"""Parts the story of a scenario from its question."""

OTHERWISE = "otherwise"
"""Stands for an id before what is said to every other answer, where GIFT has no place for that."""

UNIT = "unit"
"""Stands for an id before the unit of a number."""

_WEIGHT_STEP = Decimal("0.00001")  # Moodle knows weights with five digits, as 33.33333


def write_items(items: Iterable[Item], *, category: str = "") -> str:
    """Return the text of ``questions.gift`` that holds ``items`` in their order."""
    entries: list[Entry] = [Category(category)] if category else []
    return write(entries + [question_of(item) for item in items])


def question_of(item: Item) -> Question:
    """Return the GIFT question that says what ``item`` says."""
    texts = [item.situation, item.stem, item.why, item.otherwise, *(text for _key, text in item.strings())]
    marked: Format = "plain" if any(map(_needs_plain, texts)) else "moodle"
    answers, inner = _answers(item, marked)
    return Question(
        stem=Text(PARAGRAPH.join(part for part in (item.situation, item.stem) if part), marked),
        answers=answers,
        title=item.code,
        general_feedback=Text(item.why, marked),
        id_number=item.id,
        tags=tags_of(
            item,
            kind_shows=shown_kind(answers) == item.kind,
            question_paragraphs=len(item.stem.split(PARAGRAPH)) if item.situation else 1,
        ),
        comments=item.notes,
        inner_comments=tuple(map(str, inner)),
    )


def shown_kind(answers: Answers) -> str:
    """The kind of item that the form of the answers shows by itself; empty when it shows none."""
    if isinstance(answers, Choice):
        return "single" if answers.is_single else "multiple"
    return answers.form if isinstance(answers, TrueFalse | Number | Matching) else ""


def _needs_plain(text: str) -> bool:
    """Whether Moodle would take a part of the text for HTML or for the name of a format."""
    return "<" in text or "&" in text or any(text.startswith(f"[{name}]") for name in FORMATS)


def _answers(item: Item, marked: Format) -> tuple[Answers, list[Mark]]:
    """The answers of an item, and the marks that stand behind them in comments."""
    ideas = [_idea(misconception) for misconception in item.misconceptions]
    beside = [Mark(UNIT, item.unit)] if item.unit else []
    otherwise = [Mark(OTHERWISE, feedback=item.otherwise)] if item.otherwise else []
    if item.key_from and not item.accepted:
        marks = [Mark(step.id, step.text, step.place, feedback=step.feedback) for step in item.steps]
        marks += [_idea(misconception, with_values=True) for misconception in item.misconceptions]
        return Essay(), [*marks, *beside, *otherwise]
    if item.kind == "true_false" and [option.is_right for option in item.options] in ([True, False], [False, True]):
        return _true_false(item.options, marked), _sides(item.options) + ideas
    if item.kind in OPTION_KINDS and item.options:
        return _choice(item, marked), ideas
    if item.kind == "ordering" and item.steps:
        return Matching(
            tuple(
                MatchingPair(
                    Text(step.text, marked),
                    str(number),
                    (str(Mark(step.id, place=step.place, feedback=step.feedback)),),
                )
                for number, step in enumerate(item.steps, start=1)
            )
        ), ideas + otherwise
    if item.kind == "matching" and (item.pairs or item.extra_rights):
        pairs = [(pair.id, pair.left, pair.right, pair.feedback) for pair in item.pairs]
        pairs += [(extra.id, "", extra.text, extra.feedback) for extra in item.extra_rights]
        return Matching(
            tuple(
                MatchingPair(Text(left, marked), right, (str(Mark(pair_id, feedback=feedback)),))
                for pair_id, left, right, feedback in pairs
            )
        ), ideas + otherwise
    if item.kind == "number" and item.accepted:
        return _number(item, marked), [
            *(idea for idea, origin in zip(ideas, item.misconceptions, strict=True) if not origin.values),
            *beside,
        ]
    return Essay(), ideas


def _true_false(options: tuple[Option, ...], marked: Format) -> TrueFalse:
    right, wrong = sorted(options, key=lambda option: not option.is_right)
    return TrueFalse(options[0].is_right, Text(wrong.feedback, marked), Text(right.feedback, marked))


def _sides(options: tuple[Option, ...]) -> list[Mark]:
    """The marks of the two sides, when one of them is not as usual."""
    if all((o.id, o.text, o.idea) == (*side, "") for o, side in zip(options, SIDES, strict=True)):
        return []
    return [Mark(option.id, text=option.text, idea=option.idea) for option in options]


def _choice(item: Item, marked: Format) -> Choice:
    """Right options share 100 %; where several may be chosen, a wrong one takes one share away."""
    rights = sum(option.is_right for option in item.options)
    is_single = item.kind != "multiple"
    share = FULL if is_single or not rights else (FULL / rights).quantize(_WEIGHT_STEP)
    wrong = NONE if is_single or not rights else -share
    return Choice(
        tuple(
            Answer(
                Text(option.text, marked),
                share if option.is_right else wrong,
                Text(option.feedback, marked),
                (str(Mark(option.id, idea=option.idea)),),
            )
            for option in item.options
        ),
        is_single,
    )


def _number(item: Item, marked: Format) -> Number:
    answers = [NumberAnswer(value.low, value.high) for value in item.accepted]
    answers += [
        NumberAnswer(
            value.low,
            value.high,
            NONE,
            Text(misconception.feedback, marked),
            (str(Mark(misconception.id, idea=misconception.idea)),),
        )
        for misconception in item.misconceptions
        for value in misconception.values
    ]
    return Number(tuple(answers), Text(item.otherwise, marked))


def _idea(misconception: Misconception, *, with_values: bool = False) -> Mark:
    values = ", ".join(map(_range, misconception.values)) if with_values else ""
    return Mark(misconception.id, text=values, idea=misconception.idea, feedback=misconception.feedback)


def _range(value: NumberRange) -> str:
    low, high = plain_number(value.low), plain_number(value.high)
    return low if low == high else f"{low}..{high}"
