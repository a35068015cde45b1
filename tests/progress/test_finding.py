"""To look for something in her lessons, and the words that they explain."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from curriculum.models import Article, GlossaryEntry, Strand
from curriculum.searching import beginnings, normal
from tests.progress.conftest import World, publish_lesson, publish_module


@pytest.fixture
def texts(world: World) -> World:
    """What her two lessons say."""
    one, two = (f"{world.module.slug}/l{number}" for number in (1, 2))
    Article.objects.filter(path=one).update(
        title="Feeding",
        html='<div class="text"><p>She tells her viral load. <b>Ŵanthu</b> come.</p></div>'
        '<p class="key-message">Milk is safe.</p>',
        content_hash="1" * 64,
    )
    Article.objects.filter(path=two).update(
        title="The viral test",
        html='<div class="text"><p>L’enfant &amp; ng&#x27;ombe: safe milk.</p></div>',
        content_hash="2" * 64,
    )
    return world


def ask(client: Client, asked: str) -> str:
    answer = client.post("/en/find/", {"asked": asked})
    assert answer.status_code == 200
    return answer.content.decode()


def found(page: str) -> list[str]:
    """The titles of what was found, in order."""
    links = re.findall(r"<li[^>]*><a [^>]*>(.*?)</a>", page.partition('class="steps"')[2].partition("</ul>")[0])
    return [re.sub("<[^>]+>", "", link) for link in links]


def test_what_she_types_is_found_by_the_beginning_of_its_words(hers: Client, texts: World) -> None:
    assert found(ask(hers, "vir")) == ["The viral test", "Feeding"]
    assert found(ask(hers, "viral lo")) == ["Feeding"]
    assert found(ask(hers, "iral")) == []


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("WANTHU", ["Feeding"]),
        ("ŵan", ["Feeding"]),
        ("enfant", ["The viral test"]),
        ("l'enf", ["The viral test"]),
        ("ngombe", ["The viral test"]),
        ("Ng’ombe", ["The viral test"]),
        ("viral%", ["The viral test", "Feeding"]),
        ("_iral", []),
    ],
)
def test_accents_case_and_apostrophes_make_no_difference(
    hers: Client, texts: World, asked: str, titles: list[str]
) -> None:
    assert found(ask(hers, asked)) == titles


def test_a_title_comes_before_a_key_message_and_that_before_the_text(hers: Client, texts: World) -> None:
    assert found(ask(hers, "milk")) == ["Feeding", "The viral test"]
    Article.objects.filter(content_hash="2" * 64).update(title="Milk", content_hash="3" * 64)
    assert found(ask(hers, "milk")) == ["Milk", "Feeding"]


def test_the_sentence_is_shown_with_the_word_marked(hers: Client, texts: World) -> None:
    page = ask(hers, "vir tell")

    assert "<p>She <mark>tells</mark> her <mark>viral</mark> load. Ŵanthu come.</p>" in page


def test_a_long_line_is_cut_at_words(hers: Client, texts: World) -> None:
    long = " ".join(["before"] * 40 + ["kernel"] + ["after"] * 40)
    Article.objects.filter(content_hash="1" * 64).update(
        html=f'<p class="key-message">{long}</p>', content_hash="4" * 64
    )

    assert re.search(r"<p>… (before ){8,11}<mark>kernel</mark>( after){9,13} …</p>", ask(hers, "kernel"))


def test_what_she_typed_is_not_html(hers: Client, texts: World) -> None:
    page = ask(hers, "<b>vir</b>")

    assert "<b>vir" not in page
    assert "&lt;b&gt;vir" in page


@pytest.mark.parametrize("asked", ["", "v", " ", "!?", "v m"])
def test_too_little_is_said_kindly(hers: Client, texts: World, asked: str) -> None:
    assert "Type at least two letters of a word." in ask(hers, asked)


def test_nothing_found_says_what_to_do(hers: Client, texts: World) -> None:
    assert "Nothing was found." in ask(hers, "zzzz")


def test_only_what_she_may_read_is_looked_through(hers: Client, texts: World) -> None:
    """Another country, another programme's curriculum, a text that she reads in a better language, a release."""
    lesson = Article.objects.get(content_hash="1" * 64)
    html = '<p class="key-message">elsewhere</p>'
    for place, fields in enumerate([{"country": "ZA"}, {"language": "pt"}, {"of_release": 7}], start=5):
        copy = Article.objects.get(pk=lesson.pk)
        copy.pk, copy.html, copy.content_hash = None, html, f"{place}" * 64
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)
    other, _lessons = publish_module("A1", 1, html=html)
    Article.objects.filter(module=other, kind="lesson").update(html=html, content_hash="9" * 64)
    other.strand = Strand.objects.create(code="other", curriculum="agewell")
    other.save()

    assert found(ask(hers, "elsewhere")) == []
    other.strand = Strand.objects.get(code="practice")
    other.save()
    assert found(ask(hers, "elsewhere")) == ["en lesson 1"]


def test_questions_of_a_quiz_are_never_looked_through(
    hers: Client, texts: World, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(20) as asked:
        ask(hers, "milk")

    tables = {name for query in asked.captured_queries for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert "curriculum_articlewords" in tables
    assert {name for name in tables if name.startswith("assessments_")} == set()


def test_a_text_that_is_frozen_anew_is_found_by_its_new_words(hers: Client, texts: World) -> None:
    assert found(ask(hers, "tells")) == ["Feeding"]
    Article.objects.filter(content_hash="1" * 64).update(html="<p>She whispers.</p>", content_hash="8" * 64)

    assert found(ask(hers, "tells")) == []
    assert found(ask(hers, "whisp")) == ["Feeding"]


def test_what_she_looked_for_is_written_nowhere(hers: Client, texts: World, caplog: pytest.LogCaptureFixture) -> None:
    answer = hers.post("/en/find/", {"asked": "viral"})

    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "viral" not in answer.wsgi_request.get_full_path()
    assert "viral" not in caplog.text
    assert "viral" not in str([session.get_decoded() for session in Session.objects.all()])
    page = answer.content.decode()
    assert "<title>Thuto</title>" in page
    assert re.search(r'<input type="text" name="asked"[^>]*autocomplete="off"', page)
    # An address with the word in it is not read at all.
    assert 'class="steps"' not in hers.get("/en/find/", {"asked": "viral"}).content.decode()


def test_looking_for_something_costs_as_many_queries_whatever_there_is(
    hers: Client, texts: World, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(3, 9):
        publish_lesson(world_module := texts.module, number, 8, title=f"Milk {number}")
    assert world_module.slug == "m4"
    for number, article in enumerate(Article.objects.filter(title__startswith="Milk"), start=3):
        Article.objects.filter(pk=article.pk).update(content_hash=f"{number:064}")
    ask(hers, "milk")
    # Her session, herself, her term and its release; then five.
    with django_assert_num_queries(9):
        ask(hers, "milk")


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    for address in ("/en/find/", "/en/words/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/en/sign-in/")


def test_the_way_there_is_quiet_and_not_on_the_kept_page(hers: Client, texts: World) -> None:
    page = hers.get("/en/learn/").content.decode()

    assert 'href="/en/find/"' in page
    assert 'href="/en/words/"' in page


# Words.


def explain(word: str, meaning: str, language: str = "en", curriculum: str = "") -> None:
    entry, _created = GlossaryEntry.objects.get_or_create(key=word.replace(" ", "-"), curriculum=curriculum)
    entry.meanings.create(language=language, word=word, meaning=meaning)
    entry.save()


def test_words_stand_by_the_alphabet_with_their_lessons(hers: Client, texts: World) -> None:
    explain("viral load", "How much virus.")
    explain("Éclair", "Never said in a lesson.")
    explain("milk", "What a baby drinks.")
    explain("safe", "Of another programme.", curriculum="agewell")
    page = hers.get("/en/words/").content.decode()

    assert re.findall(r"<dt>(.*?)</dt>", page) == ["milk", "viral load"]
    parts = page.split("<dt>")[1:]
    assert [re.findall(r'href="(/en/m4/l\d/)"', part) for part in parts] == [
        ["/en/m4/l1/", "/en/m4/l2/"],
        ["/en/m4/l1/"],
    ]


def test_a_word_is_found_with_its_meaning(hers: Client, texts: World) -> None:
    explain("viral load", "How much virus.")

    assert "<dt>viral load</dt><dd>How much virus.</dd>" in ask(hers, "vira lo")
    assert "<dt>viral load</dt>" not in ask(hers, "milk")


# Plain letters.


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("¡!", ""),
        ("HIV-positive", " hiv positive "),
        ("l'eau", " leau l eau "),
        ("Straße Ŵanthu çà", " strasse wanthu ca "),
    ],
)
def test_words_are_kept_in_plain_letters(text: str, kept: str) -> None:
    assert normal(text) == kept


def test_only_a_few_words_are_looked_for() -> None:
    assert beginnings("ab ab cd ef gh ij kl mn op") == ["ab", "cd", "ef", "gh", "ij", "kl"]
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > 0
