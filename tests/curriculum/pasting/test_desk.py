"""Pasting at the desk: the editor's question, and the page for a whole text."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from curriculum.models import Article, LessonPage, ModulePage
from tests.curriculum.admin_desk import make_module_page, make_person
from tests.curriculum.pasting import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client: Client) -> Client:
    make_module_page("M4")
    client.force_login(make_person("author"))
    return client


def test_an_editor_learns_what_stays_and_what_does_not(author: Client) -> None:
    answer = author.post("/admin/paste/", {"html": samples.GOOGLE_DOCS})

    assert answer.json() == {
        "html": samples.GOOGLE_DOCS_HTML,
        "told": [
            "Left out: 1 picture; lines under or through words.",
            "Kept as plain words: 1 link; 1 heading, now a bold line.",
        ],
    }


def test_a_text_that_is_too_long_is_told(author: Client) -> None:
    answer = author.post("/admin/paste/", {"html": "x" * 1_500_001})

    assert (answer.status_code, list(answer.json())) == (413, ["told"])


def test_the_editor_of_a_lesson_has_the_script(author: Client) -> None:
    page = make_module_page("M5")
    html = author.get(f"/admin/pages/add/curriculum/lessonpage/{page.pk}/").content.decode()

    assert 'admin/pasting.js" data-address="/admin/paste/"' in html


def test_a_whole_text_is_looked_at_and_made_a_draft(author: Client) -> None:
    look = author.post("/admin/from-word/", {"html": samples.WORD, "look": "yes"}).content.decode()
    assert "Left out: 1 picture; 1 footnote; 1 comment; colours." in look
    assert samples.WORD_HTML in look
    assert 'value="Keep it safe"' in look
    assert LessonPage.objects.count() == 0

    module = ModulePage.objects.get()
    answer = author.post("/admin/from-word/", {"html": samples.WORD_HTML, "title": "Keep it safe", "module": module.pk})
    page = LessonPage.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/pages/{page.pk}/edit/")
    assert (page.title, page.live, page.get_parent().specific) == ("Keep it safe", False, module)
    assert [str(block.value["text"].source) for block in page.body] == [samples.WORD_HTML]
    assert page.latest_revision is not None
    assert Article.objects.filter(kind="lesson").count() == 0


def test_each_heading_begins_a_block(author: Client) -> None:
    html = "<h1>A</h1><p>a</p><h1>B</h1><p>b</p>"
    assert "in 2 blocks" in author.post("/admin/from-word/", {"html": html, "look": "yes"}).content.decode()
    author.post("/admin/from-word/", {"html": html, "title": "T", "module": ModulePage.objects.get().pk})

    assert [json.loads(json.dumps(block["value"]["text"])) for block in LessonPage.objects.get().body.raw_data] == [
        "<p><b>A</b></p><p>a</p>",
        "<p><b>B</b></p><p>b</p>",
    ]


def test_nothing_pasted_is_said_kindly(author: Client) -> None:
    html = author.post("/admin/from-word/", {"html": "<p> </p>", "look": "yes"}).content.decode()

    assert "There are no words in what was pasted." in html


def test_a_draft_without_a_place_is_not_made(author: Client) -> None:
    answer = author.post("/admin/from-word/", {"html": "<p>words</p>", "title": "T", "module": "0"})

    assert (answer.status_code, LessonPage.objects.count()) == (422, 0)
    assert "<p>words</p>" in answer.content.decode()


@pytest.mark.parametrize("craft", ["translator", "reviewer"])
def test_only_who_writes_lessons_finds_the_page(client: Client, craft: str) -> None:
    make_module_page("M4")
    client.force_login(make_person(craft))

    assert client.get("/admin/from-word/").status_code == 404
    assert 'href="/admin/from-word/"' not in client.get("/admin/").content.decode()
    assert client.post("/admin/paste/", {"html": "<p>x</p>"}).status_code == (200 if craft == "translator" else 404)
