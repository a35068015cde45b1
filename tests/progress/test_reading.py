"""What there is for her to read. The lesson's own query must agree with the one that finds her term."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from curriculum.models import Article
from people.models import User
from programme.models import OrganisationUnit, Placement, Term
from programme.scope import current_study
from progress.reading import find_lesson, reading_order
from tests.factories import make_pathway_version, make_term, make_unit, make_user
from tests.progress.conftest import publish_module

A_DAY = timedelta(days=1)


def unit_in(country: str, zone: str = "Africa/Nairobi") -> OrganisationUnit:
    return make_unit(country=country, time_zone=zone)


def running(learner: User, today: date) -> None:
    make_term(learner=learner, facility=unit_in("KE"), start_on=today - 30 * A_DAY)


def not_begun(learner: User, today: date) -> None:
    make_term(learner=learner, facility=unit_in("KE"), start_on=today + 3 * A_DAY)


def ended(learner: User, today: date) -> None:
    make_term(
        learner=learner,
        facility=unit_in("KE"),
        start_on=today - 30 * A_DAY,
        ended_on=today - 3 * A_DAY,
        end_class="other",
    )


def ending_today(learner: User, today: date) -> None:
    make_term(learner=learner, facility=unit_in("KE"), start_on=today - 30 * A_DAY, ended_on=today, end_class="other")


def moved_to_another_country(learner: User, today: date) -> None:
    term = make_term(learner=learner, facility=unit_in("KE"), start_on=today - 30 * A_DAY)
    Placement.objects.filter(term=term).update(to_on=today - 10 * A_DAY)
    Placement.objects.create(term=term, facility=unit_in("MW"), from_on=today - 9 * A_DAY)


def between_two_places(learner: User, today: date) -> None:
    term = make_term(learner=learner, facility=unit_in("KE"), start_on=today - 30 * A_DAY)
    Placement.objects.filter(term=term).update(to_on=today - 10 * A_DAY)
    Placement.objects.create(term=term, facility=unit_in("MW"), from_on=today + 9 * A_DAY)


def two_terms(learner: User, today: date) -> None:
    make_term(learner=learner, facility=unit_in("KE"), start_on=today - 90 * A_DAY)
    make_term(
        learner=learner,
        facility=unit_in("MW"),
        start_on=today - 20 * A_DAY,
        pathway_version=make_pathway_version(),
    )


def a_second_term_that_has_not_begun(learner: User, today: date) -> None:
    make_term(learner=learner, facility=unit_in("KE"), start_on=today - 90 * A_DAY)
    make_term(
        learner=learner,
        facility=unit_in("MW"),
        start_on=today + 20 * A_DAY,
        pathway_version=make_pathway_version(),
    )


def where_tomorrow_comes_first(learner: User, today: date) -> None:
    zone = "Pacific/Kiritimati"
    make_term(learner=learner, facility=unit_in("KE", zone), start_on=unit_in("KE", zone).today())


def where_yesterday_lasts_longest(learner: User, today: date) -> None:
    zone = "Pacific/Pago_Pago"
    make_term(learner=learner, facility=unit_in("KE", zone), start_on=unit_in("KE", zone).today() + A_DAY)


def nothing(learner: User, today: date) -> None:
    pass


CASES = [
    running,
    not_begun,
    ended,
    ending_today,
    moved_to_another_country,
    between_two_places,
    two_terms,
    a_second_term_that_has_not_begun,
    where_tomorrow_comes_first,
    where_yesterday_lasts_longest,
    nothing,
]


@pytest.mark.parametrize("arrange", CASES, ids=lambda case: case.__name__)
def test_find_lesson_agrees_with_current_study(arrange: Callable[[User, date], None], db: None) -> None:
    publish_module("M4", 1, country="KE")
    Article.objects.filter(country="KE").update(title="of KE")
    for article in list(Article.objects.all()):
        article.pk, article.country, article.title = None, "MW", "of MW"
        article.save()
    learner = make_user()
    arrange(learner, make_unit().today())

    study = current_study(learner)
    found = find_lesson(learner, "m4/l1", ["en"])

    assert (found.article.title if found else None) == (f"of {study.country}" if study else None)


def test_find_lesson_of_another_woman_is_not_hers(db: None) -> None:
    publish_module()
    make_term()
    assert Term.objects.count() == 1
    assert find_lesson(make_user(), "m4/l1", ["en"]) is None


def test_reading_order_puts_the_language_of_the_page_first_when_it_is_hers() -> None:
    user = User(languages=["sw", "en"])
    others = ["fr", "pt", "zu", "xh", "st", "ny"]
    assert reading_order(user, "en") == ["en", "sw", *others]
    assert reading_order(user, "sw") == ["sw", "en", *others]
    assert reading_order(user, "pt") == ["sw", "en", *others]
    assert reading_order(user, "pt", ["sw", "pt", "en"]) == ["sw", "pt", "en"]
