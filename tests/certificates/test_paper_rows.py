"""What stands on a paper is what stands in its row: each kind of award, each language, each name."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from certificates.models import Award, Certificate, CertificateFile
from certificates.paper_words import labels
from certificates.render import certificate_pdf
from certificates.serials import verify_address
from demonstration.awards import AWARDS
from paper.dates import long_date, number
from tests.certificates.papers import AMHARIC, MARKS, PASSPORT, make_paper, read

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the paper back"),
]

Kind = CertificateFile.Kind
TITLES: dict[str, Any] = {str(award["kind"]): award["titles"] for award in AWARDS} | {
    "other": {
        "en": "Certificate of Participation: Days of Dialogue",
        "sw": "Cheti cha Ushiriki: Siku za Mazungumzo",
        "fr": "Certificat de participation : journées de dialogue",
        "pt": "Certificado de Participação: Dias de Diálogo",
    }
}
SIGNATORIES = {
    "Lerato M.": {
        "en": "Programme manager",
        "sw": "Meneja wa mpango",
        "fr": "Responsable du programme",
        "pt": "Gestora do programa",
    },
    "Gathoni K.": {"en": "Trainer", "sw": "Mkufunzi", "fr": "Formatrice", "pt": "Formadora"},
    "Dr Odhiambo": {"en": "Head of site", "sw": "Mkuu wa kituo", "fr": "Cheffe du centre", "pt": "Chefe do centro"},
}
COUNTS = {
    "induction": 4,
    "certified": 6,
    "refresher": 6,
    "graduation": 16,
    "record": 5,
    "trainer": 3,
    "passport": 12,
    "other": 1,
}
ENDLESS = ("graduation", "record", "passport", "other")
ISIZULU = "Nomthandazo kaMpho Dlamini-Ngubane"
WITH_TITLE = "ወይዘሮ አልማዝ ተስፋዬ"
NINETY = "Nomathamsanqa Thandolwethu Sibongakonke Mkhize-Zungu Dlamini Ntombizodwa Nkosazana Mthembu"
WITHOUT_GAP = "Nomathamsanqa" * 6 + "Thandolwethu"
NAMES = ("Wanjikũ Amélia", ISIZULU, WITH_TITLE, MARKS, NINETY, WITHOUT_GAP, AMHARIC)
LANGUAGES = ("en", "sw", "fr", "pt")
PAIRS: tuple[tuple[str, ...], ...] = (("en",), ("sw", "en"), ("fr", "en"), ("pt", "en"), ("sw",), ("pt", "fr"))


def row_of(kind: str, languages: Sequence[str], name: str, **fields: Any) -> Certificate:
    """A paper of this kind as it is frozen: with what its award says, and as many modules as it has."""
    titles = {code: TITLES[kind][code] for code in languages}
    values: dict[str, Any] = {
        "printed_name": name,
        "titles": titles,
        "title": titles[languages[0]],
        "count": COUNTS[kind],
        "is_record": kind in ("record", "passport"),
        "signatories": [
            {"name": who, "title": said[languages[0]], "titles": {code: said[code] for code in languages}}
            for who, said in list(SIGNATORIES.items())[: 3 if kind == "trainer" else 2]
        ],
    }
    if kind in ENDLESS:
        values["expires_on"] = None
    if kind == "passport":
        values["facts"] = PASSPORT
    return make_paper(*languages, **values | fields)


def facts_of(paper: Certificate) -> list[str]:
    """Every fact of the row, in each language of the paper, as it has to be read."""
    languages = paper.languages
    facts = [paper.printed_name, paper.issuing_name, paper.number, number(paper.hours, languages[0])]
    facts += [verify_address().partition("://")[2].rstrip("/"), *paper.letterhead]
    facts += [person["name"] for person in paper.signatories]
    for code in languages:
        facts += [part.strip() for part in paper.titles[code].split(":", 1)]
        facts += [long_date(day, code) for day in (paper.issued_on, paper.expires_on) if day]
        facts += [module["cover_titles"][code] for module in paper.modules]
        facts += [person["titles"][code] for person in paper.signatories]
    for each in paper.facts.get("practices", []):
        facts += [*_said(each, languages), *_dated(each["on"], languages)]
    for each in paper.facts.get("certificates", []):
        facts += [*_said(each, languages), " ".join(re.findall("....", each["number"]))]
        for day in (each["issued_on"], each["expires_on"]):
            facts += _dated(day, languages) if day else []
    if "from_on" in paper.facts:
        facts += [*_dated(paper.facts["from_on"], languages), *_dated(paper.facts["until_on"], languages)]
        facts += ["86,5" if languages[0] in ("fr", "pt") else "86.5", "14"]
    return facts


def _dated(day: str, languages: Sequence[str]) -> list[str]:
    return [long_date(date.fromisoformat(day), code) for code in languages]


def _said(thing: dict[str, Any], languages: Sequence[str]) -> list[str]:
    return [thing["titles"][code] for code in languages if code in thing["titles"]] or [thing["titles"]["en"]]


def phrases_of(paper: Certificate) -> Iterable[str]:
    """What a paper says beside the facts of its row."""
    for code in paper.languages:
        said = labels([code], hours=paper.hours, number=paper.number)
        yield from (phrase.first for phrase in said.values())


def text_of(pdf: bytes, folder: Path, *how: str) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", *how, file, "-"], capture_output=True, text=True, check=True).stdout


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())


def flat(text: str) -> str:
    """Without gaps and hyphens at the end of a line: a break is no letter."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def missing_and_strange(paper: Certificate, folder: Path, kind: Kind = Kind.PAPER) -> tuple[list[str], set[str]]:
    """Facts that are not on the paper, and words on it that are neither facts nor its own phrases."""
    pdf = certificate_pdf(paper, kind)
    facts = facts_of(paper)
    # Once in the order of the tags and once as it lies on the page: columns break a fact in one of them.
    texts = [flat(text_of(pdf, folder, *how)) for how in ((), ("-layout",), ("-raw",))]
    missing = [fact for fact in facts if not any(flat(fact) in text for text in texts)]
    known = set(words_of(" ".join([*facts, *phrases_of(paper)])))
    strange = {word for word in words_of(text_of(pdf, folder)) if word not in known and not word.isdecimal()}
    return missing, strange


COVERING = [
    ("induction", ("sw", "en"), ISIZULU),
    ("certified", ("en",), WITH_TITLE),
    ("refresher", ("fr", "en"), MARKS),
    ("graduation", ("pt", "en"), NINETY),
    ("record", ("sw", "en"), NINETY),
    ("trainer", ("pt", "fr"), ISIZULU),
    ("passport", ("fr", "en"), WITH_TITLE),
    ("other", ("sw",), NINETY),
]
"""Each kind, each language first and second, each name: every pair of what could be in each other's way."""


@pytest.mark.parametrize(("kind", "languages", "name"), COVERING)
def test_a_paper_says_its_row_and_nothing_else(
    kind: str, languages: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    assert missing_and_strange(row_of(kind, languages, name), tmp_path) == ([], set())


def test_every_kind_of_award_has_its_case() -> None:
    assert {kind for kind, _languages, _name in COVERING} == set(Award.Kind.values) == set(TITLES) == set(COUNTS)


@pytest.mark.whole
@pytest.mark.parametrize(("kind", "languages"), list(product(COUNTS, PAIRS)))
def test_every_paper_says_its_row_and_nothing_else(kind: str, languages: tuple[str, ...], tmp_path: Path) -> None:
    for name in NAMES:
        found = missing_and_strange(row_of(kind, languages, name), tmp_path)
        if name == WITHOUT_GAP:  # poppler makes words of its broken parts
            found = (found[0], set())
        assert found == ([], set()), name


@pytest.mark.parametrize(
    ("languages", "name"), [(("sw", "en"), NINETY), (("fr", "en"), ISIZULU), (("pt",), WITH_TITLE)]
)
def test_a_card_says_its_row(languages: tuple[str, ...], name: str, tmp_path: Path) -> None:
    paper = row_of("certified", languages, name)
    pdf = certificate_pdf(paper, Kind.CARD)
    texts = [flat(text_of(pdf, tmp_path, *how)) for how in ((), ("-layout",), ("-raw",))]
    told = [name, paper.number, paper.issuing_name, *paper.titles.values(), verify_address().partition("://")[2]]
    told += [long_date(day, code) for code in languages for day in (paper.issued_on, paper.expires_on) if day]
    assert [fact for fact in told if not any(flat(fact).rstrip("/") in text for text in texts)] == []


@pytest.mark.parametrize("kind", ["certified", "record", "passport"])
def test_the_first_page_says_who_to_whom_until_when_and_how_to_check(kind: str, tmp_path: Path) -> None:
    """In plain words of both languages, for somebody who has never seen such a paper."""
    paper = row_of(kind, ("sw", "en"), "Wanjikũ Amélia")
    first = flat(text_of(certificate_pdf(paper), tmp_path, "-l", "1"))
    for words in (
        "Kimetolewa na",
        "Issued by",
        paper.issuing_name,
        "kinatolewa kwa",
        "is given to",
        paper.printed_name,
        "Halali hadi",
        "Valid until",
        *(("3 Machi 2027", "3 March 2027") if paper.expires_on else ("hakina mwisho", "no end date")),
        "Hakiki karatasi hii",
        "Check this paper",
        "Scan the code, or type the number at",
        paper.number,
    ):
        assert flat(words) in first


def test_the_named_copy_differs_in_its_issuer_alone(tmp_path: Path) -> None:
    full = "Thandi and Friends Peer Programme"
    paper = row_of("certified", ("sw", "en"), ISIZULU, facts={"named_copy_name": full})
    named, neutral = (text_of(certificate_pdf(paper, kind), tmp_path, "-raw") for kind in (Kind.NAMED, Kind.PAPER))
    assert flat(full) in flat(named)
    assert flat(named).replace(flat(full), flat(paper.issuing_name)) == flat(neutral)


def test_three_people_may_sign_and_none_has_to(tmp_path: Path) -> None:
    for people in (0, 1, 3):
        paper = row_of("certified", ("sw", "en"), ISIZULU)
        paper.signatories = [
            {"name": who, "title": said["sw"], "titles": {"sw": said["sw"], "en": said["en"]}}
            for who, said in list(SIGNATORIES.items())[:people]
        ]
        assert missing_and_strange(paper, tmp_path) == ([], set())
        said = read(certificate_pdf(paper), tmp_path)
        assert said.overlapping() == []
        assert said.outside(9.6) == []
