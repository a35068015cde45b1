"""Numbers as people write them. The phone reads the same list (tests/flows/test_kinds.py)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.numbers import as_text, decimal_sign_of, kept, number_in

EXAMPLES = [
    # typed, decimal sign of her language, unit, what it means
    ("6", ".", "", "6"),
    (" 6 ", ".", "", "6"),
    ("06", ".", "", "6"),
    ("6.", ".", "", "6"),
    ("2.5", ".", "", "2.5"),
    ("2,5", ".", "", "2.5"),
    ("2.5", ",", "", "2.5"),
    ("2,5", ",", "", "2.5"),
    ("2.50", ".", "", "2.5"),
    ("0,125", ".", "", "0.125"),
    ("1,000", ".", "", "1000"),
    ("1.000", ".", "", "1"),
    ("1.000", ",", "", "1000"),
    ("1,000", ",", "", "1"),
    ("1,000.5", ".", "", "1000.5"),
    ("1.000,5", ".", "", "1000.5"),
    ("1 000", ".", "", "1000"),
    ("1\u202f000", ",", "", "1000"),
    ("1’000", ".", "", "1000"),
    ("1,000,000", ".", "", "1000000"),
    ("٦", ".", "", "6"),
    ("٢٫٥", ".", "", "2.5"),
    ("۷۲", ".", "", "72"),
    ("६", ".", "", "6"),
    ("6 months", ".", "months", "6"),
    ("6months", ".", "months", "6"),
    ("6 M", ".", "months", "6"),
    ("Miezi 6", ".", "miezi", "6"),
    ("72 h.", ".", "hours", "72"),
    ("45 %", ".", "%", "45"),
    ("6 weeks", ".", "months", None),
    ("6 months", ".", "", None),
    ("about 6", ".", "months", None),
    ("six", ".", "months", None),
    ("", ".", "", None),
    ("-", ".", "", None),
    ("40-45", ".", "", None),
    ("1,00,000", ".", "", None),
    ("1.2.3", ".", "", None),
    ("4 5", ".", "", None),
    ("1e9", ".", "", None),
    ("½", ".", "", None),
    ("²", ".", "", None),
    ("9" * 60, ".", "", None),
]


@pytest.mark.parametrize(("typed", "sign", "unit", "meant"), EXAMPLES)
def test_a_number_is_read_as_it_is_meant(typed: str, sign: str, unit: str, meant: str | None) -> None:
    number = number_in(typed, decimal_sign=sign, unit=unit)
    assert (None if number is None else as_text(number)) == meant


@given(st.text(max_size=40), st.sampled_from([".", ","]), st.text(max_size=10))
def test_nothing_that_is_typed_is_a_fault(typed: str, sign: str, unit: str) -> None:
    number = number_in(typed, decimal_sign=sign, unit=unit)
    assert number is None or kept(as_text(number)) == number


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([".", ","]))
def test_what_is_written_in_a_language_is_read_in_it(number: Decimal, sign: str) -> None:
    text = as_text(number)
    assert number_in(text.replace(".", sign), decimal_sign=sign) == number
    assert kept(text) == number


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("sw", "."), ("pt", ","), ("fr", ","), ("zz", ".")])
def test_the_decimal_sign_follows_the_language(language: str, sign: str) -> None:
    assert decimal_sign_of(language) == sign


@pytest.mark.parametrize("text", ["1e5", "NaN", "Infinity", "٦", "", "+6", "6 ", "9" * 40])
def test_only_what_was_written_here_is_taken_back(text: str) -> None:
    assert kept(text) is None
