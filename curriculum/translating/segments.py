"""Where each text stands in one language. Worked out each time from the words and their hashes, never stored.

Three things are asked: what the source says now, what was last published and from which source (the ledger), and
what a translator wrote since (the memory, which holds a translation for each sentence of a source). A state cannot be
wrong, because it is nothing but the comparison of the three.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from wagtail_localize.models import StringTranslation

from curriculum.models import TextReading, TranslatedSegment
from curriculum.translating.originals import Original, languages_live, originals
from curriculum.translating.texts import Text
from curriculum.translation.sentences import has_words, normal, segment_hash


class State(StrEnum):
    """Where a text stands. Each text is in exactly one."""

    MISSING = "missing"
    """Nobody has translated it."""
    DRAFT = "draft"
    """Made from the source as it is; learners do not read it yet."""
    STALE = "stale"
    """Made from an older source."""
    CURRENT = "current"
    """Learners read it, and it was made from the source as it is."""
    REVIEWED = "reviewed"
    """The same, and somebody who speaks the language has read it beside its source."""


@dataclass(frozen=True)
class Said:
    """Words in one language, sentence by sentence, and the source from which each was made."""

    sentences: tuple[str, ...]
    sources: tuple[str, ...]
    template: str = ""

    @property
    def hashes(self) -> frozenset[str]:
        return frozenset(segment_hash(source) for source in self.sources)

    def says_the_same(self, other: Said | None) -> bool:
        return other is not None and tuple(map(normal, self.sentences)) == tuple(map(normal, other.sentences))


@dataclass
class Segment:
    """One text of an original, in one language."""

    original: Original
    text: Text
    language: str
    state: State
    said: Said | None = None
    """The words as they stand at the desk: those that wait, else those that learners read."""
    read_by: str = ""
    read_on: date | None = None
    written_by: Any = None
    """The account that wrote the words as they stand; ``None`` where they came with a pack."""
    written_at: datetime | None = None

    @property
    def mark(self) -> str:
        """A short name for addresses and forms; it never changes."""
        return uuid.uuid5(self.original.key, self.text.path).hex[:12]

    @property
    def source(self) -> str:
        return self.text.words

    @property
    def words(self) -> str:
        """What a person reads in the other language; empty where there is nothing."""
        if self.said is None:
            return ""
        return self.text.with_sentences(list(self.said.sentences), self.said.template)

    @property
    def made_from(self) -> str:
        """The source that the words were made from; of a stale one, the older text."""
        if self.said is None or self.state is not State.STALE:
            return self.source
        return self.text.with_sentences(list(self.said.sources), self.said.template)

    @property
    def source_hash(self) -> str:
        """What a reading is bound to on this side."""
        return segment_hash("\n".join(self.text.sentences))

    @property
    def text_hash(self) -> str:
        """What a reading is bound to on the other side; changes with every word."""
        return segment_hash("\n".join(map(normal, self.said.sentences))) if self.said else ""

    @property
    def seen(self) -> str:
        """What somebody has before her: another source or other words have another."""
        return segment_hash(f"{self.source_hash}{self.text_hash}")[:16]

    @property
    def is_there(self) -> bool:
        """Whether there are words made from the source as it is."""
        return self.state not in (State.MISSING, State.STALE)


@dataclass
class Ledger:
    """What is known of some originals in one language: published, written, read."""

    published: Mapping[tuple[uuid.UUID, str], list[TranslatedSegment]] = field(default_factory=dict)
    memory: Mapping[tuple[uuid.UUID, str], list[StringTranslation]] = field(default_factory=dict)
    readings: Mapping[tuple[uuid.UUID, str], list[TextReading]] = field(default_factory=dict)
    live: frozenset[uuid.UUID] = frozenset()


def segments(
    codes: Iterable[str] | None, languages: Sequence[str], found: list[Original] | None = None
) -> dict[str, list[Segment]]:
    """``{language: every text of those modules}`` in reading order; all modules where ``codes`` is ``None``.

    A fixed number of queries, whatever the number of modules and languages.
    """
    found = originals(None if codes is None else set(codes)) if found is None else found
    ledgers = _ledgers([original.key for original in found], languages)
    live = languages_live(found) if languages else set()
    answer: dict[str, list[Segment]] = {}
    for language in languages:
        ledger = ledgers[language]
        ledger.live = frozenset(key for key, other in live if other == language)
        answer[language] = [
            _segment(original, text, language, ledger)
            for original in found
            for text in original.texts
            if text.has_words
        ]
    return answer


def _ledgers(keys: list[uuid.UUID], languages: Sequence[str]) -> dict[str, Ledger]:
    published: dict[str, dict[Any, list[Any]]] = {language: defaultdict(list) for language in languages}
    rows = TranslatedSegment.objects.filter(translation_key__in=keys, language__in=languages)
    for row in rows.order_by("path", "order"):
        published[row.language][row.translation_key, row.path].append(row)
    memory: dict[str, dict[Any, list[Any]]] = {language: defaultdict(list) for language in languages}
    written = StringTranslation.objects.filter(
        context__object_id__in=keys, locale__language_code__in=languages, has_error=False
    )
    for said in written.select_related("translation_of", "context", "locale", "last_translated_by").order_by("pk"):
        memory[said.locale.language_code][said.context.object_id, said.context.path].append(said)
    readings: dict[str, dict[Any, list[Any]]] = {language: defaultdict(list) for language in languages}
    for reading in TextReading.objects.filter(translation_key__in=keys, language__in=languages).order_by("pk"):
        readings[reading.language][reading.translation_key, reading.path].append(reading)
    return {language: Ledger(published[language], memory[language], readings[language]) for language in languages}


def _segment(original: Original, text: Text, language: str, ledger: Ledger) -> Segment:
    place = (original.key, text.path)
    rows, memory = ledger.published.get(place, []), ledger.memory.get(place, [])
    published = _published(rows)
    written = _written(text, memory)
    is_live = original.key in ledger.live
    now = frozenset(text.hashes)
    segment = Segment(original, text, language, State.MISSING)
    if written is not None and not (
        is_live and published and written.says_the_same(published) and published.hashes == now
    ):
        segment.state, segment.said = State.DRAFT, written
    elif published is not None:
        segment.said = published
        if published.hashes != now:
            segment.state = State.STALE
        else:
            segment.state = State.CURRENT if is_live else State.DRAFT
    elif (older := _older(text, memory)) is not None:
        segment.state, segment.said = State.STALE, older
    _tell_who(segment, memory, rows, ledger.readings.get(place, []))
    if segment.state is State.CURRENT and segment.read_by:
        segment.state = State.REVIEWED
    return segment


def _published(rows: Sequence[TranslatedSegment]) -> Said | None:
    if not rows:
        return None
    return Said(tuple(row.text for row in rows), tuple(row.source for row in rows), rows[0].template)


def _written(text: Text, memory: Sequence[StringTranslation]) -> Said | None:
    """What was written for the source as it is; ``None`` where a sentence of it was not."""
    by_source = {row.translation_of.data: row.data for row in memory}
    found = []
    for sentence in text.sentences:
        said = by_source.get(sentence, "" if has_words(sentence) else sentence)
        if not said:
            return None
        found.append(said)
    return Said(tuple(found), text.sentences, text.template)


def _older(text: Text, memory: Sequence[StringTranslation]) -> Said | None:
    """What was written last for sentences that the source no longer has, and never published."""
    rows = [row for row in memory if row.data and row.translation_of.data not in text.sentences]
    if not rows:
        return None
    newest = max(row.updated_at for row in rows)
    rows = [row for row in rows if (newest - row.updated_at).total_seconds() < 1]
    return Said(tuple(row.data for row in rows), tuple(row.translation_of.data for row in rows))


def _tell_who(
    segment: Segment,
    memory: Sequence[StringTranslation],
    rows: Sequence[TranslatedSegment],
    readings: Sequence[TextReading],
) -> None:
    """Who wrote the words as they stand, and who has read them beside the source as it is."""
    if segment.said is None:
        return
    own = [row for row in memory if row.data in segment.said.sentences]
    if own:
        last = max(own, key=lambda row: row.updated_at)
        segment.written_by, segment.written_at = last.last_translated_by, last.updated_at
    if not segment.is_there:
        return
    for reading in readings:
        if (reading.source_hash, reading.text_hash) == (segment.source_hash, segment.text_hash):
            segment.read_by, segment.read_on = reading.read_by, reading.read_on
    names = {row.reviewed_by for row in rows}
    if not segment.read_by and segment.state is State.CURRENT and len(names) == 1 and names != {""}:
        segment.read_by = names.pop()
        segment.read_on = max(row.reviewed_on for row in rows if row.reviewed_on is not None)
