"""What we rely on in wagtail-localize, or guard against. When one fails after an upgrade, its name says what changed.

``unguarded_create`` is the library's own ``create_or_update_translation``, before our gate.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polib
import pytest
import wagtail_localize
from django.apps import apps
from django.db import transaction
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Locale, Page
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.locales.components import LOCALE_COMPONENTS
from wagtail_localize.models import (
    LocaleSynchronization,
    StringTranslation,
    Translation,
    TranslationSource,
    UnknownContext,
    UnknownString,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor
from wagtail_localize.strings import StringValue, extract_strings
from wagtail_localize.synctree import synchronize_tree
from wagtail_localize.views import convert

from curriculum.blocks import LessonBody
from curriculum.models import LibraryPage
from curriculum.translation import AliasRefused
from curriculum.translation.sending import unguarded_create

PACKAGE = Path(wagtail_localize.__file__).parent


@pytest.fixture
def source(db: None) -> TranslationSource:
    """A live English page with a source for translation."""
    page = LibraryPage(title="Library", slug="shelf", locale=Locale.get_default())
    Page.get_first_root_node().add_child(instance=page)
    page.save_revision().publish()
    return TranslationSource.get_or_create_from_instance(LibraryPage.objects.get())[0]


@pytest.fixture
def swahili(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="sw")[0]


def translate(source: TranslationSource, locale: Locale, text: str) -> StringTranslation:
    segment = source.stringsegment_set.get(context__path="title")
    return StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=locale, data=text
    )


def callers_of(method: str) -> set[str]:
    """The files of the package that call ``.method(``."""
    return {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts and "test" not in path.parts
        if re.search(rf"\.{method}\(", path.read_text(encoding="utf-8"))
    }


def extract(block: blocks.StreamBlock, raw: list[dict[str, Any]]) -> list[Any]:
    """The segments of a stream as it comes out of the database."""
    value = block.to_python(raw)
    return StreamFieldSegmentExtractor(StreamField(block), include_overridables=True).handle_stream_block(value)


def test_every_save_of_a_translation_passes_create_or_update_translation() -> None:
    assert callers_of("create_or_update_translation") == {"models.py"}
    assert callers_of("save_target") == {"operations.py", "views/edit_translation.py", "views/update_translations.py"}


def test_missing_translations_fall_back_to_the_source(source: TranslationSource, swahili: Locale) -> None:
    page, _created = unguarded_create(source, swahili, publish=False, fallback=True)

    assert page.title == "Library"


def test_save_target_always_asks_for_the_fallback(
    source: TranslationSource, swahili: Locale, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(
        TranslationSource, "create_or_update_translation", lambda self, locale, **options: asked.update(options)
    )

    Translation.objects.create(source=source, target_locale=swahili).save_target()

    assert (asked["fallback"], asked["copy_parent_pages"]) == (True, True)


def test_publish_false_writes_into_the_live_row(source: TranslationSource, swahili: Locale) -> None:
    translate(source, swahili, "Maktaba")
    page, _created = unguarded_create(source, swahili, publish=False)
    page.latest_revision.publish()
    StringTranslation.objects.update(data="Kitabu")

    unguarded_create(source, swahili, publish=False)

    live = Page.objects.get(pk=page.pk)
    assert (live.live, live.title) == (True, "Kitabu")


def test_publication_waits_for_the_commit_and_is_made_by_nobody(
    source: TranslationSource, swahili: Locale, django_capture_on_commit_callbacks: Any
) -> None:
    translate(source, swahili, "Maktaba")

    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        page, _created = unguarded_create(source, swahili, publish=True)

    assert not Page.objects.get(pk=page.pk).live
    assert [callback.__name__ for callback in callbacks if callback.__name__ == "publish"] == ["publish"]


def test_up_to_date_compares_with_the_last_synchronised_source_only(source: TranslationSource, swahili: Locale) -> None:
    translation = Translation.objects.create(source=source, target_locale=swahili)
    translate(source, swahili, "Maktaba")

    Page.objects.filter(translation_key=source.object_id).update(title="Books", draft_title="Books")

    assert translation.get_status_display() == "Up to date"


def test_refreshing_a_source_leaves_translations_of_the_old_sentence_behind(
    source: TranslationSource, swahili: Locale
) -> None:
    translate(source, swahili, "Maktaba")
    Page.objects.filter(translation_key=source.object_id).update(title="Books")

    source.update_from_db()

    (segment,) = source.stringsegment_set.annotate_translation(swahili)
    assert (segment.string.data, segment.translation) == ("Books", None)


def test_aliases_are_made_by_wagtails_one_action(source: TranslationSource, swahili: Locale) -> None:
    """We refuse there; were they made otherwise, the tree would fill with English under Swahili."""
    with pytest.raises(AliasRefused):
        synchronize_tree(Locale.get_default(), swahili)

    assert Page.objects.exclude(alias_of=None).count() == 0


def test_a_missing_parent_is_copied_as_an_alias(source: TranslationSource, swahili: Locale) -> None:
    parent = LibraryPage.objects.get()
    child = LibraryPage(title="Below", slug="below", locale=parent.locale)
    parent.add_child(instance=child)
    below = TranslationSource.get_or_create_from_instance(child)[0]

    with pytest.raises(AliasRefused):
        unguarded_create(below, swahili, publish=False, copy_parent_pages=True, fallback=True)


def test_converting_to_an_alias_goes_through_sync_alias_of_its_module() -> None:
    code = (
        convert.convert_to_alias.__wrapped__
        if hasattr(convert.convert_to_alias, "__wrapped__")
        else convert.convert_to_alias
    )
    assert "sync_alias" in code.__code__.co_names


def test_locale_synchronisation_is_a_component_of_the_locale_form() -> None:
    """We take it out of this list, and refuse to save it."""
    assert [component for component in LOCALE_COMPONENTS if component["model"] is LocaleSynchronization] == []
    assert "sync_from" in {field.name for field in LocaleSynchronization._meta.get_fields()}


def test_locales_app_stands_in_for_wagtails() -> None:
    assert apps.get_app_config("wagtaillocales").name == "wagtail_localize.locales"


def test_slug_is_a_translatable_string_by_default_and_synchronised_here() -> None:
    def is_translated(model: type[Page]) -> bool:
        return next(field for field in get_translatable_fields(model) if field.field_name == "slug").is_translated(None)

    assert is_translated(Page)
    assert not is_translated(LibraryPage)


def test_contexts_are_paths_of_block_ids() -> None:
    raw = [{"type": "key_message", "id": "11111111-1111-4111-8111-111111111111", "value": {"text": "Wait."}}]

    assert [(s.path, s.string.data) for s in extract(LessonBody(), raw)] == [
        ("11111111-1111-4111-8111-111111111111.text", "Wait.")
    ]


def test_items_of_a_list_need_ids_or_they_are_not_extracted() -> None:
    value = {"title": "Before", "items": ["One"]}
    with_ids = {**value, "items": [{"type": "item", "id": "22222222-2222-4222-8222-222222222222", "value": "One"}]}
    block = {"type": "checklist", "id": "11111111-1111-4111-8111-111111111111"}

    assert len(extract(LessonBody(), [{**block, "value": value}])) == 1
    assert len(extract(LessonBody(), [{**block, "value": with_ids}])) == 2


def test_a_list_in_a_struct_in_a_struct_is_not_extracted() -> None:
    """So none of our blocks is built like that."""

    class Inner(blocks.StructBlock):
        items = blocks.ListBlock(blocks.CharBlock())

    class Outer(blocks.StructBlock):
        inner = Inner()

    items = [{"type": "item", "id": "22222222-2222-4222-8222-222222222222", "value": "One"}]
    raw = [{"type": "outer", "id": "11111111-1111-4111-8111-111111111111", "value": {"inner": {"items": items}}}]

    assert extract(blocks.StreamBlock([("outer", Outer())]), raw) == []


def test_sentences_hold_plain_inline_tags_only() -> None:
    assert [s.data for s, _attrs in extract_strings("<p>One <b>two</b> <i>three</i></p>")[1]] == [
        "One <b>two</b> <i>three</i>"
    ]
    # Any other tag cuts the sentence in two, so a fact is a placeholder and never a tag.
    assert [s.data for s, _attrs in extract_strings("<p>One <span>two</span></p>")[1]] == ["One", "two"]
    for refused in ("<span>two</span>", '<b class="x">two</b>'):
        with pytest.raises(ValueError, match="tag"):
            StringValue.from_translated_html(refused)


def test_a_single_wrapping_tag_belongs_to_the_html_around() -> None:
    template, strings = extract_strings("<p><b>All</b></p>")

    assert [s.data for s, _attrs in strings] == ["All"]
    assert template == '<p><b><text position="0"></text></b></p>'


def test_a_placeholder_survives_extraction() -> None:
    assert [s.data for s, _attrs in extract_strings("<p>How long: {bf_duration}</p>")[1]] == ["How long: {bf_duration}"]


def test_several_sentences_of_a_rich_text_share_one_path() -> None:
    raw = [
        {
            "type": "text",
            "id": "11111111-1111-4111-8111-111111111111",
            "value": {"text": "<p>One.</p><p>Two.</p>"},
        }
    ]

    strings = [s for s in extract(LessonBody(), raw) if isinstance(s, StringSegmentValue)]
    assert {s.path for s in strings} == {"11111111-1111-4111-8111-111111111111.text"}
    assert [s.string.data for s in strings] == ["One.", "Two."]


def test_po_drops_unknown_strings_and_contexts_with_a_warning(source: TranslationSource, swahili: Locale) -> None:
    translation = Translation.objects.create(source=source, target_locale=swahili)
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Nobody said this", msgctxt="title", msgstr="Hakuna"))
    po.append(polib.POEntry(msgid="Library", msgctxt="nowhere", msgstr="Maktaba"))

    warnings = translation.import_po(po)

    assert [type(warning) for warning in warnings] == [UnknownString, UnknownContext]
    assert StringTranslation.objects.count() == 0


def test_bulk_created_translations_are_not_checked(source: TranslationSource, swahili: Locale) -> None:
    """``save()`` checks the html; we check before we write in bulk."""
    segment = source.stringsegment_set.get(context__path="title")
    fields = {"translation_of": segment.string, "context": segment.context, "locale": swahili, "data": "<p>x</p>"}

    (row,) = StringTranslation.objects.bulk_create([StringTranslation(**fields)])
    assert not StringTranslation.objects.get(pk=row.pk).has_error

    row.save()
    assert StringTranslation.objects.get(pk=row.pk).has_error


def test_a_source_is_serialised_as_a_revision_is(source: TranslationSource) -> None:
    assert json.loads(source.content_json)["title"] == "Library"
    assert json.loads(source.content_json)["translation_key"] == str(source.object_id)
