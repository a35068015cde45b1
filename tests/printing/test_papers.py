"""What stands on paper, read back: all that a learner reads, nothing that certifies, a cover that tells nothing."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from django.utils.translation import gettext

from assessments.models.authored import QuestionUse
from curriculum.blocked_words import blocked_words_in
from curriculum.models import Article, Fact, FactValue
from printing.documents import html_of
from printing.models import PaperKind
from printing.render import draw
from tests.printing.making import (
    BEHIND_IT,
    CERTIFYING,
    World,
    info_of,
    needs_poppler,
    squeezed,
    words_of,
)

LANGUAGES = ("en", "sw")
BOTH = (PaperKind.BOOKLET, PaperKind.GUIDE)


def drawn(world: World, kind: str, language: str = "en", country: str = "KE") -> tuple[int, bytes]:
    source = world.source(language, country)
    return draw(html_of(source, kind), source.mark(kind))


def said_in_lessons(world: World, language: str) -> list[str]:
    """Every piece of text of the frozen lessons; what is only for a screen is told otherwise on paper."""
    with translation.override(language):
        only_on_a_screen = {gettext("Not quite"), gettext("The same in words")}
    found = []
    for article in Article.objects.filter(module=world.module, language=language, country="KE"):
        found += [article.title, *article.objectives]
        found += [text.strip() for text in BeautifulSoup(article.html, "html.parser").find_all(string=True)]
    return [text for text in found if text and text not in only_on_a_screen]


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BOTH)
def test_every_word_of_the_lessons_and_of_the_practice_questions_is_in(
    world: World, tmp_path: Path, kind: str, language: str
) -> None:
    _pages, pdf = drawn(world, kind, language)
    read = squeezed(words_of(pdf, tmp_path))

    with translation.override(language):
        # Two headings are other words on a guide: what to do stands beside the text.
        headings = {gettext("Try it"), gettext("Practise together")}
    left_out = headings if kind == PaperKind.GUIDE else set()
    lessons = [text for text in said_in_lessons(world, language) if text not in left_out]
    assert [text for text in lessons if squeezed(text) not in read] == []
    assert [text for text in practised(world, language) if squeezed(text) not in read] == []


def practised(world: World, language: str) -> list[str]:
    """Every word of the practice questions and of the practice checklist."""
    source = world.source(language)
    assert source.quiz is not None and source.checklist is not None
    found = list(source.checklist.content.values())
    for question in source.questions:
        words = source.quiz.content[question]
        found += [words["stem"], words["why"], words.get("unit", ""), words.get("otherwise", "")]
        found += words.get("story", "").splitlines()
        for part in [*words["choices"].values(), *words.get("sides", {}).values()]:
            found += [part["text"]]
    return [text for text in found if text]


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(PaperKind))
def test_no_question_that_certifies_is_printed(world: World, tmp_path: Path, kind: str, language: str) -> None:
    source = world.source(language)
    assert source.quiz is not None
    uses = {item["question"]: item["use"] for item in source.quiz.version.structure["items"]}
    assert QuestionUse.CERTIFYING in uses.values()
    _pages, pdf = drawn(world, kind, language)

    read = squeezed(words_of(pdf, tmp_path))
    assert squeezed(CERTIFYING[language]) not in read
    assert squeezed(BEHIND_IT[language]) not in read
    assert CERTIFYING[language] not in html_of(source, kind)


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BOTH)
def test_the_cover_and_all_that_tells_of_the_file_are_neutral(
    world: World, tmp_path: Path, kind: str, language: str
) -> None:
    world.bring_in(
        {'title = "Talking well"\ncover_title = "Talking well"': 'title = "HIV and you"\ncover_title = "Talking well"'}
    )
    _pages, pdf = drawn(world, kind, language)
    cover = words_of(pdf, tmp_path, last=1)
    info = info_of(pdf, tmp_path)
    title = {"en": "Talking well", "sw": "Mazungumzo mazuri"}[language]

    assert title in cover and "Family Learning Programme" in cover
    assert {"en": "English", "sw": "Kiswahili"}[language] in cover
    assert blocked_words_in(cover) == []
    assert f"Title:           {title}" in info
    assert "Author" not in info and "Keywords" not in info and "Subject" not in info
    assert re.search(r"Tagged:\s+yes", info)
    assert blocked_words_in(info) == []
    assert blocked_words_in(" ".join(bookmarks(html_of(world.source(language), kind)))) == []


def bookmarks(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'data-(?:mark|part|head|foot)="([^"]*)"', html)]


def test_bookmarks_name_no_lesson(world: World) -> None:
    marks = re.findall(r'data-mark="([^"]*)"', html_of(world.source(), PaperKind.BOOKLET))
    assert marks[:4] == ["Talking well", "In this booklet", "Lesson 1", "Lesson 2"]


@needs_poppler
@pytest.mark.slow
def test_file_is_made_for_readers_of_screens(world: World, tmp_path: Path) -> None:
    _pages, pdf = drawn(world, PaperKind.CARDS, "sw")
    said = info_of(pdf, tmp_path, "-meta")
    assert 'pdfuaid:part="1"' in said
    assert '<html lang="sw"' in html_of(world.source("sw"), PaperKind.CARDS)


def test_values_are_those_of_the_country_with_how_sure_they_are(world: World) -> None:
    kenya = html_of(world.source(country="KE"), PaperKind.GUIDE)
    south_africa = html_of(world.source(country="ZA"), PaperKind.GUIDE)

    assert "How long: Ask your trainer" in kenya and "24 months" not in kenya
    assert "How long: 12 months &amp; more" in south_africa
    assert "read in its source" in south_africa and "a guideline" in south_africa
    assert "What counts in South Africa" in south_africa


def test_a_recalled_value_says_so_in_the_booklet_where_it_has_a_name(world: World) -> None:
    FactValue.objects.filter(country="ZA").update(mark="recalled")
    assert "recalled, to be checked" not in html_of(world.source(country="ZA"), PaperKind.BOOKLET)
    Fact.objects.update(names={"en": "How long she does it"})
    booklet = html_of(world.source(country="ZA"), PaperKind.BOOKLET)
    assert "How long she does it" in booklet and "recalled, to be checked" in booklet
    assert "How long she does it" not in html_of(world.source("sw", "ZA"), PaperKind.BOOKLET)


def test_what_is_not_approved_says_so_in_each_lesson(world: World) -> None:
    draft = html_of(world.source(), PaperKind.BOOKLET)
    assert draft.count("Not approved for clinical use.") == 3
    Article.objects.update(is_approved=True)
    assert "Not approved for clinical use." not in html_of(world.source(), PaperKind.BOOKLET)
    Article.objects.filter(kind="lesson", position=2).update(is_stale=True)
    assert html_of(world.source(), PaperKind.BOOKLET).count("A newer text of this lesson is being translated.") == 1


def test_a_demonstration_says_so_on_every_page(world: World) -> None:
    from programme.models import Installation

    assert "Demonstration</p>" not in html_of(world.source(), PaperKind.BOOKLET)
    Installation.decide(is_demonstration=True)
    html = html_of(world.source(), PaperKind.BOOKLET)
    assert 'class="demo-mark">Demonstration</p>' in html
    assert "· Demonstration" in re.findall(r'data-foot="([^"]*)"', html)[0]


def test_every_kind_of_question_has_its_way_on_paper(world: World) -> None:
    page = BeautifulSoup(html_of(world.source(), PaperKind.BOOKLET), "html.parser")
    asked = page.select("section.question")

    assert [" ".join(each["class"][1:]) for each in asked] == [
        "options",
        "options",
        "options",
        "order",
        "pairs",
        "number",
        "options",
    ]
    assert [len(each.select(".box")) for each in asked] == [3, 3, 2, 4, 3, 1, 3]
    rows = page.select("section.sheet table tr")
    assert [len(row.select(".box")) for row in rows] == [3, 3, 2, 4, 3, 1, 3]


def test_answers_of_the_booklet_are_the_key(world: World) -> None:
    page = BeautifulSoup(html_of(world.source(), PaperKind.BOOKLET), "html.parser")
    questions = page.select("section.question")
    answers = [each.select_one(".head").get_text(" ", strip=True) for each in page.select("section.answer")[1:]]

    def lettered(question: int, text: str) -> str:
        rows = questions[question].select("li")
        return next(row.select_one(".letter").text for row in rows if text in row.text)

    assert answers[0] == f"1 {lettered(0, 'Sit down and listen')}"
    several = sorted([lettered(1, "Sit down and listen"), lettered(1, "Explain everything at once")])
    assert answers[1] == f"2 {', '.join(several)}"
    assert f"{lettered(3, 'Greet her')} → 1" in answers[3]
    assert f"{lettered(3, 'Agree on')} → 4" in answers[3]
    assert f"→ {lettered(4, 'The nurse')}" in answers[4]
    assert answers[5] == "6 6 months"


def test_the_guide_has_the_ideas_behind_wrong_answers_and_the_safety_steps(world: World) -> None:
    page = BeautifulSoup(html_of(world.source(), PaperKind.GUIDE), "html.parser")

    tried = page.select_one("section.try-it")
    assert "It fills the room. She needs the room." in tried.text
    assert [row.dt.text for row in tried.select("div.right")] == ["A"]
    assert [row.get("class") for row in page.select("section.practice tbody tr")] == [["safety"], None]
    assert "Watch for" in page.select_one("section.role-play").text
    assert page.select_one("table.times tfoot td").text == "180"
    acts = [each.text for each in page.select("#l1 .cue .act")]
    assert acts == ["Say", "Say together", "Tell", "Hold up", "Explain"]


def test_a_programme_s_own_words_are_spoken(world: World) -> None:
    from programme import own

    world.programme.wording = {"en": {"Practice checklist": "What we watch"}}
    world.programme.save()
    own.learn()
    try:
        before = html_of(world.source(), PaperKind.BOOKLET)
    finally:
        own.forget()
    assert "What we watch" in before and "Practice checklist" not in before


def test_pictures_are_inside_the_document(world: World) -> None:
    html = html_of(world.source(), PaperKind.BOOKLET)
    assert re.findall(r'<img src="([^,]+),', html) == ["data:image/svg+xml;base64"]
    assert "/media/" not in html


def test_cards_stand_two_to_a_sheet_with_what_to_ask_behind_them(world: World) -> None:
    page = BeautifulSoup(html_of(world.source(), PaperKind.CARDS), "html.parser")
    fronts, backs = page.select("section.sheet-of-cards")

    assert len(fronts.select("figure img")) == 1
    assert backs.select_one(".caption").text == "She waits."
    assert len(backs.select("li")) == 4
    assert page.select("section.cover") == []


def test_a_card_never_says_what_would_disclose(world: World) -> None:
    world.bring_in({"She waits.": "HIV waits.", "A woman stands at a gate.": "A clinic gate."}, swahili={})
    html = html_of(world.source(), PaperKind.CARDS)
    assert "HIV" not in html and "clinic" not in html
    assert 'alt="Card 1"' in html


@pytest.mark.slow
def test_the_number_of_pages_is_right_and_none_is_empty(world: World, tmp_path: Path) -> None:
    pages, pdf = drawn(world, PaperKind.BOOKLET)
    assert f"Pages:           {pages}" in info_of(pdf, tmp_path)
    read = [words_of(pdf, tmp_path, first=page, last=page) for page in range(2, pages + 1)]
    assert [page for page in read if len(page) < 120] == []


@pytest.mark.slow
def test_cards_are_one_sheet_with_its_back(world: World) -> None:
    assert drawn(world, PaperKind.CARDS)[0] == 2


def test_rendering_reads_no_table(world: World, django_assert_num_queries: Any) -> None:
    from programme.models import Installation

    Installation.decide(is_demonstration=False)
    source = world.source()
    with django_assert_num_queries(1):  # whether this is a demonstration, once a process
        html_of(source, PaperKind.GUIDE)
