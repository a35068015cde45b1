from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from programme.models import AlreadyDecided, Installation

pytestmark = pytest.mark.django_db


def test_undecided_database_is_no_demonstration_and_may_still_become_one() -> None:
    assert Installation.is_demo() is False
    Installation.decide(is_demonstration=True)
    assert Installation.is_demo() is True


def test_decided_once_is_remembered_by_the_process(django_assert_num_queries) -> None:
    Installation.decide(is_demonstration=False)
    with django_assert_num_queries(1):
        assert [Installation.is_demo() for _ in range(3)] == [False, False, False]


def test_deciding_the_same_again_is_harmless_and_the_other_thing_is_refused() -> None:
    first = Installation.decide(is_demonstration=True)
    assert Installation.decide(is_demonstration=True) == first
    with pytest.raises(AlreadyDecided):
        Installation.decide(is_demonstration=False)
    assert list(Installation.objects.values_list("is_demonstration", flat=True)) == [True]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE programme_installation SET is_demonstration = NOT is_demonstration", "DELETE FROM programme_installation"],
)
def test_the_database_itself_refuses_to_turn_a_demonstration_into_something_real(statement: str) -> None:
    Installation.decide(is_demonstration=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Installation.objects.get().is_demonstration is True


def test_the_database_itself_refuses_to_write_another_answer_over_the_first() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    Installation.decide(is_demonstration=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("REPLACE INTO programme_installation (id, is_demonstration, created_at) VALUES (1, 0, 0)")
    assert Installation.objects.get().is_demonstration is True


def test_a_second_row_is_refused() -> None:
    Installation.decide(is_demonstration=True)
    with pytest.raises(DatabaseError, match="one_installation"), transaction.atomic():
        Installation.objects.create(id=2, is_demonstration=False)


def test_what_the_process_knows_is_told_without_asking(django_assert_num_queries) -> None:
    Installation.decide(is_demonstration=True)
    with django_assert_num_queries(0):
        assert Installation.is_known_demo() is False
    Installation.learn()
    with django_assert_num_queries(0):
        assert Installation.is_known_demo() is True


def test_begin_says_once_and_for_all_that_the_work_is_real() -> None:
    for _again in range(2):
        call_command("begin", stdout=StringIO())

    assert list(Installation.objects.values_list("is_demonstration", flat=True)) == [False]


def test_begin_refuses_a_demonstration() -> None:
    Installation.decide(is_demonstration=True)

    with pytest.raises(CommandError, match="stays one"):
        call_command("begin", stdout=StringIO())
    assert Installation.is_demo() is True
