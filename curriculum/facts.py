"""What a country's guideline says, printed into text.

Lessons and questions hold ``{bf_duration}``; the country's value is put in when a text is frozen: in its own words,
or printed from its type (``typed_values``).
A missing or unconfirmed value prints "Ask your trainer": never another country's number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from curriculum.models import FactValue
from curriculum.typed_values import printed, the_number

PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,8})?")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Values(dict[str, str]):
    """A country's values in one language. A key without a value answers in words, in that language."""

    def __init__(self, values: Mapping[str, str] | None = None, *, language: str) -> None:
        super().__init__(values or {})
        self.language = language

    def __missing__(self, key: str) -> str:
        return ask_your_trainer(self.language)


def values_for(country: Any, language: str, *, is_demonstration: bool = False) -> Values:
    """The values in force in ``country`` (a ``Country`` or its code), in the words of ``language``.

    A value without words in that language is left out, and so is one that is not confirmed; in a
    demonstration the latter says so, without the value. One query.
    """
    rows = FactValue.objects.filter(country=country, valid_to_on=None).select_related("fact")
    values = Values(language=language)
    for row in rows:
        if row.is_sure:
            if words := words_of(row, language):
                values[row.fact.key] = words
        elif is_demonstration:
            values[row.fact.key] = not_confirmed(language)
    return values


def words_of(value: FactValue | None, language: str) -> str:
    """What ``value`` says in ``language``, however sure it is: its own words, failing those its typed value printed.

    Empty where that language has no words for it.
    """
    if value is None:
        return ""
    return str(value.texts.get(language) or "") or printed(value.value, language)


def words_in_best(value: FactValue | None, language: str) -> str:
    """For the desk, where a value must be seen: in ``language``, failing that in any that has words."""
    if value is None:
        return ""
    return words_of(value, language) or words_of(value, "en") or next(iter(value.texts.values()), "")


def numbers_for(country: Any) -> dict[str, Decimal]:
    """The values in force in ``country`` that are one plain number: ``{"pep_hours": Decimal("72")}``. One query.

    A promise to whoever marks by it: a typed number, or a value without a type whose words in every language are the
    same digits. One that is not confirmed, a span, or one that says anything beside the number is none.
    """
    rows = FactValue.objects.filter(country=country, valid_to_on=None).exclude(mark=FactValue.Mark.UNSURE)
    found = {}
    for key, value, texts in rows.values_list("fact__key", "value", "texts"):
        number = the_number(value) if value is not None else _number_said(texts)
        if number is not None:
            found[key] = number
    return found


def times_for(country: Any) -> dict[str, list[Any]]:
    """The values in force in ``country`` that are lists of times, each in its order (``typed_values``). One query.

    A promise to whoever marks by it: one that is not confirmed, or that is words only, is none.
    """
    rows = FactValue.objects.filter(country=country, valid_to_on=None).exclude(mark=FactValue.Mark.UNSURE)
    return {key: value for key, value in rows.values_list("fact__key", "value") if isinstance(value, list)}


def _number_said(texts: Mapping[str, str]) -> Decimal | None:
    said = {str(words).strip().replace(",", ".") for words in texts.values() if words}
    number = said.pop() if len(said) == 1 else ""
    return Decimal(number) if PLAIN_NUMBER.fullmatch(number) else None


def number_for(country: Any, key: str) -> Decimal | None:
    """The number that ``key`` is in ``country``, or ``None`` while it is none (``numbers_for``)."""
    return numbers_for(country).get(key)


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each ``{key}`` replaced by its value, or by "Ask your trainer"."""
    return PLACEHOLDER.sub(lambda match: _value(match[1], values), text)


def fill_html(html: str, values: Mapping[str, str]) -> SafeString:
    """Like ``fill`` for html of our own making; values are escaped."""
    return mark_safe(PLACEHOLDER.sub(lambda match: escape(_value(match[1], values)), html))


def keys_in(text: str) -> set[str]:
    """The keys of the facts that ``text`` prints."""
    return set(PLACEHOLDER.findall(text))


def ask_your_trainer(language: str) -> str:
    """What stands in a sentence where a country's value is not known."""
    with translation.override(language):
        # Translators: Printed in a lesson after a colon, where a rule is not known: "How long: Ask your trainer".
        return _("Ask your trainer")


def not_confirmed(language: str) -> str:
    """What stands in a demonstration where a value is known but not confirmed."""
    with translation.override(language):
        # Translators: Printed in a lesson after a colon: "How long: not confirmed: ask your trainer".
        return _("not confirmed: ask your trainer")


def _value(key: str, values: Mapping[str, str]) -> str:
    try:
        return values[key]
    except KeyError:
        return ask_your_trainer(translation.get_language() or "en")
