"""What she is told about what is kept of her learning."""

from __future__ import annotations

import pytest
from django.utils import translation

from people import my_data
from progress.own_record import rows_of_learning
from tests.factories import make_term
from tests.progress.conftest import World, attempt, observe, study


@pytest.mark.parametrize("count", [1, 3])
def test_rows_of_learning_counts_her_acts_in_seven_queries(count: int, world: World, django_assert_num_queries) -> None:
    for _ in range(count):
        study(world.term, world.lessons[0], world.today)
        attempt(world.term, world.module, world.today)
        observe(world.term, world.module, world.today)
    with django_assert_num_queries(7), translation.override("en"):
        rows = [(what, words.split(",")[0]) for what, words in rows_of_learning(world.learner)]
    quizzes = "1 quiz answered" if count == 1 else "3 quizzes answered"
    practices = "1 practice watched" if count == 1 else "3 practices watched"
    assert rows == [("M4", "1 lesson studied"), ("M4", quizzes), ("M4", practices)]


def test_rows_of_learning_are_hers_only(world: World) -> None:
    stranger = make_term(pathway_version=world.term.pathway_version)
    study(stranger, world.lessons[0], world.today)
    attempt(stranger, world.module, world.today)
    assert list(rows_of_learning(world.learner)) == []


def test_my_data_has_the_section() -> None:
    assert "learning" in [section.key for section in my_data.sections()]
