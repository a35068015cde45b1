"""Which words of a page are read aloud, and the mark by which a recording belongs to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.freeze import content_hash
from curriculum.listening.readings import spoken_of
from curriculum.listening.texts import plain, spoken_hash, spoken_of_article
from curriculum.models import Article

pytestmark = pytest.mark.django_db


def test_what_is_read_aloud_of_a_lesson_is_what_is_printed_in_its_country(library: None) -> None:
    article = Article.objects.get(path="x1/l1", language="en", country="ZA")

    assert [(one.kind, one.text) for one in spoken_of(article)] == [
        ("title", "Greeting"),
        ("text", "First you greet her. Then you wait.\nShe sits.\nYou sit.\nHow long: 12 months & more"),
        ("key_message", "A greeting opens the door."),
        ("story", "Wanjikũ at the gate\nWanjikũ waits. Nobody greets her."),
        ("picture", "A woman stands at a gate.\nShe waits."),
        ("word", "greeting\nThe first words of a talk."),
    ]


def test_a_question_inside_a_lesson_is_read_piece_by_piece_without_the_signs_beside_it(library: None) -> None:
    article = Article.objects.get(path="x1/l2", language="en", country="ZA")
    place = next(one.place for one in spoken_of(article) if one.kind == "question")

    assert [(one.place.removeprefix(place), one.kind, one.text) for one in spoken_of(article)][1:6] == [
        ("", "question", "She is silent. What do you do?"),
        (".1", "option", "I wait."),
        (".1f", "feedback", "Yes. Silence is work."),
        (".2", "option", "I talk."),
        (".2f", "feedback", "It fills the room. She needs the room."),
    ]
    assert [(one.kind, one.text) for one in spoken_of(article)][6:] == [
        ("role_play", "Practise together\nOne of you is silent.\nCount to ten.\nBreathe."),
        ("checklist", "Before you go\nI have waited."),
    ]


def test_every_place_is_an_element_of_the_page(library: None) -> None:
    for article in Article.objects.filter(kind="lesson"):
        places = [one.place for one in spoken_of(article)][1:]
        assert len(places) == len(set(places))
        assert [f'data-place="{place}"' in article.html for place in places] == [True] * len(places)


def test_the_mark_of_a_place_is_no_part_of_what_was_read(library: None) -> None:
    """Evidence names the hash of a text; it must not change because places were marked."""
    article = Article.objects.get(path="x1/l1", language="en", country="ZA")
    before = article.content_hash
    article.html = article.html.replace(' data-place="', ' data-place="0')

    assert content_hash(article) == before


def test_the_same_words_have_one_mark_in_two_countries_and_others_where_a_value_differs(library: None) -> None:
    kenya, south_africa = (
        {one.place: one.hash for one in spoken_of(Article.objects.get(path="x1/l1", language="en", country=code))}
        for code in ("KE", "ZA")
    )

    assert [place for place in kenya if kenya[place] != south_africa[place]] == [list(kenya)[1]]


@given(st.text(max_size=60))
def test_spaces_lines_and_the_form_of_a_letter_do_not_change_the_mark(text: str) -> None:
    import unicodedata

    spaced = unicodedata.normalize("NFD", text.replace(" ", " \n\t "))
    assert spoken_hash(spaced) == spoken_hash(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("other", ["Not now.", "now", "Now!", "Nów."])
def test_other_words_have_another_mark(other: str) -> None:
    assert spoken_hash(other) != spoken_hash("Now.")


def test_a_title_alone_is_read_too() -> None:
    (one,) = spoken_of_article(title="Greeting", objectives=[" "], html="")

    assert (one.place, one.kind, one.text) == ("title", "title", "Greeting")
