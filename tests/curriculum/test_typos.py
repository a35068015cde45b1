"""A typo is a slip of the pen and nothing else; whatever could say something else to her is more."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curriculum.typos import MOST_WORDS, differences, is_slip, is_typo


def typo(before: object, after: object) -> bool:
    return is_typo(list(differences({"body": before}, {"body": after})))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Milk is enouhg.", "Milk is enough."),
        ("Milk is enoough.", "Milk is enough."),
        ("Teh baby drinks milk.", "The baby drinks milk."),
        ("Give give milk.", "Give milk."),
        ("milk is enough, she says", "Milk is enough, she says."),
        ("<p>Breastfeding is <b>good</b>.</p>", "<p>Breastfeeding is <b>good</b>.</p>"),
        ("Come at {eid_schedule} with yuor baby.", "Come at {eid_schedule} with your baby."),
        ('<p data-block-key="a">Milkk only</p>', '<p data-block-key="b">Milkk only</p>'),
    ],
)
def test_a_slip_is_a_typo(before, after):
    assert typo(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("She can work.", "She can not work."),
        ("Do not stop.", "Do now stop."),
        ("She is now well.", "She is not well."),
        ("Test at 6 weeks.", "Test at 9 weeks."),
        ("Test at 6 weeks.", "Test at 6 to 8 weeks."),
        ("It is safe to feed.", "It is unsafe to feed."),
        ("Increase the visits.", "Decrease the visits."),
        ("Women are symptomatic.", "Women are asymptomatic."),
        ("Below 50 copies", "Below 50 copies a day"),
        ("More > less", "More < less"),
        ("Test at {eid_schedule}.", "Test at {bf_duration}."),
        ("Test at {eid_schedule}.", "Test at birth."),
        ("<p>Give milk</p>", "<p>Give <b>milk</b></p>"),
        ("Usinywe dawa leo.", "Unywe dawa leo."),
        ("Feed for eight months.", "Feed for eighty months."),
        ("yes", "no"),
        ("", "A new line."),
        (["One.", "Two."], ["One."]),
        (True, False),
        (6, 7),
    ],
)
def test_what_could_say_something_else_is_more(before, after):
    assert not typo(before, after)


def test_many_slips_are_another_text():
    words = ["feeding", "mothers", "visiting", "children", "holding"]
    mended = [word[:2] + word[3] + word[2] + word[4:] for word in words]
    assert typo(" ".join(mended[:MOST_WORDS]), " ".join(words[:MOST_WORDS]))
    assert not typo(" ".join(mended), " ".join(words))


WORDS = st.text(alphabet="abcdefgh", min_size=1, max_size=9)


@given(WORDS, WORDS)
def test_a_slip_goes_both_ways(one, other):
    assert is_slip(one, other) == is_slip(other, one)


@given(st.lists(WORDS, min_size=1, max_size=8), st.integers(0, 7), st.integers(0, 99), st.integers(0, 99))
def test_another_number_is_never_a_typo(words, place, old, new):
    assume(old != new)
    place = min(place, len(words))
    before, after = ([*words[:place], str(number), *words[place:]] for number in (old, new))
    assert not typo(" ".join(before), " ".join(after))
