"""What pytest must tear down after every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from config import messages
from programme.models import Installation


def pytest_configure(config: pytest.Config) -> None:
    """Pages are tried in their languages as they are written now, not as they were compiled last week."""
    if not hasattr(config, "workerinput"):
        messages.compile_catalogs()


@pytest.fixture(autouse=True)
def _forget_installation() -> Iterator[None]:
    """The process remembers what its database is; each test has a database of its own."""
    Installation.forget()
    yield
    Installation.forget()


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Limits on tries count from nothing, and no test speaks the language of the one before."""
    with translation.override("en"):
        yield
    cache.clear()
