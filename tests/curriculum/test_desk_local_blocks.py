"""The blocks of a country at the desk: written beside a shared one, looked at again when that changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from curriculum.models import Article, LessonPage, LocalBlock
from curriculum.openable import closed
from tests.curriculum.admin_desk import make_person
from tests.curriculum.test_import_over_edits import edit

pytestmark = pytest.mark.django_db
ROOM = "/admin/snippets/curriculum/localblock"


def form(**changes: str) -> dict[str, str]:
    lesson = LessonPage.objects.get(slug="l1", locale__language_code="en")
    return {
        "country": "KE",
        "language": "en",
        "where": "replaces",
        "beside_block": f"{lesson.lesson_id}:{lesson.body[1].id}",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "key_message",
        "body-0-id": "",
        "body-0-value-text": "Karibu opens the door.",
    } | changes


def html(country: str, language: str = "en") -> str:
    return closed(Article.objects.get(path="x1/l1", language=language, country=country).html)


@pytest.fixture
def kenyan(client: Client, begin_with: Callable[..., Any]) -> Client:
    begin_with()
    client.force_login(make_person("author", country="KE"))
    return client


def test_a_block_of_my_country_is_read_there_only(kenyan: Client) -> None:
    before = html("ZA")
    assert "key message: A greeting opens the door." in kenyan.get(f"{ROOM}/add/").content.decode().lower().replace(
        "a greeting", "A greeting"
    )

    answer = kenyan.post(f"{ROOM}/add/", form())

    assert answer.status_code == 302, answer.context["form"].errors
    assert "Karibu opens the door." in html("KE")
    assert html("ZA") == before


def test_a_second_one_instead_of_the_same_is_refused(kenyan: Client) -> None:
    kenyan.post(f"{ROOM}/add/", form())

    answer = kenyan.post(f"{ROOM}/add/", form())

    assert "Your country has a block instead of this one already." in answer.content.decode()
    assert LocalBlock.objects.count() == 1


def test_a_translation_waits_for_the_source_and_is_read(kenyan: Client) -> None:
    early = kenyan.post(f"{ROOM}/add/", form(language="sw")).content.decode()
    assert "Please write this block in the language of the shared lesson first." in early
    kenyan.post(f"{ROOM}/add/", form())

    kenyan.post(f"{ROOM}/add/", form(language="sw", **{"body-0-value-text": "Karibu inafungua mlango."}))

    assert LocalBlock.objects.values_list("identity").distinct().count() == 1
    assert "Karibu inafungua mlango." in html("KE", "sw")


def test_the_trainer_sees_that_the_shared_text_has_changed_until_she_says_seen(kenyan: Client) -> None:
    kenyan.post(f"{ROOM}/add/", form())
    row = LocalBlock.objects.get()
    assert "has changed" not in kenyan.get(f"{ROOM}/").content.decode()
    edit("A smile opens the door.")

    assert "The shared text beside it has changed." in kenyan.get(f"{ROOM}/").content.decode()
    page = kenyan.get(f"{ROOM}/edit/{row.pk}/").content.decode()
    assert "It says now: A smile opens the door." in page
    kenyan.post(f"{ROOM}/edit/{row.pk}/", form())
    assert "has changed" in kenyan.get(f"{ROOM}/").content.decode()
    kenyan.post(f"{ROOM}/edit/{row.pk}/", form(is_seen="on"))
    assert "has changed" not in kenyan.get(f"{ROOM}/").content.decode()


def test_a_block_that_is_deleted_gives_the_shared_one_back(kenyan: Client) -> None:
    kenyan.post(f"{ROOM}/add/", form())

    kenyan.post(f"{ROOM}/delete/{LocalBlock.objects.get().pk}/")

    assert "A greeting opens the door." in html("KE")


def test_the_blocks_of_another_country_are_not_there(kenyan: Client) -> None:
    kenyan.post(f"{ROOM}/add/", form())
    row = LocalBlock.objects.get()
    kenyan.force_login(make_person("author", country="ZA"))

    assert kenyan.get(f"{ROOM}/edit/{row.pk}/").status_code == 404
    assert kenyan.post(f"{ROOM}/edit/{row.pk}/", form()).status_code == 404
    assert "Karibu" not in kenyan.get(f"{ROOM}/").content.decode()
    assert kenyan.post(f"{ROOM}/add/", form()).status_code == 200
    assert LocalBlock.objects.count() == 1
