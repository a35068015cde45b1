"""What the tests of certificates start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.certificates.making import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Limits count from nothing, and no test speaks the language of the one before."""
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()
