"""Languages that are only beginning: reached, dated and numbered as their own, offered where there is something."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_info, override
from fontTools.ttLib import TTFont

from config import messages
from curriculum import begun
from curriculum.models import Article, Country
from people.models import User
from tests.factories import as_user, give_consent, make_pathway_version, make_term, make_user
from tests.progress.conftest import publish_module

BEGINNING = ["zu", "xh", "st", "ny"]
DAY = date(2027, 3, 3)


def test_they_are_told_from_the_complete_ones() -> None:
    assert settings.BEGINNING_LANGUAGES == BEGINNING
    assert settings.COMPLETE_LANGUAGES == ["en", "sw", "fr", "pt"]
    assert [get_language_info(code)["name_local"] for code in BEGINNING] == [
        "isiZulu",
        "isiXhosa",
        "Sesotho",
        "Chichewa",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zu", ["3 Mashi 2027", "ULwesithathu", "3 Mas 2027", "Mashi 2027", "1,000", "2.5"]),
        ("xh", ["3 Matshi 2027", "Lwesithathu", "3 Mat 2027", "Matshi 2027", "1\u00a0000", "2.5"]),
        ("st", ["3 Hlakubele 2027", "Laboraro", "3 Ube 2027", "Hlakubele 2027", "1,000", "2.5"]),
        ("ny", ["3 Malichi 2027", "Lachitatu", "3 Mal 2027", "Malichi 2027", "1,000", "2.5"]),
        ("sw", ["3 Machi 2027", "Jumatano", "3 Machi 2027", "Machi 2027", "1,000", "2.5"]),
    ],
)
def test_dates_and_numbers_are_written_as_it_writes_them(language: str, said: list[str]) -> None:
    with override(language):
        dates = [date_format(DAY, pattern) for pattern in ("j F Y", "l", "j M Y", "YEAR_MONTH_FORMAT")]
        numbers = [number_format(1000, use_l10n=True, force_grouping=True), number_format(2.5)]
        assert date_format(DAY, "DATE_FORMAT") == said[0]

    assert [*dates, *numbers] == [*said[:2], said[2] if language != "sw" else dates[2], *said[3:]]


@pytest.mark.parametrize("language", BEGINNING)
def test_it_is_reached_by_its_prefix_and_says_which_it_is(client: Client, db: None, language: str) -> None:
    answer = client.get(f"/{language}/sign-in/")

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert 'aria-current="true"' in answer.text


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
@pytest.mark.parametrize("language", BEGINNING)
def test_papers_have_every_letter_of_it(language: str, weight: str) -> None:
    fonts = Path(settings.BASE_DIR, "paper", "fonts")
    drawn = set(TTFont(fonts / f"NotoSans-{weight}.ttf").getBestCmap())
    words = [str(message.string) for message in messages.kept(language) if message.id]
    with override(language):
        words += [date_format(date(2027, month, 1), "j F Y l") for month in range(1, 13)]

    assert {letter for letter in "".join(words) + "ŵŴšŠêôṱḓḽṋâ’“”–" if ord(letter) >= 32} - {*map(chr, drawn)} == set()


# The catalog of a language that is beginning.


@pytest.mark.parametrize("language", BEGINNING)
def test_its_catalog_holds_only_what_is_said(language: str) -> None:
    assert [message.id for message in messages.kept(language) if message.id and messages.is_missing(message)] == []


def test_what_it_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {str(message.id) for message in messages.missing("ny")}

    assert "Today" in lacking
    assert "Lesson" not in lacking


def test_a_word_that_is_no_longer_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = messages.kept("ny")
    catalog.add("Nobody says this any more", "Palibe")
    monkeypatch.setattr(messages, "kept", lambda _language: catalog)

    assert messages.stale("ny") == ["Nobody says this any more (no longer used)"]


# What she reads.


@pytest.fixture
def chifundo(db: None) -> User:
    """She reads Chichewa; where she works Portuguese is usual, then English."""
    module, lessons = publish_module("M4", 2, languages=("en", "pt", "sw", "ny"))
    Article.objects.filter(language="ny", lesson=lessons[1]).delete()
    learner = make_user(languages=["ny"])
    give_consent(learner)
    make_term(learner=learner, pathway_version=make_pathway_version(milestones=(("module", module, 30, "none"),)))
    Country.objects.filter(pk="KE").update(languages=["ny", "pt", "en"])
    return learner


def test_she_reads_in_her_language_where_there_is_a_text(chifundo: User) -> None:
    page = as_user(chifundo).get("/ny/m4/l1/").text

    assert "ny text of m4/l1" in page
    assert "Phunziro 1 / 2" in page
    assert "not yet in" not in page


def test_what_is_missing_comes_in_the_next_language_of_her_country_and_says_so(chifundo: User) -> None:
    page = as_user(chifundo).get("/ny/m4/l2/").text

    assert "pt text of m4/l2" in page
    assert "This lesson is not yet in Chichewa. You read it in Português." in page
    assert '<article class="article" lang="pt">' in page


def test_the_list_of_lessons_follows_the_same_order(chifundo: User) -> None:
    page = as_user(chifundo).get("/ny/m4/").text

    assert "ny lesson 1" in page
    assert '<span lang="pt">pt lesson 2</span>' in page


# Where it can be chosen.


def names_in(page: str) -> list[str]:
    return [name for code, name in settings.LANGUAGES if f">{name}<" in page]


def test_a_stranger_is_offered_what_can_be_read_somewhere(client: Client, db: None) -> None:
    complete = ["English", "Kiswahili", "Français", "Português"]
    assert names_in(client.get("/en/sign-in/").text) == complete

    publish_module(languages=("ny",), country="KE")
    assert names_in(client.get("/en/sign-in/").text) == complete
    publish_module("M5", languages=("ny",), country="MW")
    begun.forget()
    assert names_in(client.get("/en/sign-in/").text) == [*complete, "Chichewa"]
    assert "isiZulu" in client.get("/zu/sign-in/").text


def test_she_chooses_among_what_can_be_read_in_her_country(chifundo: User) -> None:
    Country.objects.create(code="ZA", name="South Africa", languages=["en"])
    publish_module("M5", languages=("zu", "ny"), country="ZA")
    publish_module("M6", languages=("zu",))
    page = as_user(chifundo).get("/en/settings/").text

    assert "Chichewa</option>" in page
    assert "isiZulu</option>" not in page
    assert begun.begun_in("ZA") == {"zu"}
