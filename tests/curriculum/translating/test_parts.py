"""What stands beside a text and what is wrong with words: plain values in, plain values out."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from curriculum import packs
from curriculum.packs.model import Problems
from curriculum.packs.terms import Avoid, read
from curriculum.translating import sheet
from curriculum.translating.terms_beside import Beside, terms_in, to_avoid
from curriculum.translating.word_checks import have_same_numbers, refusals, warnings
from curriculum.translating.word_difference import word_difference
from tests.curriculum.pack import write_pack

TERMS = """
[terms.mixed_feeding]
en = "mixed feeding"
fr = "alimentation mixte"
sw = "kulisha kwa kuchanganya"
confidence.fr = "A"
confidence.sw = "B"

[terms.secret]
en = "confidentiality (secret)"
sw = "usiri"

[avoid]
sw = [{ word = "mgonjwa", instead = "mtu anayeishi na VVU" }, { word = "ukimwi", instead = "" }]
"""


# ---------------------------------------------------------------- the translators' list


def test_terms_that_stand_in_a_text_are_found_whatever_their_form() -> None:
    problems = Problems()
    lists = [read(TERMS, problems)]

    assert problems == []
    assert terms_in("Mixed  feeding is a secret.", lists, "sw") == [
        Beside("confidentiality (secret)", "usiri", ""),
        Beside("mixed feeding", "kulisha kwa kuchanganya", "B"),
    ]
    assert terms_in("Mixed feedings", lists, "fr") == [Beside("mixed feeding", "alimentation mixte", "A")]
    assert terms_in("premixed feedingly", lists, "sw") == []
    assert to_avoid("Mgonjwa ana UKIMWI.", lists, "sw") == [
        Avoid("mgonjwa", "mtu anayeishi na VVU"),
        Avoid("ukimwi", ""),
    ]


@pytest.mark.parametrize(
    ("text", "line", "key", "what"),
    [
        ("[terms.a]\nsw = 'x'", 1, "a", "it is not said in en"),
        ("\n[terms.a]\nen = 'x'\nsw = 'y'\nconfidence.sw = 'Z'", 2, "a", "confidence in sw is one of A, B, C"),
        ("[terms.a]\nen = 'x'\nconfidence.sw = 'A'", 1, "a", "confidence in sw, and no words in it"),
        ("[terms.a]\nen = 'x'\nSwahili = 'y'", 1, "a", "Swahili is no language"),
        ("[other]\n", 1, "other", "other has no meaning here"),
        ("\n[avoid]\nsw = [{ word = 'x' }]", 3, "sw", "what to avoid has a word and what to say instead"),
        ("[terms\n", 1, "", "cannot be read: Expected ']' at the end of a table declaration"),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_line(text: str, line: int, key: str, what: str) -> None:
    problems = Problems()

    read(text, problems)

    assert [(one.line, one.key, one.what) for one in problems] == [(line, key, what)]


def test_a_pack_keeps_its_list_as_it_was_written(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "terms.toml").write_text(TERMS)

    opened = packs.open_pack(folder)

    assert [str(problem) for problem in opened.problems if problem.file == "terms.toml"] == []
    assert packs.write(opened.pack)["terms.toml"].decode() == TERMS
    (folder / "terms.toml").write_text("[terms.x]\nsw = 'y'\n")
    assert "terms.toml:1: x: it is not said in en" in map(str, packs.open_pack(folder).errors)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("source", "words", "count"),
    [
        ("At {eid} weeks", "Wiki ya {eid}", 0),
        ("At {eid} weeks", "Wiki ya {eld}", 1),
        ("Take 2 of 10.", "10 kati ya 2.", 0),
        ("Take 2 of 10.", "2 kati ya 100.", 1),
        ("Visit at 9:00", "Miadi saa 3:00", 0),
        ("Visit at 9:00", "Miadi saa 4:00", 1),
        ("One line", "<b>Mstari</b>", 1),
        ("One line", "Dawa 50 mg", 2),
        ("One line", " ", 1),
        ("One line", "Mstari\x07", 1),
    ],
)
def test_words_are_refused_with_every_reason(source: str, words: str, count: int) -> None:
    assert len(refusals(source, words, is_rich=False, language="sw")) == count


def test_hours_are_counted_from_sunrise_in_kiswahili_only() -> None:
    assert have_same_numbers("at 9:00", "saa 3:00", "sw")
    assert have_same_numbers("at 9:00", "saa 9:00", "sw")
    assert not have_same_numbers("at 9:00", "à 3:00", "fr")


def test_markdown_keeps_its_form() -> None:
    source = "One.\n\n- two\n- three"

    assert refusals(source, "Moja.\n\n- mbili\n- tatu", is_rich=True, language="sw") == []
    assert refusals(source, "Moja.\n\n- mbili", is_rich=True, language="sw") == [
        "The English has 3 paragraphs or lines, here are 2. An empty line divides two."
    ]
    assert refusals(source, "# Moja.\n\n- mbili\n- tatu", is_rich=True, language="sw") == [
        "a heading has no place in a lesson."
    ]


def test_length_is_warned_of() -> None:
    assert warnings("Twenty letters here!", "x" * 28) == []
    assert warnings("Twenty letters here!", "x" * 29) == [
        "This is 1.4 times as long as the English. Can it be said in fewer words?"
    ]
    assert warnings("word " * 120, "word " * 121) == ["121 words: a screen of her phone holds about 120."]


def test_a_difference_is_told_by_words() -> None:
    assert [tuple(piece) for piece in word_difference("A greeting opens the door.", "A smile opens the door.")] == [
        ("same", "A "),
        ("gone", "greeting "),
        ("new", "smile "),
        ("same", "opens the door."),
    ]
    assert [tuple(piece) for piece in word_difference("", "New.")] == [("new", "New.")]


# ---------------------------------------------------------------- sheets

HEAD = sheet.Head("X1", "sw", datetime(2026, 3, 4, 10, 0, tzinfo=UTC))


def test_a_sheet_comes_back_as_it_went() -> None:
    rows = [
        sheet.Row("l1.title", "Greeting", "Salamu"),
        sheet.Row("l1.tx", "One.\n\n- two", "=HYPERLINK(1)"),
        sheet.Row("l1.km", "+1", "-2"),
        sheet.Row("l1.st", "@x", ""),
    ]

    head, found = sheet.read(sheet.written(HEAD, rows, "English", "Kiswahili"))

    assert head == HEAD
    assert [(row.key, row.source, row.words, row.is_formula) for row in found] == [
        (row.key, row.source, row.words, False) for row in rows
    ]
    assert [row.number for row in found] == [3, 4, 5, 6]


def test_no_cell_is_a_formula() -> None:
    data = sheet.written(HEAD, [sheet.Row("=1+1", "=1+1", "=1+1")], "English", "Kiswahili")

    cells = next(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=3))
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    assert b"<f>" not in b"".join(zipfile.ZipFile(io.BytesIO(data)).read(name) for name in ["xl/worksheets/sheet1.xml"])


def test_a_formula_that_was_typed_is_told_and_not_worked_out() -> None:
    book = openpyxl.Workbook()
    book.active.append(["X1 sw", ""])
    book.active.append(["l1.title", "Greeting", "=1+1"])
    kept = io.BytesIO()
    book.save(kept)

    _head, [row] = sheet.read(kept.getvalue())

    assert (row.words, row.is_formula) == ("=1+1", True)


def zipped(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return kept.getvalue()


BOMB = b"<x>" + b"0" * 30_000_000
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Types>&b;</Types>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        zipped({"a.txt": b"x"}),
        zipped({"[Content_Types].xml": b"<Types/>"}),
        zipped({"[Content_Types].xml": ENTITIES}),
        zipped({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": BOMB}),
        zipped({f"{number}.xml": b"x" for number in range(300)} | {"[Content_Types].xml": b"<Types/>"}),
        b"x" * (sheet.MOST_BYTES + 1),
    ],
    ids=["empty", "broken", "a zip", "nothing in it", "entities", "a bomb", "many parts", "large"],
)
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(sheet.NotASheet):
        sheet.read(data)
