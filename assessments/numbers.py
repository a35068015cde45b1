"""Numbers as people write them: digits of any script, comma or point as the decimal sign. Plain values in and out.

The phone reads them by the same rules (``static/offline/kinds.js``); ``tests/assessments/kinds/`` holds both to one
list of examples.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from babel import UnknownLocaleError
from babel.core import Locale
from babel.numbers import get_decimal_symbol

LONGEST = 24
"""Letters that a number may have. What a person means is shorter, and what is longer is no answer."""

SIGNS = {"٫": ".", "٬": "'", "’": "'", "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
"""Arabic decimal and thousands signs, other dashes and spaces."""

WITH_WORDS = re.compile(r"^([^\d-]*)(-?\d(?:[\d.,' ]*\d)?)(.*)$")
GROUPED = re.compile(r"^-?\d{1,3}([.,' ])\d{3}(?:\1\d{3})*$")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


def number_in(text: str, *, decimal_sign: str = ".", unit: str = "") -> Decimal | None:
    """The number that ``text`` says, or ``None`` when that is not sure.

    Both ``2,5`` and ``2.5`` are two and a half. Where one sign could part thousands as well (``1,000``), it does so
    unless it is the ``decimal_sign`` of her language. Words around the number are taken only when they are its
    ``unit``: ``6 months`` where months are asked for, never ``6 weeks``.
    """
    if len(text) > LONGEST + len(unit):
        return None
    found = WITH_WORDS.match(" ".join("".join(map(_plain_sign, text)).split()))
    if not found or not all(_is_unit(words, unit) for words in (found[1], found[3])):
        return None
    return _value(found[2], decimal_sign)


def decimal_sign_of(language: str) -> str:
    """The sign before tenths in ``language``; a point where it is not known."""
    try:
        return str(get_decimal_symbol(Locale.parse(language.replace("-", "_"))))
    except (UnknownLocaleError, ValueError):
        return "."


def as_text(number: Decimal) -> str:
    """The one way in which a number is kept: ``2.5``, ``6``, ``0``; never ``6.0``, ``-0`` or an exponent."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def as_read(text: str, decimal_sign: str = ".") -> str:
    """A kept number as it is written in a language: ``2,5`` in Portuguese."""
    return text.replace(".", decimal_sign)


def kept(text: str) -> Decimal | None:
    """The number of a text that ``as_text`` made; ``None`` for anything else."""
    return Decimal(text) if len(text) <= LONGEST and text.isascii() and PLAIN.fullmatch(text) else None


def _plain_sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return SIGNS.get(sign, sign) if digit is None else str(digit)


def _is_unit(words: str, unit: str) -> bool:
    """Whether ``words`` are the unit or the beginning of it, as in ``6 m``; nothing at all is well too."""
    said = words.strip(" .").casefold()
    return not said or unit.strip().casefold().startswith(said)


def _value(text: str, decimal_sign: str) -> Decimal | None:
    signs = [sign for sign in text if sign in ".,"]
    grouped = GROUPED.match(text)
    if grouped and grouped[1] != decimal_sign and not (grouped[1] in ".," and text.lstrip("-").startswith("0")):
        whole, part = text, ""
    elif signs and text.count(signs[-1]) == 1:
        # The last sign is the decimal one: in 1.000,5 the points part the thousands.
        whole, _sign, part = text.rpartition(signs[-1])
    elif signs:
        return None
    else:
        whole, part = text, ""
    if not (whole.lstrip("-").isdecimal() or GROUPED.match(whole)) or (part and not part.isdecimal()):
        return None
    digits = re.sub(r"[^\d-]", "", whole)
    return Decimal(f"{digits}.{part}" if part else digits)
