"""Settings that a phone sends: the choice that was made last stands, in whatever order they come."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from offline.kinds import Entry, Refused
from people.models import User
from programme.sync import take_settings
from tests.factories import give_consent, make_user
from tests.offline.phone import Phone

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def entry(owner: User, at: datetime, **payload: Any) -> Entry:
    """A choice that was made ``at`` and sent an hour later."""
    sent_at = at + timedelta(hours=1)
    return Entry(owner, uuid4(), "settings", payload, "phone-1", 1, acted_at=at, sent_at=sent_at, received_at=sent_at)


def chosen(user: User) -> tuple[list[str], int]:
    user.refresh_from_db()
    return user.languages, user.text_size


ACTS = [
    (NOON, {"languages": ["sw", "en"], "text_size": 1}),
    (NOON + timedelta(days=1), {"languages": ["fr", "sw"]}),
    (NOON + timedelta(days=2), {"text_size": 2}),
    (NOON + timedelta(days=2), {"text_size": 0}),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(ACTS)))))
def test_last_choice_stands_in_any_order_and_repeats_change_nothing(order: tuple[int, ...]) -> None:
    user = make_user()
    entries = [entry(user, at, **payload) for at, payload in ACTS]
    for number in [*order, *order]:
        take_settings(entries[number])
    assert chosen(user) == (["fr", "sw"], 2)


def test_repeat_is_told_from_a_new_choice() -> None:
    user = make_user()
    first = entry(user, NOON, languages=["sw"])
    assert take_settings(first)
    assert not take_settings(first)
    assert take_settings(entry(user, NOON - timedelta(days=1), languages=["fr"]))
    assert chosen(user) == (["sw"], 0)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"languages": []},
        {"languages": "sw"},
        {"languages": ["xx"]},
        {"languages": [["sw"]]},
        {"languages": ["sw"], "text_size": 3},
        {"text_size": -1},
        {"text_size": True},
        {"text_size": "1"},
        {"colour": "green"},
    ],
)
def test_choice_that_is_not_one_is_refused_and_changes_nothing(payload: dict[str, Any]) -> None:
    user = make_user()
    with pytest.raises(Refused, match="no_such_setting"):
        take_settings(entry(user, NOON, **payload))
    assert chosen(user) == (["en"], 0)


def test_choice_on_the_page_is_newer_than_one_that_waited_on_a_phone(client: Client) -> None:
    user = make_user()
    give_consent(user)
    client.force_login(user)
    phone = Phone(user)
    phone.act("settings", {"languages": ["fr"], "text_size": 2})
    phone.now += 3 * 24 * 60 * 60 * 1000
    client.post("/en/settings/", {"what": "languages", "language_1": "sw"})
    assert phone.send(client) == ["stored"]
    assert chosen(user) == (["sw"], 2)
    phone.act("settings", {"languages": ["pt", "en"]})
    assert phone.send(client) == ["stored"]
    assert chosen(user) == (["pt", "en"], 2)
