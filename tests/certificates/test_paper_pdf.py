"""The paper as independent tools read it: the words of the row in their places, a code that survives a copier."""

from __future__ import annotations

import random
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from certificates.models import Certificate, CertificateFile
from certificates.render import cards_pdf, certificate_pdf
from certificates.serials import qr_measure, qr_says
from paper.dates import long_date
from tests.certificates.papers import AMHARIC, MARKS, PASSPORT, TITLES, ZULU, Read, make_paper, picture, read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the paper back"),
]

Kind = CertificateFile.Kind
NAMES = ["Wanjikũ", ZULU, AMHARIC, MARKS]
LETTERHEAD = {
    "sw": ["Jamhuri ya Kenya", "Wizara ya Afya", "Kitengo cha Afya ya Familia", "Nairobi"],
    "en": ["Republic of Kenya", "Ministry of Health", "Division of Family Health", "Nairobi"],
}
LONG_TITLES = {
    "sw": "Cheti cha Kuendelea na Mafunzo ya Kila Mwaka: Mwelimishaji Rika wa Afya ya Jamii, Familia na Watoto",
    "en": "Certificate of Continued and Yearly Training: Peer Educator for the Health of Communities and Families",
}
FULLEST: dict[str, Any] = {
    "titles": LONG_TITLES,
    "title": LONG_TITLES["sw"],
    "letterhead": LETTERHEAD["sw"],
    "issuing_name": "National Peer Health Education and Family Learning Programme",
    "is_demonstration": True,
    "signatories": [
        {
            "name": "Nomathamsanqa Thandolwethu Mkhize-Zungu",
            "title": "Mkuu wa mpango wa kitaifa wa elimu rika",
            "titles": {
                "sw": "Mkuu wa mpango wa kitaifa wa elimu rika",
                "en": "Head of the national programme of peer education",
            },
        },
        {"name": "", "title": "Mkufunzi wa kaunti", "titles": {"sw": "Mkufunzi wa kaunti", "en": "County trainer"}},
    ],
}


def plain(text: str) -> str:
    """``text`` without the gaps that a line break makes."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def holds(found: Read, words: str) -> bool:
    """Whether ``words`` stand on the paper, broken at gaps wherever it likes."""
    return plain(words) in plain(found.text)


@pytest.mark.parametrize("languages", [("en",), ("sw", "en"), ("fr", "en"), ("pt", "fr")])
@pytest.mark.parametrize("name", NAMES)
def test_the_words_on_the_sheet_are_those_of_the_row(languages: tuple[str, ...], name: str, tmp_path: Path) -> None:
    paper = make_paper(*languages, printed_name=name)
    found = read(certificate_pdf(paper), tmp_path)
    assert len(found.sizes) == 1
    words = [paper.printed_name, paper.issuing_name, paper.number, "24"]
    for language in languages:
        heading, _colon, rest = TITLES[language].partition(":")
        words += [heading.strip(), rest.strip()[1:], *(module["cover_titles"][language] for module in paper.modules)]
        words += [long_date(day, language) for day in (paper.issued_on, paper.expires_on) if day]
    assert [each for each in words if not holds(found, each)] == []
    assert found.overlapping() == []
    assert found.outside(9.6) == []


@pytest.mark.parametrize("name", [ZULU, MARKS, AMHARIC, "Ŵ" * 60, "Nomathamsanqa" * 6])
def test_the_fullest_sheet_has_room_for_all(name: str, tmp_path: Path) -> None:
    """Four lines of letterhead, a title of a hundred letters in two languages, sixteen modules, a demonstration."""
    for count in (1, 8, 16):
        fields = FULLEST | {"facts": {"letterheads": LETTERHEAD}, "printed_name": name}
        found = read(certificate_pdf(make_paper("sw", "en", count=count, **fields)), tmp_path)
        assert len(found.sizes) == (2 if count == 16 else 1)
        assert found.overlapping() == []
        assert found.outside(9.6) == []
        assert plain(LONG_TITLES["en"].partition(":")[2]) in plain(found.text)
        code = (234, 119, 273, 158)
        assert [
            word.text
            for word in found.words
            if word.page == 0 and word.right > code[0] and code[1] < (word.top + word.bottom) / 2 < code[3]
        ] == []
        assert plain(name).replace(" ", "") in plain(found.text).replace(" ", "")


@pytest.mark.parametrize(
    ("fields", "pages"),
    [
        ({"is_record": True, "count": 4}, 1),
        ({"is_record": True, "count": 30}, 3),
        ({"facts": PASSPORT, "count": 16}, 4),
    ],
)
@pytest.mark.parametrize("name", [ZULU, AMHARIC])
def test_pages_that_go_on_lose_nothing(fields: dict[str, Any], pages: int, name: str, tmp_path: Path) -> None:
    paper = make_paper("sw", "en", printed_name=name, **fields)
    found = read(certificate_pdf(paper), tmp_path)
    assert len(found.sizes) <= pages
    words = [name, paper.number, *(title for each in paper.modules for title in each["cover_titles"].values())]
    words += [title for each in paper.facts.get("practices", []) for title in each["titles"].values()]
    assert [each for each in words if not holds(found, each)] == []
    assert found.overlapping() == []
    assert found.outside(8) == []


@pytest.mark.parametrize("name", [*NAMES, "Nomathamsanqa" * 6])
def test_a_card_keeps_its_words_inside_its_lines(name: str, tmp_path: Path) -> None:
    fields = {"titles": LONG_TITLES, "title": LONG_TITLES["sw"], "is_demonstration": True, "printed_name": name}
    found = read(certificate_pdf(make_paper("sw", "en", **fields), Kind.CARD), tmp_path)
    assert found.overlapping() == []
    left, top, middle, right, bottom = 19.4, 12, 105, 190.6, 66
    inside = [word for word in found.words if word.top < bottom]
    assert [
        word.text
        for word in inside
        if not (
            left + 2 < word.left
            and top + 1.5 < word.top
            and word.bottom < bottom - 1.5
            and (word.right < middle - 2 or middle + 2 < word.left)
            and word.right < right - 1.5
        )
    ] == []
    assert plain(name).replace(" ", "") in plain(found.text).replace(" ", "")


def test_a_sheet_of_cards_holds_everybody(tmp_path: Path) -> None:
    found = read(
        cards_pdf([make_paper("sw", "en", printed_name=name) for name in (*NAMES, "Amélia", "Chiŵale")]), tmp_path
    )
    assert [(round(width), round(height)) for width, height in found.sizes] == [(210, 297)] * 2
    assert [name for name in (*NAMES, "Amélia", "Chiŵale") if not holds(found, name)] == []
    assert found.overlapping() == []


def test_papers_are_small_archival_tagged_and_say_nothing_about_themselves(tmp_path: Path) -> None:
    papers = [
        certificate_pdf(make_paper("sw", "en", printed_name=AMHARIC)),
        certificate_pdf(make_paper("sw", "en", count=16, facts={"letterheads": LETTERHEAD}, **FULLEST)),
        certificate_pdf(make_paper("en"), Kind.CARD),
        certificate_pdf(make_paper("sw", "en", facts=PASSPORT)),
    ]
    file = tmp_path / "paper.pdf"
    for pdf in papers:
        file.write_bytes(pdf)
        assert len(pdf) <= 45_000  # the signature and the record want room under 60 kB
        about = subprocess.run(["pdfinfo", "-meta", file], capture_output=True, text=True, check=True).stdout
        facts = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        assert "pdfaid:part" in about
        assert "pdfuaid:part" in about
        for line in ("Title:           K7M2 QXAB 9TRE", "Tagged:          yes"):
            assert line in facts
        for word in ("Author", "Subject", "Keywords", "Wanjik", "Amélia", "Certificate"):
            assert word not in facts + about
        fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert all("Thuto" in line and " yes yes yes " in line for line in fonts)


def copied(file: Path, turned: float) -> Image.Image:
    """As a tired copier gives it back: grey on grey, blurred, speckled, a little crooked."""
    page = Image.open(file).convert("L").rotate(turned, fillcolor=255, resample=Image.Resampling.BILINEAR)
    page = page.filter(ImageFilter.GaussianBlur(0.7)).point(lambda light: 70 + light * 120 // 255)
    dirt = random.Random(5)  # noqa: S311 -- the same dirt each time
    noise = Image.frombytes("L", page.size, dirt.randbytes(page.width * page.height)).point(lambda value: value // 6)
    return ImageChops.subtract(page, noise)


WIDE = 33.2
"""Millimetres: how wide the code itself is on the sheet, without its quiet zone."""


@pytest.mark.parametrize(("dpi", "why"), [(150, "as it is"), (round(150 * 25 / WIDE), "made smaller, to 25 mm")])
@pytest.mark.parametrize("turned", [0.0, 2.0, -3.0])
def test_a_grey_copy_still_scans(dpi: int, why: str, turned: float, tmp_path: Path) -> None:
    paper = make_paper("sw", "en")
    assert qr_measure(paper).version <= 8
    seen = zxingcpp.read_barcodes(copied(picture(certificate_pdf(paper), tmp_path, dpi=dpi), turned))
    assert [code.text for code in seen] == [qr_says(paper)]


def test_every_card_of_a_grey_sheet_still_scans(tmp_path: Path) -> None:
    papers = [make_paper("sw", "en", serial=serial) for serial in ("K7M2QXAB9TRE", "K7M2QXAB9TRF")]
    for n, paper in enumerate(papers):
        paper.statement = bytes([n]) * 95
    seen = zxingcpp.read_barcodes(copied(picture(cards_pdf(papers), tmp_path), 1.0))
    assert sorted(code.text for code in seen) == sorted(map(qr_says, papers))


def test_a_grey_copy_keeps_its_small_words_dark(tmp_path: Path) -> None:
    """Nothing is told by a light tint: whatever has ink has enough of it to come through a copier."""
    page = Image.open(picture(certificate_pdf(make_paper("sw", "en")), tmp_path, dpi=300)).convert("L")
    inks = {light for _count, light in page.getcolors(256) or [] if light < 255}
    assert min(inks) < 30
    modules, dates = (280, 1660, 1600, 1900), (280, 1420, 1900, 1610)
    assert max(page.crop(box).getextrema()[0] for box in (modules, dates)) < 40


SMALLEST = 6.8 * 1.362 * 25.4 / 72
"""Millimetres: the height of a line of Noto Sans at 6.8 points."""


def test_no_word_is_smaller_than_a_copier_can_take(tmp_path: Path) -> None:
    fields = FULLEST | {"facts": {"letterheads": LETTERHEAD}, "printed_name": ZULU}
    paper, passport = make_paper("sw", "en", count=16, **fields), make_paper("sw", "en", facts=PASSPORT)
    for pdf in (certificate_pdf(paper), certificate_pdf(paper, Kind.CARD), certificate_pdf(passport)):
        small = [word.text for word in read(pdf, tmp_path).words if word.bottom - word.top < SMALLEST - 0.02]
        assert small == []


def test_the_same_row_gives_the_same_bytes() -> None:
    paper: Certificate = make_paper("sw", "en")
    assert certificate_pdf(paper) == certificate_pdf(paper)
