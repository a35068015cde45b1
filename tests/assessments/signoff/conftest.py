"""A woman and her phone, for whoever signs on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from programme.models import Term
from tests.factories import give_consent, make_term, make_user
from tests.offline.phone import Phone


@pytest.fixture
def term() -> Term:
    user = make_user(name="Amélia")
    give_consent(user)
    return make_term(learner=user, start_on=timezone.now().date() - timedelta(days=100))


@pytest.fixture
def hers(term: Term, client: Client) -> Client:
    client.force_login(term.learner)
    return client


@pytest.fixture
def phone(term: Term) -> Phone:
    return Phone(term.learner)
