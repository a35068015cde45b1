"""What a pack says, whatever it is written in: plain values, without files and without a database.

Each thing knows the line on which it stands, for who has to find it again; two packs that say the same are equal
wherever their lines are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "key_message": ("text",),
    "story": ("title", "text"),
    "picture": ("alt", "caption"),
    "audio": ("transcript",),
    "try_it": ("question",),
    "role_play": ("situation",),
    "checklist": ("title",),
    "reflection": ("question",),
    "word": (),
}
"""The words of each type of block, in the order in which a reader meets them."""

MARKDOWN = frozenset(["text.text", "story.text", "role_play.situation"])
"""``kind.field`` pairs that hold Markdown (paragraphs, lists, bold, italic); all others are plain words."""

MAY_BE_EMPTY = frozenset(["picture.caption"])
WITH_OPTIONS = frozenset(["try_it"])
WITH_ITEMS = frozenset(["role_play", "checklist"])


def _line() -> Any:
    return field(default=0, compare=False)


@dataclass(frozen=True)
class String:
    """Something a learner can read, known by its key in every language. ``note`` tells a translator what it is."""

    key: str
    text: str
    is_markdown: bool = False
    note: str = ""
    file: str = field(default="", compare=False)
    line: int = _line()
    is_counted: bool = True
    """Whether it is prose to be measured: what stands in a list of words is not."""


@dataclass
class Item:
    """A line with an id of its own: an answer, a line of a checklist, an objective, a step of a practice."""

    id: str
    text: str
    is_right: bool = False
    feedback: str = ""
    is_safety: bool = False
    uuid: str = ""
    """Its identity where that does not follow from the id: it was written at the desk before it had one."""
    line: int = _line()


@dataclass
class Block:
    """One block of a lesson. ``target`` is the file of a picture or recording, or the key of a word."""

    id: str
    kind: str
    words: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    target: str = ""
    place: Literal["", "replaces", "after"] = ""
    """In a country's own file only: whether this stands for the block ``of``, or after it."""
    of: str = ""
    seen: str = ""
    """The mark of the shared block as it was when a country replaced it (``mark_of``); empty: not looked at."""
    uuid: str = ""
    line: int = _line()

    def is_markdown(self, name: str) -> bool:
        return f"{self.kind}.{name}" in MARKDOWN


@dataclass
class Lesson:
    """One lesson; its id is the name of its file, ``l1``."""

    id: str
    title: str = ""
    minutes: int = 0
    facts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    uuid: str = ""
    file: str = field(default="", compare=False)
    line: int = _line()


@dataclass
class Word:
    """A word explained, in the source language."""

    key: str
    word: str
    meaning: str
    line: int = _line()


@dataclass
class Reviewed:
    """Who has read a translation, and when. ``mark`` binds it to the words that were read."""

    by: str
    on: str
    mark: str = ""


@dataclass
class Entry:
    """One string in another language, beside the source from which it was made."""

    key: str
    made_from: str
    text: str
    reviewed: Reviewed | None = None
    remarks: str = ""
    """What a translator wrote beside it."""
    is_outdated: bool = False
    """The file itself says that its source has changed since."""
    line: int = _line()


@dataclass
class Translation:
    """One module in one language."""

    language: str
    entries: dict[str, Entry] = field(default_factory=dict)
    retired: list[Entry] = field(default_factory=list)
    """Entries whose string is gone; they are kept for the translator, at the end of the file."""
    file: str = field(default="", compare=False)


@dataclass
class Module:
    """One module, or what one country has of its own in it (``country``)."""

    folder: str
    code: str = ""
    strand: str = ""
    title: str = ""
    cover_title: str = ""
    hours: int = 0
    objectives: list[Item] = field(default_factory=list)
    steps: list[Item] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    """What other apps keep in a module's folder, by the name of the part (``parts``)."""
    translations: dict[str, Translation] = field(default_factory=dict)
    country: str = ""
    others: dict[str, bytes] = field(default_factory=dict)
    """Files that are kept as they are (pictures, sound), by their name in the module's folder."""

    def file(self, name: str) -> str:
        """The name in the pack of a file in this module's folder."""
        return f"{self.folder}/{name}" if self.folder else name


@dataclass
class Strand:
    """One strand of the library, with its name in each language."""

    code: str
    title: dict[str, str] = field(default_factory=dict)


@dataclass
class Pack:
    """A curriculum as text."""

    code: str = ""
    name: str = ""
    source_language: str = "en"
    languages: list[str] = field(default_factory=list)
    """The languages into which it is translated wholly. A module may have others, which are only beginning."""
    library: dict[str, str] = field(default_factory=dict)
    strands: list[Strand] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    facts_text: str = ""
    """``facts.toml`` as it was written: its remarks are part of it."""
    terms: Any = None
    """The translators' list (``terms.Terms``); ``None`` where the pack has none."""
    terms_text: str = ""
    """``terms.toml`` as it was written."""
    modules: list[Module] = field(default_factory=list)
    variants: list[Module] = field(default_factory=list)
    """What countries have of their own, one for each country and module."""

    def all_modules(self) -> Iterator[Module]:
        yield from self.modules
        yield from self.variants

    @property
    def fact_keys(self) -> set[str]:
        return set(self.facts.get("facts", {}))


@dataclass(frozen=True)
class Problem:
    """One thing amiss in a pack, where it stands, and whether ``check_pack --fix`` mends it."""

    file: str
    line: int
    key: str
    what: str
    level: Literal["error", "warning"] = "error"
    is_fixable: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        level = "" if self.level == "error" else "warning: "
        return f"{place}: {self.key}: {level}{self.what}" if self.key else f"{place}: {level}{self.what}"


class Problems(list[Problem]):
    """What has been found so far, and the files that could not be read as they should be."""

    def __init__(self) -> None:
        super().__init__()
        self.unread: set[str] = set()
        """Files whose writer would lose something, because their reader did not understand all of them."""

    def error(self, file: str, line: int, key: str, what: str, *, is_fixable: bool = False) -> None:
        self.append(Problem(file, line, key, what, "error", is_fixable))

    def warn(self, file: str, line: int, key: str, what: str, *, is_fixable: bool = False) -> None:
        self.append(Problem(file, line, key, what, "warning", is_fixable))

    def unreadable(self, file: str, line: int, what: str, key: str = "") -> None:
        """An error after which the file is not written again: what was not understood would be lost."""
        self.unread.add(file)
        self.error(file, line, key, what)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self if problem.level == "error"]
