"""The awards of a programme as text: each line's bounds, and what the lines say together."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from programme import configured_awards

WHOLE = """
[[awards]]
code = "first"
kind = "certified"
gates = ["first"]
attendance_hours = 60
logbook_entries = 10
valid_months = 12
two_people = ["revoke", "restore"]
titles.en = "First"

[[awards]]
code = "again"
kind = "refresher"
needs = ["first"]
titles.en = "Again"
"""


def read(text: str) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
    said: list[tuple[str, int]] = []
    found = configured_awards.read(
        tomllib.loads(text)["awards"], ["en", "sw"], lambda _key, what, place: said.append((what, place))
    )
    return found, said


def test_what_an_award_says_and_what_it_leaves_out() -> None:
    found, said = read(WHOLE)
    assert said == []
    assert found[0] == {
        "order": 1,
        "code": "first",
        "kind": "certified",
        "titles": {"en": "First"},
        "gates": ["first"],
        "needs": [],
        "two_people": ["revoke", "restore"],
        "is_record": False,
        "allows_work_alone": False,
        "allows_work_supervised": False,
        "after_end": False,
        "valid_months": 12,
        "not_before_day": 0,
        "attendance_hours": 60,
        "logbook_entries": 10,
    }
    assert [award["code"] for award in found] == ["first", "again"]


@pytest.mark.parametrize(
    ("old", "new", "what", "place"),
    [
        ('"certified"', '"diploma"', "diploma is no kind; there are induction, certified", 1),
        ("= 60", "= 1001", "attendance_hours is a number from 0 to 1000", 1),
        ("= 60", "= true", "attendance_hours is a number from 0 to 1000", 1),
        ("= 12", "= 0", "valid_months is a number from 1 to 120", 1),
        ('"restore"', '"replace"', "two people may decide about suspend, restore, revoke; not replace", 1),
        ('["first"]\nattendance', '"first"\nattendance', "gates is a list of words", 1),
        ('gates = ["first"]\n', "", "an award names the gates that lead to it, or what it needs", 1),
        ('titles.en = "First"', 'titles.sw = "Kwanza"', "titles has a title in English", 1),
        ('titles.en = "First"', 'titles.en = " "', "a title is words", 1),
        ('code = "again"', 'code = "first"', "first is not a code of its own", 2),
        ('needs = ["first"]', 'needs = ["second"]', "it needs second, which is no award here", 2),
        ('needs = ["first"]', 'gates = ["first"]', "a refresher names what it refreshes (needs)", 2),
        ('gates = ["first"]', 'needs = ["again"]', "first would have to come before itself", 1),
        ('titles.en = "Again"', 'colour = "red"', "an award has code and titles, and of after_end", 2),
    ],
)
def test_each_thing_that_is_wrong_is_told_with_its_place(old: str, new: str, what: str, place: int) -> None:
    assert old in WHOLE
    _found, said = read(WHOLE.replace(old, new, 1))
    assert any(words.startswith(what) and where == place for words, where in said), said


def test_there_is_room_for_so_many_as_a_code_can_name() -> None:
    one = '[[awards]]\ncode = "a{0}"\ngates = ["x"]\ntitles.en = "A"\n'
    assert read("".join(one.format(number) for number in range(255)))[1] == []
    _found, said = read("".join(one.format(number) for number in range(256)))
    assert said == [("there is room for 255 awards", 256)]
