"""A frozen certificate in, HTML or PDF bytes out. Reads no table and no network."""

from __future__ import annotations

import base64
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override

from certificates.models import Certificate
from certificates.serials import qr_svg, verify_address
from paper.dates import long_date
from paper.engine import pdf_of

STYLE = Path(__file__).resolve().parent / "print.css"

NAME_SIZES = ((20, "xl"), (30, "l"), (44, "m"), (70, "s"))
"""(longest name in letters, its size class); a longer one is ``xs``."""

ONE_LINE = 44
"""A name with more letters is set on two lines."""

TITLE_SIZES = ((34, "l"), (48, "m"))


def certificate_html(certificate: Certificate) -> str:
    """The document as HTML, in its own language whatever the language in force."""
    title, _colon, subtitle = certificate.title.partition(":")
    signatories = [*certificate.signatories, {}, {}][:2]
    with override(certificate.language):
        return render_to_string(
            "certificates/print_record.html" if certificate.is_record else "certificates/print_certificate.html",
            {
                "certificate": certificate,
                "is_rtl": get_language_info(certificate.language)["bidi"],
                "title": title.strip(),
                "subtitle": subtitle.strip()[:1].upper() + subtitle.strip()[1:],
                "title_size": _size(certificate.title if not subtitle else title, TITLE_SIZES),
                "name_size": _size(certificate.printed_name, NAME_SIZES),
                "name_lines": _lines(certificate.printed_name),
                "name_is_one_word": " " not in certificate.printed_name,
                "module_size": "many" if len(certificate.modules) > 8 else "few",
                "issued_on": long_date(certificate.issued_on, certificate.language),
                "expires_on": certificate.expires_on and long_date(certificate.expires_on, certificate.language),
                "signatories": signatories,
                "qr": "data:image/svg+xml;base64," + base64.b64encode(qr_svg(certificate.serial).encode()).decode(),
                "verify_at": verify_address().partition("://")[2].rstrip("/"),
            },
        )


def certificate_pdf(certificate: Certificate) -> bytes:
    """The document as PDF/A-3a that also keeps PDF/UA-1: tagged, fonts inside, neutral metadata."""
    return pdf_of(certificate_html(certificate), STYLE, identifier=certificate.serial)


def _size(text: str, sizes: tuple[tuple[int, str], ...]) -> str:
    return next((name for longest, name in sizes if len(text) <= longest), "xs")


def _lines(name: str) -> list[str]:
    """``name``, or its two lines, broken at the gap nearest to its middle: never inside a double name."""
    gaps = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= ONE_LINE or not gaps:
        return [name]
    middle = min(gaps, key=lambda place: abs(2 * place - len(name)))
    return [name[:middle], name[middle + 1 :]]
