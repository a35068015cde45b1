"""Numbers and times of a country, printed in each language, and never as words of another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.typed_values import UNITS, deeds, points, printed, problems, the_number, words

SOUTH_AFRICA = [
    {"point": "birth"},
    {"number": "10", "unit": "week", "what": "pcr"},
    {"number": "6", "unit": "month", "is_every": True, "point": "breastfeeding"},
]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "at birth, 10 weeks (PCR test), and every 6 months while breastfeeding"),
        ("sw", "wakati wa kuzaliwa, wiki 10 (kipimo cha PCR) na kila miezi 6 wakati wa kunyonyesha"),
        ("pt", "ao nascer, 10 semanas (teste PCR) e de 6 meses em 6 meses durante a amamentação"),
        ("fr", "à la naissance, 10 semaines (test PCR) et tous les 6 mois pendant l’allaitement"),
    ],
)
def test_times_are_printed_in_the_words_of_the_language(language: str, said: str) -> None:
    assert printed(SOUTH_AFRICA, language) == said


@pytest.mark.parametrize(
    ("unit", "said"), [("week", "toutes les 4 semaines"), ("month", "tous les 4 mois"), ("hour", "toutes les 4 heures")]
)
def test_every_agrees_with_its_unit_where_a_language_asks_for_it(unit: str, said: str) -> None:
    assert printed([{"number": "4", "unit": unit, "is_every": True}], "fr") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["72 hours", "1 month", "12 to 24 months", "1,000", "2.5 days"]),
        ("sw", ["saa 72", "mwezi 1", "miezi 12 hadi 24", "1,000", "siku 2.5"]),
        ("pt", ["72 horas", "1 mês", "12 a 24 meses", "1.000", "2,5 dias"]),
        ("fr", ["72 heures", "1 mois", "12 à 24 mois", "1 000", "2,5 jours"]),
        ("ny", ["maola 72", "mwezi 1", "miyezi 12 mpaka 24", "1,000", "masiku 2.5"]),
        ("st", ["dihora tse 72", "kgwedi e 1", "dikgwedi tse 12 ho isa ho 24", "1,000", "matsatsi a 2.5"]),
        ("zu", ["amahora angu-72", "inyanga e-1", "izinyanga ezingu-12 kuya ku-24", "1,000", "izinsuku ezingu-2.5"]),
        ("xh", ["iiyure ezi-72", "inyanga e-1", "iinyanga ezi-12 ukuya ku-24", "1 000", "iintsuku ezi-2.5"]),
        ("rw", ["amasaha 72", "ukwezi 1", "", "1.000", "iminsi 2,5"]),
    ],
)
def test_numbers_are_printed_with_their_unit(language: str, said: list[str]) -> None:
    values: list[Any] = [
        {"number": "72", "unit": "hour"},
        {"number": "1", "unit": "month"},
        {"number": "12", "to": "24", "unit": "month"},
        {"number": "1000"},
        {"number": "2.5", "unit": "day"},
    ]
    assert [printed(value, language) for value in values] == said


@pytest.mark.parametrize("language", ["ny", "st", "zu", "xh", "qq"])
def test_a_language_without_the_words_prints_nothing(language: str) -> None:
    assert printed(SOUTH_AFRICA, language) == ""


def test_only_one_plain_number_is_a_number() -> None:
    values = [{"number": "72", "unit": "hour"}, {"number": "12", "to": "24", "unit": "month"}, SOUTH_AFRICA, None]
    assert [the_number(value) for value in values] == [Decimal(72), None, None, None]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", {"number": "6", "unit": "week"}, []),
        ("number", {"number": 6}, ['number is missing, or is not digits in quotation marks, such as "6"']),
        ("number", {"number": "6", "unit": "mg"}, ["unit is one of hour, day, week, month, year"]),
        ("number", {"number": "24", "to": "12"}, ["to is a larger number"]),
        ("number", {"number": "6", "dose": "1"}, ["dose has no meaning here"]),
        ("number", "6", ['a number is written { number = "6", unit = "week" }']),
        ("times", SOUTH_AFRICA, []),
        ("times", [], ["times are a list of 1 to 12"]),
        ("times", [{}], ["time 1: it says neither a number nor a point"]),
        ("times", [{"number": "6"}], ["time 1: a number needs its unit"]),
        ("times", [{"point": "birth", "is_every": True}], ["time 1: is_every is true beside a number"]),
        ("text", {"number": "6"}, ["a fact in words has no typed value"]),
    ],
)
def test_problems_names_everything_that_is_wrong(kind: str, value: Any, expected: list[str]) -> None:
    assert problems(kind, value) == expected


def test_every_complete_language_has_the_same_words() -> None:
    english = words()["en"]
    for language in ("sw", "pt", "fr"):
        own = words()[language]
        for part in ("points", "what", "ways"):
            # A unit that a language says "every" of in its own way is its own affair.
            shared = {name for name in own[part] if not name.startswith("every_") or name in english[part]}
            assert shared == english[part].keys(), (language, part)


times = st.fixed_dictionaries(
    {"number": st.integers(1, 500).map(str), "unit": st.sampled_from(UNITS)},
    optional={
        "point": st.sampled_from(points()),
        "what": st.sampled_from(deeds()),
        "is_every": st.just(value=True),
    },
)


@given(value=st.lists(times, min_size=1, max_size=6), language=st.sampled_from(["en", "sw", "pt", "fr"]))
def test_whatever_times_are_written_each_number_is_read_once_or_said_as_often_as_its_words_need(
    value: list[dict[str, Any]], language: str
) -> None:
    said = printed(value, language)
    assert problems("times", value) == []
    assert all(one["number"] in said for one in value)
    assert "{" not in said
    assert "duration" not in said
