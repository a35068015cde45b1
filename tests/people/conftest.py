"""These tests see this app's pages and stand-ins for the rest; counters of wrong tries start empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from people.models import User
from tests.factories import give_consent, make_user
from tests.people import urls

PIN = "394857"


@pytest.fixture(autouse=True)
def _own_pages(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.people.urls"
    cache.clear()
    urls.stored.clear()
    yield
    cache.clear()


@pytest.fixture
def woman(db: None) -> User:
    """She has a PIN and has answered the five questions."""
    user = make_user(pin=PIN, alias="K7M-2QX")
    give_consent(user)
    return user


@pytest.fixture
def signed_in(client: Client, woman: User) -> Client:
    """A phone on which ``woman`` has just signed in."""
    client.post("/en/sign-in/", {"login": woman.alias, "password": PIN})
    return client
