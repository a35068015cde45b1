"""A module in one language, part by part, as the translator goes through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.packs.terms import Terms
from curriculum.translating.segments import Segment, State
from curriculum.translating.terms_beside import Avoid, Beside, terms_in, to_avoid
from curriculum.translating.word_checks import warnings
from curriculum.translating.word_difference import Piece, word_difference

STATE_NAMES = {
    # Translators: five states of a translated text. Nobody has translated it.
    State.MISSING: gettext_lazy("Not translated yet"),
    # Translators: the text is translated; learners do not read it yet.
    State.DRAFT: gettext_lazy("Written, not published"),
    # Translators: the English was changed after this was translated.
    State.STALE: gettext_lazy("The English changed"),
    # Translators: learners read this text; nobody else has read it beside the English yet.
    State.CURRENT: gettext_lazy("Published"),
    # Translators: somebody whose language it is has read the text beside the English.
    State.REVIEWED: gettext_lazy("Read by a native speaker"),
}

KIND_NAMES = {
    "text": gettext_lazy("Text"),
    "key_message": gettext_lazy("Key message"),
    "story": gettext_lazy("Story"),
    "picture": gettext_lazy("Picture"),
    "audio": gettext_lazy("Recording"),
    "try_it": gettext_lazy("Try it"),
    "role_play": gettext_lazy("Role play"),
    "checklist": gettext_lazy("Checklist"),
    "reflection": gettext_lazy("For herself"),
    "objective": gettext_lazy("She will be able to"),
    "step": gettext_lazy("What the observer looks for"),
    "choice": gettext_lazy("Answer"),
    "pair": gettext_lazy("A pair"),
    "other": gettext_lazy("Answer"),
    "slip": gettext_lazy("A wrong number"),
}

FIELD_NAMES = {
    "title": gettext_lazy("Title"),
    "cover_title": gettext_lazy("Cover title"),
    "story": gettext_lazy("Story"),
    "stem": gettext_lazy("Question"),
    "question": gettext_lazy("Question"),
    "unit": gettext_lazy("Unit"),
    "otherwise": gettext_lazy("When nothing else explains it"),
    "why": gettext_lazy("Why the right answer is right"),
    "feedback": gettext_lazy("What is said to this answer"),
    "alt": gettext_lazy("What the picture shows"),
    "caption": gettext_lazy("Words beside the picture"),
    "transcript": gettext_lazy("The same in words"),
    "situation": gettext_lazy("Who plays whom"),
    "options": gettext_lazy("Answer"),
    "items": gettext_lazy("A line"),
    "goes_with": gettext_lazy("What goes with it"),
    "word": gettext_lazy("Word"),
    "meaning": gettext_lazy("Meaning"),
}


@dataclass
class Line:
    """A text with what stands beside it; ``typed`` are words of hers that could not be kept as they are."""

    segment: Segment
    kind: str
    terms: list[Beside] = field(default_factory=list)
    avoid: list[Avoid] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changed: list[Piece] = field(default_factory=list)
    may_sign: bool = False
    typed: str | None = None
    refusals: Sequence[str] = ()

    @property
    def words(self) -> str:
        return self.segment.words if self.typed is None else self.typed

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.segment.state])

    @property
    def rows(self) -> int:
        """How high the field is that the words are typed into."""
        longest = max(len(self.segment.source), len(self.words))
        return min(16, max(2, longest // 45 + self.segment.source.count("\n") + 1))


@dataclass
class Part:
    """What is translated at one sitting: a lesson, or all questions."""

    name: str
    title: str
    segments: list[Segment]

    @property
    def counts(self) -> Counter[State]:
        return Counter(segment.state for segment in self.segments)

    @property
    def left(self) -> int:
        """How many of its texts wait for a translator."""
        return self.counts[State.MISSING] + self.counts[State.STALE]

    @property
    def drafts(self) -> int:
        return self.counts[State.DRAFT]

    @property
    def total(self) -> int:
        return len(self.segments)


def parts_of(found: Iterable[Segment]) -> list[Part]:
    """The parts of a module in reading order."""
    parts: dict[str, Part] = {}
    for segment in found:
        original = segment.original
        match original.kind:
            case "lesson":
                name, title = original.name, original.title
            case "question":
                name, title = "questions", _("Questions")
            case "word":
                name, title = "words", _("Words")
            case "shelf":
                name, title = "shelves", _("Names of the library and its strands")
            case _:
                name, title = "module", _("Titles, objectives and practice")
        parts.setdefault(name, Part(name, title, [])).segments.append(segment)
    return list(parts.values())


def line_of(segment: Segment, lists: Sequence[Terms], *, may_sign: bool = False) -> Line:
    """The text with its terms, its warnings and what changed in its source."""
    words = segment.words
    changed = word_difference(segment.made_from, segment.source) if segment.state is State.STALE else []
    return Line(
        segment,
        kind_of(segment),
        terms=terms_in(segment.source, lists, segment.language),
        avoid=to_avoid(words, lists, segment.language),
        warnings=warnings(segment.source, words),
        changed=changed,
        may_sign=may_sign,
    )


def kind_of(segment: Segment) -> str:
    """What a text is, for who translates it: ``Key message``, ``Question: Answer``."""
    steps = segment.text.path.split(".")
    if len(steps) == 1:
        return str(FIELD_NAMES.get(steps[0], steps[0]))
    kind = str(KIND_NAMES.get(_block_type(segment.original.instance, steps), ""))
    name = next((step for step in reversed(steps[2:]) if step in FIELD_NAMES and step != "text"), "")
    return ": ".join(filter(None, (kind, str(FIELD_NAMES.get(name, "")))))


def _block_type(instance: Any, steps: list[str]) -> str:
    rows = getattr(getattr(instance, steps[0], None), "raw_data", ())
    return next((row["type"] for row in rows if row["id"] == steps[1]), "")
