from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page

from curriculum.models import Country, Lesson, LessonPage, Module, ModulePage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library(begin_with: Callable[..., Any]) -> None:
    begin_with()


def lesson(language: str = "en", slug: str = "l1") -> LessonPage:
    return LessonPage.objects.get(locale__language_code=language, slug=slug)


def identities() -> list[int]:
    return sorted(Lesson.objects.values_list("pk", flat=True))


def test_a_copied_lesson_is_another_lesson_of_the_same_module() -> None:
    copy = lesson().copy(update_attrs={"title": "Greeting again", "slug": "greeting-again"}, keep_live=False)

    copy = LessonPage.objects.get(pk=copy.pk)
    assert copy.lesson != lesson().lesson
    assert copy.lesson.module == lesson().lesson.module
    assert copy.slug == "l3"
    assert Lesson.objects.count() == 3
    assert not Lesson.objects.filter(pages__isnull=True).exists()


def test_a_copied_revision_does_not_bring_the_old_identity_back() -> None:
    copy = LessonPage.objects.get(pk=lesson().copy(update_attrs={"slug": "x"}, copy_revisions=True, keep_live=False).pk)

    for revision in copy.revisions.all():
        assert revision.as_object().lesson_id == copy.lesson_id
    copy.latest_revision.publish()

    assert LessonPage.objects.get(pk=copy.pk).lesson_id == copy.lesson_id


def test_a_translation_keeps_its_lesson() -> None:
    assert lesson("sw").lesson == lesson("en").lesson
    assert Lesson.objects.count() == 2


def test_a_new_lesson_gets_the_next_address_never_its_title() -> None:
    module = ModulePage.objects.get(locale__language_code="en")
    page = LessonPage(title="Telling your partner", locale=module.locale)

    module.add_child(instance=page)

    assert (page.slug, page.lesson.module) == ("l3", module.module)


def test_a_published_address_stays() -> None:
    page = lesson()
    page.slug = "l7"

    with pytest.raises(ValidationError) as refusal:
        page.full_clean()

    assert refusal.value.messages == [
        "This address has been published and stays as it is. Learners keep it on their phones."
    ]


def test_the_module_of_a_published_page_stays() -> None:
    page = ModulePage.objects.get(locale__language_code="en")
    page.module = Module.objects.create(code="X2", strand=page.module.strand)

    with pytest.raises(ValidationError, match="The code of a published module stays as it is"):
        page.full_clean()


def test_the_code_of_a_published_module_stays_and_a_new_one_may_change() -> None:
    module = Module.objects.get()
    module.code = "X9"
    with pytest.raises(ValidationError, match="The code of a published module stays as it is"):
        module.full_clean()

    new = Module.objects.create(code="X2", strand=module.strand)
    new.code = "X3"
    new.full_clean()


def test_preview_is_a_phone_with_each_countrys_values(rf) -> None:
    page = lesson("sw")

    assert page.preview_sizes[0]["device_width"] == 360
    assert [code for code, _name in page.preview_modes] == ["KE", "ZA"]
    html = page.serve_preview(rf.get("/"), "ZA").content.decode()
    assert '<html lang="sw">' in html
    assert "Muda gani: miezi 12 na zaidi" in html
    assert "miezi 12" not in page.serve_preview(rf.get("/"), "KE").content.decode()


def test_preview_of_an_unpublished_change_shows_the_change(rf) -> None:
    page = lesson()
    page.title = "Not published"

    assert "<h1>Not published</h1>" in page.serve_preview(rf.get("/"), "KE").content.decode()
    assert lesson().title == "Greeting"


def test_preview_of_a_module_shows_objectives_and_checklist(rf) -> None:
    html = ModulePage.objects.get(locale__language_code="en").serve_preview(rf.get("/"), "KE").content.decode()

    assert "<li>Greet a person kindly.</li>" in html
    assert "<li>Waits for her.</li>" in html


def test_preview_without_countries_still_shows_the_text(rf) -> None:
    page = lesson()
    from curriculum.models import Article, FactValue

    FactValue.objects.all().delete()
    Article.objects.all().delete()
    Country.objects.all().delete()

    assert page.preview_modes[0][0] == ""
    assert "A greeting opens the door." in page.serve_preview(rf.get("/"), "").content.decode()


def test_every_page_reads_at_its_neutral_address() -> None:
    pages = Page.objects.type(LessonPage).specific().order_by("path")

    assert [(p.locale.language_code, p.neutral_path()) for p in pages] == [
        ("en", "x1/l1"),
        ("en", "x1/l2"),
        ("sw", "x1/l1"),
        ("sw", "x1/l2"),
    ]


def test_lessons_copied_with_their_module_are_one_other_lesson_each() -> None:
    before = identities()
    page = ModulePage.objects.get(locale__language_code="en")

    copy = page.copy(recursive=True, update_attrs={"slug": "x1-copy"}, keep_live=False)

    copied = LessonPage.objects.child_of(copy)
    assert [page.slug for page in copied] == ["l1", "l2"]
    assert identities() == sorted([*before, *copied.values_list("lesson_id", flat=True)])
    assert not Lesson.objects.filter(pages__isnull=True).exists()


def test_a_lesson_that_is_refused_leaves_no_identity() -> None:
    before = identities()
    module = ModulePage.objects.get(locale__language_code="en")

    with pytest.raises(ValidationError):
        module.add_child(instance=LessonPage(title="", slug="l3", locale=module.locale))

    assert identities() == before
