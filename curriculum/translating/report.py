"""How far each language is: module by module, in numbers. Only reads."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from curriculum import policies
from curriculum.models import Module, TranslatedSegment
from curriculum.translating.originals import originals
from curriculum.translating.segments import Segment, State, segments
from curriculum.translating.word_checks import have_same_numbers, placeholders_of
from curriculum.translation.sentences import plain

SAME_WORDS = Path(__file__).parent / "same_words.toml"
"""Words that are the same in another language, and rightly so."""


@dataclass
class Row:
    """One module, or everything, in one language."""

    states: Counter[State] = field(default_factory=Counter)
    words_left: int = 0
    same_as_source: int = 0
    placeholder_differences: int = 0
    number_differences: int = 0

    @property
    def counts(self) -> list[tuple[State, int]]:
        """How many there are in each state, in order."""
        return [(state, self.states[state]) for state in State]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def there(self) -> int:
        """How many have words: those that are stale among them."""
        return self.total - self.states[State.MISSING]

    @property
    def is_complete(self) -> bool:
        """Whether learners read all of it, made from the source as it is."""
        return self.total > 0 and self.states[State.CURRENT] + self.states[State.REVIEWED] == self.total

    @property
    def percent(self) -> int:
        """How many in a hundred are made from the source as it is; never 100 before all are."""
        done = self.total - self.states[State.MISSING] - self.states[State.STALE]
        return 100 * done // self.total if self.total else 0

    @property
    def same_share(self) -> float:
        return _share(self.same_as_source, self.there)

    @property
    def reviewed_share(self) -> float:
        return _share(self.states[State.REVIEWED], self.total)

    def join(self, other: Row) -> None:
        """Count ``other`` in."""
        self.states += other.states
        self.words_left += other.words_left
        self.same_as_source += other.same_as_source
        self.placeholder_differences += other.placeholder_differences
        self.number_differences += other.number_differences

    def add(self, segment: Segment) -> None:
        self.states[segment.state] += 1
        if not segment.is_there:
            self.words_left += len(segment.source.split())
        if segment.said is None:
            return
        self.same_as_source += is_same_as_source(segment)
        if segment.is_there:
            source, words = " ".join(segment.text.sentences), " ".join(segment.said.sentences)
            self.placeholder_differences += placeholders_of(source) != placeholders_of(words)
            self.number_differences += not have_same_numbers(source, words, segment.language)

    def as_json(self) -> dict[str, Any]:
        return {
            "total": self.total,
            **{state.value: self.states[state] for state in State},
            "words_left": self.words_left,
            "same_as_source": self.same_as_source,
            "same_as_source_share": self.same_share,
            "placeholder_differences": self.placeholder_differences,
            "number_differences": self.number_differences,
            "reviewed_share": self.reviewed_share,
            "is_complete": self.is_complete,
        }


@dataclass
class Report:
    """``modules``: code, title and a row for each of ``languages``; ``totals``: the same over all."""

    languages: list[str]
    modules: list[tuple[str, str, dict[str, Row]]]
    totals: dict[str, Row]

    def as_json(self) -> dict[str, Any]:
        return {
            "source_language": policies.source_language(),
            "languages": {language: row.as_json() for language, row in self.totals.items()},
            "modules": {
                code or "library": {language: row.as_json() for language, row in rows.items()}
                for code, _title, rows in self.modules
            },
        }


def languages_begun() -> list[str]:
    """The languages in which anything has ever been published, in the order of the product."""
    found = set(TranslatedSegment.objects.values_list("language", flat=True).distinct())
    return [code for code, _name in settings.LANGUAGES if code in found]


def report(
    languages: Sequence[str], *, codes: Collection[str] | None = None, curricula: Collection[str] | None = None
) -> Report:
    """How far each of ``languages`` is in each module. A fixed number of queries."""
    found = originals(codes, curricula=curricula)
    titles: dict[str, str] = {}
    for original in found:
        if original.kind in ("module", "shelf"):
            titles.setdefault(original.module, original.title)
    rows = {code: {language: Row() for language in languages} for code in titles}
    totals = {language: Row() for language in languages}
    for language, each in segments(codes, languages, found).items():
        _count(each, language, rows, totals[language])
    return Report(list(languages), [(code, titles[code], rows[code]) for code in titles], totals)


def report_of_all(languages: Sequence[str] = ()) -> Report:
    """``report`` of every curriculum, each in those of ``languages`` (else of all) that are begun in it.

    A curriculum that is taught in English alone is not unfinished in Kiswahili.
    """
    wanted = list(languages) or languages_begun()
    whole = Report(wanted, [], {language: Row() for language in wanted})
    codes: dict[str, set[str]] = defaultdict(lambda: {""})
    for curriculum, code in Module.objects.order_by("code").values_list("strand__curriculum", "code"):
        codes[curriculum].add(code)
    for curriculum in sorted(codes):
        found = report(wanted, codes=codes[curriculum], curricula={curriculum})
        begun = [language for language in wanted if languages or found.totals[language].there]
        for code, title, rows in found.modules:
            there = {each: rows[each] for each in begun}
            shelves = next((each for each in whole.modules if not code and not each[0]), None)
            if shelves is None:
                whole.modules.append((code, title, there))
            else:
                for language, row in there.items():
                    shelves[2].setdefault(language, Row()).join(row)
        for language in begun:
            whole.totals[language].join(found.totals[language])
    return whole


def _count(found: Iterable[Segment], language: str, rows: dict[str, dict[str, Row]], total: Row) -> None:
    for segment in found:
        total.add(segment)
        if segment.original.module in rows:
            rows[segment.original.module][language].add(segment)


def is_same_as_source(segment: Segment) -> bool:
    """Whether the words are those of the source, and nobody has said that they may be."""
    if segment.said is None:
        return False
    mine, theirs = (_bare(" ".join(map(plain, each))) for each in (segment.said.sentences, segment.text.sentences))
    return mine == theirs and mine not in _same_words(segment.language)


@cache
def _same_words(language: str) -> frozenset[str]:
    listed = tomllib.loads(SAME_WORDS.read_text(encoding="utf-8"))
    return frozenset(_bare(word) for word in [*listed.get("any", []), *listed.get(language, [])])


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .:;!?").casefold()


def _share(part: int, whole: int) -> float:
    """A part of a whole in percent, with one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0
