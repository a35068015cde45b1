"""The address at which a program on her phone asks whether a PIN is hers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from tests.factories import make_user
from tests.people.conftest import PIN

ADDRESS = "/pin/"


def ask(client: Client, pin: Any = PIN, **fields: Any) -> Any:
    return client.post(ADDRESS, json.dumps({"pin": pin} | fields), content_type="application/json")


def test_her_own_pin_is_hers(signed_in: Client) -> None:
    answer = ask(signed_in)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_another_pin_is_not_and_ten_end_the_session(signed_in: Client) -> None:
    for _ in range(10):
        answer = ask(signed_in, "111222")
        assert (answer.status_code, answer.json()) == (403, {"detail": "wrong"})
    assert (ask(signed_in).status_code, ask(signed_in).json()) == (401, {"detail": "Unauthorized"})


def test_right_pin_clears_the_count(signed_in: Client) -> None:
    for _ in range(3):
        for _ in range(9):
            assert ask(signed_in, "111222").status_code == 403
        assert ask(signed_in).status_code == 204


def test_stranger_is_told_nothing(client: Client, woman: User) -> None:
    for pin in (PIN, "111222"):
        assert (ask(client, pin).status_code, ask(client, pin).json()) == (401, {"detail": "Unauthorized"})


def test_locked_session_is_told_nothing(signed_in: Client) -> None:
    signed_in.post("/en/exit/", {"how": "lock"})
    for pin in (PIN, "111222"):
        assert (ask(signed_in, pin).status_code, ask(signed_in, pin).json()) == (423, {"detail": "locked"})


def test_session_that_locked_itself_is_told_nothing(signed_in: Client) -> None:
    session = signed_in.session
    session["seen_at"] = int((timezone.now() - timedelta(hours=1)).timestamp())
    session.save()
    assert ask(signed_in).status_code == 423


def test_without_consent_nothing_is_tried(client: Client, db: None) -> None:
    fresh = make_user(pin=PIN)
    client.force_login(fresh)
    assert (ask(client).status_code, ask(client).json()) == (403, {"detail": "consent"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"pin": 394857}', b"\xff", b'{"pin": "' + b"1" * 5000 + b'"}'])
def test_what_is_no_pin_is_not_tried(body: bytes, signed_in: Client) -> None:
    answer = signed_in.post(ADDRESS, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (422, {"detail": "not_a_pin"})


def test_only_a_post_of_our_own_pages_is_answered(woman: User, signed_in: Client) -> None:
    assert signed_in.get(ADDRESS).status_code == 405
    other = Client(enforce_csrf_checks=True)
    other.force_login(woman)
    assert ask(other).status_code == 403
