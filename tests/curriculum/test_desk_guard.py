"""The guard before the writing desk: no second way to do what an editor of ours does, and no fault where it says no."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from assessments.models import QuestionSnippet
from curriculum.models import Approval, Fact, FactValue, LessonPage
from tests.curriculum.admin_desk import (
    give_right,
    make_fact_value,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
)
from tests.curriculum.test_admin_rights_texts import give_stray_permissions
from tests.factories import make_country, make_user

pytestmark = pytest.mark.django_db


def pages() -> list[tuple[object, ...]]:
    return list(Page.objects.order_by("pk").values_list("pk", "path", "slug", "live", "latest_revision_id", "alias_of"))


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("copy", {"keep_live": True, "slug": "l7", "title": "A second one"}),
        ("move", {}),
        ("create_alias", {}),
        ("delete", {}),
        ("unpublish", {}),
        ("publish", {}),
        ("copy_for_translation", {"locale": "sw"}),
    ],
)
def test_page_is_not_changed_by_the_interface_for_programs(client, action, data):
    lesson = make_lesson_page(make_module_page())
    elsewhere = make_module_page("D1")
    make_lesson_page(make_module_page(language="sw"))
    client.force_login(make_person("author"))
    before = pages()

    response = client.post(
        f"/admin/api/main/pages/{lesson.pk}/action/{action}/",
        json.dumps({"destination_page_id": elsewhere.pk, **data}),
        content_type="application/json",
    )

    assert response.status_code == 404
    assert pages() == before


def test_page_of_a_module_is_not_copied_by_the_interface_for_programs(client):
    module = make_module_page()
    client.force_login(make_person("author"))
    before = pages()

    client.post(f"/admin/api/main/pages/{module.pk}/action/copy/", {"slug": "m5", "recursive": True})

    assert pages() == before


def test_page_list_for_the_choosers_stays(client):
    make_lesson_page(make_module_page())
    client.force_login(make_person("author"))

    titles = [page["title"] for page in client.get("/admin/api/main/pages/").json()["items"]]

    assert "Lesson 1" in titles


def test_pages_of_another_language_keep_their_order(client):
    module = make_module_page(language="fr")
    first, second = make_lesson_page(module), make_lesson_page(module)
    translator = make_person("translator", language="sw")
    give_stray_permissions(translator)
    client.force_login(translator)

    response = client.post(f"/admin/pages/{second.pk}/set_position/?position=0")

    assert response.status_code == 404
    assert list(module.get_children().values_list("pk", flat=True)) == [first.pk, second.pk]


@pytest.mark.parametrize("kind", ["curriculum/factvalue", "curriculum/fact", "assessments/questionsnippet"])
def test_chooser_makes_nothing(client, kind):
    value = make_fact_value("ZA")
    client.force_login(make_person("author"))
    before = (Fact.objects.count(), FactValue.objects.count(), QuestionSnippet.objects.count())
    path = f"/admin/snippets/choose/{kind}/create/"

    assert client.get(path).status_code == 404
    assert client.post(path, {"fact": value.fact_id, "country": "ZA", "key": "new"}).status_code == 404
    assert (Fact.objects.count(), FactValue.objects.count(), QuestionSnippet.objects.count()) == before


NEEDED = "A lesson, a quiz or a record needs this. It stays, and nothing was changed."


def test_fact_with_values_stays_and_says_why(client):
    value = make_fact_value()
    ReferenceIndex.objects.all().delete()  # an import leaves it to Wagtail's own command
    client.force_login(make_person("author"))

    response = client.post(f"/admin/bulk/curriculum/fact/delete/?id={value.fact_id}", follow=True)

    assert NEEDED in response.text


def test_approved_lesson_stays_and_says_why(client):
    make_country("KE")
    author = make_person("author")
    lesson = make_lesson_page(make_module_page(), author=author)
    LessonPage.objects.filter(pk=lesson.pk).update(owner=author)
    Approval.objects.create(
        revision=lesson.latest_revision,
        language="en",
        country="KE",
        reviewer=make_user(),
        approved_at=timezone.now() + timedelta(minutes=1),
    )
    give_right(author, "author")
    give_stray_permissions(author)
    client.force_login(author)

    response = client.post(reverse("wagtailadmin_pages:delete", args=[lesson.pk]), follow=True)

    assert NEEDED in response.text
    assert LessonPage.objects.filter(pk=lesson.pk, live=True).exists()


def test_desk_that_is_locked_locks_no_text(client):
    snippet = make_question_snippet(make_module_page().module)
    client.force_login(make_person("author"))
    client.get("/admin/")
    client.post("/en/exit/", {"how": "lock"})

    response = client.post(f"/admin/snippets/assessments/questionsnippet/lock/{snippet.pk}/")

    assert response.headers["Location"] == "/en/lock/"
    assert not QuestionSnippet.objects.get(pk=snippet.pk).locked
