"""One text out of what is known: the words from which a translation is built, path by path.

A sentence takes the translator's words; failing those, what was last published for it, also when its source
has changed since. A sentence that nobody ever translated is a gap: a draft shows the source text there,
and nothing with a gap goes live.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, TranslationSource
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.strings import StringValue

from curriculum.models import TranslatedSegment
from curriculum.translation.refusals import MissingTranslations
from curriculum.translation.sentences import has_words, segment_hash, segments_by_path


@dataclass
class KnownText:
    """A text that was made from a source sentence: from the ledger or from the translator's memory."""

    source_hash: str
    text: str
    attrs: dict[str, Any] = field(default_factory=dict)


@dataclass
class KnownBlock:
    """What is known of one path: its sentences in order, and the html around them."""

    sentences: list[KnownText] = field(default_factory=list)
    template: str = ""


def known_blocks(source: TranslationSource, locale: Locale) -> dict[str, KnownBlock]:
    """Everything ever said at each path: the ledger, overlaid by what the translator wrote since."""
    blocks: dict[str, KnownBlock] = defaultdict(KnownBlock)
    for row in TranslatedSegment.objects.of(source.object_id, locale.language_code):
        block = blocks[row.path]
        block.sentences.append(KnownText(row.source_hash, row.text, row.attrs))
        block.template = block.template or row.template
    for path, segments in segments_by_path(source, locale).items():
        for segment in segments:
            if segment.translation:
                _overlay(blocks[path], segment)
    return blocks


def _overlay(block: KnownBlock, segment: StringSegment) -> None:
    said = KnownText(segment_hash(segment.string.data), segment.translation, _attrs(segment))
    places = [place for place, known in enumerate(block.sentences) if known.source_hash == said.source_hash]
    if places:
        block.sentences[places[0]] = said
    elif not block.template:
        block.sentences = [said]


def assembled(
    source: TranslationSource, locale: Locale, known: Mapping[str, KnownBlock], *, may_leave_gaps: bool
) -> list[Any]:
    """The pieces from which the translation is built. Raises ``MissingTranslations`` unless gaps are allowed.

    A gap is filled with the source text, which only ever reaches a draft.
    """
    others = [
        segment
        for segment in source._get_segments_for_translation(locale, fallback=True)  # noqa: SLF001
        if not isinstance(segment, StringSegmentValue)
    ]
    templates = {segment.path: segment for segment in others if isinstance(segment, TemplateSegmentValue)}
    pieces: list[Any] = []
    missing: list[tuple[str, str]] = []
    for path, sentences in segments_by_path(source, locale).items():
        block = known.get(path, KnownBlock())
        texts, gaps = _matched(sentences, block)
        if gaps and block.sentences and block.template and path in templates:
            pieces += _whole_block(path, templates[path].order, block)
            others.remove(templates[path])
            continue
        missing += [(path, sentence.string.data) for sentence in gaps]
        pieces += [
            _piece(path, text or sentence.string.data, _attrs(sentence), sentence.order)
            for sentence, text in zip(sentences, texts, strict=True)
        ]
    if missing and not may_leave_gaps:
        raise MissingTranslations(missing)
    return sorted(others + pieces, key=lambda segment: segment.order)


def _matched(sentences: Sequence[StringSegment], block: KnownBlock) -> tuple[list[str | None], list[StringSegment]]:
    """A text for each sentence of a path, and the sentences that have none.

    A sentence takes its own translation, else what was published for the same source, else, when as many
    texts lost their source as sentences lack a text, the old text at its turn.
    """
    hashes = [segment_hash(sentence.string.data) for sentence in sentences]
    by_hash = {known.source_hash: known.text for known in block.sentences}
    texts: list[str | None] = [
        sentence.translation
        or by_hash.get(key)
        or (sentence.string.data if not has_words(sentence.string.data) else None)
        for sentence, key in zip(sentences, hashes, strict=True)
    ]
    gaps = [place for place, text in enumerate(texts) if text is None]
    orphans = [known.text for known in block.sentences if known.source_hash not in hashes]
    if gaps and len(gaps) == len(orphans):
        for place, text in zip(gaps, orphans, strict=True):
            texts[place] = text
        gaps = []
    return texts, [sentences[place] for place in gaps]


def _whole_block(path: str, order: int, block: KnownBlock) -> list[Any]:
    """The last published rich text of a path, kept as it was: its paragraphs no longer match the source."""
    template = TemplateSegmentValue(path, "html", block.template, len(block.sentences), order=order)
    sentences = [
        _piece(path, known.text, known.attrs, order + (place + 1) / (len(block.sentences) + 1))
        for place, known in enumerate(block.sentences)
    ]
    return [template, *sentences]


def _piece(path: str, text: str, attrs: dict[str, Any], order: float) -> StringSegmentValue:
    return StringSegmentValue(path, StringValue(text), attrs=attrs).with_order(order)


def _attrs(segment: StringSegment) -> dict[str, Any]:
    """Where its links lead; the library writes ``null`` for a sentence without any."""
    return json.loads(segment.attrs or "null") or {}
