"""What is done in the translators' room: write a text, publish what is written, say that it has been read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from wagtail import hooks
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringTranslation,
    TranslatableObject,
    Translation,
    TranslationContext,
)
from wagtail_localize.strings import StringValue

from curriculum import policies
from curriculum.four_eyes import PublicationRefused
from curriculum.freeze import freezing_paused
from curriculum.imported_blocks import pieces_of
from curriculum.meanings import MeaningNotSaid, MoreThanATypo
from curriculum.models import (
    EditorialRight,
    GlossaryMeaning,
    LibraryPage,
    ModulePage,
    StrandPage,
    TextReading,
    TranslatedSegment,
)
from curriculum.packs import plain, prose
from curriculum.translating import rights
from curriculum.translating.originals import Original, content_type_of, source_locale
from curriculum.translating.segments import Segment, State, segments
from curriculum.translating.word_checks import refusals
from curriculum.translation import publish_translation, refreshed_source, translate
from curriculum.translation.memory import write_memory
from curriculum.translation.refusals import MissingTranslations
from curriculum.translation.words import as_sentence, record_words

AFTER_WORDS_CHANGE = "after_shared_words_change"
"""The hook under which apps freeze again what prints words; ``curriculum.wagtail_hooks`` describes it."""


class WordsRefused(ValueError):
    """The words cannot stand for their source. ``reasons`` are sentences for who wrote them."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class ChangedMeanwhile(Exception):
    """Somebody else changed the source or the words since they were shown; nothing was overwritten."""


@transaction.atomic
def write_words(*, segment: Segment, words: str, written_by: Any, seen: str = "") -> None:
    """Keep ``words`` for ``segment``. Nothing goes live by it.

    Raises ``WordsRefused``, and ``ChangedMeanwhile`` when ``seen`` (``Segment.seen`` of what was before her) is not
    what stands there now. The same words again are no news, except over a source that has changed since: then they
    say that the words still hold.
    """
    if seen and seen != segment.seen:
        raise ChangedMeanwhile
    tidy = plain.tidy(words) if not segment.text.is_rich else prose.canonical(words)
    if reasons := refusals(segment.source, tidy, is_rich=segment.text.is_rich, language=segment.language):
        raise WordsRefused(reasons)
    if segment.is_there and tidy == segment.words:
        return
    locale, _created = Locale.objects.get_or_create(language_code=segment.language)
    if isinstance(segment.original.instance, GlossaryMeaning):
        _remember_word(segment, as_sentence(plain.one_line(tidy)), locale, written_by)
        return
    source, _is_new = refreshed_source(segment.original.instance)
    Translation.objects.get_or_create(source=source, target_locale=locale)
    said: str | list[str] = pieces_of(tidy) if segment.text.is_rich else tidy
    write_memory(source, locale, {segment.text.path: said}, written_by)


def _remember_word(segment: Segment, sentence: str, locale: Locale, written_by: Any) -> None:
    """A word is no page: its memory is kept in the same tables, under its own key."""
    thing, _created = TranslatableObject.objects.get_or_create(
        translation_key=segment.original.key, defaults={"content_type": content_type_of(segment.original)}
    )
    context, _created = TranslationContext.objects.get_or_create(
        object=thing,
        path_id=TranslationContext._get_path_id(segment.text.path),  # noqa: SLF001 -- the library's own way to name it
        defaults={"path": segment.text.path, "field_path": segment.text.path},
    )
    string = String.from_value(source_locale(), StringValue(segment.text.sentences[0]))
    StringTranslation.objects.update_or_create(
        translation_of=string,
        locale=locale,
        context=context,
        defaults={
            "data": sentence,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "last_translated_by": written_by,
        },
    )


# ---------------------------------------------------------------- publishing


def publish_all(
    *, found: Iterable[Original], language: str, published_by: Any
) -> tuple[int, list[tuple[Original, list[str]]]]:
    """Publish what is written of each of ``found``, whatever becomes of the others.

    Returns how many went live, and which were refused, with the reasons. Articles are frozen once at the end. Nothing
    at all goes live, and ``MeaningNotSaid`` or ``MoreThanATypo`` is raised, while nobody has said what the change of a
    published text means.
    """
    count, refused = 0, []
    with transaction.atomic(), freezing_paused():
        for original in found:
            try:
                with transaction.atomic():
                    count += publish_words(found=[original], language=language, published_by=published_by)
            except (MeaningNotSaid, MoreThanATypo):
                raise
            except PublicationRefused as refusal:
                refused.append((original, list(refusal.reasons)))
    return count, refused


def publish_words(*, found: Iterable[Original], language: str, published_by: Any) -> int:
    """Publish what is written of ``found`` in ``language``, through the one gate; return how many of them went live.

    What has nothing new is left alone. Raises ``PublicationRefused`` with the reasons; then nothing of the one that
    was refused is published, and what came before it stays published. Articles are frozen once at the end.
    """
    originals_ = list(found)
    written = {
        segment.original.key
        for segment in segments(None, [language], originals_)[language]
        if segment.state is State.DRAFT
    }
    count = 0
    words = [one for one in originals_ if isinstance(one.instance, GlossaryMeaning)]
    with freezing_paused():
        for original in originals_:
            if original.key not in written or original in words:
                continue
            _publish(original, language, published_by)
            count += 1
    _mark_read([one for one in originals_ if one.key in written and one not in words], language)
    mine = [original for original in words if original.key in written]
    if mine:
        _publish_words(mine, language)
        count += len(mine)
    return count


def _publish(original: Original, language: str, published_by: Any) -> None:
    instance = original.instance
    if isinstance(instance, LibraryPage | StrandPage):
        # Rights in a language hang on its library, which comes into being here; whoever calls has asked for them.
        publish_translation(instance, language)
        for right in EditorialRight.objects.all():
            policies.grant(right)
        return
    publish_translation(instance, language, published_by)
    if isinstance(instance, ModulePage):
        _titles_below(instance, language, published_by)


def _titles_below(page: ModulePage, language: str, published_by: Any) -> None:
    """What bears the module's title, such as its quiz, bears it in this language too."""
    title = page.get_translations().filter(locale__language_code=language).values_list("title", flat=True).get()
    others = Page.objects.child_of(page).live().filter(title=page.title)
    for other in others.specific():
        translate(other, language, {"title": title}, published_by)


@transaction.atomic
def _publish_words(words: list[Original], language: str) -> None:
    said: dict[Any, dict[str, str]] = {}
    for segment in segments(None, [language], words)[language]:
        if segment.is_there:
            said.setdefault(segment.original.key, {})[segment.text.path] = segment.words
    gaps = [
        (text.path, text.sentences[0])
        for original in words
        for text in original.texts
        if text.path not in said.get(original.key, {})
    ]
    if gaps:
        raise MissingTranslations(gaps)
    for original in words:
        row, _created = GlossaryMeaning.objects.get_or_create(
            entry=original.instance.entry, language=language, defaults=said[original.key]
        )
        for path, text in said[original.key].items():
            setattr(row, path, text)
        row.save()
    entries = [original.instance.entry for original in words]
    record_words(entries, made_anew={(entry.key, language) for entry in entries})
    _mark_read(words, language)
    for freeze in hooks.get_hooks(AFTER_WORDS_CHANGE):
        freeze()


# ---------------------------------------------------------------- reading


@transaction.atomic
def sign_reading(*, found: Iterable[Segment], reader: Any, read_by: str, read_on: date) -> int:
    """Note that ``reader`` has read each of ``found`` beside its source and stands by it; return how many are new.

    Left out: what is missing or stale, what she wrote herself, what has been read already.
    """
    mine = [segment for segment in found if rights.may_sign(reader, segment) and not segment.read_by]
    TextReading.objects.bulk_create(
        [
            TextReading(
                translation_key=segment.original.key,
                language=segment.language,
                path=segment.text.path,
                source_hash=segment.source_hash,
                text_hash=segment.text_hash,
                read_by=read_by[:120],
                read_on=read_on,
                reader=reader,
            )
            for segment in mine
        ],
        ignore_conflicts=True,
    )
    for segment in mine:
        if segment.state is State.CURRENT:
            rows = TranslatedSegment.objects.of(segment.original.key, segment.language)
            rows.filter(path=segment.text.path, is_stale=False).update(reviewed_by=read_by[:120], reviewed_on=read_on)
    return len(mine)


def _mark_read(found: Iterable[Original], language: str) -> None:
    """What was read before it was published is read in the ledger too."""
    for segment in segments(None, [language], list(found))[language]:
        if segment.state is State.REVIEWED and segment.read_on is not None:
            rows = TranslatedSegment.objects.of(segment.original.key, language).filter(path=segment.text.path)
            rows.filter(is_stale=False, reviewed_by="").update(reviewed_by=segment.read_by, reviewed_on=segment.read_on)
