"""What each shape of paper keeps of ISO 14289-1 (PDF/UA-1) and ISO 19005-3 (PDF/A-3a) before it is signed.

The numbers are clauses. What the signature and the record add is in ``test_signing.py``.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from certificates.models import CertificateFile
from certificates.render import cards_pdf, certificate_pdf
from tests.certificates.papers import AMHARIC, MARKS, PASSPORT, TITLES, ZULU, make_paper
from tests.certificates.tagged import PAIR, Tagged, read_tags

pytestmark = pytest.mark.slow

LETTERHEAD = {"sw": ["Jamhuri ya Kenya", "Wizara ya Afya"], "en": ["Republic of Kenya", "Ministry of Health"]}
SHAPES: dict[str, Callable[[], bytes]] = {
    "sheet": lambda: certificate_pdf(make_paper("sw", "en", printed_name=MARKS)),
    "sheet and list": lambda: certificate_pdf(
        make_paper("sw", "en", count=16, letterhead=LETTERHEAD["sw"], facts={"letterheads": LETTERHEAD})
    ),
    "record": lambda: certificate_pdf(make_paper("sw", "en", is_record=True, count=30, printed_name=AMHARIC)),
    "passport": lambda: certificate_pdf(make_paper("sw", "en", facts=PASSPORT, count=16, is_demonstration=True)),
    "card": lambda: certificate_pdf(make_paper("sw", "en", printed_name=ZULU), CertificateFile.Kind.CARD),
    "cards": lambda: cards_pdf([make_paper("sw", "en", printed_name=name) for name in (ZULU, AMHARIC, MARKS) * 2]),
}
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
UA = "http://www.aiim.org/pdfua/ns/id/"
SCHEMA, PROPERTY = "{http://www.aiim.org/pdfa/ns/schema#}", "{http://www.aiim.org/pdfa/ns/property#}"
STANDARD = {
    *("Document", "Div", "P", "H1", "H2", "Span", "L", "LI", "LBody", "Lbl", "Table", "THead", "TBody", "TR", "TH"),
    *("TD", "Figure", "NonStruct"),
}


@cache
def drawn(shape: str) -> bytes:
    return SHAPES[shape]()


@pytest.fixture(params=SHAPES)
def tagged(request: pytest.FixtureRequest) -> Tagged:
    return read_tags(drawn(request.param))


def test_7_1_everything_drawn_is_read_or_an_artifact(tagged: Tagged) -> None:
    assert tagged.untagged == []
    in_tree = [mark for one in tagged.all() for mark in one.marked]
    assert sorted(in_tree) == sorted(tagged.marked)
    # Words in the margins repeat on every page, and nowhere else is a word that is not read.
    assert [words for _page, kind, words in tagged.aside if words and kind != "/Footer"] == []


def test_7_1_each_mark_leads_back_to_its_element(tagged: Tagged) -> None:
    """The parent tree (ISO 32000-1, 14.7.4.4), by which a reader finds what is under the finger."""
    numbers = list(tagged.pdf.Root.StructTreeRoot.ParentTree.Nums)
    back = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for one in tagged.all():
        for page, mark in one.marked:
            assert back[int(tagged.pdf.pages[page].StructParents)][mark].objgen == one.row.objgen


def test_7_1_only_kinds_that_every_reader_knows(tagged: Tagged) -> None:
    assert {one.kind for one in tagged.all()} <= STANDARD
    assert "/RoleMap" not in tagged.pdf.Root.StructTreeRoot


def test_7_2_every_word_is_read_in_its_language(tagged: Tagged) -> None:
    """Hers is the language of the document; what is in the working language says so."""
    assert str(tagged.pdf.Root.Lang) == "sw"
    hers, other = (set(tagged.in_language(code)) for code in ("sw", "en"))
    assert {one.language for one in tagged.all()} == {"sw", "en"}
    assert [words for words in other if re.search(r"\b(na|ya|wa|kwa|ya|Machi|Kimetolewa)\b", words)] == []
    assert [words for words in hers if re.search(r"\b(the|of|is|and|March|Issued|Valid)\b", words)] == []
    said = " ".join(other)
    for words in ("3 March 2026", "Valid until"):
        assert words in said


def test_7_3_a_picture_has_words_and_stands_where_it_says(tagged: Tagged) -> None:
    figures = tagged.all("Figure")
    assert figures
    for figure in figures:
        assert (
            str(figure.row.Alt).startswith("Code that opens the page for number") or str(figure.row.Alt).count(" ") > 3
        )
        left, bottom, right, top = (float(side) for side in figure.row.A.BBox)
        _x, _y, width, height = (float(side) for side in tagged.pdf.pages[figure.page].MediaBox)
        assert 0 < left < right < width
        assert 0 < bottom < top < height
        assert right - left == pytest.approx(top - bottom, abs=0.1)
        assert 35 < (right - left) * 25.4 / 72 < 46


def test_7_4_headings_begin_with_the_title_and_leave_no_step_out(tagged: Tagged) -> None:
    levels = [int(one.kind[1]) for one in tagged.all("H1", "H2")]
    assert levels == sorted(levels)
    assert levels.count(1) == (1 if levels else 0)


def test_7_5_cells_know_their_headings(tagged: Tagged) -> None:
    headings = {bytes(one.row.ID): one for one in tagged.all("TH")}
    assert all(one.row.A.Scope in ("/Row", "/Column") for one in headings.values())
    assert len(headings) == len(tagged.all("TH"))
    for cell in tagged.all("TD"):
        assert {bytes(name) for name in cell.row.A.Headers} <= headings.keys()
        assert len(cell.row.A.Headers) > 0
    if headings:
        names = list(tagged.pdf.Root.StructTreeRoot.IDTree.Names)
        assert [bytes(name) for name in names[::2]] == sorted(headings)
        found = dict(zip((bytes(name) for name in names[::2]), names[1::2], strict=True))
        assert {name: row.objgen for name, row in found.items()} == {
            name: one.row.objgen for name, one in headings.items()
        }


def test_7_6_a_list_holds_items_and_an_item_its_body(tagged: Tagged) -> None:
    for each in tagged.all("L"):
        assert {one.kind for one in each.below} == {"LI"}
    for each in tagged.all("LI"):
        assert [one.kind for one in each.below] == ["LBody"]


def test_7_8_the_foot_of_a_page_is_no_content(tagged: Tagged) -> None:
    assert not any(re.search(r"\b\d / \d\b", one.said) for one in tagged.all("P", "Span", "NonStruct"))


def test_7_8_a_paper_of_several_pages_numbers_them() -> None:
    tagged = read_tags(drawn("record"))
    pages = len(tagged.pdf.pages)
    assert pages > 1
    feet = [" ".join(words.split()) for _page, kind, words in tagged.aside if kind == "/Footer"]
    assert feet == [part for page in range(1, pages + 1) for part in ("K7M2 QXAB 9TRE", f"{page} / {pages}")]


def test_7_21_letters_come_back_as_what_they_are(tagged: Tagged) -> None:
    """Also ISO 19005-3, 6.2.11: fonts are inside, no glyph is missing, each is as wide as it says and says a letter."""
    used: dict[tuple[int, int], set[int]] = {}
    for page in tagged.pdf.pages:
        font = None
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                font = page.Resources.Font[str(operands[0])]
            elif str(operator) in ("Tj", "TJ"):
                parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        digits = bytes(part)
                        used.setdefault(font.objgen, set()).update(
                            int.from_bytes(digits[at : at + 2]) for at in range(0, len(digits), 2)
                        )
    assert used
    for objgen, glyphs in used.items():
        font = tagged.pdf.get_object(objgen)
        (inner,) = font.DescendantFonts
        file = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
        said = {
            int(glyph, 16): bytes.fromhex(text.decode()) for glyph, text in PAIR.findall(font.ToUnicode.read_bytes())
        }
        assert 0 not in glyphs
        assert glyphs <= said.keys()
        for glyph in glyphs:
            assert said[glyph].decode("utf-16-be").strip("\0\ufeff\ufffe")
        widths = widths_of(inner)
        metrics, order, size = file["hmtx"].metrics, file.getGlyphOrder(), file["head"].unitsPerEm
        wide = {glyph: metrics[order[glyph]][0] * 1000 / size for glyph in glyphs}
        assert {glyph: widths[glyph] for glyph in glyphs} == pytest.approx(wide, abs=1)
        assert str(font.BaseFont) == str(inner.BaseFont)
        assert re.match(r"^/[A-Z]{6}\+", str(font.BaseFont))


def widths_of(font: pikepdf.Object) -> dict[int, float]:
    found: dict[int, float] = {}
    rows = list(font.W)
    while rows:
        first, then = int(rows.pop(0)), rows.pop(0)
        if isinstance(then, pikepdf.Array):
            found |= {first + place: float(width) for place, width in enumerate(then)}
        else:
            width = float(rows.pop(0))
            found |= dict.fromkeys(range(first, int(then) + 1), width)
    return found


def test_metadata_claim_both_standards_in_one_description(tagged: Tagged) -> None:
    """ISO 16684-1, 7.3: one RDF element. ISO 19005-3, 6.6.2.3: what is not predefined comes with its description."""
    xmp = ET.fromstring(tagged.pdf.Root.Metadata.read_bytes().decode())  # noqa: S314 -- our own
    (rdf,) = list(xmp)
    assert rdf.tag == RDF + "RDF"
    claims = {name: value for one in rdf for name, value in one.attrib.items()}
    assert claims["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert claims["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert claims[f"{{{UA}}}part"] == "1"
    assert [one.text for one in rdf.iter(SCHEMA + "namespaceURI")] == [UA]
    assert [one.text for one in rdf.iter(SCHEMA + "prefix")] == ["pdfuaid"]
    described = {
        part: one.text for one in rdf.iter() for part in [one.tag.removeprefix(PROPERTY)] if PROPERTY in one.tag
    }
    assert (described["name"], described["valueType"], described["category"]) == ("part", "Integer", "internal")
    assert described["description"]


def test_5_and_7_1_the_title_is_shown_and_says_the_number(tagged: Tagged) -> None:
    root = tagged.pdf.Root
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert bool(root.MarkInfo.Marked)
    assert not bool(root.MarkInfo.get("/Suspects", False))
    assert str(tagged.pdf.docinfo["/Title"]).startswith("K7M2 QXAB 9TRE")
    assert all(page.Tabs == "/S" for page in tagged.pdf.pages)


def test_a_title_in_another_language_is_read_in_that_language() -> None:
    paper = make_paper("sw", "en", titles={"en": TITLES["en"]}, title=TITLES["en"])
    heading = read_tags(certificate_pdf(paper)).all("H1")[0]
    assert heading.said.replace(" ", "") == TITLES["en"].replace(": ", "").replace(" ", "")
    assert {one.language for one in heading.walk() if one.words} == {"en"}


def test_6_2_10_what_is_seen_through_has_its_colours(tagged: Tagged) -> None:
    """Transparency is allowed where the colours to mix in are known: from the group or the profile of the file."""
    (intent,) = tagged.pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    for item in tagged.pdf.objects:
        if isinstance(item, pikepdf.Stream) and "/Group" in item:
            assert item.Group.S == "/Transparency"
            assert item.Group.CS[0] == "/ICCBased"
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/ExtGState":
            assert item.get("/BM", pikepdf.Name.Normal) in ("/Normal", "/Compatible")
