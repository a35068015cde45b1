"""Words of a lesson that open their meaning in place: the first time that each occurs, without script.

Written when a lesson is frozen. What opens is a ``<details>`` within the sentence; a browser ends a paragraph where
one begins, so a paragraph with such a word is a ``<div>``. ``openable.closed`` takes it all away again: neither the
mark of what she read nor what is read aloud or printed knows of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from django.utils.html import escape

from curriculum.models import GlossaryMeaning, ImportedPiece, LessonPage, Module, Strand
from curriculum.openable import DIV, opening
from curriculum.translation.words import stale_words, word_key

BLOCKS = frozenset({"text", "story", "role-play", "key-message"})
"""Where sentences stand, by the class of a block. Answers, headings and checklists are tapped or ticked themselves."""

CLOSED = frozenset({"details", "summary", "a", "h2", "dl", "figure", "button", "label"})
STOPS = "[.,:!?…)”’]*"
"""What goes along with a word: its meaning opens as a line of its own, and no line begins with a stop."""
MOST = 8
"""In one lesson: each costs her some 40 bytes, and a page full of dots is not calm."""


@dataclass(frozen=True)
class Known:
    """A word that can be explained, in one language."""

    word: str
    meaning: str

    @property
    def pattern(self) -> str:
        parts = [re.escape(escape(part)).replace(r"\ ", r"\s+") for part in re.split("['’]", self.word)]
        said = "(?:'|’|&#x27;|&#39;)".join(parts)
        # A word in capitals, such as ART, is not the word in small letters.
        capitals = sum(letter.isupper() for letter in self.word) > 1
        return said if capitals else f"(?i:{said})"


def words_of(module: Module, lessons: Iterable[LessonPage]) -> Mapping[str, list[Known]]:
    """What ``module`` explains, by language: the words of its pack, and those that a lesson prints. Three queries.

    A meaning that was made from an older English one is left out: nothing there could say that it is old.
    """
    packed = ImportedPiece.objects.filter(language="", key__startswith="glossary.", module__iendswith=module.code)
    keys = {
        key.removeprefix("glossary.")
        for code, key in packed.values_list("module", "key")
        if code.rpartition("/")[2].casefold() == module.code.casefold()
    }
    printed = {row["value"].get("entry") for page in lessons for row in page.body.raw_data if row["type"] == "word"}
    curriculum = Strand.objects.filter(pk=module.strand_id).values("curriculum")
    meanings = GlossaryMeaning.objects.filter(entry__curriculum__in=curriculum)
    found: dict[str, list[Known]] = defaultdict(list)
    behind = stale_words()
    for entry, key, language, word, meaning in meanings.values_list(
        "entry", "entry__key", "language", "word", "meaning"
    ):
        if (key in keys or entry in printed) and (word_key(key), language) not in behind:
            found[language].append(Known(word, meaning))
    # The longer first: "viral load test" before "viral load".
    return {
        language: sorted(each, key=lambda known: (-len(known.word), known.word)) for language, each in found.items()
    }


@dataclass
class _Open:
    tag: str
    start: int
    blocks: frozenset[str]
    end: int = 0


class _Sentences(HTMLParser):
    """Where a word may stand: ``(start, end, paragraph)`` of each run of text, with the ``<p>`` it is in."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.lines = [0, *(place.end() for place in re.finditer("\n", html))]
        self.open: list[_Open] = []
        self.runs: list[tuple[int, int, _Open | None]] = []
        self.begun = 0
        self.feed(html)
        self.close()

    @property
    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _run_ends(self) -> None:
        inside = {one.tag for one in self.open}
        if self.begun < self.place and not inside & CLOSED and any(one.blocks & BLOCKS for one in self.open):
            paragraph = next((one for one in reversed(self.open) if one.tag == "p"), None)
            if paragraph is not None or "li" in inside:
                self.runs.append((self.begun, self.place, paragraph))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._run_ends()
        self.begun = self.place + len(self.get_starttag_text() or "")
        if tag not in {"br", "img", "input", "source"}:
            self.open.append(_Open(tag, self.place, frozenset((dict(attrs).get("class") or "").split())))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._run_ends()
        self.begun = self.place + len(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._run_ends()
        self.begun = self.html.index(">", self.place) + 1
        while self.open:
            one = self.open.pop()
            one.end = self.place
            if one.tag == tag:
                return


def explained(html: str, known: Sequence[Known]) -> str:
    """``html`` with the first occurrence of each of ``known`` opening its meaning."""
    return _explained(html, tuple(known)) if known and html else html


@lru_cache(maxsize=64)
def _explained(html: str, known: tuple[Known, ...]) -> str:
    """Remembered for a while: the countries of a lesson mostly say the same."""
    sentences = _Sentences(html)
    taken: list[tuple[int, int, str]] = []
    paragraphs: dict[int, _Open] = {}
    for one in known:
        looked_for = re.compile(rf"(?<![\w&#-])(?:{one.pattern})(?:s\b)?(?![\w-]){STOPS}")
        for start, end, paragraph in sentences.runs:
            found = next(
                (
                    match
                    for match in looked_for.finditer(html, start, end)
                    if all(match.end() <= first or match.start() >= last for first, last, _text in taken)
                ),
                None,
            )
            if found is not None:
                taken.append((found.start(), found.end(), opening(found[0], escape(one.meaning))))
                if paragraph is not None:
                    paragraphs[paragraph.start] = paragraph
                break
    taken = sorted(taken)[:MOST]
    wanted = [
        paragraph
        for paragraph in paragraphs.values()
        if any(paragraph.start < start < paragraph.end for start, _end, _text in taken)
    ]
    changes = [*taken]
    for paragraph in wanted:
        changes += [(paragraph.start, paragraph.start + 2, DIV), (paragraph.end, paragraph.end + 4, "</div>")]
    for start, end, text in sorted(changes, reverse=True):
        html = html[:start] + text + html[end:]
    return html
