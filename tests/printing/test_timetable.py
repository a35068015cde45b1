"""The minutes of a session are the hours of its module, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.timetable import Held, fitted, times_for

lessons = st.lists(
    st.builds(
        Held,
        st.integers(1, 20),
        try_its=st.integers(0, 3),
        role_plays=st.integers(0, 2),
        reflections=st.integers(0, 2),
        pictures=st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


@given(hours=st.integers(1, 12), held=lessons, steps=st.integers(0, 14), questions=st.integers(0, 12))
def test_the_parts_take_exactly_the_hours(hours: int, held: list[Held], steps: int, questions: int) -> None:
    times = times_for(hours, held, steps=steps, questions=questions)

    assert times.total == hours * 60
    assert all(minutes >= 5 and minutes % 5 == 0 for minutes in (times.welcome, *times.lessons, times.close))
    assert bool(times.practice) == bool(steps)
    assert bool(times.questions) == bool(questions)


@given(weights=st.lists(st.integers(0, 60), min_size=1, max_size=12), total=st.integers(0, 900))
def test_what_weighs_more_never_gets_less(weights: list[int], total: int) -> None:
    given_ = fitted(weights, total)

    assert sum(given_) in (0, total)
    pairs = [(weights[a], given_[a], weights[b], given_[b]) for a in range(len(weights)) for b in range(len(weights))]
    assert all(one >= other for heavy, one, light, other in pairs if heavy > light + 1)


def test_without_hours_it_takes_what_it_weighs() -> None:
    times = times_for(0, [Held(5, try_its=1), Held(5)], steps=2, questions=0)
    assert times.total == 55
    assert times.questions == 0


@pytest.mark.parametrize(("weights", "total", "minutes"), [([1, 1], 20, [10, 10]), ([0, 3], 10, [0, 10]), ([], 5, [])])
def test_small_sums(weights: list[int], total: int, minutes: list[int]) -> None:
    assert fitted(weights, total) == minutes
