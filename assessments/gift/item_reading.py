"""Read ``questions.gift`` of a pack: bytes in, items and everything that is wrong out.

Bad input raises nothing. What makes an item unreadable as what it says it is (no id, no right answer, an
unknown tag) is found here; whether its facts, its lesson and its words are right is judged by whoever
checks the pack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from assessments.gift.item_writing import PARAGRAPH, shown_kind
from assessments.gift.items import ID, Item, Kind
from assessments.gift.labels import Labels, read_tags
from assessments.gift.parts import Parts, read_parts
from assessments.gift.problems import Problem, Problems
from assessments.gift.questions import Category, Comment, Number, Question, Text, TrueFalse
from assessments.gift.reading import read

_PLAIN_FORMATS = ("moodle", "plain")
_BLANK = "_____"


@dataclass(frozen=True)
class ItemsReading:
    """What ``questions.gift`` says. An item with a problem that stops is not among ``items``."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    lines: dict[str, int]
    """The line of each item's text, by its id: for whoever judges the items further."""
    encoding: str
    category: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every item of the file could be read."""
        return not any(problem.stops for problem in self.problems)


def read_items(data: bytes, *, mints_ids: bool = False) -> ItemsReading:
    """Read a whole ``questions.gift``.

    With ``mints_ids`` a missing id is no problem: items get the next ``q1`` or, for practice, ``t1``,
    options the next letter, misconceptions the next ``m1``. Ids that stand in the file never change.
    """
    reading = read(data, joins_lines=True)
    problems = Problems(reading.problems)
    items: list[Item] = []
    lines: dict[str, int] = {}
    notes: list[str] = []
    minting = _Minting(question.id_number for question in reading.questions) if mints_ids else None
    seen: set[str] = set()
    category: str | None = None
    for entry in reading.entries:
        if isinstance(entry, Comment):
            notes += entry.lines
        elif isinstance(entry, Category):
            notes += entry.comments
            if category is not None:
                problems.remark(entry.line, "category_twice", text=entry.path)
            category = entry.path if category is None else category
        elif isinstance(entry, Question):
            item = _read_item(entry, tuple(notes), minting, problems)
            notes = []
            for name in (entry.id_number, entry.title):
                if name and name in seen:
                    problems.stop(entry.line, "id_twice", text=name)
                    item = None
                seen.add(name)
            if item is not None:
                items.append(item)
                lines[item.id] = entry.line
    if notes:
        problems.remark(_last_line(data), "comment_alone")
    return ItemsReading(tuple(items), problems.sorted(), lines, reading.encoding, category or "")


class _Minting:
    """Gives out item ids that no item of the file has."""

    def __init__(self, taken: Iterator[str]) -> None:
        self.taken = set(taken)
        self.fresh = {"q": map("q{}".format, count(1)), "t": map("t{}".format, count(1))}

    def next(self, use: str) -> str:
        letter = "t" if use == "practice" else "q"
        return next(candidate for candidate in self.fresh[letter] if candidate not in self.taken)


def _last_line(data: bytes) -> int:
    return data.rstrip().count(b"\n") + 1


def _read_item(question: Question, notes: tuple[str, ...], minting: _Minting | None, problems: Problems) -> Item | None:
    before = problems.stopping
    labels = read_tags(question, problems)
    kind = labels.kind or _kind_shown(question)
    if kind is None:
        problems.stop(question.line, "not_a_kind", form=question.form)
    for text in _texts(question):
        if text.format not in _PLAIN_FORMATS:
            problems.stop(question.line, "not_plain", format=text.format)
            break
    item_id = question.id_number
    if not item_id and minting is None:
        problems.stop(question.line, "no_item_id")
    elif item_id and not ID.fullmatch(item_id):
        problems.stop(question.line, "bad_id", text=item_id)
    if not question.title:
        problems.stop(question.line, "no_code")
    situation, stem = _situation_and_stem(question, kind, labels, problems)
    parts = read_parts(question, kind, labels, problems, mints_ids=minting is not None) if kind else Parts()
    if kind is None or problems.stopping > before:
        return None
    if not item_id and minting is not None:
        item_id = minting.next(labels.use)
    return Item(
        id=item_id,
        code=question.title,
        use="practice" if labels.use == "practice" else "certifying",
        kind=kind,
        stem=stem,
        is_critical=labels.is_critical,
        lesson=labels.lesson,
        facts=labels.facts,
        needs=labels.needs,
        situation=situation,
        options=tuple(parts.options),
        steps=tuple(parts.steps),
        pairs=tuple(parts.pairs),
        extra_rights=tuple(parts.extra_rights),
        accepted=tuple(parts.accepted),
        key_from=labels.key_from,
        misconceptions=tuple(parts.misconceptions),
        unit=parts.unit,
        otherwise=parts.otherwise,
        why=question.general_feedback.text if question.general_feedback else "",
        notes=notes + question.comments + tuple(parts.notes),
    )


def _kind_shown(question: Question) -> Kind | None:
    shown = shown_kind(question.answers)
    kinds: tuple[Kind, ...] = ("single", "multiple", "true_false", "number", "matching")
    return next((kind for kind in kinds if kind == shown), None)


def _situation_and_stem(question: Question, kind: Kind | None, labels: Labels, problems: Problems) -> tuple[str, str]:
    stem = question.stem.text
    if question.is_missing_word or question.tail in {".", "?", "!", "…"}:
        stem = f"{stem} {_BLANK}{' ' if question.tail[:1].isalnum() else ''}{question.tail}"
    if not stem:
        problems.stop(question.line, "no_stem")
    if kind != "scenario":
        return "", stem
    paragraphs = stem.split(PARAGRAPH)
    if len(paragraphs) <= labels.question_paragraphs:
        problems.stop(question.line, "no_situation")
    return (
        PARAGRAPH.join(paragraphs[: -labels.question_paragraphs]),
        PARAGRAPH.join(paragraphs[-labels.question_paragraphs :]),
    )


def _texts(question: Question) -> Iterator[Text]:
    """Every text of a question that carries a format."""
    answers = question.answers
    found: list[Text | None] = [question.stem, question.general_feedback]
    if isinstance(answers, TrueFalse):
        found += [answers.wrong_feedback, answers.right_feedback]
    if isinstance(answers, Number):
        found += [answers.otherwise]
    for answer in getattr(answers, "answers", ()):
        found += [getattr(answer, "text", None), answer.feedback]
    found += [pair.left for pair in getattr(answers, "pairs", ())]
    return (text for text in found if text is not None)
