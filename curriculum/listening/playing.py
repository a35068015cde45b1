"""What a page needs in order to be heard: the recordings of its words, what they cost, and leave to play them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from curriculum.listening.readings import recordings_of
from curriculum.listening.texts import spoken_hash
from curriculum.models import Recording

POLICY: dict[str, Any] = {**settings.SECURE_CSP, "media-src": [CSP.SELF, "data:"]}


def playing[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Let the page of ``view`` play what it holds in memory.

    A player that is handed an address leaves the sound in the browser's cache, for the next person who looks
    there; ``static/offline/listen.js`` fetches it past every cache instead.
    """
    return csp_override(POLICY)(view)


@dataclass(frozen=True)
class Sounds:
    """The recordings of the words of one page in one language, found by the words themselves."""

    language: str
    by_hash: dict[str, Recording] = field(default_factory=dict)

    def of(self, text: str) -> Recording | None:
        """The recording of ``text``, if there is one."""
        return self.by_hash.get(spoken_hash(text))

    def __bool__(self) -> bool:
        return bool(self.by_hash)

    @property
    def kilobytes(self) -> int:
        """What it costs to hear all of it; never less than 1."""
        return kilobytes_of(sum(recording.size_bytes for recording in self.by_hash.values()))

    @property
    def minutes(self) -> int:
        """How long all of it takes, never less than 1."""
        return max(1, round(sum(recording.duration_ms for recording in self.by_hash.values()) / 60_000))

    @property
    def is_synthetic(self) -> bool:
        """Whether any of it is the voice of a machine."""
        return any(recording.is_synthetic for recording in self.by_hash.values())


def kilobytes_of(size_bytes: int) -> int:
    return max(1, round(size_bytes / 1000))


def sounds_by_language(marks: Mapping[str, Collection[str]]) -> dict[str, Sounds]:
    """The recordings in use of words, given by their marks for each language. One query for all of them."""
    wanted = {mark for each in marks.values() for mark in each}
    found: dict[str, dict[str, Recording]] = {language: {} for language in marks}
    rows = Recording.objects.in_use().filter(language__in=marks, spoken_hash__in=wanted) if wanted else []
    for row in rows:
        if row.spoken_hash in marks[row.language]:
            found[row.language][row.spoken_hash] = row
    return {language: Sounds(language, by_hash) for language, by_hash in found.items()}


def sounds_of(language: str, texts: Iterable[str]) -> Sounds:
    """The recordings of ``texts`` that are in use. One query."""
    return Sounds(language, recordings_of(language, {spoken_hash(text) for text in texts}))
