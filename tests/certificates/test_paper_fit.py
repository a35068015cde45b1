"""Whatever the name and however many the modules: measured, they fit their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from certificates.paper_fit import (
    LEADING,
    LIST_HEIGHT,
    LIST_SIZES,
    NAME,
    NAME_IN_RECORD,
    NAME_ON_CARD,
    NAME_UNDER_LETTERHEAD,
    Place,
    fitted,
    listing,
    titles_on_card,
)
from certificates.paper_words import Said
from paper.letters import POINT, width_of

PLACES = st.sampled_from([NAME, NAME_UNDER_LETTERHEAD, NAME_IN_RECORD, NAME_ON_CARD])
WORDS = st.text("aegmwkntũŵḓNMT'-ብደ", min_size=1, max_size=24)
NAMES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join).filter(lambda name: len(name) <= 90)


@given(NAMES, PLACES)
def test_a_name_fits_its_place_and_keeps_every_letter(name: str, place: Place) -> None:
    found = fitted(name, place)
    assert " ".join(found.lines) == name
    assert len(found.lines) <= 2
    if not found.breaks:
        assert max(width_of(line, found.points, place.face) for line in found.lines) <= place.width
        assert found.points in (*place.one, *place.two)


def test_a_short_name_is_as_large_as_the_place_allows() -> None:
    for place in (NAME, NAME_UNDER_LETTERHEAD, NAME_IN_RECORD, NAME_ON_CARD):
        assert fitted("Ana", place).points == place.one[0]
        assert fitted("Ana", place).lines == ["Ana"]


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=24), st.booleans())
def test_a_list_fits_or_goes_on(titles: list[tuple[str, str]], has_two: bool) -> None:
    said = [Said(one, two if has_two and one != two else "") for one, two in titles]
    found = listing(Said("A", "B"), said, ["sw", "en"])
    if found.columns:
        assert found.points in LIST_SIZES
        tallest = max(len(column.titles) for column in found.columns)
        assert tallest * found.points * LEADING * POINT <= LIST_HEIGHT
    else:
        assert found.goes_on
    shown = [title.first for column in found.columns for title in column.titles]
    if not found.goes_on:
        assert set(shown) == {title for each in said for title in (each.first, each.second or each.first)}


def test_a_card_drops_the_second_title_only_where_both_are_too_long() -> None:
    short, long = Said("Cheti", "Certificate", second_language="en"), Said("Cheti cha " * 9, "Certificate of " * 9)
    assert titles_on_card(short)[0] == short
    assert titles_on_card(long)[0].second == ""
