"""Questions and items that hypothesis makes up: every kind, with every sign that GIFT knows in every text."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from assessments.gift.items import ID, ExtraRight, Item, Misconception, NumberRange, Option, Pair, Step
from assessments.gift.questions import (
    FORMATS,
    Answer,
    Category,
    Choice,
    Comment,
    Description,
    Essay,
    Matching,
    MatchingPair,
    Number,
    NumberAnswer,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)
from assessments.gift.tidying import tidy, tidy_comment

SPECIAL = [
    "~", "=", "#", "{", "}", ":", "::", "->", "####", "//",
    "\\", "\\n", "\\~", "\\>", "[html]", "[plain]", "[tag:critical]", "[id:x]", "%50%", "%-100%x",
    "$CATEGORY:", "TRUE", "T", ".", "?", "{pep_window}", "*", "3..4", "]",
]  # fmt: skip
PART_IDS = [
    "c",
    "d",
    "m1",
    "k7f2",
    "e_",
    "twelve_chars",
    "m2",
    "f",
    "g",
    "h",
    "i",
    "j",
    "x9",
    "k",
    "l",
    "n",
    "o",
    "p",
    "q",
]

words = st.one_of(
    st.text(), st.sampled_from([*SPECIAL, "\n", "\n\n", "\n\n\n", "\r\n", "\t", "\u00a0", "\u2028", " ", "a", "é"])
)
texts = st.lists(words, max_size=6).map("".join)
some = texts.filter(tidy)
ids = st.from_regex(ID, fullmatch=True)
fact_keys = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=3, allow_nan=False, allow_infinity=False)
ranges = st.lists(numbers, min_size=2, max_size=2).map(lambda pair: NumberRange(min(pair), max(pair)))
values = st.one_of(ranges, numbers.map(NumberRange.exactly))


@st.composite
def items(draw: st.DrawFn) -> Item:
    """One sound item of any kind."""
    kind = draw(st.sampled_from(["single", "multiple", "true_false", "ordering", "matching", "number", "scenario"]))
    part_ids = iter(PART_IDS[draw(st.integers(0, 3)) :])
    fields: dict[str, object] = {}
    if kind in {"single", "scenario", "true_false", "multiple"}:
        size = 2 if kind == "true_false" else draw(st.integers(2, 5))
        right = draw(st.integers(0, size - 1))
        also = draw(st.sets(st.integers(0, size - 1))) if kind == "multiple" else set()
        options = [
            Option(next(part_ids), draw(some), place == right or place in also, draw(texts), draw(texts))
            for place in range(size)
        ]
        if kind == "true_false" and draw(st.booleans()):
            options = [
                Option(side, text, option.is_right, option.feedback)
                for option, (side, text) in zip(options, (("a", "True"), ("b", "False")), strict=True)
            ]
        fields["options"] = tuple(options)
    if kind == "scenario":
        fields["situation"] = draw(some)
    if kind == "ordering" and draw(st.booleans()):
        fields["key_from"] = draw(fact_keys)
        fields["steps"] = tuple(
            Step(next(part_ids), draw(some), draw(texts), draw(texts)) for _ in range(draw(st.integers(0, 2)))
        )
    elif kind == "ordering":
        fields["steps"] = tuple(
            Step(next(part_ids), draw(some), feedback=draw(texts)) for _ in range(draw(st.integers(2, 11)))
        )
    if kind == "matching":
        fields["pairs"] = tuple(
            Pair(next(part_ids), draw(some), draw(some), draw(texts)) for _ in range(draw(st.integers(2, 4)))
        )
        fields["extra_rights"] = tuple(
            ExtraRight(next(part_ids), draw(some), draw(texts)) for _ in range(draw(st.integers(0, 2)))
        )
    shown: list[Misconception] = []
    if kind == "number":
        from_fact = draw(st.booleans())
        fields["key_from"] = draw(fact_keys) if from_fact else ""
        fields["accepted"] = tuple(draw(st.lists(values, min_size=not from_fact, max_size=3)))
        fields["unit"] = draw(texts)
        shown = [
            Misconception(
                next(part_ids), draw(texts), draw(texts), tuple(draw(st.lists(values, min_size=1, max_size=2)))
            )
            for _ in range(draw(st.integers(0, 1)))
        ]
    if kind in {"number", "ordering", "matching"}:
        fields["otherwise"] = draw(texts)
    said = [Misconception(next(part_ids), draw(some), draw(texts)) for _ in range(draw(st.integers(0, 2)))]
    return Item(
        id=draw(ids),
        code=draw(some.filter(lambda text: tidy(text).split())),
        use=draw(st.sampled_from(["certifying", "practice"])),
        kind=kind,
        stem=draw(some),
        is_critical=draw(st.booleans()),
        lesson=draw(st.one_of(st.just(""), ids)),
        facts=tuple(draw(st.lists(fact_keys, max_size=3))),
        needs=tuple(draw(st.lists(fact_keys, max_size=1))),
        misconceptions=tuple(draw(st.permutations(shown + said))),
        why=draw(texts),
        notes=tuple(draw(st.lists(texts, max_size=2))),
        **fields,
    )


files_of_items = st.lists(items(), max_size=4, unique_by=(lambda item: item.id, lambda item: item.code))

marked = st.builds(Text, texts, st.sampled_from(FORMATS))
marked_words = marked.filter(lambda text: text.text)
feedbacks = st.one_of(st.none(), marked)
comments = st.lists(texts, max_size=2).map(tuple)
weights = st.one_of(st.sampled_from([Decimal(100), Decimal(0), Decimal(50)]), st.decimals(-100, 100, places=5))
answers = st.lists(st.builds(Answer, marked_words, weights, feedbacks, comments), min_size=1, max_size=4).map(tuple)
number_answers = st.one_of(
    st.builds(
        lambda value, weight, feedback, said: NumberAnswer(value.low, value.high, weight, feedback, said),
        values,
        weights,
        feedbacks,
        comments,
    ),
    st.builds(NumberAnswer, st.none(), st.none(), weights, feedbacks, comments),
)
pairs = st.builds(MatchingPair, marked, some, comments)
forms = st.one_of(
    st.builds(Choice, answers, st.booleans()),
    st.builds(TrueFalse, st.booleans(), feedbacks, feedbacks),
    st.builds(ShortAnswer, answers),
    st.builds(Number, st.lists(number_answers, min_size=1, max_size=3).map(tuple), feedbacks),
    st.builds(Matching, st.lists(pairs, min_size=1, max_size=4).map(tuple)),
    st.just(Essay()),
)
questions = st.builds(
    Question, marked, forms, texts, texts, feedbacks, texts, st.lists(texts, max_size=3).map(tuple), comments, comments
)
descriptions = st.builds(
    Question,
    marked_words,
    st.just(Description()),
    texts,
    id_number=texts,
    tags=st.lists(texts).map(tuple),
    comments=comments,
)
lone_comments = st.lists(some.filter(tidy_comment), min_size=1, max_size=3).map(tuple).map(Comment)
categories = st.builds(Category, texts, comments)
files = st.lists(st.one_of(questions, descriptions, lone_comments, categories), max_size=5)
