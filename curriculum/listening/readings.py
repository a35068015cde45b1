"""Which recordings there are of which words, and everything that can be read aloud.

A reading is one sitting of a trainer: a lesson, or the questions of a module. ``curriculum`` knows lessons;
apps above it register what else can be read, in ``AppConfig.ready()``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from curriculum.listening import rights
from curriculum.listening.texts import Spoken, stored_pieces
from curriculum.models import Article, Country, Recording

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SECONDS_A_WORD = (0.14, 1.2)
"""Between these a sentence is read by a person; outside, something is missing or was left running."""
SECONDS_AROUND = 4


def spoken_of(article: Article) -> list[Spoken]:
    """What is read aloud of a frozen article, in reading order. No query."""
    return stored_pieces(article.spoken)


def recordings_of(language: str, hashes: Iterable[str]) -> dict[str, Recording]:
    """The recording in use for each of ``hashes`` (marks of words) that has one. One query, none for nothing."""
    wanted = set(hashes)
    if not wanted:
        return {}
    return {row.spoken_hash: row for row in Recording.objects.in_use().saying(wanted, language)}


# ---------------------------------------------------------------- what there is to read


@dataclass(frozen=True)
class Telling:
    """What one app can have read aloud: the words of one text for one country.

    ``key`` is the same in every language and country (``m4/l2``), and so is the order of keys.
    """

    key: str
    kind: StrPromise | str
    title: str
    country: str
    pieces: list[Spoken]
    is_lesson: bool = False


Source = Callable[[str, str], Iterable[Telling]]
"""``source(language, key)``: what there is in a language, or the one text called ``key``. A fixed number of queries."""

_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Have what ``source`` tells read at the desk."""
    if source not in _sources:
        _sources.append(source)


def told_by_articles(language: str, key: str) -> Iterator[Telling]:
    """Modules, with their title and what she will be able to do, and lessons. One query."""
    articles = Article.objects.filter(language=language).defer("html").order_by("path", "country")
    kinds = {Article.Kind.MODULE.value: _("Module"), Article.Kind.LESSON.value: _("Lesson")}
    for article in articles.filter(path=key) if key else articles:
        yield Telling(
            article.path,
            kinds[article.kind],
            article.title,
            article.country,
            spoken_of(article),
            is_lesson=article.kind == Article.Kind.LESSON,
        )


class State(StrEnum):
    """Whether a line has a voice."""

    AGAIN = "again"
    """It had one, before its words changed or somebody withdrew it."""
    MISSING = "missing"
    RECORDED = "recorded"


@dataclass
class Line:
    """One piece that is read in one go, in one language; ``countries`` when they differ in their words."""

    place: str
    kind: str
    text: str
    hash: str
    countries: list[str] = field(default_factory=list)
    state: State = State.MISSING
    recording: Recording | None = None

    @property
    def mark(self) -> str:
        """Its name in a page: two countries may have different words at one place."""
        return f"{self.place.replace('#', '-').replace('/', '-').replace('.', '-')}-{self.hash[:6]}"

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()

    @property
    def is_doubtful(self) -> bool:
        """Whether its recording is much too short or too long for its words."""
        return self.recording is not None and is_doubtful(self.text, self.recording.duration_ms)


@dataclass
class Reading:
    """A text as it is read aloud in one sitting, with what is recorded of it."""

    key: str
    kind: StrPromise | str
    title: str
    language: str
    lines: list[Line]
    is_lesson: bool = False

    def count(self, state: State) -> int:
        return sum(line.state is state for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def recorded(self) -> int:
        return self.count(State.RECORDED)

    @property
    def again(self) -> int:
        return self.count(State.AGAIN)

    @property
    def synthetic(self) -> int:
        return sum(line.recording is not None and line.recording.is_synthetic for line in self.lines)

    @property
    def size_bytes(self) -> int:
        """What hearing all of it costs her."""
        return sum(line.recording.size_bytes for line in self.lines if line.recording)

    @property
    def is_complete(self) -> bool:
        return self.recorded == self.total


def readings(language: str, key: str = "") -> list[Reading]:
    """Everything that can be read aloud in ``language``, or the text called ``key``; with what is recorded.

    A fixed number of queries: one or two for each source, one for the countries, one for the recordings.
    """
    by_key: dict[str, list[Telling]] = defaultdict(list)
    for source in _sources:
        for telling in source(language, key):
            by_key[telling.key].append(telling)
    names = {row.code: row.name for row in Country.objects.all() if language in row.languages}
    found = [_reading(language, tellings, names) for _key, tellings in sorted(by_key.items())]
    _say_what_is_recorded(language, found)
    return found


def again_count(user: Any) -> int:
    """How many blocks wait to be read again in the languages that ``user`` reads aloud."""
    hers = set(Recording.objects.order_by().values_list("language", flat=True).distinct())
    hers = {language for language in hers if rights.may_record(user, language)}
    return sum(reading.again for language in sorted(hers) for reading in rights.of_hers(user, readings(language)))


def is_doubtful(text: str, duration_ms: int) -> bool:
    """Whether nobody reads ``text`` in this time."""
    words = len(text.split())
    least, most = (words * seconds for seconds in SECONDS_A_WORD)
    return not least <= duration_ms / 1000 <= most + SECONDS_AROUND


def _reading(language: str, tellings: list[Telling], names: dict[str, str]) -> Reading:
    """The tellings of one text as one: where countries agree in their words, one line."""
    # Only where somebody is offered this language; if nobody is yet, everywhere.
    heard = [telling for telling in tellings if telling.country in names] or tellings
    lines: dict[tuple[str, str], Line] = {}
    order: dict[str, int] = {}
    for telling in heard:
        for spoken in telling.pieces:
            order.setdefault(spoken.place, len(order))
            place = f"{telling.key}#{spoken.place}"
            line = lines.setdefault((spoken.place, spoken.hash), Line(place, spoken.kind, spoken.text, spoken.hash))
            line.countries.append(names.get(telling.country, telling.country))
    for line in lines.values():
        if len(line.countries) == len(heard):
            line.countries = []
    sequence = sorted(lines, key=lambda known: order[known[0]])
    first = heard[0]
    return Reading(
        first.key,
        first.kind,
        first.title,
        language,
        [lines[known] for known in sequence],
        is_lesson=first.is_lesson,
    )


def _say_what_is_recorded(language: str, found: list[Reading]) -> None:
    """Put its recording and its state on every line. One query."""
    lines = [line for reading in found for line in reading.lines]
    current: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        current[line.place].add(line.hash)
    in_use: dict[str, Recording] = {}
    before: dict[str, set[str]] = defaultdict(set)
    withdrawn: set[str] = set()
    for row in Recording.objects.filter(language=language).select_related("recorded_by").order_by("pk"):
        before[row.place].add(row.spoken_hash)
        if row.stopped_at is None:
            in_use[row.spoken_hash] = row
        elif row.stop == Recording.Stop.WITHDRAWN:
            withdrawn.add(row.spoken_hash)
    for line in lines:
        line.recording = in_use.get(line.hash)
        if line.recording:
            line.state = State.RECORDED
        # Words of another country at the same place are no older words of this one.
        elif line.hash in withdrawn or before[line.place] - current[line.place]:
            line.state = State.AGAIN
