"""Written in bulk or row by row, the same rows are there afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Page
from wagtail.search.models import IndexEntry
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    TemplateSegment,
    TranslationContext,
    TranslationSource,
)

from curriculum.in_bulk import in_bulk, refresh_segments
from curriculum.models import LessonPage, ModulePage

pytestmark = pytest.mark.django_db


def segments(source: TranslationSource) -> list[tuple[Any, ...]]:
    """Everything that the library knows of a source's sentences, by content."""
    place = ("context__path", "context__path_id", "context__field_path", "order")
    kinds = (
        (StringSegment, ("string__data", "string__data_hash", "attrs")),
        (TemplateSegment, ("template__template", "template__uuid", "template__string_count")),
        (OverridableSegment, ("data_json",)),
    )
    return [
        row
        for model, fields in kinds
        for row in model.objects.filter(source=source).order_by("order", "pk").values_list(*place, *fields)
    ]


def forget(source: TranslationSource) -> None:
    for model in (StringSegment, TemplateSegment, OverridableSegment):
        model.objects.filter(source=source).delete()
    TranslationContext.objects.filter(object=source.object).delete()


def test_sources_are_cut_into_the_same_segments_as_by_the_library(bring_in) -> None:
    bring_in()
    sources = list(TranslationSource.objects.all())
    written_in_bulk = [segments(source) for source in sources]
    for source in sources:
        forget(source)
        source.refresh_segments()

    assert [segments(source) for source in sources] == written_in_bulk
    assert {len(rows) > 10 for rows in written_in_bulk} == {True, False}
    assert all(segment[2] for rows in written_in_bulk for segment in rows)


def test_changed_source_keeps_the_rows_that_stayed_and_loses_those_that_went(bring_in) -> None:
    bring_in()
    page = LessonPage.objects.get(locale__language_code="en", lesson__module__code="X1", slug="l1")
    source = TranslationSource.objects.get(object_id=page.translation_key)
    before = dict(StringSegment.objects.filter(source=source).values_list("string__data", "pk"))
    changed = source.content_json.replace("A greeting opens the door.", "A greeting opens every door.")
    TranslationSource.objects.filter(pk=source.pk).update(content_json=changed)
    source.refresh_from_db()

    refresh_segments(source)

    after = dict(StringSegment.objects.filter(source=source).values_list("string__data", "pk"))
    assert before.keys() - after.keys() == {"A greeting opens the door."}
    assert after.keys() - before.keys() == {"A greeting opens every door."}
    assert all(after[text] == pk for text, pk in before.items() if text in after)


def entries_of(slug: str) -> int:
    """How often the English page is in the search index."""
    page = Page.objects.get(slug=slug, locale__language_code="en")
    return IndexEntry.objects.filter(content_type__model__in=["page", "lessonpage"], object_id=str(page.pk)).count()


def test_what_was_imported_can_be_searched_for(bring_in) -> None:
    bring_in()

    assert {page.specific.title for page in Page.objects.search("Greeting")} == {"Greeting"}
    assert entries_of("l1") == 1
    assert {page.specific.title for page in Page.objects.search("Talking well")} == {"Talking well"}


def test_second_import_leaves_one_entry_for_each_page_in_the_search(bring_in) -> None:
    bring_in()
    entries = IndexEntry.objects.count()
    bring_in(
        {'title = "Greeting"': 'title = "Welcome"'},
    )

    assert IndexEntry.objects.count() == entries
    assert entries_of("l1") == 1
    assert {page.specific.title for page in Page.objects.search("Welcome")} == {"Welcome"}
    assert not Page.objects.search("Greeting")


def test_import_that_is_broken_off_leaves_nothing_to_search_for_and_the_libraries_as_they_were(bring_in) -> None:
    bring_in()
    page = ModulePage.objects.get(locale__language_code="en")
    with pytest.raises(RuntimeError), transaction.atomic(), in_bulk():
        page.title = "Unheard of"
        page.save()
        raise RuntimeError

    assert not Page.objects.search("Unheard")

    page.refresh_from_db()
    page.title = "Heard of"
    page.save()

    assert Page.objects.search("Heard")
    assert TranslationSource.refresh_segments.__module__ == "wagtail_localize.models"


def test_bulk_costs_no_query_for_each_sentence(bring_in, django_assert_num_queries) -> None:
    """Row by row it is seven for each of its ten sentences, and as many for each block around them."""
    bring_in()
    page = LessonPage.objects.get(locale__language_code="en", slug="l1")
    source = TranslationSource.objects.get(object_id=page.translation_key)
    forget(source)

    with django_assert_num_queries(24):
        refresh_segments(source)

    assert StringSegment.objects.filter(source=source).count() == 10
