"""The gate that every translation passes on its way to learners.

Nothing goes live with a sentence that nobody translated, under a parent that is not there in that language, or
with one language standing in for another. What a translator changes meanwhile becomes a draft; what
learners read stays until a publication.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.models import DraftStateMixin, Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from curriculum.models import TranslatedSegment
from curriculum.translation.assembly import assembled, known_blocks
from curriculum.translation.memory import write_memory
from curriculum.translation.originals import has_followed, refresh, refreshed_source, source_of, target_of
from curriculum.translation.refusals import ParentNotTranslated
from curriculum.translation.sending import send, send_draft_over_live
from curriculum.translation.sentences import has_words, normal, segments_by_path, sentences_of


def translate(
    instance: Any, language: str, texts: Mapping[str, str | list[str]], user: Any = None, *, follows: bool = True
) -> Any:
    """Give ``instance`` its words in ``language``, publish them, and return the translation.

    ``texts`` is ``{context path: plain text}``, or a list of html pieces where one path holds several
    (rich text). Paths that are not in the source, or lists of another length, raise ``ValueError``; source
    sentences without a text raise ``MissingTranslations``. With nothing new, nothing is written; with ``follows`` off,
    a translation that is live is not made again only because its source has changed meanwhile.
    """
    locale, _created = Locale.objects.get_or_create(language_code=language)
    with transaction.atomic():
        source, _is_new = refreshed_source(instance)
        has_new_words = write_memory(source, locale, texts, user)
        target = target_of(source, locale)
        if not has_new_words and (_stands(source, locale, target) or (not follows and getattr(target, "live", False))):
            return target
        return publish_translation(instance, language, user)


def _stands(source: TranslationSource, locale: Locale, target: Any) -> bool:
    """Whether ``target`` is live and says all that ``source`` says now."""
    if not getattr(target, "live", target is not None) or not has_followed(source, locale):
        return False
    ledger = TranslatedSegment.objects.of(source.object_id, locale.language_code)
    return ledger.exists() and not ledger.filter(is_stale=True).exists()


def publish_translation(source_instance: Any, language: str, user: Any = None) -> Any:
    """Publish what is translated of ``source_instance`` in ``language``; return the live translation.

    The one way a translation goes live. Raises ``MissingTranslations`` for sentences that have never been
    translated and ``ParentNotTranslated`` for a page whose parent is not there; then nothing changes. A
    sentence whose source has changed keeps its last published text, marked stale. With a ``user``, her
    right to publish is checked.
    """
    locale, _created = Locale.objects.get_or_create(language_code=language)
    with transaction.atomic():
        source, _is_new = refreshed_source(source_instance)
        Translation.objects.get_or_create(source=source, target_locale=locale)
        target, _created = through_gate(source, locale, user=user, publish=True)
    return type(target).objects.get(pk=target.pk)


@transaction.atomic
def through_gate(source: TranslationSource, locale: Locale, *, user: Any, publish: bool) -> tuple[Any, bool]:
    """Make or renew the translation, as a draft or live; return it and whether it is new."""
    # Before the refresh, which forgets the sentences that the source no longer has.
    known = known_blocks(source, locale)
    refresh(source)
    segments = assembled(source, locale, known, may_leave_gaps=not publish)
    target = target_of(source, locale)
    if target is None:
        _require_parent(source, locale, user=user, publish=publish)
    if not publish and isinstance(target, DraftStateMixin) and target.live:
        return send_draft_over_live(source, locale, target, segments, user=user), False
    return send(source, locale, segments, user=user, publish=publish)


def _require_parent(source: TranslationSource, locale: Locale, *, user: Any, publish: bool) -> None:
    """The page above must be there in that language; for a draft, its draft is made. Never an alias."""
    original = source.get_source_instance()
    if not isinstance(original, Page):
        return
    parent = original.get_parent().specific
    if parent.is_root() or parent.get_translation_or_none(locale):
        return
    if publish:
        raise ParentNotTranslated(parent.title)
    parent_source, _is_new = refreshed_source(parent)
    Translation.objects.get_or_create(source=parent_source, target_locale=locale)
    through_gate(parent_source, locale, user=user, publish=False)


def untranslated_sentences(instance: Any) -> list[tuple[str, str]]:
    """Sentences of a translation that are still word for word its source, with no translation saying so."""
    source = source_of(instance)
    if source is None:
        return []
    originals: dict[tuple[str, str], bool] = {}
    for path, segments in segments_by_path(source, instance.locale).items():
        for segment in segments:
            key = (path, normal(segment.string.data))
            is_translated_so = segment.translation is not None and normal(segment.translation) == key[1]
            originals[key] = originals.get(key, False) or is_translated_so
    return [
        (sentence.path, sentence.text)
        for sentence in sentences_of(instance)
        if originals.get((sentence.path, normal(sentence.text))) is False and has_words(sentence.text)
    ]
