"""Dates as a document of a language writes them. Plain values only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel import UnknownLocaleError
from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

OWN_PATTERN = "d MMMM y"
"""Where CLDR's long pattern is thin or American, the order of a date that these languages write."""

THIN = frozenset({"zu", "xh", "st", "ny", "rw", "ss", "tn", "ts", "ve", "nso", "sw", "lg", "ha", "yo"})


def locale_of(language: str) -> Locale:
    """What is known of ``language``; British English where it is not known."""
    try:
        return Locale.parse({"en": "en_GB"}.get(language, language.replace("-", "_")), sep="_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def long_date(day: date, language: str) -> str:
    """``3 March 2027`` in ``language``; British English where the language is not known."""
    return format_date(day, OWN_PATTERN if language in THIN else "long", locale=locale_of(language))


def number(value: int | Decimal, language: str) -> str:
    """``1 250`` as ``language`` writes it."""
    return format_decimal(value, locale=locale_of(language))


def country_name(code: str, language: str, otherwise: str = "") -> str:
    """The name of a country in ``language``; ``otherwise`` where that is not known."""
    return str(locale_of(language).territories.get(code) or otherwise or code)
