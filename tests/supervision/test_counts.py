import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.counts import LEAST, hide_small


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 4, "b": 9}, {"a": None, "b": None}),
        ({"a": 4, "b": 9, "c": 7}, {"a": None, "b": 9, "c": None}),
        ({"a": 4, "b": 0, "c": 7}, {"a": None, "b": None, "c": 7}),
        ({"a": 0, "b": 0, "c": 0}, {"a": None, "b": None, "c": None}),
    ],
)
def test_small_numbers_are_hidden_with_what_would_give_them_away(cells: dict, shown: dict) -> None:
    assert hide_small(cells) == shown


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 30), min_size=2, max_size=6))
def test_no_hidden_number_can_be_worked_out_from_the_total(cells: dict[str, int]) -> None:
    shown = hide_small(cells)
    assert all(number is None or number >= LEAST for number in shown.values())
    assert list(shown.values()).count(None) != 1
