"""A frozen certificate in, HTML or PDF bytes out: the sheet, the card, her named copy. No network.

``facts`` of a passport: ``from_on`` and ``until_on`` (ISO days), ``attendance_hours``, ``logbook_entries``;
``practices``, each with ``titles`` per language and ``on``; ``certificates``, each with ``titles``, ``number``,
``issued_on`` and ``expires_on``. What is not there is not printed.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateFile
from certificates.paper_fit import (
    CARD_ISSUER_WIDTH,
    ISSUER_SIZES,
    NAME,
    NAME_IN_RECORD,
    NAME_ON_CARD,
    NAME_UNDER_LETTERHEAD,
    RECORD_FOOT,
    RECORD_TITLE_SIZES,
    RECORD_WIDTH,
    SHEET_FOOT,
    dates_points,
    fitted,
    lines_at_colon,
    listing,
    on_one_line,
    on_two_lines,
    size_class,
    title_points,
    titles_on_card,
)
from certificates.paper_record import record_of
from certificates.paper_words import Said, amount, dates, labels, languages_of, period, titles_of, translated
from certificates.serials import qr_svg, verify_address
from paper.engine import CannotPrint, pdf_of
from paper.letters import unprintable

__all__ = ["SignsWithoutFont", "cards_html", "cards_pdf", "certificate_html", "certificate_pdf", "record_of"]

STYLE = Path(__file__).resolve().parent / "print.css"

Kind = CertificateFile.Kind

CARDS_ON_A_SHEET = 5
MOST_SIGNATORIES = 3


class SignsWithoutFont(CannotPrint):
    """The name has signs that no font of ours can write; ``str()`` of it is a sentence for whoever issues."""

    def __init__(self, signs: str) -> None:
        self.signs = signs
        super().__init__(signs_words(signs))


def signs_words(signs: str) -> str:
    """What to say of a name with ``signs`` (``paper.letters.unprintable``), before it is frozen or when it is drawn."""
    return _("This name has a sign that cannot be printed: %(signs)s. Ask her to write her name with letters.") % {
        "signs": " ".join(signs)
    }


def certificate_html(certificate: Certificate, kind: Kind = Kind.PAPER) -> str:
    """The document as HTML, in its own language and the working language, whatever the language in force."""
    if kind == Kind.CARD:
        return cards_html([certificate])
    if "practices" in certificate.facts:
        return render_to_string(
            "certificates/print_passport.html", _record_words(certificate, kind) | _own(certificate)
        )
    if certificate.is_record:
        return render_to_string("certificates/print_record.html", _record_words(certificate, kind))
    return render_to_string("certificates/print_certificate.html", _sheet_words(certificate, kind))


def certificate_pdf(certificate: Certificate, kind: Kind = Kind.PAPER) -> bytes:
    """The document as PDF/A-3a that also keeps PDF/UA-1: tagged, fonts inside, neutral metadata. Not signed yet.

    Raises ``SignsWithoutFont``, or ``CannotPrint`` where the server lacks a font or Pango.
    """
    return pdf_of(certificate_html(certificate, kind), STYLE, identifier=certificate.serial)


def cards_html(certificates: Sequence[Certificate]) -> str:
    """Cards for the wallet as HTML, five on a page of A4, each with its front and its back side by side."""
    first = certificates[0]
    languages = languages_of(first)
    cards = [_card_words(certificate) for certificate in certificates]
    pages = [cards[start : start + CARDS_ON_A_SHEET] for start in range(0, len(cards), CARDS_ON_A_SHEET)]
    return render_to_string(
        "certificates/print_cards.html",
        {
            "language": first.language,
            "is_rtl": get_language_info(first.language)["bidi"],
            "title": first.number if len(cards) == 1 else f"{first.number} + {len(cards) - 1}",
            "pages": pages,
            "cut": labels(languages, hours=0, number="")["cut"],
        },
    )


def cards_pdf(certificates: Sequence[Certificate]) -> bytes:
    """The sheet of many for a ceremony; its title is the first number and how many more there are."""
    return pdf_of(cards_html(certificates), STYLE, identifier=certificates[0].serial)


def _common(certificate: Certificate, kind: Kind) -> dict[str, Any]:
    """What every shape needs."""
    if signs := unprintable(certificate.printed_name):
        raise SignsWithoutFont(signs)
    languages = languages_of(certificate)
    return {
        "certificate": certificate,
        "is_rtl": get_language_info(certificate.language)["bidi"],
        "languages": languages,
        "issuing_name": _issuing_name(certificate, kind),
        "titles": titles_of(certificate),
        "issued": dates(certificate.issued_on, languages),
        "expires": certificate.expires_on and dates(certificate.expires_on, languages),
        "qr": "data:image/svg+xml;base64," + base64.b64encode(qr_svg(certificate, border=4).encode()).decode(),
        "verify_at": verify_address().partition("://")[2].rstrip("/"),
    }


def _issuing_name(certificate: Certificate, kind: Kind) -> str:
    """The neutral name; on her own named copy the full one, as it was frozen or else as the programme has it now."""
    if kind != Kind.NAMED:
        return certificate.issuing_name
    frozen = certificate.facts.get("named_copy_name", "")
    return str(frozen or certificate.term.programme.named_copy_name or certificate.issuing_name)


def _document_words(certificate: Certificate, kind: Kind) -> dict[str, Any]:
    words = _common(certificate, kind)
    languages = words["languages"]
    earlier = certificate.replaces.number if certificate.replaces else ""
    said = labels(languages, hours=certificate.hours, number=certificate.number, earlier=earlier)
    signatories = [*certificate.signatories, *({}, {})[len(certificate.signatories) :]][:MOST_SIGNATORIES]
    is_long = certificate.is_record or "practices" in certificate.facts
    place = RECORD_FOOT if is_long else SHEET_FOOT
    return words | {
        "words": said,
        "earlier": earlier,
        "is_long": is_long,
        "letterhead_beneath": _letterhead_beneath(certificate, languages),
        "hours": amount(certificate.hours, languages),
        "issuer_size": size_class(on_two_lines(words["issuing_name"], place.issuer, "bold", ISSUER_SIZES)),
        "date_size": size_class(dates_points([words["issued"], words["expires"] or said["no_end"]], place.day)),
        "modules": [
            {
                "title": _module_title(module, languages),
                "hours": amount(module["hours"], languages),
                "is_practised": module["is_practised"],
            }
            for module in certificate.modules
        ],
        "signatories": [
            {
                "name": person.get("name", ""),
                "size": size_class(on_one_line(person.get("name", ""), place.signature(len(signatories)))),
                "title": _signatory_title(person, languages) or said["signature"],
            }
            for person in signatories
        ],
    }


def _sheet_words(certificate: Certificate, kind: Kind) -> dict[str, Any]:
    words = _document_words(certificate, kind)
    heading, _colon, rest = words["titles"].first.partition(":")
    learned = [module["title"] for module in words["modules"]]
    return words | {
        "title": heading.strip(),
        "subtitle": rest.strip()[:1].upper() + rest.strip()[1:],
        "title_size": size_class(title_points(heading.strip())),
        "name": fitted(certificate.printed_name, NAME_UNDER_LETTERHEAD if len(certificate.letterhead) > 2 else NAME),
        "listing": listing(words["words"]["learned"], learned, words["languages"]),
    }


def _record_words(certificate: Certificate, kind: Kind) -> dict[str, Any]:
    words = _document_words(certificate, kind)
    return words | {
        "title_size": size_class(title_points(words["titles"].first, RECORD_WIDTH, RECORD_TITLE_SIZES)),
        "name": fitted(certificate.printed_name, NAME_IN_RECORD),
    }


def _card_words(certificate: Certificate) -> dict[str, Any]:
    languages = languages_of(certificate)
    titles, points = titles_on_card(titles_of(certificate))
    return _common(certificate, Kind.CARD) | {
        "titles": titles,
        "title_lines": lines_at_colon(titles.first, points),
        "title_size": size_class(points),
        "words": labels(languages, hours=certificate.hours, number=certificate.number),
        "name": fitted(certificate.printed_name, NAME_ON_CARD),
        "issuer_size": size_class(on_one_line(certificate.issuing_name, CARD_ISSUER_WIDTH, "bold")),
    }


def _letterhead_beneath(certificate: Certificate, languages: list[str]) -> Said | None:
    """The letterhead in the second language, on one line; ``None`` where it says the same or is not there."""
    lines = (certificate.facts.get("letterheads") or {}).get(languages[-1]) or []
    if len(languages) < 2 or not lines or lines == certificate.letterhead:
        return None
    return Said(" · ".join(lines), second_language=languages[1])


def _own(certificate: Certificate) -> dict[str, Any]:
    """What a passport says beside the modules."""
    facts, languages = certificate.facts, languages_of(certificate)
    attended = Decimal(str(facts.get("attendance_hours") or 0))
    return {
        "worked": _days(facts.get("from_on"), facts.get("until_on"), languages),
        "attended": attended and amount(attended, languages),
        "sessions": facts.get("logbook_entries") and amount(facts["logbook_entries"], languages),
        "papers": [
            {
                "title": _said(paper, languages),
                "number": _grouped(paper["number"]),
                "issued": _day(paper["issued_on"], languages),
                "until": _day(paper.get("expires_on"), languages),
            }
            for paper in facts.get("certificates", [])
        ],
        "practices": [
            {"title": _said(practice, languages), "on": _day(practice["on"], languages)}
            for practice in facts.get("practices", [])
        ],
    }


def _day(written: str | None, languages: list[str]) -> Said | None:
    return dates(date.fromisoformat(written), languages) if written else None


def _days(first: str | None, last: str | None, languages: list[str]) -> Said | None:
    """From and until; ``None`` where either is not known."""
    if not first or not last:
        return None
    return period(date.fromisoformat(first), date.fromisoformat(last), languages)


def _grouped(number: str) -> str:
    plain = number.replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _said(thing: dict[str, Any], languages: list[str]) -> Said:
    """Its title in both languages; where it has none in hers, the one that it has."""
    return translated(thing.get("titles") or {}, languages, thing.get("title", ""))


def _module_title(module: dict[str, Any], languages: list[str]) -> Said:
    return _said({"titles": module.get("cover_titles"), "title": module["cover_title"]}, languages)


def _signatory_title(person: dict[str, Any], languages: list[str]) -> Said | None:
    said = _said(person, languages)
    return said if said.first else None
