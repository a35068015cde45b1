"""What a page and a submission cost: literal numbers, which may only fall."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Attempt
from tests.assessments.making import make_checklist, make_quiz, sit
from tests.assessments.test_observing import make_observer, observe_address, sheet
from tests.assessments.test_views import filled, make_learner, start
from tests.factories import give_consent, make_term, make_user

pytestmark = pytest.mark.django_db

MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
"""Marks of a transaction: written, but nothing is looked up."""


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if not query["sql"].startswith(MARKS)]


@pytest.mark.parametrize("questions", [1, 10])
def test_a_quiz_page_costs_the_same_for_any_number_of_questions(client: Client, questions: int) -> None:
    make_quiz(critical=questions, plain=0)
    learner = make_learner(client)
    address = start(learner)

    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)

    assert page.status_code == 200
    assert len(statements(captured)) == 7


@pytest.mark.parametrize("questions", [1, 10])
def test_a_submission_costs_at_most_ten_queries_in_one_transaction(client: Client, questions: int) -> None:
    make_quiz(critical=questions, plain=0)
    learner = make_learner(client)
    address = start(learner)
    data = filled(client.get(address))

    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, data)

    assert answer.status_code == 302
    assert len(statements(captured)) == 10
    assert Attempt.objects.get().is_passed


@pytest.mark.parametrize("questions", [1, 10])
def test_practice_costs_the_same_for_any_number_of_questions(client: Client, questions: int) -> None:
    make_quiz(practice=questions)
    make_learner(client)
    data = filled(client.get("/en/m4/q/practice/"))

    with CaptureQueriesContext(connection) as captured:
        answer = client.post("/en/m4/q/practice/", data)

    assert answer.status_code == 302
    assert len(statements(captured)) == 7


@pytest.mark.parametrize("wrong", [1, 3])
def test_a_result_costs_the_same_for_any_number_of_things_to_look_at(client: Client, wrong: int) -> None:
    quiz = make_quiz(critical=3)
    learner = make_learner(client)
    attempt = sit(learner.term, quiz, wrong=wrong, at=timezone.now())

    with CaptureQueriesContext(connection) as captured:
        page = client.get(f"/en/m4/q/result/{attempt.client_uuid}/")

    assert page.status_code == 200
    assert len(statements(captured)) == 10


@pytest.mark.parametrize("observations", [1, 3])
def test_practice_pages_cost_the_same_for_any_number_of_observations(client: Client, observations: int) -> None:
    user = make_user()
    give_consent(user)
    term = make_term(learner=user, start_on=timezone.now().date() - timedelta(days=30))
    text = make_checklist()
    client.force_login(make_observer(term))
    for _ in range(observations):
        assert client.post(observe_address(term), sheet(text, client_uuid=str(uuid.uuid4()))).status_code == 302

    costs: list[Any] = []
    with CaptureQueriesContext(connection) as captured:
        assert client.get(observe_address(term)).status_code == 200
    costs.append(len(statements(captured)))
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/en/m4/p/").status_code == 200
    costs.append(len(statements(captured)))

    assert costs == [13, 8]  # of the first, one writes her look
