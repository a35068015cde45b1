"""A frozen certificate in, HTML or PDF bytes out. Reads no table and no network."""

from __future__ import annotations

import base64
import threading
import warnings
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import UnknownLocaleError
from babel.core import Locale
from babel.dates import format_date
from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from certificates.models import Certificate
from certificates.serials import qr_svg, verify_address

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
STYLE = HERE / "print.css"

NAME_SIZES = ((20, "xl"), (30, "l"), (44, "m"), (70, "s"))
"""(longest name in letters, its size class); a longer one is ``xs``."""

ONE_LINE = 44
"""A name with more letters is set on two lines."""

TITLE_SIZES = ((34, "l"), (48, "m"))

OWN_PATTERN = "d MMMM y"
"""Where CLDR's long pattern is thin or American, the order of a date that these languages write."""

THIN = frozenset({"zu", "xh", "st", "ny", "rw", "ss", "tn", "ts", "ve", "nso", "sw", "lg", "ha", "yo"})

UA_MARK = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/></rdf:RDF>"""
"""The archival variant is tagged but says only "PDF/A": this adds that it keeps PDF/UA too."""

_one_at_a_time = threading.Lock()


class OutsideRefused(ValueError):
    """The document asked for something that is not part of it."""


class OwnFilesOnly(URLFetcher):
    """Opens our own fonts and what is written in the document itself; never the network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(("data:", FONTS.as_uri() + "/")):
            raise OutsideRefused(url)
        return super().fetch(url, headers)


@dataclass(frozen=True)
class _Setting:
    """What takes long to prepare, made once for the life of the process."""

    fonts: FontConfiguration
    style: CSS
    fetcher: OwnFilesOnly


@cache
def _setting() -> _Setting:
    fonts = FontConfiguration()
    fetcher = OwnFilesOnly(allowed_protocols={"data", "file"}, allow_redirects=False)
    style = CSS(string=STYLE.read_text(), base_url=FONTS.as_uri() + "/", font_config=fonts, url_fetcher=fetcher)
    return _Setting(fonts, style, fetcher)


def long_date(day: date, language: str) -> str:
    """``3 March 2027`` in ``language``; British English where the language is not known."""
    try:
        locale = Locale.parse({"en": "en_GB"}.get(language, language.replace("-", "_")), sep="_")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en_GB")
    return format_date(day, OWN_PATTERN if language in THIN else "long", locale=locale)


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
    html = certificate_html(certificate)
    with _one_at_a_time, warnings.catch_warnings():
        # WeasyPrint 70 leaves closing its own colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        setting = _setting()
        return HTML(string=html, base_url=FONTS.as_uri() + "/", url_fetcher=setting.fetcher).write_pdf(
            stylesheets=[setting.style],
            font_config=setting.fonts,
            pdf_variant="pdf/a-3a",
            xmp_metadata=[BytesIO(UA_MARK)],
            pdf_identifier=certificate.serial.encode(),
        )


def _size(text: str, sizes: tuple[tuple[int, str], ...]) -> str:
    return next((name for longest, name in sizes if len(text) <= longest), "xs")


def _lines(name: str) -> list[str]:
    """``name``, or its two lines, broken at the gap nearest to its middle: never inside a double name."""
    gaps = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= ONE_LINE or not gaps:
        return [name]
    middle = min(gaps, key=lambda place: abs(2 * place - len(name)))
    return [name[:middle], name[middle + 1 :]]
