"""Phone numbers as they are typed, made into the one form they are kept in."""

from __future__ import annotations

import phonenumbers
from django.conf import settings

LEAST_DIGITS = 8
"""Fewer digits than any mobile number has: a short run of digits is a work name, not a phone."""


def numbers_meant(typed: str) -> list[str]:
    """Every number (E.164) that ``typed`` can mean in the regions of ``PHONE_REGIONS``; often none.

    ``0712 345 678`` is a possible number in several countries: all are returned, in the order of the
    regions, without repeats. A number with its country code means itself only.
    """
    if sum(character.isdigit() for character in typed) < LEAST_DIGITS or any(c.isalpha() for c in typed):
        return []
    found = (to_e164(typed, region) for region in settings.PHONE_REGIONS)
    return list(dict.fromkeys(number for number in found if number))


def to_e164(typed: str, region: str) -> str:
    """``typed`` as a number of ``region`` (two letters) in E.164; empty when it cannot be one."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
