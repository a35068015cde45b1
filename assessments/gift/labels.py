"""What a pack says about an item outside its text: Moodle's own id and tags, and comments with ids.

Everything about the item as a whole is one ``[id:...]`` and some ``[tag:...]``, which Moodle keeps when it
imports the file and writes again when it exports. The id of an option stands in a comment above it, as
does what GIFT has no place for; Moodle passes over it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessments.gift.items import FACT_KEY, ID, KINDS, USES, Item, Kind
from assessments.gift.marked import Source, escaped
from assessments.gift.problems import Problems
from assessments.gift.questions import Question
from assessments.gift.tidying import tidy

CRITICAL = "critical"
_WITH_VALUE = ("lesson", "fact", "needs", "key", "question")
_PARAGRAPHS = re.compile(r"question ([1-9]\d?) paragraphs")


@dataclass
class Labels:
    """The tags of one item, sorted out."""

    use: str = ""
    kind: Kind | None = None
    is_critical: bool = False
    lesson: str = ""
    key_from: str = ""
    facts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    question_paragraphs: int = 1


def tags_of(item: Item, *, kind_shows: bool, question_paragraphs: int) -> tuple[str, ...]:
    """Return the tags of an item in their fixed order; its kind only when its answers do not show it."""
    tags: list[str] = [] if kind_shows else [item.kind]
    tags += [item.use, *([CRITICAL] if item.is_critical else [])]
    tags += [f"lesson {item.lesson}"] if item.lesson else []
    tags += [f"fact {fact}" for fact in item.facts]
    tags += [f"needs {key}" for key in item.needs]
    tags += [f"key {item.key_from}"] if item.key_from else []
    tags += [f"question {question_paragraphs} paragraphs"] if question_paragraphs > 1 else []
    return tuple(tags)


def read_tags(question: Question, problems: Problems) -> Labels:
    """Sort out the tags of one question; whatever is not known is named, so that nothing is lost in silence."""
    labels = Labels()
    for tag in question.tags:
        word, _space, value = tag.partition(" ")
        if tag in USES:
            _set_once(labels, "use", tag, tag, question, problems)
        elif tag in KINDS:
            _set_once(labels, "kind", tag, tag, question, problems)
        elif tag == CRITICAL:
            labels.is_critical = True
        elif match := _PARAGRAPHS.fullmatch(tag):
            labels.question_paragraphs = int(match[1])
        elif word not in _WITH_VALUE or not value or word == "question":
            problems.stop(question.line, "unknown_tag", text=tag)
        elif not (ID if word == "lesson" else FACT_KEY).fullmatch(value):
            problems.stop(question.line, "bad_id", text=value)
        elif word == "lesson":
            _set_once(labels, "lesson", value, tag, question, problems)
        elif word == "key":
            _set_once(labels, "key_from", value, tag, question, problems)
        elif word == "fact":
            labels.facts += (value,)
        else:
            labels.needs += (value,)
    if not labels.use:
        problems.stop(question.line, "no_use")
    return labels


def _set_once(labels: Labels, name: str, value: str, tag: str, question: Question, problems: Problems) -> None:
    if before := getattr(labels, name):
        problems.stop(question.line, "tag_twice", first=before, second=tag)
    setattr(labels, name, value)


@dataclass(frozen=True)
class Mark:
    """One comment line with an id: ``a = text -> place ~ idea # feedback``, each part but the id optional."""

    id: str
    text: str = ""
    place: str = ""
    idea: str = ""
    feedback: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it names an id and says nothing else."""
        return not (self.text or self.place or self.idea or self.feedback)

    def __str__(self) -> str:
        parts = [self.id]
        for sign, text in (("=", self.text), ("->", self.place), ("~", self.idea), ("#", self.feedback)):
            if text:
                parts += [sign, _in_comment(text)]
        return " ".join(parts)


_BEGINS_MARK = re.compile(rf"({ID.pattern})\s*(?:$|=|~|#|->)")
_PARTS = re.compile(r"->|[=~#]")
_FIELDS = {"=": "text", "->": "place", "~": "idea", "#": "feedback"}


def read_mark(comment: str) -> Mark | None:
    """Return the mark that a comment line is; None for an ordinary comment."""
    if not (match := _BEGINS_MARK.match(comment)):
        return None
    source = Source([(0, comment[match.end(1) :])])
    starts = list(_PARTS.finditer(source.signs))
    found: dict[str, str] = {}
    ends = [sign.start() for sign in starts[1:]] + [len(source.text)]
    for sign, until in zip(starts, ends[: len(starts)], strict=True):
        name = _FIELDS[sign[0]]
        text = source.text[sign.end() : until]
        # The same sign a second time is part of the text: the author forgot to write \ before it.
        found[name] = tidy(f"{found[name]} {sign[0]} {text}" if name in found else text)
    return Mark(match[1], **found)


def _in_comment(text: str) -> str:
    return escaped(text, arrows=True).replace("[id:", "[id\\:").replace("[tag:", "[tag\\:")
