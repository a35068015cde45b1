"""What a country's value may be, and how it is printed in a language. Plain values in and out.

- a number: ``{"number": "72", "unit": "hour"}``, or a span ``{"number": "12", "to": "24", "unit": "month"}``; the unit
  may be missing (``1000`` copies);
- a list of times: ``[{"number": "6", "unit": "week", "what": "pcr"}, {"point": "birth"}, {"number": "6",
  "unit": "month", "is_every": true, "point": "breastfeeding"}]``.

Numbers are kept as text, as people write them: ``0.5`` stays that. Nothing is a dose: no unit of a medicine is known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import UnknownLocaleError
from babel.core import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

UNITS = ("hour", "day", "week", "month", "year")
WORDS_FILE = Path(__file__).with_name("value_words.toml")
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
MOST_TIMES = 12


@cache
def words() -> Mapping[str, Any]:
    """``value_words.toml``: ``{language: {"units", "points", "what", "ways", "list"}}``."""
    with WORDS_FILE.open("rb") as file:
        return tomllib.load(file)


def points() -> list[str]:
    """The points in time that a value can name."""
    return list(words()["en"]["points"])


def deeds() -> list[str]:
    """What can happen at a time."""
    return list(words()["en"]["what"])


def problems(kind: str, value: Any) -> list[str]:
    """Everything because of which ``value`` is no value of ``kind``, in English, for whoever writes a pack."""
    if value is None or kind == "text":
        return [] if value is None else ["a fact in words has no typed value"]
    if kind == "number":
        return list(_number_problems(value, {"number", "to", "unit"}))
    if not isinstance(value, list) or not 0 < len(value) <= MOST_TIMES:
        return [f"times are a list of 1 to {MOST_TIMES}"]
    return [f"time {place}: {what}" for place, one in enumerate(value, start=1) for what in _time_problems(one)]


def _number_problems(value: Any, known: set[str]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield 'a number is written { number = "6", unit = "week" }'
        return
    for name in value.keys() - known:
        yield f"{name} has no meaning here"
    if not _is_number(value.get("number")):
        yield 'number is missing, or is not digits in quotation marks, such as "6"'
    elif "to" in value and not (_is_number(value["to"]) and Decimal(value["to"]) > Decimal(value["number"])):
        yield "to is a larger number"
    if value.get("unit", "") not in ("", *UNITS):
        yield f"unit is one of {', '.join(UNITS)}"


def _time_problems(one: Any) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield 'a time is written { number = "6", unit = "week" } or { point = "birth" }'
        return
    if "number" in one:
        rest = {name: given for name, given in one.items() if name not in {"point", "what", "is_every"}}
        yield from _number_problems(rest, {"number", "to", "unit"})
        if not one.get("unit"):
            yield "a number needs its unit"
    elif "point" not in one:
        yield "it says neither a number nor a point"
    for name in one.keys() - {"number", "to", "unit", "point", "what", "is_every"}:
        yield f"{name} has no meaning here"
    if one.get("point", "birth") not in points():
        yield f"point is one of {', '.join(points())}"
    if one.get("what", "test") not in deeds():
        yield f"what is one of {', '.join(deeds())}"
    if not isinstance(one.get("is_every", False), bool) or (one.get("is_every") and "number" not in one):
        yield "is_every is true beside a number"


def _is_number(given: Any) -> bool:
    return isinstance(given, str) and NUMBER.fullmatch(given) is not None


def the_number(value: Any) -> Decimal | None:
    """The one number that ``value`` is; ``None`` for a span, a list of times or nothing."""
    if isinstance(value, Mapping) and "to" not in value and _is_number(value.get("number")):
        return Decimal(value["number"])
    return None


def printed(value: Any, language: str) -> str:
    """``value`` in words of ``language``; empty where that language does not have the words."""
    try:
        if isinstance(value, Mapping):
            return _span(value, language)
        if isinstance(value, list) and value:
            return _listed([_time(one, language) for one in value], language)
    except (KeyError, UnknownLocaleError, ValueError):
        return ""
    return ""


def printed_times(value: Any, language: str) -> list[str]:
    """Each time of the list ``value`` in words of ``language``, as ``printed`` says it; empty where it lacks words."""
    try:
        return [_time(one, language) for one in value] if isinstance(value, list) else []
    except (KeyError, UnknownLocaleError, ValueError):
        return []


def _span(value: Mapping[str, Any], language: str) -> str:
    if "to" not in value:
        return _amount(value["number"], value.get("unit", ""), language)
    several = _amount(value["to"], value.get("unit", ""), language)
    last = _digits(value["to"], language)
    both = words()[language]["ways"]["range"].format_map({"from": _digits(value["number"], language), "to": last})
    return several.replace(last, both, 1)


def _time(one: Mapping[str, Any], language: str) -> str:
    own = words()[language]
    said = own["points"][one["point"]] if "point" in one else ""
    if "number" in one:
        amount = _span(one, language)
        if one.get("is_every"):
            # Where the word agrees with its unit, that unit has a way of its own.
            way = own["ways"].get(f"every_{one.get('unit', '')}", own["ways"]["every"])
            amount = way.format(time=amount)
        said = own["ways"]["with_point"].format(time=amount, point=said) if said else amount
    return own["ways"]["with_what"].format(time=said, what=own["what"][one["what"]]) if "what" in one else said


def _amount(number: str, unit: str, language: str) -> str:
    """``6 weeks``. Raises ``KeyError`` where neither CLDR nor we have the unit in ``language``."""
    if not unit:
        return _digits(number, language)
    own = words().get(language, {}).get("units", {})
    if unit in own:
        one, many = own[unit]
        return str(one if Decimal(number) == 1 else many).format(number=_digits(number, language))
    said = format_unit(Decimal(number), f"duration-{unit}", locale=_locale(language)).replace("\u00a0", " ")
    if "duration-" in said:
        raise KeyError(unit)
    return said


def _digits(number: str, language: str) -> str:
    try:
        return format_decimal(Decimal(number), locale=_locale(language)).replace("\u202f", " ").replace("\u00a0", " ")
    except UnknownLocaleError:
        return number


def _listed(said: Sequence[str], language: str) -> str:
    own = words().get(language, {}).get("list")
    if own is None:
        return format_list(list(said), locale=_locale(language))
    between, before_last = own
    return before_last.join([*([between.join(said[:-1])] if len(said) > 1 else []), said[-1]])


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
