from types import SimpleNamespace
from typing import Any

import pytest

from certificates.models import check_character, new_serial
from certificates.serials import (
    is_well_formed,
    qr_measure,
    qr_says,
    qr_svg,
    typed_serial,
    typed_statement,
    verify_address,
)
from certificates.statements import as_text
from people.models import UNAMBIGUOUS


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("K7M2QXAB9TRE", "K7M2QXAB9TRE"),
        (" k7m2 qxab-9tre ", "K7M2QXAB9TRE"),
        ("https://example.org/verify/K7M2QXAB9TRE/", "K7M2QXAB9TRE"),
        ("example.org/verify/k7m2qxab9tre/?language=sw#name", "K7M2QXAB9TRE"),
        ("K7M2QXAB9TRE and more", "K7M2QXAB9TRE"),
        ("", ""),
        ("///", ""),
        ("0O1IL", ""),
        ("';--", ""),
        ("ŵũ", ""),
    ],
)
def test_typed_serial_takes_what_people_type(typed: str, serial: str) -> None:
    assert typed_serial(typed) == serial


RAW = bytes([1]) + bytes(range(94))


def paper(statement: bytes = b"") -> Any:
    return SimpleNamespace(serial="K7M2QXAB9TRE", statement=statement)


def test_the_address_and_the_code_of_an_old_paper_hold_the_number_alone(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://example.org/"
    assert verify_address("K7M2QXAB9TRE") == "https://example.org/verify/K7M2QXAB9TRE/"
    assert verify_address() == "https://example.org/verify/"
    assert qr_says(paper()) == "https://example.org/verify/K7M2QXAB9TRE/"
    assert qr_svg(paper()).startswith("<svg ")
    assert "style=" not in qr_svg(paper())


@pytest.mark.parametrize(("host", "version", "modules"), [("a.example.org", 7, 45), ("learn.example.org", 8, 49)])
def test_the_code_of_a_signed_paper_is_no_finer_than_a_photocopy_bears(
    settings: Any, host: str, version: int, modules: int
) -> None:
    settings.WAGTAILADMIN_BASE_URL = f"https://{host}"
    measure = qr_measure(paper(RAW))
    assert qr_says(paper(RAW)) == f"HTTPS://{host.upper()}/V/{as_text(RAW)}"
    assert (measure.version, measure.level, measure.modules) == (version, "M", modules)


@pytest.mark.parametrize("typed", ["{address}", "{text}", " {low} ", "{address}/?language=sw", "x/{text}"])
def test_a_scanned_code_may_be_pasted(typed: str) -> None:
    text = as_text(RAW)
    typed = typed.format(address=f"HTTPS://EXAMPLE.ORG/V/{text}", text=text, low=text.lower())
    assert typed_statement(typed) == RAW


@pytest.mark.parametrize("typed", ["", "K7M2QXAB9TRE", "A" * 151, "A" * 400, "ŵ" * 152])
def test_what_is_no_statement_is_none(typed: str) -> None:
    assert typed_statement(typed) is None


def test_every_slip_of_one_letter_or_of_two_neighbours_is_seen() -> None:
    """Also that a number is well formed as it was made: the check is on paper, and cannot change."""
    assert check_character("K7M2QXAB9TR") == "W"
    serial = new_serial()
    assert is_well_formed(serial)
    for place in range(12):
        for letter in UNAMBIGUOUS:
            assert is_well_formed(serial[:place] + letter + serial[place + 1 :]) is (letter == serial[place])
        swapped = serial[:place] + serial[place : place + 2][::-1] + serial[place + 2 :]
        assert is_well_formed(swapped) is (swapped == serial)
    assert not is_well_formed("")
    assert not is_well_formed(serial[:-1])
