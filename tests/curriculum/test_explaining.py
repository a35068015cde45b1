"""Words of a lesson that open their meaning in place."""

from __future__ import annotations

import re
from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.explaining import MOST, Known, explained
from curriculum.listening.texts import spoken_in_html
from curriculum.openable import closed

LOAD = Known("viral load", "How much virus there is in her blood.")
ART = Known("ART", "Medicine that she takes every day.")


def opened(html: str) -> list[str]:
    return re.findall(r'<details class="w"><summary>(.*?)</summary>', html, re.DOTALL)


def test_the_first_time_a_word_occurs_it_opens_its_meaning() -> None:
    html = '<div class="text" data-place="a"><p>Her <b>viral load</b> falls.</p><p>A viral load again.</p></div>'

    assert explained(html, [LOAD]) == (
        '<div class="text" data-place="a"><div data-w>Her <b><details class="w"><summary>viral load</summary>'
        "<span>How much virus there is in her blood.</span></details></b> falls.</div><p>A viral load again.</p></div>"
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Viral loads fall", ["Viral loads"]),
        ("the viral-load test", []),
        ("a viral\n load", ["viral\n load"]),
        ("start ART today", ["ART"]),
        ("a part of art", []),
        ("viral loading", []),
    ],
)
def test_only_the_word_itself_is_found(said: str, found: list[str]) -> None:
    assert opened(explained(f'<p class="key-message">{said}</p>', [LOAD, ART])) == found


def test_a_word_with_an_apostrophe_is_found_however_it_is_written() -> None:
    known = [Known("ng'ombe", "Mnyama.")]
    for said in ("ng'ombe", "ng’ombe", "ng&#x27;ombe"):
        assert opened(explained(f'<p class="key-message">{said}</p>', known)) == [said]


@pytest.mark.parametrize(
    "html",
    [
        '<section class="try-it"><p data-place="a">ART?</p><details><summary>ART</summary></details></section>',
        '<section class="checklist" data-place="a"><h2>ART</h2><ul><li>ART</li></ul></section>',
        '<section class="story" data-place="a"><h2>ART</h2></section>',
        '<dl class="word" data-place="a"><dt>ART</dt><dd>ART</dd></dl>',
        '<figure class="picture" data-place="a"><img src="x" alt="ART"><figcaption>ART</figcaption></figure>',
        '<div class="text" data-place="a"><p><a href="/ART">ART</a></p></div>',
        '<div class="text" data-place="ART"><p title="ART">x</p></div>',
    ],
)
def test_what_is_tapped_or_stands_apart_stays(html: str) -> None:
    assert explained(html, [ART]) == html


def test_the_longer_word_goes_before_the_shorter() -> None:
    known = [Known("viral load test", "It counts."), LOAD]
    html = explained('<p class="key-message">A viral load test. Her viral load.</p>', known)

    assert opened(html) == ["viral load test.", "viral load."]


def test_a_page_stays_calm() -> None:
    known = [Known(f"word{number}", "x") for number in range(20)]
    html = '<div class="text">' + "".join(f"<p>{one.word} here</p>" for one in known) + "</div>"

    assert opened(explained(html, known)) == [f"word{number}" for number in range(MOST)]
    assert explained(html, known).count("<div data-w>") == MOST


WORDS = st.lists(st.sampled_from(["ART", "viral load", "she", "&", "<", "ng'ombe", "Viral  loads"]), max_size=8)
BLOCKS = st.lists(st.tuples(st.sampled_from(["text", "story", "key-message", "role-play"]), WORDS), max_size=5)


def _block(place: int, kind: str, said: str) -> str:
    if kind == "key-message":
        return f'<p class="{kind}" data-place="{place}">{said}<br>x</p>'
    return f'<div class="{kind}" data-place="{place}"><p>{said}</p><ul><li><i>{said}</i></li></ul></div>'


@settings(deadline=None)
@given(BLOCKS)
def test_closed_gives_back_exactly_what_was_there(blocks: list[tuple[str, list[str]]]) -> None:
    html = "".join(_block(place, kind, escape(" ".join(words))) for place, (kind, words) in enumerate(blocks))
    made = explained(html, [ART, LOAD, Known("ng'ombe", "Mnyama & <x>")])

    assert closed(made) == html
    assert list(spoken_in_html(made)) == list(spoken_in_html(html))
    assert BeautifulSoup(made, "html.parser").select("p details") == []
