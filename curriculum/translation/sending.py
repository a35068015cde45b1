"""Handing an assembled text to wagtail-localize, which knows how to make a page or snippet of it.

The library would ask its own tables for the words and fill gaps with the source. Here it is given ours, and
it never publishes: a draft over a live row leaves the live row alone, and going live is left to Wagtail's
own action, with the person who asked.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import DraftStateMixin, Locale
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import TranslationLog, TranslationSource
from wagtail_localize.segments.ingest import ingest_segments

unguarded_create = TranslationSource.create_or_update_translation
"""The library's own way, as it was before ``library.install`` put the gate in its place."""


def send(
    source: TranslationSource, locale: Locale, segments: list[Any], *, user: Any, publish: bool
) -> tuple[Any, bool]:
    """Make or renew the translation from ``segments``, as a draft or live; return it and whether it is new."""
    has_drafts = issubclass(source.specific_content_type.model_class(), DraftStateMixin)
    source._get_segments_for_translation = lambda locale, fallback=False: segments  # noqa: SLF001
    try:
        # A model without drafts is published by being saved.
        target, is_new = unguarded_create(source, locale, user=user, publish=publish and not has_drafts)
    finally:
        del source._get_segments_for_translation  # noqa: SLF001
    if publish and has_drafts:
        # Not wagtail-localize's own way: that publishes on commit, as nobody, past every right.
        target.latest_revision.publish(user=user)
    return target, is_new


def send_draft_over_live(
    source: TranslationSource, locale: Locale, target: Any, segments: list[Any], *, user: Any
) -> DraftStateMixin:
    """A new draft revision; the live row stays as it is (``publish=False`` of the library writes into it)."""
    original = source.as_instance()
    draft = target.get_latest_revision_as_object()
    copy_synchronised_fields(original, draft)
    ingest_segments(original, draft, source.locale, locale, segments)
    revision = draft.save_revision(user=user, clean=False)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return draft
