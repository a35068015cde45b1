"""Nobody changes a page or question that is not hers: real posts by people with the wrong language."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from assessments.models import QuestionSnippet
from curriculum.models import LessonPage
from people.models import User
from tests.curriculum.admin_desk import (
    QUESTION,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
    page_form,
    question_form,
)
from tests.factories import make_country

pytestmark = pytest.mark.django_db


# -- Pages --------------------------------------------------------------------------------------------


def french_and_swahili() -> tuple[LessonPage, LessonPage]:
    """The same lesson published in French and in Kiswahili."""
    french = make_lesson_page(make_module_page(language="fr"), "Du lait.")
    swahili = make_lesson_page(make_module_page(language="sw"), "Maziwa.")
    return french, swahili


def snapshot(page: LessonPage) -> tuple[object, ...]:
    page = LessonPage.objects.get(pk=page.pk)
    return (page.title, page.live, page.latest_revision_id, page.live_revision_id, page.body.raw_data[0]["value"])


def give_stray_permissions(user: User) -> None:
    """Somebody gave her group Wagtail's own permissions on every page there is."""
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__endswith="_page"):
        GroupPagePermission.objects.get_or_create(
            group=user.groups.get(), page=Page.get_first_root_node(), permission=permission
        )


PAGE_POSTS = {
    "edit": lambda page: (reverse("wagtailadmin_pages:edit", args=[page.pk]), page_form(page, title="Taken over")),
    "publish": lambda page: (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        page_form(page, title="Taken over", **{"action-publish": "1", "kind_of_change": "wording"}),
    ),
    "unpublish": lambda page: (reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {}),
    "delete": lambda page: (reverse("wagtailadmin_pages:delete", args=[page.pk]), {}),
    "revert": lambda page: (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        page_form(page, revision=str(page.latest_revision_id), **{"action-publish": "1", "kind_of_change": "wording"}),
    ),
    "move": lambda page: (
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, page.get_parent().pk]),
        {},
    ),
    "copy": lambda page: (
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk},
    ),
    "lock": lambda page: (reverse("wagtailadmin_pages:lock", args=[page.pk]), {}),
    "bulk publish": lambda page: (f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {}),
    "bulk unpublish": lambda page: (f"/admin/bulk/wagtailcore/page/unpublish/?id={page.pk}", {}),
    "bulk delete": lambda page: (f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}", {}),
}


@pytest.mark.parametrize("has_stray_permission", [False, True])
@pytest.mark.parametrize("act", PAGE_POSTS)
def test_page_of_another_language_stays_as_it_is(client, act, has_stray_permission):
    french, _swahili = french_and_swahili()
    translator = make_person("translator", language="sw")
    if has_stray_permission:
        give_stray_permissions(translator)
    client.force_login(translator)
    before, count = snapshot(french), Page.objects.count()
    path, data = PAGE_POSTS[act](french)

    response = client.post(path, data)

    assert response.status_code in {302, 403, 404} or act.startswith("bulk")
    assert "consent" not in response.headers.get("Location", "")
    assert snapshot(french) == before
    assert Page.objects.count() == count


def test_page_of_her_language_is_hers(client):
    _french, swahili = french_and_swahili()
    client.force_login(make_person("translator", language="sw"))
    path, data = PAGE_POSTS["publish"](swahili)

    response = client.post(path, data | {"title": "Somo"})

    assert response.status_code == 302
    assert LessonPage.objects.get(pk=swahili.pk).title == "Somo"


def test_page_translator_makes_no_new_pages(client):
    _french, swahili = french_and_swahili()
    client.force_login(make_person("translator", language="sw"))

    response = client.post(
        reverse("wagtailadmin_pages:add", args=["curriculum", "lessonpage", swahili.get_parent().pk]),
        page_form(swahili, title="Mpya"),
    )

    assert response.status_code == 302
    assert swahili.get_siblings().count() == 1


def test_page_author_writes_the_source_language_only(client):
    english = make_lesson_page(make_module_page())
    french, _swahili = french_and_swahili()
    client.force_login(make_person("author", country="KE"))

    for page, expected in ((english, "Taken over"), (french, "Lesson 1")):
        path, data = PAGE_POSTS["publish"](page)
        client.post(path, data)
        assert LessonPage.objects.get(pk=page.pk).title == expected


def test_page_reviewer_reads_and_changes_nothing(client):
    english = make_lesson_page(make_module_page())
    make_country("KE")
    client.force_login(make_person("reviewer", country="KE"))
    before = snapshot(english)

    for act in PAGE_POSTS:
        path, data = PAGE_POSTS[act](english)
        client.post(path, data)

    assert snapshot(english) == before


# -- Questions ----------------------------------------------------------------------------------------


QUESTION_POSTS = {
    "edit": lambda row: (f"{QUESTION}/edit/{row.pk}/", question_form(row, stem="Taken over")),
    "publish": lambda row: (
        f"{QUESTION}/edit/{row.pk}/",
        question_form(row, stem="Taken over", **{"action-publish": "1", "kind_of_change": "wording"}),
    ),
    "unpublish": lambda row: (f"{QUESTION}/unpublish/{row.pk}/", {}),
    "delete": lambda row: (f"{QUESTION}/delete/{row.pk}/", {}),
    "revert": lambda row: (
        f"{QUESTION}/history/{row.pk}/revisions/{row.latest_revision_id}/revert/",
        question_form(row, stem="Taken over", **{"action-publish": "1", "kind_of_change": "wording"}),
    ),
    "unschedule": lambda row: (f"{QUESTION}/history/{row.pk}/revisions/{row.latest_revision_id}/unschedule/", {}),
    "lock": lambda row: (f"{QUESTION}/lock/{row.pk}/", {}),
    "preview": lambda row: (f"{QUESTION}/preview/{row.pk}/", question_form(row)),
    "bulk delete": lambda row: (f"/admin/bulk/assessments/questionsnippet/delete/?id={row.pk}", {}),
}


def question_snapshot(row: QuestionSnippet) -> tuple[object, ...]:
    row = QuestionSnippet.objects.get(pk=row.pk)
    return (row.stem, row.live, row.latest_revision_id, row.locked)


@pytest.mark.parametrize("act", QUESTION_POSTS)
def test_question_of_another_language_is_not_there(client, act):
    french = make_question_snippet(make_module_page().module, "fr", "Le lait suffit-il ?")
    client.force_login(make_person("translator", language="sw"))
    before = question_snapshot(french)
    path, data = QUESTION_POSTS[act](french)

    response = client.post(path, data)

    assert response.status_code == 404 or act.startswith("bulk")
    assert "Le lait" not in response.content.decode()
    assert question_snapshot(french) == before


def test_question_of_her_language_is_hers(client):
    swahili = make_question_snippet(make_module_page().module, "sw", "Je, maziwa yanatosha?")
    client.force_login(make_person("translator", language="sw"))
    path, data = QUESTION_POSTS["publish"](swahili)

    response = client.post(path, data)

    assert response.status_code == 302
    assert question_snapshot(swahili)[0] == "Taken over"


def test_question_list_shows_her_language_only(client):
    module = make_module_page().module
    make_question_snippet(module, "fr", "Le lait suffit-il ?")
    make_question_snippet(module, "sw", "Je, maziwa yanatosha?")
    client.force_login(make_person("translator", language="sw"))

    page = client.get(f"{QUESTION}/").content.decode()

    assert "maziwa" in page
    assert "Le lait" not in page
