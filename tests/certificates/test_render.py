"""The paper: from the frozen row, in its own language, with nothing from outside."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from certificates.models import Certificate
from certificates.render import certificate_html, certificate_pdf
from tests.certificates.making import SIGNATORIES

LONG = "Nomathamsanqa Thandolwethu Sibongakonke Mkhize-Zungu Dlamini"
LONGER = f"{LONG} Ntombizodwa Nkosazana Mthembu"
MODULES = [
    {"code": f"M{n}", "cover_title": f"Caring for the people around you, part {n}", "hours": 6, "is_practised": n < 3}
    for n in range(1, 17)
]


def make(**fields: Any) -> Certificate:
    """A certificate that is in no table: rendering must need none."""
    values = {
        "serial": "K7M2QXAB9TRE",
        "printed_name": "Wanjikũ",
        "title": "Certificate of Competence: Peer Health Educator",
        "language": "en",
        "issuing_name": "Family Learning Programme",
        "issuing_short_name": "FLP",
        "modules": MODULES[:4],
        "hours": 24,
        "signatories": SIGNATORIES,
        "country": "KE",
        "pathway_version": 1,
        "is_demonstration": False,
        "issued_on": date(2026, 3, 3),
        "expires_on": date(2027, 3, 3),
    }
    return Certificate(**values | fields)


def test_html_holds_what_is_printed() -> None:
    html = certificate_html(make())
    for words in (
        "<title>K7M2 QXAB 9TRE</title>",
        "Wanjikũ",
        "Certificate of Competence",
        "Peer Health Educator",
        "Caring for the people around you, part 1",
        ">24<",
        "3 March 2026",
        "3 March 2027",
        "Lerato M.",
        "Gathoni K.",
        "127.0.0.1:8000/verify",
    ):
        assert words in html
    assert "Demonstration" not in html


def test_html_of_a_demonstration_says_so() -> None:
    assert "Demonstration: not a real certificate" in certificate_html(make(is_demonstration=True))
    assert "Demonstration: not a real certificate" in certificate_html(make(is_demonstration=True, is_record=True))


def test_html_is_in_the_language_of_the_document() -> None:
    with translation.override("en"):
        html = certificate_html(make(language="sw"))
        assert translation.get_language() == "en"
    assert '<html lang="sw">' in html
    assert "3 Machi 2026" in html


def test_html_without_end_or_signatories_leaves_room_to_write() -> None:
    html = certificate_html(make(expires_on=None, signatories=[]))
    assert "no end date" in html
    assert html.count('class="signature') == 3


def test_html_of_a_name_is_escaped() -> None:
    assert "&lt;b&gt;" in certificate_html(make(printed_name="<b>Wanjikũ"))


def test_record_lists_modules_with_their_practice() -> None:
    html = certificate_html(make(is_record=True, title="Record of Training Completed", expires_on=None))
    assert html.count("<tr>") == 5
    assert html.count("signed off") == 2


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the paper back")
def test_pdf_keeps_the_longest_names_on_one_page(tmp_path: Path) -> None:
    """Names come out of the text unchanged; metadata says nothing; the paper is small, tagged and archival."""
    names = ["Wanjikũ", "Amélia", "Chiŵale", LONG, LONGER]
    papers = [make(printed_name=name, language=("en", "sw")[n % 2]) for n, name in enumerate(names)]
    papers.append(make(printed_name=LONGER, modules=MODULES, is_demonstration=True))
    for certificate in papers:
        pdf = certificate_pdf(certificate)
        assert len(pdf) <= 60_000
        file = tmp_path / f"{certificate.serial}.pdf"
        file.write_bytes(pdf)
        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
        assert certificate.printed_name in " ".join(text.split())
        about = subprocess.run(["pdfinfo", "-meta", file], capture_output=True, text=True, check=True).stdout
        facts = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        assert "pdfaid:part" in about
        assert "pdfuaid:part" in about
        for line in ("Title:           K7M2 QXAB 9TRE", "Pages:           1", "Tagged:          yes"):
            assert line in facts
        for word in ("Author", "Subject", "Keywords", *certificate.printed_name.split()):
            assert word not in facts + about
        fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert fonts
        assert all(" yes yes yes " in line for line in fonts)
