"""The ledger of explained words: a meaning in one language, the English that it was made from, whether that stands.

A word is no page: it has no drafts and wagtail-localize does not know it. In the ledger it stands like any other
text, under a key made of its own, at the paths ``word`` and ``meaning``.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.conf import settings
from django.utils import timezone
from wagtail_localize.segments import StringSegmentValue

from curriculum.models import GlossaryEntry, GlossaryMeaning, TranslatedSegment
from curriculum.translation.sentences import segment_hash

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:words")
PATHS = ("word", "meaning")
MODEL = "curriculum.GlossaryMeaning"


def word_key(key: str) -> uuid.UUID:
    """What the word ``key`` is known by in the ledger and in the translator's memory."""
    return uuid.uuid5(NAMESPACE, key)


def as_sentence(text: str) -> str:
    """Plain words as the ledger keeps them."""
    return str(StringSegmentValue("", text).string.data)


def record_words(entries: Iterable[GlossaryEntry], *, made_anew: Collection[tuple[str, str]] = ()) -> None:
    """Keep the ledger true after meanings of ``entries`` were saved, whoever saved them.

    A text that is another one than before was made from the English as it is now; one that is the same was made from
    what it was made from. ``made_anew``: ``(key of the word, language)`` of which somebody said that it stands for
    the English as it is now, whether its words are others or not.
    """
    keys = {entry.key: word_key(entry.key) for entry in entries}
    meanings: dict[str, dict[str, GlossaryMeaning]] = defaultdict(dict)
    for said_once in GlossaryMeaning.objects.filter(entry__key__in=keys).select_related("entry"):
        meanings[said_once.entry.key][said_once.language] = said_once
    older = {
        (row.translation_key, row.language, row.path): row
        for row in TranslatedSegment.objects.filter(model=MODEL, translation_key__in=keys.values())
    }
    kept: set[tuple[uuid.UUID, str, str]] = set()
    new: list[TranslatedSegment] = []
    changed: list[TranslatedSegment] = []
    for word, said in meanings.items():
        source = said.get(settings.LANGUAGE_CODE)
        if source is None:
            continue
        for language, meaning in said.items():
            if language == settings.LANGUAGE_CODE:
                continue
            for path in PATHS:
                place = (keys[word], language, path)
                kept.add(place)
                row = older.get(place) or TranslatedSegment(
                    model=MODEL, translation_key=keys[word], language=language, path=path, order=0, text=""
                )
                before = (row.source_hash, row.text, row.is_stale)
                _renew(row, as_sentence(getattr(source, path)), as_sentence(getattr(meaning, path)))
                if (word, language) in made_anew and row.is_stale:
                    _made_from(row, as_sentence(getattr(source, path)))
                if row.pk is None:
                    row.published_at = timezone.now()
                    new.append(row)
                elif (row.source_hash, row.text, row.is_stale) != before:
                    row.published_at = timezone.now()
                    changed.append(row)
    gone = [row.pk for place, row in older.items() if place not in kept]
    TranslatedSegment.objects.filter(pk__in=gone).delete()
    TranslatedSegment.objects.bulk_create(new)
    TranslatedSegment.objects.bulk_update(
        changed, ["source", "source_hash", "text", "is_stale", "reviewed_by", "reviewed_on", "published_at"]
    )


def _renew(row: TranslatedSegment, source: str, text: str) -> None:
    if row.text != text or not row.source_hash:
        row.text = text
        _made_from(row, source)
    row.is_stale = row.source_hash != segment_hash(source)


def _made_from(row: TranslatedSegment, source: str) -> None:
    """Other words, or another source: whoever read it has read something else."""
    row.source, row.source_hash, row.is_stale = source, segment_hash(source), False
    row.reviewed_by, row.reviewed_on = "", None


def word_rows(keys: Collection[str]) -> dict[tuple[str, str, str], TranslatedSegment]:
    """``{(key of the word, language, path): what the ledger says}``."""
    names = {word_key(key): key for key in keys}
    rows = TranslatedSegment.objects.filter(model=MODEL, translation_key__in=names)
    return {(names[row.translation_key], row.language, row.path): row for row in rows}


def record_word_reading(key: str, language: str, path: str, *, read_by: str, read_on: date) -> None:
    """Note that somebody has read what is published of a word, and stands by it; not where it is stale."""
    rows = TranslatedSegment.objects.of(word_key(key), language).filter(path=path, is_stale=False)
    rows.update(reviewed_by=read_by[:120], reviewed_on=read_on)


def stale_words() -> set[tuple[uuid.UUID, str]]:
    """``(key of the word in the ledger, language)`` of meanings whose English has changed since."""
    rows = TranslatedSegment.objects.filter(model=MODEL, is_stale=True)
    return set(rows.values_list("translation_key", "language"))
