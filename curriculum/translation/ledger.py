"""The ledger of published translations: for each sentence, the source it was made from, and whether that still stands.

It is written whenever something goes live, whichever way, and read when a page is frozen: a text that is
behind its source says so to learners.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from wagtail.models import TranslatableMixin
from wagtail_localize.models import TranslationSource

from curriculum.models import TranslatedSegment
from curriculum.translation.originals import refresh, source_of
from curriculum.translation.sentences import Sentence, normal, segment_hash, segments_by_path, sentences_of


def record_publication(instance: Any) -> None:
    """Keep the ledger true after ``instance`` went live, whichever way.

    A translation: each of its sentences with the source it was made from. A source: which sentences of its
    translations are stale from now on.
    """
    if not isinstance(instance, TranslatableMixin):
        return
    source = source_of(instance)
    if source is not None:
        _write(instance, source)
        return
    for language in _languages_of(instance.translation_key) - {instance.locale.language_code}:
        _mark_stale(instance, language)
    # Translators see at once what has changed.
    own = TranslationSource.objects.get_for_instance_or_none(instance)
    if own is not None and own.translations.exists():
        refresh(own)


def record_reading(instance: Any, language: str, paths: Collection[str], *, read_by: str, read_on: date) -> None:
    """Note that somebody has read what is published of ``instance`` in ``language`` at ``paths``, and stands by it.

    What is stale is left out: nobody has read it beside the source as it is. Other words are a draft again.
    """
    rows = TranslatedSegment.objects.of(instance.translation_key, language)
    rows = rows.filter(path__in=paths, is_stale=False).exclude(reviewed_by=read_by, reviewed_on=read_on)
    rows.update(reviewed_by=read_by[:120], reviewed_on=read_on)


def is_behind(source_instance: Any, rows: Sequence[TranslatedSegment]) -> bool:
    """Whether ``rows``, one published translation, say something else, or less, than the source says now."""
    if not rows:
        return False
    hashes = _hashes_by_path(source_instance)
    return bool(_stale_places(hashes, rows) or set(hashes) - {row.path for row in rows})


def _languages_of(translation_key: uuid.UUID) -> set[str]:
    rows = TranslatedSegment.objects.filter(translation_key=translation_key)
    return set(rows.values_list("language", flat=True).distinct())


def _write(instance: Any, source: TranslationSource) -> None:
    """Put the sentences of ``instance``, a translation of ``source``, in the place of its older rows."""
    language, now = instance.locale.language_code, timezone.now()
    older = list(TranslatedSegment.objects.of(instance.translation_key, language))
    source_text_of = _source_texts(instance, source, older)
    rows = []
    for sentence in sentences_of(instance):
        made_from = source_text_of(sentence)
        rows.append(
            TranslatedSegment(
                model=instance._meta.label,  # noqa: SLF001 -- Django's documented way
                translation_key=instance.translation_key,
                language=language,
                path=sentence.path,
                order=sentence.order,
                source_hash=segment_hash(made_from),
                source=made_from,
                text=sentence.text,
                attrs=sentence.attrs,
                template=sentence.template if sentence.order == 0 else "",
                published_at=now,
            )
        )
    stale = _stale_places(_hashes_by_path(source.get_source_instance()), rows)
    read = {
        (row.path, row.source_hash, normal(row.text)): (row.reviewed_by, row.reviewed_on)
        for row in older
        if row.reviewed_by
    }
    for row in rows:
        row.is_stale = (row.path, row.order) in stale
        row.reviewed_by, row.reviewed_on = read.get((row.path, row.source_hash, normal(row.text)), ("", None))
    TranslatedSegment.objects.filter(pk__in=[row.pk for row in older]).delete()
    TranslatedSegment.objects.bulk_create(rows)


def _source_texts(
    instance: Any, source: TranslationSource, older: Iterable[TranslatedSegment]
) -> Callable[[Sentence], str]:
    """What tells of a published sentence which source text it was made from.

    The translator's memory knows; else the ledger, for a text kept from before; else the source sentence
    that stands at the same place.
    """
    remembered: dict[tuple[str, str], str] = {}
    at_place: dict[tuple[str, int], str] = {}
    for path, segments in segments_by_path(source, instance.locale).items():
        for place, segment in enumerate(segments):
            at_place[path, place] = segment.string.data
            if segment.translation:
                remembered.setdefault((path, normal(segment.translation)), segment.string.data)
    kept = {(row.path, row.text): row.source for row in older}

    def source_text_of(sentence: Sentence) -> str:
        path = sentence.path
        if (key := (path, normal(sentence.text))) in remembered:
            return remembered[key]
        if (path, sentence.text) in kept:
            return kept[path, sentence.text]
        return at_place.get((path, sentence.order), "")

    return source_text_of


def _mark_stale(source_instance: Any, language: str) -> None:
    rows = list(TranslatedSegment.objects.of(source_instance.translation_key, language))
    stale = _stale_places(_hashes_by_path(source_instance), rows)
    changed = [row for row in rows if row.is_stale != ((row.path, row.order) in stale)]
    for row in changed:
        row.is_stale = not row.is_stale
    TranslatedSegment.objects.bulk_update(changed, ["is_stale"])


def _hashes_by_path(source_instance: Any) -> dict[str, list[str]]:
    """The hashes of the source's sentences at each path, in order."""
    hashes: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences_of(source_instance):
        hashes[sentence.path].append(segment_hash(sentence.text))
    return hashes


def _stale_places(hashes: Mapping[str, Sequence[str]], rows: Iterable[TranslatedSegment]) -> set[tuple[str, int]]:
    """The places of ``rows`` that no longer say what the source, known by its ``hashes``, says."""
    by_path: dict[str, list[TranslatedSegment]] = defaultdict(list)
    for row in rows:
        by_path[row.path].append(row)
    stale: set[tuple[str, int]] = set()
    for path, texts in by_path.items():
        current = set(hashes.get(path, ()))
        lost = {row.order for row in texts if row.source_hash not in current}
        if not lost and current - {row.source_hash for row in texts}:
            # The source says more than before: no sentence is wrong, but the text as a whole is old.
            lost = {row.order for row in texts}
        stale |= {(path, order) for order in lost}
    return stale
