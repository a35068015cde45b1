"""Pages for what goes wrong: neutral, in her language, and standing when the database does not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from django.views.defaults import server_error

from programme.models import Installation

NAMES = ["400", "403", "403_csrf", "404", "429", "500"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "sw", "fr", "pt"])
def test_error_page_needs_neither_request_nor_database(name: str, language: str) -> None:
    from django.template.loader import render_to_string

    with translation.override(language):
        page = render_to_string(f"{name}.html")

    assert f'<html lang="{language}"' in page
    assert re.findall(r"<title>(.*)</title>", page) == ["Thuto"]
    assert re.findall(r"<h1>(.+)</h1>", page) != []
    assert re.findall(r"<script|style=|\{[{%]|(?i:error|invalid|failed|forbidden|user)", page) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nothing-here/", "/en/nothing-here/", "/sw/nothing-here/deeper/", "/en/m99/l1/x"])
def test_missing_page_asks_the_database_nothing(client: Client, address: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get(address)

    assert answer.status_code == 404
    assert 'class="main-action"' in answer.text


@pytest.mark.parametrize("known", [True, False, None])
def test_error_page_of_a_demonstration_says_so_without_asking(known: bool | None, monkeypatch: Any) -> None:
    monkeypatch.setattr(Installation, "_answer", known)

    answer = server_error(RequestFactory().get("/"))

    assert ("nothing here is real" in answer.text) is bool(known)


@pytest.mark.django_db
def test_corner_of_a_missing_page_leads_away(client: Client) -> None:
    page = client.get("/en/nothing-here/").text

    assert re.findall(r'<form method="post" action="([^"]+)">', page) == ["/en/exit/"]


def test_broken_page_says_that_the_fault_is_here() -> None:
    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "The fault is here, not with you." in answer.text


@pytest.mark.django_db
def test_form_from_an_old_page_is_told_to_open_it_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/sign-in/", {"login": "a", "password": "b"})

    assert answer.status_code == 403
    assert "Please send that once more" in answer.text


@override_settings(ALLOWED_HOSTS=["thuto.example"])
def test_unknown_host_is_answered_in_the_same_words() -> None:
    answer = Client().get("/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "We could not read that" in answer.text
