"""The database itself refuses to change or delete what was published, answered and observed."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.actions import record_observation
from assessments.models import (
    Attempt,
    AttemptAnswers,
    ChecklistText,
    ChecklistVersion,
    Observation,
    ObservationComment,
    QuizText,
    QuizVersion,
    Ticket,
)
from tests.assessments.making import clock, make_checklist, make_quiz, sit
from tests.factories import make_module, make_term, make_user

pytestmark = pytest.mark.django_db

EVIDENCE = [
    Attempt,
    AttemptAnswers,
    Observation,
    ObservationComment,
    Ticket,
    QuizVersion,
    QuizText,
    ChecklistVersion,
    ChecklistText,
]

WRITE_OVER = "INSERT OR REPLACE INTO {table} SELECT * FROM {table}"


@pytest.fixture
def evidence() -> None:
    """One row in each table."""
    term = make_term()
    sit(term, make_quiz(code="M4"))
    text = make_checklist(module=make_module("M5"))
    record_observation(
        term=term,
        observer=make_user(),
        observer_role="nurse",
        text=text,
        unit=term.placements.get().facility,
        setting="role_play",
        steps={step["id"]: "done_well" for step in text.version.structure["steps"]},
        went_well="Calm",
        next_step="Again",
        client_uuid=uuid.uuid4(),
        clock=clock(),
    )


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize("model", EVIDENCE, ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_evidence(model: type, statement: str) -> None:
    table = model._meta.db_table
    before = list(model.objects.order_by("pk").values())
    assert before

    with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(table=table))

    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize("model", EVIDENCE, ids=lambda model: model.__name__)
def test_the_database_refuses_to_write_evidence_over(model: type) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    table = model._meta.db_table
    before = list(model.objects.order_by("pk").values())

    with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
        connection.cursor().execute(WRITE_OVER.format(table=table))

    assert list(model.objects.order_by("pk").values()) == before
