"""What is written and read again is what was there, whatever stands in it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.gift.item_reading import read_items
from assessments.gift.item_writing import write_items
from assessments.gift.reading import read
from assessments.gift.writing import write
from tests.assessments.gift.generated import SPECIAL, files, files_of_items

CHANGES = [
    [],
    [""],
    ["// a"],
    ["// m1 ~ an idea # a feedback"],
    ["// a = a text -> a place ~ an idea # a feedback"],
    ["// [id:q1] [tag:practice] [tag:multiple]"],
    ["// a note"],
    ["= right # yes"],
    ["~ wrong # no"],
    ["~%50% half"],
    ["=%0% 7 # no"],
    ["= 3..4"],
    ["= left -> right"],
    ["= -> right"],
    ["= step -> 1"],
    ["{"],
    ["}"],
    ["} and more."],
    ["::M1-Q1:: Is it so? {TRUE # no # yes}"],
]


@given(files_of_items)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_items_come_back_equal(items):
    text = write_items(items)

    reading = read_items(text.encode())

    assert reading.problems == ()
    assert list(reading.items) == items
    assert write_items(reading.items) == text


@given(files)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_questions_come_back_equal(entries):
    text = write(entries)

    reading = read(text.encode())

    assert reading.is_whole
    assert list(reading.entries) == entries
    assert write(reading.entries) == text


raw = st.lists(
    st.one_of(
        st.text(max_size=5),
        st.sampled_from([*SPECIAL, "\n", "\n\n", "\n// ", "\n// a", " = ", " ~ ", "{#", "}", "::q::"]),
    )
).map("".join)


@given(raw)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_without_an_exception_and_settles_at_once(text):
    reading = read(text.encode())

    settled = write(reading.entries)

    assert read(settled.encode()).entries == reading.entries
    assert write(read(settled.encode()).entries) == settled
    read_items(text.encode(), mints_ids=True)


@given(files_of_items.filter(bool), st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_changed_by_hand_settles_at_once(items, data):
    """Take a line out, put one in, double one: what can still be read is written in the one shape there is."""
    lines = write_items(items).split("\n")
    for _change in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 1))] = data.draw(
            st.sampled_from(CHANGES) | st.just([lines[place]] * 2)
        )

    reading = read_items("\n".join(lines).encode(), mints_ids=True)
    settled = write_items(reading.items)

    assert read_items(settled.encode()).items == reading.items
    assert read_items(settled.encode()).is_whole
    assert write_items(read_items(settled.encode()).items) == settled


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(data):
    assert read(data).encoding in {"utf-8", "windows-1252", ""}
    read_items(data)
