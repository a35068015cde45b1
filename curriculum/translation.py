"""How a text in another language goes live, and only so.

wagtail-localize fills gaps with the source text and makes aliases. Here a translation never pretends:
whichever button or command asks, it passes ``publish_translation`` or the same gate. A sentence without
a translation is refused by name; a sentence whose source has changed keeps what was last published, and
the ledger (``TranslatedSegment``) says that it is stale. ``install`` puts the gates in place.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import DraftStateMixin, Locale, Page, TranslatableMixin
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.locales import components
from wagtail_localize.models import (
    LocaleSynchronization,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationLog,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.strings import StringValue
from wagtail_localize.views import convert

from curriculum.four_eyes import PublicationRefused
from curriculum.models import TranslatedSegment

NOT_CONTENT = frozenset(
    [
        "pk",
        "path",
        "depth",
        "numchild",
        "url_path",
        "live",
        "has_unpublished_changes",
        "draft_title",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "owner",
        "wagtail_admin_comments",
    ]
)
"""Serialised fields that say where and when, not what."""


class MissingTranslations(PublicationRefused):
    """Sentences without a translation. ``missing`` names each: its path in the object and its source text."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        self.missing = list(missing)
        sentences = "; ".join(f"“{Truncator(_plain(text)).chars(60)}”" for _path, text in self.missing[:3])
        message = ngettext(
            # Translators: Shown to a translator. "sentences" quotes the first few of them.
            "Nothing was published: one sentence is not translated yet: %(sentences)s",
            "Nothing was published: %(count)s sentences are not translated yet. The first: %(sentences)s",
            len(self.missing),
        )
        super().__init__([message % {"count": len(self.missing), "sentences": sentences}])


class ParentNotTranslated(PublicationRefused):
    """The page above is not there in that language, and nobody makes it up."""

    def __init__(self, title: str) -> None:
        # Translators: "title" is a page of the library, such as a module.
        super().__init__([_("Translate “%(title)s” first: this page stands under it.") % {"title": title}])


class SourceTextUnderOtherLanguage(MissingTranslations):
    """A text in one language was about to go live as another."""


class AliasRefused(PermissionDenied):
    """An alias shows one language under the address of another; there are none here."""


def segment_hash(text: str) -> str:
    """What the ledger knows a source sentence by."""
    return hashlib.sha256(text.encode()).hexdigest()


# ---------------------------------------------------------------- what callers use


def translate(instance: Any, language: str, texts: Mapping[str, str | list[str]], user: Any = None) -> Any:
    """Give ``instance`` its words in ``language``, publish them, and return the translation.

    ``texts`` is ``{context path: plain text}``, or a list of html pieces where one path holds several
    (rich text). Paths that are not in the source, or lists of another length, raise ``ValueError``; source
    sentences without a text raise ``MissingTranslations``. With nothing new, nothing is written.
    """
    locale, _created = Locale.objects.get_or_create(language_code=language)
    with transaction.atomic():
        source, _is_new = refreshed_source(instance)
        has_new_words = _write_memory(source, locale, texts, user)
        target = _target(source, locale)
        if not has_new_words and getattr(target, "live", target is not None) and _has_followed(source, locale):
            ledger = TranslatedSegment.objects.of(instance.translation_key, language)
            if ledger.exists() and not ledger.filter(is_stale=True).exists():
                return target
        return publish_translation(instance, language, user)


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
        target, _created = _through_gate(source, locale, user=user, publish=True)
    return type(target).objects.get(pk=target.pk)


def refreshed_source(instance: Any) -> tuple[TranslationSource, bool]:
    """wagtail-localize's copy of ``instance``, as it stands in the database; and whether it was behind."""
    instance = type(instance).objects.get(pk=instance.pk)
    source = TranslationSource.objects.get_for_instance_or_none(instance)
    if source is None:
        return TranslationSource.get_or_create_from_instance(instance)[0], True
    return source, _refresh(source)


def is_behind(source_instance: Any, language: str) -> bool:
    """Whether the published translation into ``language`` was made from an older text of the source."""
    return is_behind_rows(
        source_instance, list(TranslatedSegment.objects.of(source_instance.translation_key, language))
    )


def is_behind_rows(source_instance: Any, rows: Sequence[TranslatedSegment]) -> bool:
    """Whether ``rows`` of the ledger say something else, or less, than the source says now."""
    if not rows:
        return False
    paths = _paths(source_instance)
    return bool(_stale_places(paths, rows) or set(paths) - {row.path for row in rows})


# ---------------------------------------------------------------- the gate


@dataclass
class _Known:
    """A text that was made from a source sentence: from the ledger or from the translator's memory."""

    source_hash: str
    text: str
    attrs: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Block:
    """What is known of one path: its sentences in order, and the html around them."""

    sentences: list[_Known] = field(default_factory=list)
    template: str = ""


def _through_gate(source: TranslationSource, locale: Locale, *, user: Any, publish: bool) -> tuple[Any, bool]:
    """Make or renew the translation, as a draft or live; return it and whether it is new."""
    with transaction.atomic():
        known = _known(source, locale)
        _refresh(source)
        segments = _segments(source, locale, known, may_leave_gaps=not publish)
        target = _target(source, locale)
        if target is None:
            _require_parent(source, locale, user=user, publish=publish)
        if not publish and isinstance(target, DraftStateMixin) and target.live:
            return _draft_over_live(source, locale, target, segments, user), False
        source._get_segments_for_translation = lambda locale, fallback=False: segments  # noqa: SLF001
        try:
            # A model without drafts is published by being saved.
            goes_live = publish and not issubclass(source.specific_content_type.model_class(), DraftStateMixin)
            target, is_new = _unguarded_create(source, locale, user=user, publish=goes_live)
        finally:
            del source._get_segments_for_translation  # noqa: SLF001
        if publish and isinstance(target, DraftStateMixin):
            # Not wagtail-localize's own way: that publishes on commit, as nobody, past every right.
            target.latest_revision.publish(user=user)
        return target, is_new


def _draft_over_live(
    source: TranslationSource, locale: Locale, target: Any, segments: list[Any], user: Any
) -> DraftStateMixin:
    """A new draft revision; the live row stays as it is (``publish=False`` of the library writes into it)."""
    original = source.as_instance()
    draft = target.get_latest_revision_as_object()
    copy_synchronised_fields(original, draft)
    ingest_segments(original, draft, source.locale, locale, segments)
    revision = draft.save_revision(user=user, clean=False)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return draft


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
    _through_gate(parent_source, locale, user=user, publish=False)


def _target(source: TranslationSource, locale: Locale) -> Any:
    model = source.specific_content_type.model_class()
    return model.objects.filter(translation_key=source.object_id, locale=locale).first()


def _refresh(source: TranslationSource) -> bool:
    """Bring ``source`` up to the live row; say whether it was behind."""
    instance = source.get_source_instance()
    if isinstance(instance, ClusterableModel):
        current = instance.serializable_data()
    else:
        current = get_serializable_data_for_fields(instance)
    if _content(json.loads(json.dumps(current, cls=DjangoJSONEncoder))) == _content(json.loads(source.content_json)):
        return False
    source.update_from_db()
    return True


def _has_followed(source: TranslationSource, locale: Locale) -> bool:
    """Whether the translation was made again since ``source`` last changed, in words or otherwise."""
    logs = TranslationLog.objects.filter(source=source, locale=locale, created_at__gte=source.last_updated_at)
    return logs.exists()


def _content(serialised: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in serialised.items() if name not in NOT_CONTENT}


def _known(source: TranslationSource, locale: Locale) -> dict[str, _Block]:
    """Everything ever said at each path: the ledger, overlaid by what the translator wrote since."""
    blocks: dict[str, _Block] = defaultdict(_Block)
    for row in TranslatedSegment.objects.of(source.object_id, locale.language_code):
        block = blocks[row.path]
        block.sentences.append(_Known(row.source_hash, row.text, row.attrs))
        block.template = block.template or row.template
    for segment in _string_segments(source, locale):
        if segment.translation:
            said = _Known(segment_hash(segment.string.data), segment.translation, json.loads(segment.attrs or "{}"))
            block = blocks[segment.context.path]
            places = [i for i, known in enumerate(block.sentences) if known.source_hash == said.source_hash]
            if places:
                block.sentences[places[0]] = said
            elif not block.template:
                block.sentences = [said]
    return blocks


def _string_segments(source: TranslationSource, locale: Locale) -> list[StringSegment]:
    """The sentences of ``source`` in reading order, each with its ``translation`` or none."""
    segments = StringSegment.objects.filter(source=source).annotate_translation(locale)
    return list(segments.select_related("string", "context").order_by("order"))


def _segments(
    source: TranslationSource, locale: Locale, known: Mapping[str, _Block], *, may_leave_gaps: bool
) -> list[Any]:
    """The pieces from which the translation is built. Raises ``MissingTranslations`` unless gaps are allowed.

    A gap is filled with the source text, which only ever reaches a draft.
    """
    source.__dict__.pop("_get_segments_for_translation", None)
    others = [
        segment
        for segment in source._get_segments_for_translation(locale, fallback=True)  # noqa: SLF001
        if not isinstance(segment, StringSegmentValue)
    ]
    templates = {segment.path: segment for segment in others if isinstance(segment, TemplateSegmentValue)}
    by_path: dict[str, list[StringSegment]] = defaultdict(list)
    for segment in _string_segments(source, locale):
        by_path[segment.context.path].append(segment)
    pieces: list[Any] = []
    missing: list[tuple[str, str]] = []
    for path, sentences in by_path.items():
        block = known.get(path, _Block())
        texts, gaps = _match(sentences, block)
        if gaps and block.sentences and block.template and path in templates:
            pieces += _whole_block(path, templates[path].order, block)
            others.remove(templates[path])
            continue
        missing += [(path, sentence.string.data) for sentence in gaps]
        pieces += [
            _piece(path, text or sentence.string.data, json.loads(sentence.attrs or "{}"), sentence.order)
            for sentence, text in zip(sentences, texts, strict=True)
        ]
    if missing and not may_leave_gaps:
        raise MissingTranslations(missing)
    return sorted(others + pieces, key=lambda segment: segment.order)


def _match(sentences: Sequence[StringSegment], block: _Block) -> tuple[list[str | None], list[StringSegment]]:
    """A text for each sentence of a path, and the sentences that have none.

    A sentence takes its own translation, else what was published for the same source, else, when as many
    texts lost their source as sentences lack a text, the old text at its turn.
    """
    hashes = [segment_hash(sentence.string.data) for sentence in sentences]
    by_hash = {known.source_hash: known.text for known in block.sentences}
    texts: list[str | None] = [
        sentence.translation
        or by_hash.get(key)
        or (sentence.string.data if not _has_words(sentence.string.data) else None)
        for sentence, key in zip(sentences, hashes, strict=True)
    ]
    gaps = [place for place, text in enumerate(texts) if text is None]
    orphans = [known.text for known in block.sentences if known.source_hash not in hashes]
    if gaps and len(gaps) == len(orphans):
        for place, text in zip(gaps, orphans, strict=True):
            texts[place] = text
        gaps = []
    return texts, [sentences[place] for place in gaps]


def _whole_block(path: str, order: int, block: _Block) -> list[Any]:
    """The last published rich text of a path, kept as it was: its paragraphs no longer match the source."""
    template = TemplateSegmentValue(path, "html", block.template, len(block.sentences), order=order)
    sentences = [
        _piece(path, known.text, known.attrs, order + (place + 1) / (len(block.sentences) + 1))
        for place, known in enumerate(block.sentences)
    ]
    return [template, *sentences]


def _piece(path: str, text: str, attrs: dict[str, Any], order: float) -> StringSegmentValue:
    return StringSegmentValue(path, StringValue(text), attrs=attrs).with_order(order)


def _write_memory(source: TranslationSource, locale: Locale, texts: Mapping[str, str | list[str]], user: Any) -> bool:
    """Write ``texts`` into wagtail-localize's translation memory; say whether anything is new."""
    by_path: dict[str, list[StringSegment]] = defaultdict(list)
    for segment in _string_segments(source, locale):
        by_path[segment.context.path].append(segment)
    if unknown := sorted(texts.keys() - by_path.keys()):
        raise ValueError(f"not in the source: {', '.join(unknown)}")
    wanted: dict[tuple[int, int], str] = {}
    for path, text in texts.items():
        pieces = text if isinstance(text, list) else [StringValue.from_plaintext(text).data]
        if len(pieces) != len(by_path[path]):
            raise ValueError(f"{path}: {len(pieces)} pieces; the source has {len(by_path[path])}")
        for segment, piece in zip(by_path[path], pieces, strict=True):
            # The same sentence twice at one path has one translation.
            wanted.setdefault((segment.string_id, segment.context_id), StringValue.from_translated_html(piece).data)
    present = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(locale=locale, context__object_id=source.object_id)
    }
    new, changed = [], []
    for key, data in wanted.items():
        row = present.get(key)
        if row is None:
            new.append(
                StringTranslation(
                    translation_of_id=key[0],
                    context_id=key[1],
                    locale=locale,
                    data=data,
                    translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                    last_translated_by=user,
                )
            )
        elif row.data != data or row.has_error:
            row.data, row.has_error, row.field_error = data, False, ""
            row.last_translated_by, row.updated_at = user, timezone.now()
            changed.append(row)
    # In bulk past ``save()``, whose only further act is the check of the html made above.
    StringTranslation.objects.bulk_create(new)
    StringTranslation.objects.bulk_update(
        changed, ["data", "has_error", "field_error", "last_translated_by", "updated_at"]
    )
    return bool(new or changed)


# ---------------------------------------------------------------- the ledger


def record_publication(instance: Any) -> None:
    """Keep the ledger true after ``instance`` went live, whichever way.

    A translation: each of its sentences with the source it was made from. A source: which sentences of its
    translations are stale from now on.
    """
    if not isinstance(instance, TranslatableMixin):
        return
    source = source_of(instance)
    if source is not None:
        _write_ledger(instance, source)
        return
    for language in _languages_of(instance.translation_key) - {instance.locale.language_code}:
        _mark_stale(instance, language)
    # Translators see at once what has changed.
    own = TranslationSource.objects.get_for_instance_or_none(instance)
    if own is not None and own.translations.exists():
        _refresh(own)


def source_of(instance: Any) -> TranslationSource | None:
    """The source that ``instance`` is a translation of; ``None`` for a text written in its own language."""
    if not isinstance(instance, TranslatableMixin):
        return None
    sources = TranslationSource.objects.filter(
        object_id=instance.translation_key, translations__target_locale=instance.locale_id
    )
    return sources.exclude(locale=instance.locale_id).select_related("locale").first()


def _languages_of(translation_key: uuid.UUID) -> set[str]:
    rows = TranslatedSegment.objects.filter(translation_key=translation_key)
    return set(rows.values_list("language", flat=True).distinct())


def _write_ledger(instance: Any, source: TranslationSource) -> None:
    language = instance.locale.language_code
    rows = list(TranslatedSegment.objects.of(instance.translation_key, language))
    before: dict[tuple[str, str], TranslatedSegment] = {(row.path, row.text): row for row in rows}
    memory: dict[tuple[str, str], str] = {}
    sources: dict[tuple[str, int], str] = {}
    places: dict[str, int] = defaultdict(int)
    for segment in _string_segments(source, instance.locale):
        path = segment.context.path
        sources[path, places[path]] = segment.string.data
        places[path] += 1
        if segment.translation:
            memory.setdefault((path, _normal(segment.translation)), segment.string.data)
    ledger = []
    for path, order, segment, template in _sentences(instance):
        text = segment.string.data
        if (path, _normal(text)) in memory:
            made_from = memory[path, _normal(text)]
        elif (path, text) in before:
            made_from = before[path, text].source
        else:
            made_from = sources.get((path, order), "")
        ledger.append(
            TranslatedSegment(
                model=instance._meta.label,  # noqa: SLF001 -- Django's documented way
                translation_key=instance.translation_key,
                language=language,
                path=path,
                order=order,
                source_hash=segment_hash(made_from),
                source=made_from,
                text=text,
                attrs=segment.attrs or {},
                template=template if order == 0 else "",
                published_at=timezone.now(),
            )
        )
    stale = _stale_places(_paths(source.get_source_instance()), ledger)
    for row in ledger:
        row.is_stale = (row.path, row.order) in stale
    TranslatedSegment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    TranslatedSegment.objects.bulk_create(ledger)


def _mark_stale(source_instance: Any, language: str) -> None:
    rows = list(TranslatedSegment.objects.of(source_instance.translation_key, language))
    stale = _stale_places(_paths(source_instance), rows)
    changed = [row for row in rows if row.is_stale != ((row.path, row.order) in stale)]
    for row in changed:
        row.is_stale = not row.is_stale
    TranslatedSegment.objects.bulk_update(changed, ["is_stale"])


def _sentences(instance: Any) -> Iterable[tuple[str, int, StringSegmentValue, str]]:
    """Yield ``(path, order at the path, sentence, html around)`` as they stand in ``instance``."""
    templates: dict[str, str] = {}
    places: dict[str, int] = defaultdict(int)
    for segment in extract_segments(instance):
        if isinstance(segment, TemplateSegmentValue):
            templates[segment.path] = segment.template
        elif isinstance(segment, StringSegmentValue):
            yield segment.path, places[segment.path], segment, templates.get(segment.path, "")
            places[segment.path] += 1


def _paths(source_instance: Any) -> dict[str, list[str]]:
    """The hashes of the source's sentences at each path, in order."""
    paths: dict[str, list[str]] = defaultdict(list)
    for path, _order, segment, _template in _sentences(source_instance):
        paths[path].append(segment_hash(segment.string.data))
    return paths


def _stale_places(paths: Mapping[str, Sequence[str]], rows: Iterable[TranslatedSegment]) -> set[tuple[str, int]]:
    """The places of ``rows`` that no longer say what the source says."""
    by_path: dict[str, list[TranslatedSegment]] = defaultdict(list)
    for row in rows:
        by_path[row.path].append(row)
    stale: set[tuple[str, int]] = set()
    for path, texts in by_path.items():
        made_from = {row.source_hash for row in texts}
        lost = {row.order for row in texts if row.source_hash not in paths.get(path, ())}
        if not lost and set(paths.get(path, ())) - made_from:
            # The source says more than before: no sentence is wrong, but the text as a whole is old.
            lost = {row.order for row in texts}
        stale |= {(path, order) for order in lost}
    return stale


# ---------------------------------------------------------------- never one language as another


def untranslated_sentences(instance: Any) -> list[tuple[str, str]]:
    """Sentences of a translation that are still word for word its source, with no translation saying so."""
    source = source_of(instance)
    if source is None:
        return []
    originals: dict[tuple[str, str], bool] = {}
    for segment in _string_segments(source, instance.locale):
        key = (segment.context.path, _normal(segment.string.data))
        is_translated_so = segment.translation is not None and _normal(segment.translation) == key[1]
        originals[key] = originals.get(key, False) or is_translated_so
    return [
        (path, segment.string.data)
        for path, _order, segment, _template in _sentences(instance)
        if originals.get((path, _normal(segment.string.data))) is False and _has_words(segment.string.data)
    ]


def _has_words(text: str) -> bool:
    """Whether there is anything to translate besides placeholders, figures and signs."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"\{[a-z0-9_]+\}", "", _plain(text))))


def _plain(text: str) -> str:
    return StringValue(text).render_text()


def _normal(text: str) -> str:
    return str(BeautifulSoup(text, "html.parser"))


# ---------------------------------------------------------------- putting the gates in place

_unguarded_create = TranslationSource.create_or_update_translation


def install() -> None:
    """Put our gates before the library's and Wagtail's own ways. Called when the app starts; safe to repeat."""
    if TranslationSource.create_or_update_translation is not _unguarded_create:
        return

    @wraps(_unguarded_create)
    def create_or_update_translation(
        self: TranslationSource,
        locale: Locale,
        user: Any = None,
        publish: bool = True,
        copy_parent_pages: bool = False,
        fallback: bool = False,
    ) -> tuple[Any, bool]:
        return _through_gate(self, locale, user=user, publish=publish)

    TranslationSource.create_or_update_translation = create_or_update_translation

    publish = PublishRevisionAction.execute

    @wraps(publish)
    def execute(self: PublishRevisionAction, skip_permission_checks: bool = False) -> Any:
        if sentences := untranslated_sentences(self.object):
            raise SourceTextUnderOtherLanguage(sentences)
        return publish(self, skip_permission_checks=skip_permission_checks)

    PublishRevisionAction.execute = execute
    CreatePageAliasAction.execute = _refuse_alias
    convert.sync_alias = _refuse_alias
    LocaleSynchronization.save = _refuse_alias
    components.LOCALE_COMPONENTS[:] = [
        component for component in components.LOCALE_COMPONENTS if component["model"] is not LocaleSynchronization
    ]


def _refuse_alias(*args: Any, **kwargs: Any) -> None:
    raise AliasRefused(_("A page in another language is a translation of its own, never a copy that follows."))
