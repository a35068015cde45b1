"""Listening: what is offered, what it costs, what is heard, and that nothing breaks where there is nothing to hear."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client
from django.utils import timezone

from curriculum.models import Article, Recording
from programme.models import Installation
from progress import listening
from progress.models import LessonStudy
from tests.progress.conftest import World, make_world, publish_module, study
from tests.progress.test_views import form_of, text_of
from tests.recorded import freeze_spoken, record

BLOCKS = (
    '<div class="text" data-place="aa"><p>A first talk takes time.</p><p>Sit down.</p></div>'
    '<figure class="picture" data-place="bb"><img src="/media/images/cup.webp" loading="lazy" alt="A cup"></figure>'
    '<p class="key-message" data-place="cc">Ask before you tell.</p>'
    '<section class="try-it"><h2>Try it</h2><p data-place="dd">What first?</p>'
    '<details><summary data-place="dd.1">Greet her</summary><p><span data-place="dd.1f">Yes: kindness first.</span></p>'
    "</details></section>"
)
FIRST = "A first talk takes time.\nSit down."
PIECES = [FIRST, "A cup", "Ask before you tell.", "What first?", "Greet her", "Yes: kindness first."]


@pytest.fixture
def heard(world: World) -> World:
    """Her first lesson has blocks; nothing is recorded yet."""
    Article.objects.filter(path="m4/l1").update(html=BLOCKS)
    freeze_spoken()
    return world


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def sources(page: str) -> list[str]:
    return re.findall(r'<audio controls preload="none" src="/media/sound/([0-9a-f]{32})\.opus">', page)


# Whether it is offered.


def test_lesson_names_the_price_of_listening(heard: World, hers: Client) -> None:
    record(PIECES[:3], size_bytes=4400)
    page = page_of(hers, "/en/m4/l1/")
    assert '<p><a class="go" href="listen/">' in page
    assert "Listen (13 KB)" in page
    assert "<audio" not in page


@pytest.mark.parametrize("address", ["/en/m4/l1/", "/en/m4/"])
def test_without_a_recording_the_way_to_listen_waits_for_a_voice_of_the_phone(
    heard: World, hers: Client, address: str
) -> None:
    page = page_of(hers, address)
    (hidden,) = re.findall(r'<p data-voice="en" hidden><a[^>]*href="([^"]*listen/)"', page)
    assert "KB)" not in page.split(hidden)[1].split("</p>")[0]


def test_module_offers_listening_when_any_lesson_of_it_is_recorded(heard: World, hers: Client) -> None:
    record(PIECES[:1])
    assert '<p><a class="button quiet" href="/en/m4/listen/">' in page_of(hers, "/en/m4/")


def test_new_and_withdrawn_recordings_are_noticed_within_a_minute(
    heard: World, hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(listening.time, "monotonic", lambda: now)
    assert 'data-voice="en" hidden' in page_of(hers, "/en/m4/l1/")
    (recording,) = record(PIECES[:1])
    assert 'data-voice="en" hidden' in page_of(hers, "/en/m4/l1/")
    now = 60.0
    assert "Listen (5 KB)" in page_of(hers, "/en/m4/l1/")
    recording.stopped_at, recording.stop = timezone.now(), Recording.Stop.WITHDRAWN
    recording.save()
    now = 120.0
    assert 'data-voice="en" hidden' in page_of(hers, "/en/m4/l1/")


# The page of a lesson.


def test_lesson_is_heard_block_after_block_without_script(heard: World, hers: Client) -> None:
    recordings = record(PIECES[:3])
    page = page_of(hers, "/en/m4/l1/listen/")
    assert sources(page) == [recording.name for recording in recordings]
    text = text_of(hers.get("/en/m4/l1/listen/"))
    assert "Listening to all of it costs 15 KB and takes 1 minute." in text
    assert text.count("5 KB · 12 seconds") == 3
    assert "synthetic" not in text
    assert text.count("Not recorded yet") == 2  # the question and its answer
    for piece in PIECES:
        assert piece.split("\n")[0] in text
    assert "autoplay" not in page


def test_words_are_closed_where_they_can_be_heard_and_open_where_not(heard: World, hers: Client) -> None:
    record(PIECES[:1])
    page = page_of(hers, "/en/m4/l1/listen/")
    parts = page.split('<li class="part"')[1:]
    assert ["<details>" in part for part in parts] == [True, False, False, False, False]


def test_answer_inside_a_lesson_brings_what_is_said_of_it(heard: World, hers: Client) -> None:
    option, feedback = record(PIECES[4:])
    page = page_of(hers, "/en/m4/l1/listen/")
    (part,) = [part for part in page.split('<li class="part"')[1:] if "data-answer" in part]
    assert f'<div data-say="{option.url}">' in part
    assert f'<p data-say="{feedback.url}" data-aside>' in part
    assert sources(part) == [option.name, feedback.name]


def test_picture_is_loaded_only_when_she_opens_it(heard: World, hers: Client) -> None:
    page = page_of(hers, "/en/m4/l1/listen/")
    (picture,) = re.findall(r"<img[^>]*>", page)
    assert 'loading="lazy"' in picture
    assert 'alt="A cup"' in picture


def test_synthetic_voice_says_so(heard: World, hers: Client) -> None:
    record(PIECES[:1], is_synthetic=True)
    text = text_of(hers.get("/en/m4/l1/listen/"))
    assert "It is a synthetic voice." in text
    assert "12 seconds · synthetic voice" in text


def test_other_languages_recordings_are_not_played(heard: World, hers: Client) -> None:
    record(PIECES, language="sw")
    assert sources(page_of(hers, "/en/m4/l1/listen/")) == []


def test_recording_of_other_words_is_not_played(heard: World, hers: Client) -> None:
    record(["A first talk takes no time."])
    assert sources(page_of(hers, "/en/m4/l1/listen/")) == []


def test_lesson_is_heard_in_the_language_that_is_asked_for(db: None, client: Client) -> None:
    world = make_world(languages=("en", "sw"), hers=("sw", "en"))
    client.force_login(world.learner)
    assert 'href="listen/?in=en"' in page_of(client, "/sw/m4/l1/?in=en")
    assert 'href="listen/"' in page_of(client, "/sw/m4/l1/")
    page = page_of(client, "/sw/m4/l1/listen/?in=en")
    assert '<ol class="parts" lang="en">' in page
    assert 'href="/sw/m4/l1/?in=en"' in page


def test_page_may_play_what_it_holds_in_memory_and_other_pages_may_not(heard: World, hers: Client) -> None:
    policies = [
        hers.get(address).headers["Content-Security-Policy"] + ";"
        for address in ("/en/m4/l1/listen/", "/en/m4/listen/", "/en/m4/l1/", "/en/m4/")
    ]
    assert ["media-src 'self' data:;" in policy for policy in policies] == [True, True, False, False]
    assert hers.get("/en/m4/l1/listen/").headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/en/m4/listen/", "/en/m4/l1/listen/", "/en/m4/q/listen/"])
def test_stranger_is_asked_to_sign_in(heard: World, client: Client, address: str) -> None:
    record(PIECES)
    response = client.get(address)
    assert response.status_code == 302
    assert "sound" not in response.content.decode()


@pytest.mark.parametrize("address", ["/en/m4/l9/listen/", "/en/x9/listen/", "/en/x9/l1/listen/"])
def test_what_is_not_there_is_not_found(heard: World, hers: Client, address: str) -> None:
    assert hers.get(address).status_code == 404


# On from here.


def test_studied_by_ear_leads_to_the_next_lesson_by_ear(heard: World, hers: Client) -> None:
    page = hers.get("/en/m4/l1/listen/")
    response = hers.post("/en/m4/l1/studied/", form_of(page) | {"listening": "yes"})
    assert response.headers["Location"] == "/en/m4/l2/listen/"
    last = hers.get("/en/m4/l2/listen/")
    response = hers.post("/en/m4/l2/studied/", form_of(last) | {"listening": "yes"})
    assert response.headers["Location"] == "/en/m4/listen/"
    assert LessonStudy.objects.count() == 2
    assert '<input type="hidden" name="listening" value="yes">' in page.content.decode()


def test_studied_lesson_leads_on_by_ear(heard: World, hers: Client) -> None:
    study(heard.term, heard.lessons[0], heard.today)
    assert 'class="button" href="/en/m4/l2/listen/"' in page_of(hers, "/en/m4/l1/listen/")


def test_module_by_ear_leads_to_its_lessons_by_ear(heard: World, hers: Client) -> None:
    (title,) = record(["en lesson 1"])
    page = page_of(hers, "/en/m4/listen/")
    assert re.findall(r'<li class="\w*"><a href="([^"]*)"', page) == ["/en/m4/l1/listen/", "/en/m4/l2/listen/"]
    assert f'data-say="{title.url}">en lesson 1' in page
    assert 'class="button" href="/en/m4/l1/listen/"' in page
    assert "data-say" not in page_of(hers, "/en/m4/")


# What it costs.


def test_lesson_asks_what_listening_costs_once_a_minute(heard: World, hers: Client, django_assert_num_queries) -> None:
    record(PIECES)
    Installation.decide(is_demonstration=False)
    with django_assert_num_queries(4):
        hers.get("/en/m4/l1/")
    with django_assert_num_queries(3):
        hers.get("/en/m4/l1/")


@pytest.mark.parametrize("count", [1, 6])
def test_listening_asks_the_same_queries_for_any_number_of_recordings(
    count: int, heard: World, hers: Client, django_assert_num_queries
) -> None:
    record(PIECES[:count])
    Installation.decide(is_demonstration=False)
    for address, queries in (("/en/m4/l1/listen/", 4), ("/en/m4/listen/", 6), ("/en/m4/", 6)):
        hers.get(address)
        with django_assert_num_queries(queries):
            hers.get(address)


def test_way_to_listen_adds_little_to_a_lesson(heard: World, hers: Client) -> None:
    """About 160 bytes of the 3.5 kB of a next lesson; the words of the lesson are not among them."""
    record(PIECES)
    html = hers.get("/en/m4/l1/").content
    without = re.sub(rb"<p><a class=\"go\" href=\"listen/\">.*?</p>\n", b"", html, flags=re.S)
    assert without != html
    assert len(gzip.compress(html, 6)) - len(gzip.compress(without, 6)) <= 160


def test_three_modules_do_not_hear_each_other(db: None, client: Client) -> None:
    """A recording belongs to words: another module that says something else has nothing to hear."""
    world = make_world()
    publish_module("A1")
    freeze_spoken()
    record(["en text of m4/l1"])
    client.force_login(world.learner)
    assert 'data-voice="en" hidden' in page_of(client, "/en/a1/")
