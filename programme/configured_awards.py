"""The ``[[awards]]`` of a ``programme.toml``: which certificates there are, and what each asks for. Plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
KINDS = ("induction", "certified", "refresher", "graduation", "record", "trainer", "passport", "other")
VERBS = ("suspend", "restore", "revoke")
BOOLEANS = ("is_record", "allows_work_alone", "allows_work_supervised", "after_end")
NUMBERS = {
    "valid_months": (1, 120),
    "not_before_day": (0, 1000),
    "attendance_hours": (0, 1000),
    "logbook_entries": (0, 500),
}
LISTS = ("gates", "needs", "two_people")
KNOWN = {"code", "titles", "kind", *BOOLEANS, *NUMBERS, *LISTS}
MOST_AWARDS = 255
"""The code on a paper has one byte for which of them it is."""


def _unsaid() -> dict[str, Any]:
    """What an award is that says nothing: a line that is taken out of the text takes back what it said."""
    numbers = {name: None if name == "valid_months" else 0 for name in NUMBERS}
    return {"kind": "other", **dict.fromkeys(BOOLEANS, False), **numbers, **{name: [] for name in LISTS}}


Wrong = Callable[[str, str, int], None]
"""``(key, what is wrong, which of several)``."""


def read(given: Any, languages: Sequence[str], wrong: Wrong) -> list[dict[str, Any]]:
    """The awards under the names of the model's fields, in their order; what is wrong is told to ``wrong``."""
    found: list[dict[str, Any]] = []
    for place, row in enumerate(given if isinstance(given, list) else [None], start=1):
        if not isinstance(row, dict) or not {"code", "titles"} <= row.keys() <= KNOWN:
            wrong("awards", f"an award has code and titles, and of {', '.join(sorted(KNOWN))}", place)
            continue
        problem = _titles(row["titles"], languages) or _values(row) or _asks(row)
        if not problem and (row["code"] in {each["code"] for each in found} or not CODE.match(str(row["code"]))):
            problem = f"{row['code']} is not a code of its own"
        if problem:
            wrong("awards", problem, place)
        else:
            found.append({"order": place, **_unsaid(), **row})
    if len(found) > MOST_AWARDS:
        wrong("awards", f"there is room for {MOST_AWARDS} awards", MOST_AWARDS + 1)
    _check_needs(found, wrong)
    return found


def _titles(titles: Any, languages: Sequence[str]) -> str:
    if not isinstance(titles, dict) or "en" not in titles or set(titles) - set(languages):
        return "titles has a title in English, and in other languages of this installation"
    if any(not isinstance(title, str) or not title.strip() or len(title) > 160 for title in titles.values()):
        return "a title is words, 160 letters at most"
    return ""


def _values(row: Mapping[str, Any]) -> str:
    """What stands in each line, by itself."""
    if row.get("kind", "other") not in KINDS:
        return f"{row['kind']} is no kind; there are {', '.join(KINDS)}"
    for name in BOOLEANS:
        if not isinstance(row.get(name, False), bool):
            return f"{name} is true or false"
    for name, (least, most) in NUMBERS.items():
        value = row.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return f"{name} is a number from {least} to {most}"
    for name in LISTS:
        values = row.get(name, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            return f'{name} is a list of words (["..."])'
    unknown = [verb for verb in row.get("two_people", []) if verb not in VERBS]
    if unknown:
        return f"two people may decide about {', '.join(VERBS)}; not {', '.join(unknown)}"
    return ""


def _asks(row: Mapping[str, Any]) -> str:
    """What the lines say together."""
    if not row.get("is_record") and not row.get("gates") and not row.get("needs"):
        return "an award names the gates that lead to it, or what it needs; only a record has none"
    if row.get("kind") == "refresher" and not row.get("needs"):
        return "a refresher names what it refreshes (needs)"
    return ""


def _check_needs(found: list[dict[str, Any]], wrong: Wrong) -> None:
    """A certificate can only come after one that there is, and never after itself."""
    after = {row["code"]: set(row.get("needs", [])) for row in found}
    for place, row in enumerate(found, start=1):
        reached, ahead = set(), set(after[row["code"]])
        while ahead:
            code = ahead.pop()
            if code not in after:
                wrong("awards", f"it needs {code}, which is no award here", place)
            elif code not in reached:
                reached.add(code)
                ahead |= after[code]
        if row["code"] in reached:
            wrong("awards", f"{row['code']} would have to come before itself", place)
