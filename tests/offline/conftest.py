"""A woman with a module of two lessons, and the lesson acts that her phones make."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import give_consent, make_term, make_user
from tests.progress.conftest import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def client_of_hers(world: World, client: Client) -> Client:
    client.force_login(world.learner)
    return client


def another(world: World) -> World:
    """Another woman on the same pathway."""
    learner = make_user()
    give_consent(learner)
    term = make_term(learner=learner, pathway_version=world.term.pathway_version, start_on=world.term.start_on)
    return World(learner, term, world.module, world.lessons, world.today)


def study_payload(world: World, number: int = 0, **other: str) -> dict[str, str]:
    """What a phone says of a lesson studied."""
    return {
        "lesson": str(world.lessons[number].uuid),
        "language": "en",
        "country": "KE",
        "content_hash": "a" * 64,
    } | other
