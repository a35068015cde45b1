"""What the tests of certificates start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from certificates.models import Certificate
from tests.certificates.making import World, make_world
from tests.factories import TODAY


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def running(world: World) -> World:
    """The world with a term that runs on the day of the test."""
    today = timezone.now().date()
    world.runs(today - timedelta(days=60), today + timedelta(days=300))
    return world


@pytest.fixture
def current(world: World) -> Certificate:
    """One that is current whatever the day of the test: without an end."""
    world.induction.valid_months = None
    world.induction.save()
    world.earn("M4")
    return world.certify(on=TODAY)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Limits count from nothing, and no test speaks the language of the one before."""
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()
