"""A text as sentences: where each stands, what it says, and by what it is known.

``Sentence`` is cut from a page or snippet as it is; wagtail-localize's ``StringSegment`` is the same
sentence in the library's tables, beside what a translator wrote for it. A path is the place inside the
object; a rich text has several sentences at one path, so they are counted.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, TranslationSource
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue


@dataclass(frozen=True)
class Sentence:
    """One sentence of an object: the ``order``-th at ``path``. ``template`` is the html around all of that path."""

    path: str
    order: int
    text: str
    attrs: dict[str, Any]
    template: str


def sentences_of(instance: Any) -> Iterator[Sentence]:
    """The sentences of ``instance`` in reading order."""
    templates: dict[str, str] = {}
    places: dict[str, int] = defaultdict(int)
    for segment in extract_segments(instance):
        path = segment.path
        if isinstance(segment, TemplateSegmentValue):
            templates[path] = segment.template
        elif isinstance(segment, StringSegmentValue):
            yield Sentence(path, places[path], segment.string.data, segment.attrs or {}, templates.get(path, ""))
            places[path] += 1


def segments_by_path(source: TranslationSource, locale: Locale) -> dict[str, list[StringSegment]]:
    """The library's sentences of ``source`` in reading order, each with its ``translation`` or none."""
    segments = StringSegment.objects.filter(source=source).annotate_translation(locale)
    by_path: dict[str, list[StringSegment]] = defaultdict(list)
    for segment in segments.select_related("string", "context").order_by("order"):
        by_path[segment.context.path].append(segment)
    return by_path


def segment_hash(text: str) -> str:
    """What the ledger knows a source sentence by."""
    return hashlib.sha256(text.encode()).hexdigest()


def has_words(text: str) -> bool:
    """Whether there is anything to translate besides placeholders, figures and signs."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"\{[a-z0-9_]+\}", "", plain(text))))


def plain(text: str) -> str:
    """``text`` without its html."""
    return StringValue(text).render_text() if _has_marks(text) else text


def normal(text: str) -> str:
    """``text`` with its html written one way, so that the same words compare equal."""
    return str(BeautifulSoup(text, "html.parser")) if _has_marks(text) else text


def _has_marks(text: str) -> bool:
    """Whether html could stand in ``text``: to parse words without any costs most of a report."""
    return "<" in text or "&" in text or ">" in text
