"""The cookie that guards forms comes once, changes at sign-in, and forms are guarded as ever."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import User
from tests.factories import give_consent, make_user

pytestmark = pytest.mark.django_db


def test_the_cookie_comes_once() -> None:
    phone = Client()

    first, second = phone.get("/en/sign-in/"), phone.get("/en/sign-in/")

    assert "csrftoken" in first.cookies
    assert "csrftoken" not in second.cookies
    assert "csrfmiddlewaretoken" in second.content.decode()


def test_signing_in_changes_it_and_forms_are_guarded() -> None:
    user: User = make_user(pin="208316")
    give_consent(user)
    phone = Client(enforce_csrf_checks=True)
    token = phone.get("/en/sign-in/").cookies["csrftoken"].value
    words = {"login": user.alias, "password": "208316"}

    refused = phone.post("/en/sign-in/", words)
    signed_in = phone.post("/en/sign-in/", words | {"csrfmiddlewaretoken": token})

    assert (refused.status_code, signed_in.status_code) == (403, 302)
    assert signed_in.cookies["csrftoken"].value != token
    assert phone.post("/en/language/", {"language": "sw"}).status_code == 403
