"""A typo in a source leaves its translations what they were: made from these words, as they were meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from curriculum.models import TranslatedSegment
from curriculum.translation.originals import refresh, source_of
from curriculum.translation.sentences import segment_hash, sentences_of

Renamed = Mapping[str, Mapping[str, str]]
"""Path -> the sentence with the typo -> the sentence without it."""


def keep_translations(before: Any, after: Any) -> Renamed:
    """Let the ledger know every translated sentence by the mended source; return what was mended.

    To be called before ``after`` goes live, when the ledger still says what was made from what. A sentence that was
    stale stays stale: it was made from neither.
    """
    if source_of(after) is not None:
        return {}
    renamed: dict[str, dict[str, str]] = defaultdict(dict)
    old = {(one.path, one.order): one.text for one in sentences_of(before)}
    for one in sentences_of(after):
        was = old.get((one.path, one.order))
        if was is not None and was != one.text:
            renamed[one.path][was] = one.text
    changed = []
    for row in TranslatedSegment.objects.filter(translation_key=after.translation_key, path__in=renamed):
        mended = renamed[row.path].get(row.source)
        if mended is not None and row.source_hash == segment_hash(row.source):
            row.source, row.source_hash = mended, segment_hash(mended)
            changed.append(row)
    TranslatedSegment.objects.bulk_update(changed, ["source", "source_hash"])
    return renamed


def keep_translators_words(after: Any, renamed: Renamed) -> None:
    """Put what translators said of the sentence with the typo beside the mended one, now that the source is live."""
    source = TranslationSource.objects.get_for_instance_or_none(after) if renamed else None
    if source is None:
        return
    refresh(source)
    segments = StringSegment.objects.filter(source=source, context__path__in=renamed)
    mended = {(row.context.path, row.string.data): row for row in segments.select_related("context", "string")}
    new = []
    said = StringTranslation.objects.filter(context__object_id=source.object_id, context__path__in=renamed)
    for row in said.select_related("context", "translation_of"):
        to = renamed[row.context.path].get(row.translation_of.data)
        segment = mended.get((row.context.path, to or ""))
        if segment is not None:
            row.pk, row.translation_of_id = None, segment.string_id
            new.append(row)
    StringTranslation.objects.bulk_create(new, ignore_conflicts=True)
