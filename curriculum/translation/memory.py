"""What a translator said: texts are written into wagtail-localize's translation memory.

The memory holds a translation for each source sentence at a path; nothing in it is published by being there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, TranslationSource
from wagtail_localize.strings import StringValue

from curriculum.translation.sentences import segments_by_path

Place = tuple[int, int]
"""A source sentence at a path: the primary keys of the library's string and context."""


def write_memory(source: TranslationSource, locale: Locale, texts: Mapping[str, str | list[str]], user: Any) -> bool:
    """Keep ``texts`` as translations of the sentences of ``source``; say whether anything is new.

    ``texts`` is ``{path: plain text}``, or a list of html pieces where one path holds several. Raises
    ``ValueError`` for a path that is not in the source and for a list of another length.
    """
    wanted = _wanted(source, locale, texts)
    memory = StringTranslation.objects.filter(locale=locale, context__object_id=source.object_id)
    present = {(row.translation_of_id, row.context_id): row for row in memory}
    new = [
        StringTranslation(
            translation_of_id=string,
            context_id=context,
            locale=locale,
            data=data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            last_translated_by=user,
        )
        for (string, context), data in wanted.items()
        if (string, context) not in present
    ]
    changed = [
        row for place, row in present.items() if place in wanted and (row.data != wanted[place] or row.has_error)
    ]
    for row in changed:
        row.data, row.has_error, row.field_error = wanted[row.translation_of_id, row.context_id], False, ""
        row.last_translated_by, row.updated_at = user, timezone.now()
    # In bulk past ``save()``, whose only further act is the check of the html made in ``_wanted``.
    StringTranslation.objects.bulk_create(new)
    StringTranslation.objects.bulk_update(
        changed, ["data", "has_error", "field_error", "last_translated_by", "updated_at"]
    )
    return bool(new or changed)


def _wanted(source: TranslationSource, locale: Locale, texts: Mapping[str, str | list[str]]) -> dict[Place, str]:
    """The html for each source sentence that ``texts`` names."""
    by_path = segments_by_path(source, locale)
    if unknown := sorted(texts.keys() - by_path.keys()):
        raise ValueError(f"not in the source: {', '.join(unknown)}")
    wanted: dict[Place, str] = {}
    for path, text in texts.items():
        pieces = text if isinstance(text, list) else [StringValue.from_plaintext(text).data]
        if len(pieces) != len(by_path[path]):
            raise ValueError(f"{path}: {len(pieces)} pieces; the source has {len(by_path[path])}")
        for segment, piece in zip(by_path[path], pieces, strict=True):
            # The same sentence twice at one path has one translation.
            wanted.setdefault((segment.string_id, segment.context_id), StringValue.from_translated_html(piece).data)
    return wanted
