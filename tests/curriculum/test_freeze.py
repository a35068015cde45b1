from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from curriculum.actions import freeze_all, freeze_module, freezing_paused
from curriculum.models import (
    Approval,
    Article,
    GlossaryMeaning,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library(begin_with: Callable[..., Any]) -> None:
    begin_with()


def article(path: str = "x1/l1", language: str = "en", country: str = "ZA") -> Article:
    return Article.objects.get(path=path, language=language, country=country)


def routes() -> set[tuple[str, str, str]]:
    return set(Article.objects.values_list("path", "language", "country"))


def read(*found: str, **route: str) -> str:
    """The html of an article without the marks of where a recording belongs."""
    return re.sub(r' data-place="[^"]*"', "", article(*found, **route).html)


def page(slug: str = "l1", language: str = "en") -> LessonPage:
    return LessonPage.objects.get(slug=slug, locale__language_code=language)


def everything() -> list[tuple[Any, ...]]:
    names = [field.attname for field in Article._meta.concrete_fields if field.name not in {"id", "frozen_at"}]
    return sorted(map(repr, Article.objects.values_list(*names)))


def test_an_article_for_each_language_country_and_path() -> None:
    assert routes() == {
        (path, language, country)
        for path in ("x1", "x1/l1", "x1/l2")
        for language in ("en", "sw")
        for country in ("KE", "ZA")
    }


def test_module_article_has_titles_objectives_and_the_way_in() -> None:
    module = article("x1", "sw")

    assert (module.kind, module.title, module.cover_title, module.objectives) == (
        "module",
        "Kuzungumza vizuri",
        "Mazungumzo mazuri",
        ["Msalimie mtu kwa upole."],
    )
    assert (module.lesson_count, module.next_path, module.study_minutes, module.lesson) == (2, "x1/l1", 9, None)


def test_lesson_article_knows_its_neighbours() -> None:
    assert [(a.position, a.lesson_count, a.next_path) for a in (article("x1/l1"), article("x1/l2", "sw"))] == [
        (1, 2, "x1/l2"),
        (2, 2, ""),
    ]
    assert article().lesson == page().lesson


def test_article_prints_the_countrys_value_escaped_and_asks_where_there_is_none() -> None:
    assert "How long: 12 months &amp; more</p>" in article(country="ZA").html
    assert "Muda gani: miezi 12 na zaidi</p>" in article(language="sw", country="ZA").html
    assert "How long: Ask your trainer</p>" in article(country="KE").html
    assert "24" not in read(country="KE")


def test_lesson_article_is_plain_html() -> None:
    assert read() == (
        '<div class="text"><p>First you <b>greet</b> her. Then you wait.</p>'
        "<ul><li>She sits.</li><li>You sit.</li></ul>"
        "<p>How long: 12 months &amp; more</p></div>"
        '<div data-w class="key-message">A <details class="w"><summary>greeting</summary>'
        "<span>The first words of a talk.</span></details> opens the door.</div>"
        '<section class="story"><h2>Wanjikũ at the gate</h2><p>Wanjikũ waits. Nobody greets her.</p></section>'
        '<figure class="picture"><img src="/media/original_images/x1-1.svg" loading="lazy" width="600" height="400"'
        ' alt="A woman stands at a gate."><figcaption>She waits.</figcaption></figure>'
        '<dl class="word"><dt>greeting</dt><dd>The first words of a talk.</dd></dl>'
    )


def test_try_it_works_without_script_and_nothing_is_inline() -> None:
    html = read("x1/l2")

    assert html.count("<details><summary>") == 2
    assert "<summary>I wait.</summary>" in html
    assert "Yes. Silence is work." in html
    assert "<li>Count to ten.</li><li>Breathe.</li>" in html
    assert '<section class="checklist"><h2>Before you go</h2><ul><li>I have waited.</li></ul></section>' in html
    for unwanted in ("<script", "style=", "onclick", "data-block-key", "{"):
        assert unwanted not in html


def test_editor_marks_do_not_reach_the_article() -> None:
    lesson = page()
    blocks = list(lesson.body.raw_data)
    blocks[0]["value"]["text"] = '<p data-block-key="abc12">First.</p>'
    lesson.body = json.dumps(list(blocks))
    lesson.save_revision().publish()

    assert read().startswith('<div class="text"><p>First.</p></div>')


def test_a_word_without_a_meaning_in_the_language_is_left_out() -> None:
    GlossaryMeaning.objects.filter(language="sw").delete()
    freeze_all()

    assert "word" not in article(language="sw").html
    assert "greeting</dt>" in article().html


def test_freezing_again_from_nothing_gives_the_same() -> None:
    before = everything()

    Article.objects.all().delete()
    freeze_all()

    assert everything() == before


def test_freezing_again_leaves_equal_rows_alone() -> None:
    before = list(Article.objects.order_by("pk").values_list("pk", "frozen_at"))

    call_command("freeze_articles")

    assert list(Article.objects.order_by("pk").values_list("pk", "frozen_at")) == before


def test_hash_changes_with_every_thing_she_reads_and_with_nothing_else() -> None:
    before = {route: a.content_hash for a in Article.objects.all() for route in [(a.path, a.language, a.country)]}
    lesson = page("l2")
    lesson.title = "Listening well"
    lesson.save_revision().publish()

    after = {route: a.content_hash for a in Article.objects.all() for route in [(a.path, a.language, a.country)]}

    assert {route for route in before if before[route] != after[route]} == {
        ("x1/l2", "en", "KE"),
        ("x1/l2", "en", "ZA"),
    }
    assert article(country="KE").content_hash != article(country="ZA").content_hash


def test_publishing_a_change_freezes_it_and_a_draft_does_not() -> None:
    lesson = page()
    lesson.title = "Greeting well"
    revision = lesson.save_revision()
    assert article().title == "Greeting"

    revision.publish()

    assert article().title == "Greeting well"


def test_articles_go_when_their_page_is_unpublished() -> None:
    page("l2", "sw").unpublish()

    assert {route for route in routes() if route[0] == "x1/l2"} == {("x1/l2", "en", "KE"), ("x1/l2", "en", "ZA")}
    # The place stays: she reads the lesson in her next language, where it belongs.
    assert (article("x1/l1", "sw").lesson_count, article("x1/l1", "sw").next_path) == (2, "x1/l2")


def test_all_lessons_go_when_their_module_is_unpublished() -> None:
    ModulePage.objects.get(locale__language_code="sw").unpublish()

    assert {language for _path, language, _country in routes()} == {"en"}


def test_articles_go_when_their_page_is_deleted() -> None:
    Page.objects.get(pk=page("l2", "sw").pk).delete()

    assert ("x1/l2", "sw", "KE") not in routes()
    assert ("x1/l2", "en", "KE") in routes()


def test_is_approved_follows_the_live_revision_and_the_country() -> None:
    live = page("l1", "sw").live_revision
    Approval.objects.create(
        revision=live, language="sw", country="KE", reviewer=make_user(), approved_at=timezone.now()
    )
    freeze_module(Module.objects.get())

    approved = set(Article.objects.filter(is_approved=True).values_list("path", "language", "country"))
    assert approved == {("x1/l1", "sw", "KE")}

    swahili = page("l1", "sw")
    swahili.study_minutes = 5
    swahili.save_revision().publish()

    assert not Article.objects.filter(is_approved=True).exists()


def test_a_stale_translation_is_not_approved() -> None:
    Approval.objects.create(
        revision=page("l1", "sw").live_revision,
        language="sw",
        country="KE",
        reviewer=make_user(),
        approved_at=timezone.now(),
    )
    english = page()
    english.title = "Greeting her"
    english.save_revision().publish()

    swahili = article(language="sw", country="KE")
    assert (swahili.is_stale, swahili.is_approved) == (True, False)


def test_best_language_comes_first_and_a_gap_is_filled_by_the_next() -> None:
    page("l2", "sw").unpublish()

    found = Article.objects.in_best_language(["sw", "en"], "KE")

    assert [a.language for a in found.filter(path="x1/l1")] == ["sw", "en"]
    assert [a.language for a in found.filter(path="x1/l2")] == ["en"]


def test_a_lesson_of_another_language_only_comes_after_the_others() -> None:
    swahili = ModulePage.objects.get(locale__language_code="sw")
    extra = LessonPage(
        title="Kuaga", slug="l3", locale=swahili.locale, lesson=Lesson.objects.create(module=swahili.module)
    )
    swahili.add_child(instance=extra)
    extra.save_revision().publish()

    assert (article("x1/l3", "sw").position, article("x1/l1").lesson_count, article("x1/l2").next_path) == (
        3,
        3,
        "x1/l3",
    )


def test_a_module_without_lessons_has_an_article_and_leads_nowhere() -> None:
    for lesson in LessonPage.objects.all():
        lesson.unpublish()

    assert {path for path, _language, _country in routes()} == {"x1"}
    assert (article("x1").lesson_count, article("x1").next_path) == (0, "")


def test_text_bytes_is_what_the_article_costs() -> None:
    assert 0 < article().text_bytes < len(article().html.encode())


def test_paused_freezing_freezes_once_at_the_end() -> None:
    Article.objects.all().delete()

    with freezing_paused():
        freeze_all()
        assert Article.objects.count() == 0

    assert Article.objects.count() == 12


@pytest.mark.parametrize("lessons", [1, 3])
def test_freezing_asks_a_fixed_number_of_questions(lessons: int, django_assert_num_queries) -> None:
    module_page = ModulePage.objects.get(locale__language_code="en")
    blocks = json.dumps(list(page("l2").body.raw_data))
    for number in range(lessons - 1):
        extra = LessonPage(title=f"More {number}", locale=module_page.locale, body=blocks)
        ModulePage.objects.get(pk=module_page.pk).add_child(instance=extra)
        extra.save_revision().publish()
    module = Module.objects.get()
    Article.objects.all().delete()
    freeze_module(module)

    # A picture and a word ask for themselves: one lesson in each language has them.
    with django_assert_num_queries(28):
        freeze_module(module)
