from datetime import date

import pytest

from curriculum import facts
from curriculum.models import Country, Fact, FactValue

pytestmark = pytest.mark.django_db


def make_value(key: str = "pep_window", country: str = "MW", mark: str = "sourced", **fields: object) -> FactValue:
    Country.objects.get_or_create(code=country, defaults={"name": country})
    fact, _created = Fact.objects.get_or_create(key=key, defaults={"statement": key})
    return FactValue.objects.create(
        fact=fact,
        country_id=country,
        mark=mark,
        **{"texts": {"en": "72 hours", "sw": "saa 72"}, "valid_from_on": date(2020, 1, 1)} | fields,
    )


def test_fill_prints_the_countrys_value_in_the_language() -> None:
    make_value()

    assert facts.fill("Until {pep_window}.", facts.values_for("MW", "sw")) == "Until saa 72."


def test_fill_never_prints_another_countrys_value() -> None:
    make_value(country="MW")
    make_value(country="ZA", key="bf_duration")

    assert facts.fill("Until {pep_window}.", facts.values_for("ZA", "en")) == "Until Ask your trainer."


def test_fill_never_prints_a_value_in_another_language() -> None:
    make_value(texts={"en": "72 hours"})

    assert "72" not in facts.fill("{pep_window}", facts.values_for("MW", "sw"))


@pytest.mark.parametrize(
    ("is_demonstration", "printed"), [(False, "Ask your trainer"), (True, "not confirmed: ask your trainer")]
)
def test_unsure_value_never_prints_as_a_rule(is_demonstration: bool, printed: str) -> None:
    make_value(mark="unsure")

    values = facts.values_for("MW", "en", is_demonstration=is_demonstration)

    assert facts.fill("Until {pep_window}.", values) == f"Until {printed}."


def test_a_value_that_has_ended_is_not_printed() -> None:
    make_value(valid_to_on=date(2021, 1, 1))

    assert facts.fill("{pep_window}", facts.values_for("MW", "en")) == "Ask your trainer"


def test_fill_html_escapes_the_value_only() -> None:
    make_value(texts={"en": "<12 & more"})

    assert facts.fill_html("<p>{pep_window}</p>", facts.values_for("MW", "en")) == "<p>&lt;12 &amp; more</p>"


def test_values_for_asks_once(django_assert_num_queries) -> None:
    for number in range(3):
        make_value(key=f"fact_{number}")

    with django_assert_num_queries(1):
        assert len(facts.values_for("MW", "en")) == 3


def test_keys_in_names_every_placeholder() -> None:
    assert facts.keys_in("{a_b} and {c2}, not {} or {D}") == {"a_b", "c2"}
