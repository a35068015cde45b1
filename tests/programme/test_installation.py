import pytest
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


def test_a_second_row_is_refused() -> None:
    Installation.decide(is_demonstration=True)
    with pytest.raises(DatabaseError, match="one_installation"), transaction.atomic():
        Installation.objects.create(id=2, is_demonstration=False)
