"""From a clipboard to what a lesson can hold."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.pasting import cleaned, told
from curriculum.pasting.kinds import Kind
from tests.curriculum.pasting import samples


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("WORD", samples.WORD_HTML),
        ("GOOGLE_DOCS", samples.GOOGLE_DOCS_HTML),
        ("LIBRE_OFFICE", samples.LIBRE_OFFICE_HTML),
    ],
)
def test_headings_lists_bold_and_italic_are_kept(name: str, expected: str) -> None:
    assert cleaned(getattr(samples, name)).html == expected


def test_what_word_held_besides_is_named() -> None:
    assert told(cleaned(samples.WORD).changed) == [
        "Left out: 1 picture; 1 footnote; 1 comment; colours.",
        "Kept as plain words: 1 link; 2 tracked changes, taken as accepted; 1 table, a row a line;"
        " 1 heading, now a bold line.",
    ]


def test_what_google_docs_held_besides_is_named() -> None:
    assert told(cleaned(samples.GOOGLE_DOCS).changed) == [
        "Left out: 1 picture; lines under or through words.",
        "Kept as plain words: 1 link; 1 heading, now a bold line.",
    ]


def test_what_libre_office_held_besides_is_named() -> None:
    assert told(cleaned(samples.LIBRE_OFFICE).changed) == [
        "Left out: 1 footnote; lines under or through words; raised and lowered letters; colours.",
        "Kept as plain words: 1 heading, now a bold line.",
    ]


def test_a_plain_text_has_nothing_to_tell() -> None:
    pasted = cleaned("<p>One <b>bold</b> word.</p><ul><li>and a line</li></ul>")

    assert pasted.html == "<p>One <b>bold</b> word.</p><ul><li>and a line</li></ul>"
    assert told(pasted.changed) == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("just words", "<p>just words</p>"),
        ("<p> </p><p>&nbsp;</p>", ""),
        ("<p>- one</p><p>- two</p>", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>- one</p><p>two</p>", "<p>- one</p><p>two</p>"),
        ("<p>1. <b>one</b></p><p>2. two</p>", "<ol><li><b>one</b></li><li>two</li></ol>"),
        ("<p>2026. one</p><p>2027. two</p>", "<p>2026. one</p><p>2027. two</p>"),
        ("<p>a<b> b </b>c</p>", "<p>a<b> b </b>c</p>"),
        ("<script>alert(1)</script><p onclick='x'>a &lt;b&gt; c</p>", "<p>a &lt;b&gt; c</p>"),
        ("<p>seen<span style='display:none'>secret</span></p>", "<p>seen</p>"),
        ("<div>one<div>two</div>three</div>", "<p>one</p><p>two</p><p>three</p>"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("<p class=MsoTitle>Name</p><p>x</p>", "<p><b>Name</b></p><p>x</p>"),
        ("<p><![if !supportLists]>x<![endif]></p>", "<p>x</p>"),
    ],
)
def test_small_things(html: str, expected: str) -> None:
    assert cleaned(html).html == expected


def test_each_heading_begins_a_part() -> None:
    pasted = cleaned("<p>before</p><h1>A</h1><h2>B</h2><p>b</p><h2>C</h2><p>c</p>")

    assert [[one.text for one in part] for part in pasted.parts()] == [["before"], ["A", "B", "b"], ["C", "c"]]


def test_a_dot_that_counts_readers_is_no_picture() -> None:
    assert cleaned('<img width="1" height="1" src="https://x.example/t.gif"><p>x</p>').changed[Kind.PICTURE] == 0


TAGS = [
    "p",
    "b",
    "i",
    "ul",
    "ol",
    "li",
    "h1",
    "table",
    "tr",
    "td",
    "span",
    "a",
    "div",
    "del",
    "script",
    "br",
    "img",
    "o:p",
]


@st.composite
def any_html(draw: st.DrawFn) -> str:
    pieces = st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            ["<p style='mso-list:l0 level2 lfo1'>", "<b style='font-weight:normal'>", "<!-- x -->", "<![if !x]>"]
        ),
        st.text(alphabet="ab <>&•1.\n", max_size=8),
    )
    return "".join(draw(st.lists(pieces, max_size=25)))


@settings(deadline=None)
@given(any_html())
def test_whatever_comes_only_plain_marks_come_out_and_stay(html: str) -> None:
    once = cleaned(html).html
    soup = BeautifulSoup(once, "html.parser")

    assert {tag.name for tag in soup.find_all(True)} <= {"p", "ul", "ol", "li", "b", "i", "br"}
    assert all(not tag.attrs for tag in soup.find_all(True))
    assert all(child.name in ("p", "ul", "ol") for child in soup.children)
    assert all(tag.parent.name in ("ul", "ol") for tag in soup.find_all("li"))
    assert re.sub(r"\s", "", BeautifulSoup(cleaned(once).html, "html.parser").get_text()) in (
        re.sub(r"\s", "", soup.get_text()),
        re.sub(r"\s", "", BeautifulSoup(cleaned(cleaned(once).html).html, "html.parser").get_text()),
    )
