"""The trainer's pages: her menu, her lists, and how new texts get their identity."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum.models import Article, Lesson, LessonPage, Module, ModulePage, StrandPage
from people.models import User
from tests.curriculum.admin_desk import (
    QUESTION,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
)
from tests.factories import give_consent, make_country

pytestmark = pytest.mark.django_db


def sidebar(client) -> str:
    html = client.get("/admin/").content.decode()
    return html[html.index("wagtail-sidebar-props") :][:20000]


@pytest.mark.parametrize(
    ("craft", "right", "shown"),
    [
        (
            "author",
            {"country": "KE"},
            ["My modules", "Questions", "Translations", "Words", "Facts of my country", "Help words"],
        ),
        ("translator", {"language": "sw"}, ["My modules", "Questions", "Translations", "Words", "Help words"]),
        ("reviewer", {"country": "KE"}, ["My modules", "Reviews waiting for me", "Facts of my country", "Help words"]),
    ],
)
def test_menu_is_arranged_by_her_work(client, craft, right, shown):
    make_country("KE")
    make_module_page()
    client.force_login(make_person(craft, **right))

    props = sidebar(client)

    assert [label for label in shown if f'"{label}"' not in props] == []
    for hidden in ("Snippets", "Settings", "Reports", "Users", "Groups", "Locales", "Workflows", "Redirects"):
        assert f'"{hidden}"' not in props


def test_pages_of_the_desk_name_the_product_only(client):
    page = make_lesson_page(make_module_page())
    client.force_login(make_person("author"))

    for path in ("/admin/", f"/admin/pages/{page.pk}/edit/", "/admin/modules/", f"{QUESTION}/", "/admin/help-words/"):
        html = client.get(path).content.decode()
        assert re.findall(r"<title>(.*?)</title>", html, re.S) == ["Thuto"], path
        assert "Wagtail admin" not in html


def test_editor_shows_our_mark_and_accent(client):
    client.force_login(make_person("author"))

    html = client.get("/admin/").content.decode()

    assert "desk-leaf" in html
    assert "admin/desk.css" in html
    assert "wagtail-logo" not in html.lower()


def shapes(queries: CaptureQueriesContext) -> Counter[str]:
    return Counter(re.sub(r"\d+|'[^']*'", "?", query["sql"]) for query in queries)


# -- Lists --------------------------------------------------------------------------------------------


def test_modules_list_has_her_language_only(client):
    make_module_page(title="Feeding your baby")
    make_module_page(language="sw", title="Kumlisha mtoto")
    client.force_login(make_person("translator", language="sw"))

    html = client.get("/admin/modules/").content.decode()

    assert "Kumlisha mtoto" in html
    assert "Feeding your baby" not in html


@pytest.mark.parametrize(
    "path", ["/admin/modules/", f"{QUESTION}/", "/admin/translations/", "/admin/translations/?language=sw"]
)
def test_lists_ask_the_same_for_one_row_and_three(client, path):
    make_question_snippet(make_module_page("M1").module)
    make_lesson_page(ModulePage.objects.get())
    client.force_login(make_person("author"))
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for code in ("M2", "M3"):
        module_page = make_module_page(code)
        make_question_snippet(module_page.module)
        make_lesson_page(module_page)
    with CaptureQueriesContext(connection) as three:
        client.get(path)

    more = shapes(three) - shapes(one)
    assert len(three) == len(one), more


def test_questions_are_filtered_by_module(client):
    make_question_snippet(make_module_page("M1").module, stem="First?")
    second = make_question_snippet(make_module_page("M2").module, stem="Second?")
    client.force_login(make_person("author"))

    html = client.get(f"{QUESTION}/?module={second.question.module_id}").content.decode()

    assert "Second?" in html
    assert "First?" not in html


def test_reviewer_reads_a_page_without_the_editor(client):
    page = make_lesson_page(make_module_page(), "Milk is enough.")
    make_country("KE")
    client.force_login(make_person("reviewer", country="KE"))

    response = client.get(f"/admin/read/{page.pk}/")

    assert response.status_code == 200
    assert "Milk is enough." in response.content.decode()


def test_help_words_say_what_a_button_does_to_a_learner(client):
    client.force_login(make_person("translator", language="sw"))

    html = client.get("/admin/help-words/").content.decode()

    assert "Learners read it from now on." in html


# -- New lessons and modules --------------------------------------------------------------------------


def add_lesson(client, module_page: ModulePage, **changes: str):
    data = {
        "title": "HIV and milk",
        "study_minutes": "6",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changes,
    }
    return client.post(reverse("wagtailadmin_pages:add", args=["curriculum", "lessonpage", module_page.pk]), data)


def test_lesson_gets_identity_and_neutral_address(client):
    module_page = make_module_page()
    make_lesson_page(module_page)
    client.force_login(make_person("author"))

    response = add_lesson(client, module_page)

    page = LessonPage.objects.get(title="HIV and milk")
    assert response.status_code == 302
    assert (page.slug, page.lesson.module, page.live) == ("l2", module_page.module, False)
    assert Lesson.objects.count() == 2
    assert page.latest_revision.content["lesson"] == page.lesson_id


def test_lesson_preview_leaves_no_identity_behind(client):
    module_page = make_module_page()
    client.force_login(make_person("author"))
    path = reverse("wagtailadmin_pages:preview_on_add", args=["curriculum", "lessonpage", module_page.pk])
    data = {
        "title": "HIV and milk",
        "study_minutes": "6",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }

    posted = client.post(path, data)
    shown = client.get(path)

    assert (posted.json()["is_valid"], shown.status_code) == (True, 200)
    assert not Lesson.objects.exists()
    assert not LessonPage.objects.exists()


def copy_at_the_desk(client, page: LessonPage, to: ModulePage, slug: str = "copy"):
    return client.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Copy", "new_slug": slug, "new_parent_page": to.pk, "publish_copies": "on"},
    )


@pytest.mark.parametrize("slug", ["copy", "l7"])
def test_lesson_copy_is_another_lesson_and_not_live(client, slug):
    module_page = make_module_page()
    page = make_lesson_page(module_page)
    client.force_login(make_person("author"))

    response = copy_at_the_desk(client, page, module_page, slug)

    copy = LessonPage.objects.get(title="Copy")
    assert response.status_code == 302
    assert (copy.slug, copy.live, copy.translation_key == page.translation_key) == ("l2", False, False)
    assert set(Lesson.objects.values_list("pk", flat=True)) == {page.lesson_id, copy.lesson_id}
    assert (copy.latest_revision.content["slug"], copy.latest_revision.content["lesson"]) == ("l2", copy.lesson_id)
    assert not Article.objects.filter(lesson=copy.lesson).exists()


def test_lesson_copy_in_another_module_is_the_next_lesson_there(client):
    first, second = make_module_page("M1"), make_module_page("M2")
    page = make_lesson_page(first)
    there = make_lesson_page(second)
    client.force_login(make_person("author"))

    copy_at_the_desk(client, page, second, "l1-copy")

    copy = LessonPage.objects.get(title="Copy")
    assert (copy.slug, copy.lesson.module.code) == ("l2", "M2")
    assert set(Lesson.objects.values_list("pk", flat=True)) == {page.lesson_id, there.lesson_id, copy.lesson_id}


def test_module_is_not_copied_and_nothing_moves_to_another_module(client):
    first, second = make_module_page("M1"), make_module_page("M2")
    lesson = make_lesson_page(first)
    client.force_login(make_person("author"))

    client.post(
        reverse("wagtailadmin_pages:copy", args=[first.pk]),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": first.get_parent().pk},
    )
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, second.pk]))

    assert ModulePage.objects.count() == 2
    assert LessonPage.objects.get().get_parent().pk == first.pk


def module_form(**changes: str) -> dict[str, str]:
    return {
        "title": "Milk",
        "cover_title": "Growing well",
        "module": "m7",
        "hours": "4",
        "objectives-count": "0",
        "practice-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changes,
    }


def test_module_gets_its_code_and_neutral_address(client):
    shelf = StrandPage.objects.get(pk=make_module_page().get_parent().pk)
    client.force_login(make_person("author"))
    path = reverse("wagtailadmin_pages:add", args=["curriculum", "modulepage", shelf.pk])

    response = client.post(path, module_form())
    again = client.post(path, module_form(title="Twice"))

    page = ModulePage.objects.get(title="Milk")
    assert (response.status_code, again.status_code) == (302, 200)
    assert (page.module.code, page.slug, page.module.strand) == ("M7", "m7", shelf.strand)
    assert Module.objects.count() == 2


@pytest.mark.parametrize("field", ["HIV and milk", "Clinic days"])
def test_module_form_names_the_blocked_word(client, field):
    shelf = StrandPage.objects.get(pk=make_module_page().get_parent().pk)
    client.force_login(make_person("author"))

    response = client.post(
        reverse("wagtailadmin_pages:add", args=["curriculum", "modulepage", shelf.pk]), module_form(cover_title=field)
    )

    assert response.status_code == 200
    assert "The cover title is seen by strangers" in response.content.decode()
    assert Module.objects.count() == 1


def test_module_keeps_its_code(client):
    page, other = make_module_page("M1"), make_module_page("M2")
    client.force_login(make_person("author"))

    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), module_form(module=str(other.module_id), title="Changed")
    )

    page = ModulePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (page.title, page.module.code) == ("Changed", "M1")


def test_superuser_sees_everything_but_people(client):
    root = User.objects.create_superuser("ROOT-1", "correct horse battery staple")
    give_consent(root)
    client.force_login(root)

    props = sidebar(client)

    assert '"Settings"' in props
    assert '"Users"' not in props
