"""Certificates that are in no table, and what independent tools read on their papers."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from certificates.models import Certificate

STATEMENT = bytes(range(95))
TITLES = {
    "en": "Certificate of Competence: Peer Health Educator, Maternal and Child Health",
    "sw": "Cheti cha Umahiri: Mwelimishaji Rika wa Afya ya Mama na Mtoto",
    "fr": "Certificat de compétence : éducatrice paire en santé de la mère et de l’enfant",
    "pt": "Certificado de Competência: Educadora de Pares em Saúde Materno-Infantil",
}
COVERS = {
    "en": ["Listening skills", "Strong minds", "Feeding babies well", "Difficult conversations 1"],
    "sw": ["Ustadi wa kusikiliza", "Akili zenye nguvu", "Kulisha watoto vizuri", "Mazungumzo magumu 1"],
    "fr": ["Savoir écouter", "Des esprits forts", "Bien nourrir les bébés", "Conversations difficiles 1"],
    "pt": ["Saber ouvir", "Mentes fortes", "Alimentar bem os bebés", "Conversas difíceis 1"],
}
SIGNATORIES = [
    {"name": "Lerato M.", "title": "Meneja wa mpango", "titles": {"en": "Programme manager", "sw": "Meneja wa mpango"}},
    {"name": "Gathoni K.", "title": "Mkufunzi", "titles": {"en": "Trainer", "sw": "Mkufunzi"}},
]
ZULU = "Nomathamsanqa Thandolwethu Sibongakonke Mkhize-Zungu Dlamini Ntombizodwa Nkosazana Mthembu"
AMHARIC = "ወይዘሮ አበበች ገብረ ማርያም"
MARKS = "Ŵanjikũ Ḓakalo-Ṅṋengwekhulu Šímůnková Ẽlĩsabéte Çiğdem"
PASSPORT = {
    "kind": "passport",
    "from_on": "2025-02-01",
    "until_on": "2027-01-31",
    "attendance_hours": "86.5",
    "logbook_entries": 14,
    "practices": [
        {"titles": {"en": f"Talking with trust, step {n}", "sw": f"Kuzungumza kwa uaminifu, hatua ya {n}"}, "on": on}
        for n, on in enumerate(["2025-03-12", "2025-06-01", "2026-01-30", "2026-11-05"] * 4)
    ],
    "certificates": [
        {
            "titles": {"en": "Certificate of Induction", "sw": "Cheti cha Mafunzo ya Awali"},
            "number": "ABCDEFGHJKLM",
            "issued_on": "2025-02-14",
            "expires_on": "2025-08-14",
        },
        {
            "titles": {"en": "Certificate of Service", "sw": "Cheti cha Huduma"},
            "number": "NPQRSTUVWXYZ",
            "issued_on": "2026-12-01",
            "expires_on": None,
        },
    ],
}


def modules(count: int, *languages: str) -> list[dict[str, Any]]:
    """``count`` modules with their cover titles in ``languages``."""
    made = []
    for n in range(count):
        titles = {code: COVERS[code][n % 4] + ("" if n < 4 else f" ({n})") for code in languages}
        made.append(
            {"code": f"M{n}", "cover_title": titles[languages[0]], "cover_titles": titles}
            | {"hours": 6, "is_practised": n % 2 == 0}
        )
    return made


def make_paper(*languages: str, count: int = 4, **fields: Any) -> Certificate:
    """A certificate in ``languages`` (English), hers first, as it is frozen at issue; rendering needs no table."""
    languages = languages or ("en",)
    values: dict[str, Any] = {
        "serial": "K7M2QXAB9TRE",
        "printed_name": "Wanjikũ Amélia",
        "title": TITLES[languages[0]],
        "titles": {code: TITLES[code] for code in languages},
        "language": languages[0],
        "languages": list(languages),
        "issuing_name": "Family Learning Programme",
        "issuing_short_name": "FLP",
        "modules": modules(count, *languages),
        "hours": 6 * count,
        "signatories": SIGNATORIES,
        "country": "KE",
        "pathway_version": 1,
        "is_demonstration": False,
        "issued_on": date(2026, 3, 3),
        "expires_on": date(2027, 3, 3),
        "statement": STATEMENT,
    }
    return Certificate(**values | fields)


@dataclass(frozen=True)
class Word:
    """A word where poppler finds it, in millimetres from the upper left corner of its page."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Word) -> bool:
        """Whether the bodies of the letters meet: the outer thirds of a line box are air."""
        third, others = (self.bottom - self.top) / 3, (other.bottom - other.top) / 3
        return (
            self.page == other.page
            and min(self.right, other.right) - max(self.left, other.left) > 0.3
            and min(self.bottom - third, other.bottom - others) - max(self.top + third, other.top + others) > 0.1
        )


@dataclass(frozen=True)
class Read:
    """A paper as poppler reads it."""

    sizes: list[tuple[float, float]]
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def overlapping(self) -> list[tuple[str, str]]:
        return [(one.text, two.text) for one, two in combinations(self.words, 2) if one.touches(two)]

    def outside(self, margin: float) -> list[str]:
        """Words that are nearer to an edge of the page than ``margin``."""
        return [
            word.text
            for word in self.words
            if min(word.left, word.top) < margin
            or word.right > self.sizes[word.page][0] - margin
            or word.bottom > self.sizes[word.page][1] - margin
        ]


def read(pdf: bytes, folder: Path) -> Read:
    """What is on ``pdf``, and where."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    found = re.sub(r"<!DOCTYPE[^>]*>|<title>.*?</title>|<meta[^>]*/?>", "", found, flags=re.DOTALL)
    page_tag, word_tag = "{http://www.w3.org/1999/xhtml}page", "{http://www.w3.org/1999/xhtml}word"
    mm = 25.4 / 72
    sizes, words = [], []
    for number, page in enumerate(ElementTree.fromstring(found).iter(page_tag)):  # noqa: S314 -- poppler wrote it
        sizes.append((float(page.attrib["width"]) * mm, float(page.attrib["height"]) * mm))
        for word in page.iter(word_tag):
            at = [float(word.attrib[side]) * mm for side in ("xMin", "yMin", "xMax", "yMax")]
            words.append(Word(word.text or "", number, *at))
    return Read(sizes, words)


def picture(pdf: bytes, folder: Path, *, dpi: int = 150, page: int = 1) -> Path:
    """A page as a grey picture."""
    file, out = folder / "paper.pdf", folder / "paper"
    file.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", file, out], check=True
    )
    return out.with_suffix(".pgm")
