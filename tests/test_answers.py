"""What answers a form comes by a second request, so that no browser notes what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from config.middleware import KEPT_ANSWER
from people.models import User
from tests.factories import make_user

SIGN_IN = "/en/sign-in/"
WRONG = {"login": "ACH-105", "password": "192837"}


@pytest.fixture(autouse=True)
def _whole_way(settings: Any) -> Iterator[None]:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "config.middleware.AnswerByGetMiddleware"]
    yield


@pytest.mark.django_db
def test_refused_sign_in_is_answered_by_another_request_and_once(client: Client) -> None:
    sent = client.post(SIGN_IN, WRONG)

    assert sent.status_code == 303
    assert sent.headers["Location"] == SIGN_IN
    assert sent.content == b""
    cookie = sent.cookies[KEPT_ANSWER]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == (SIGN_IN, True, "Lax")

    answer = client.get(SIGN_IN)
    assert answer.status_code == 200
    assert "errorlist" in answer.text or 'role="alert"' in answer.text
    assert "192837" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

    assert 'role="alert"' not in client.get(SIGN_IN).text


@pytest.mark.django_db
def test_an_answer_is_given_at_its_own_address_and_in_its_own_session_only(client: Client) -> None:
    client.post(SIGN_IN, WRONG)
    other = Client()
    other.cookies[KEPT_ANSWER] = "kept"

    assert 'role="alert"' not in other.get(SIGN_IN).text
    assert 'role="alert"' not in client.get("/sw/sign-in/").text
    # It was for another address: then it is gone.
    assert 'role="alert"' not in client.get(SIGN_IN).text


@pytest.mark.django_db
def test_an_answer_that_only_leads_elsewhere_costs_no_policy(client: Client) -> None:
    policies = ("Content-Security-Policy", "X-Frame-Options")
    for answer in (client.post(SIGN_IN, WRONG), client.get("/en/today/"), client.get("/admin/")):
        assert answer.headers["Location"]
        assert [name for name in policies if name in answer.headers] == []
        assert answer.headers["Referrer-Policy"] == answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for page in (client.get("/en/sign-in/"), client.get("/verify/"), client.get("/en/no-such-page/")):
        assert [name for name in policies if name in page.headers] == list(policies)


def test_what_leads_elsewhere_leads_there_at_once(client: Client, db: None) -> None:
    user = make_user()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])

    left = client.post("/en/exit/", {"how": "lock"})

    assert (left.status_code, left.headers["Location"]) == (302, "/pause/")
    assert KEPT_ANSWER not in left.cookies


def test_an_answer_that_waits_is_not_given_while_the_screen_is_locked(client: Client, db: None) -> None:
    user: User = make_user()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["has_consented"] = True
    session.save()
    client.post("/en/me/", {"what": "pin", "current": "1", "pin": "2", "pin_again": "3"})
    client.post("/en/exit/", {"how": "lock"})

    assert "errorlist" not in client.get("/en/me/", follow=True).text


def test_public_checks_and_programs_are_answered_as_they_were(client: Client, db: None) -> None:
    assert KEPT_ANSWER not in client.post("/sync/v1/ended", {"vaults": []}, content_type="application/json").cookies
    assert KEPT_ANSWER not in client.post("/verify/", {}).cookies
    user = make_user()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    answer = client.post("/pin/", {"pin": "000000"}, content_type="application/json")
    assert (answer.status_code, KEPT_ANSWER in answer.cookies) != (303, True)
