"""The lock and the way out: what the next person who holds the phone gets to see."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people import discretion
from people.models import User
from tests.factories import give_consent, make_user
from tests.people.conftest import PIN
from tests.people.urls import SECRET, stored

pytestmark = pytest.mark.django_db


def later(minutes: float) -> Any:
    """The server's clock that much later."""
    moment = timezone.now() + timedelta(minutes=minutes)
    return patch("django.utils.timezone.now", lambda: moment)


def lock(client: Client) -> Any:
    return client.post("/en/exit/", {"how": "lock"})


@pytest.mark.parametrize("page", ["/en/today/", "/en/settings/", "/en/my-data/", "/en/nothing/", "/en/no-such-page/"])
def test_signed_in_pages_are_in_no_cache(signed_in: Client, page: str) -> None:
    assert signed_in.get(page).headers["Cache-Control"] == "no-store, private"


def test_what_is_the_same_for_all_may_be_kept(signed_in: Client) -> None:
    assert signed_in.get("/recording/").headers["Cache-Control"] == "public, max-age=3600"


def test_exit_without_script_signs_out(signed_in: Client) -> None:
    response = signed_in.post("/en/exit/")

    assert response.headers["Location"] == "/pause/"
    assert Session.objects.count() == 0
    assert signed_in.get("/en/today/").headers["Location"] == "/en/sign-in/?next=/en/today/"


def test_exit_that_locks_keeps_the_session_and_hides_it(signed_in: Client) -> None:
    response = lock(signed_in)

    assert response.headers["Location"] == "/pause/"
    for page in ("/en/today/", "/en/m4/l2/", "/en/my-data/", "/en/my-data/record.json", "/en/settings/", "/admin/"):
        back = signed_in.get(page)
        assert back.headers["Location"] == "/en/lock/"
        assert SECRET not in back.text


def test_exit_works_from_an_old_page_and_for_anybody(woman: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(woman)
    assert strict.post("/en/exit/").headers["Location"] == "/pause/"
    assert strict.post("/en/exit/").headers["Location"] == "/pause/"
    assert strict.get("/en/exit/").status_code == 405


def test_the_lock_changes_the_cookie(signed_in: Client) -> None:
    """Browsers that hold pages in memory for Back drop them when a cookie changes."""
    before = signed_in.cookies["s"].value
    lock(signed_in)
    assert signed_in.cookies["s"].value != before


def test_a_lock_that_is_told_late_brings_no_session_back(signed_in: Client) -> None:
    """A phone tells of its lock on its own; she may sign out before that has arrived."""
    page, first = Client(), discretion.lock
    page.cookies.load({"s": signed_in.cookies["s"].value})

    def overtaken(*arguments: Any, **named: Any) -> None:
        page.post("/en/sign-out/")
        first(*arguments, **named)

    with patch("people.discretion.lock", overtaken):
        assert lock(signed_in).headers["Location"] == "/pause/"

    assert Session.objects.count() == 0
    assert signed_in.get("/en/today/").headers["Location"] == "/en/sign-in/?next=/en/today/"


def test_the_lock_names_nobody(signed_in: Client, woman: User) -> None:
    lock(signed_in)
    page = signed_in.get("/en/lock/")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store, private"
    for word in (woman.display_name, woman.alias, SECRET, "/en/today/", "/en/my-data/"):
        assert word not in page.text
    assert 'name="pin"' in page.text


def test_pin_opens_it_where_she_was(signed_in: Client) -> None:
    lock(signed_in)
    assert signed_in.post("/en/lock/", {"pin": PIN}).headers["Location"] == "/en/today/"
    assert SECRET in signed_in.get("/en/m4/l2/").text

    with later(6):
        signed_in.get("/en/m4/l2/?page=2")
        assert signed_in.post("/en/lock/", {"pin": PIN}).headers["Location"] == "/en/m4/l2/?page=2"
        assert SECRET in signed_in.get("/en/m4/l2/").text


def test_password_opens_it_for_staff(client: Client) -> None:
    client.force_login(make_user(pin="rain on the tin roof", secret_kind="password"))
    lock(client)
    assert "inputmode" not in client.get("/en/lock/").text
    assert client.post("/en/lock/", {"pin": "rain on the tin roof"}).headers["Location"] == "/en/roster/"


def test_wrong_pin_keeps_it_shut_and_the_tenth_ends_the_session(signed_in: Client) -> None:
    lock(signed_in)
    for _ in range(9):
        response = signed_in.post("/en/lock/", {"pin": "111119"})
        assert response.status_code == 200
        assert "After ten tries" in response.text
        assert SECRET not in response.text
    assert signed_in.get("/en/today/").headers["Location"] == "/en/lock/"

    assert signed_in.post("/en/lock/", {"pin": "111119"}).headers["Location"] == "/en/sign-in/"
    assert Session.objects.count() == 0


def test_ninth_try_right_starts_the_count_anew(signed_in: Client) -> None:
    for _ in range(2):
        lock(signed_in)
        for _ in range(9):
            signed_in.post("/en/lock/", {"pin": "111119"})
        assert signed_in.post("/en/lock/", {"pin": PIN}).headers["Location"] == "/en/today/"


def test_locking_again_does_not_start_the_count_anew(signed_in: Client) -> None:
    lock(signed_in)
    for _ in range(10):
        lock(signed_in)
        signed_in.post("/en/lock/", {"pin": "111119"})
    assert Session.objects.count() == 0


def test_lock_needs_its_token(woman: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(woman)
    lock(strict)
    assert strict.post("/en/lock/", {"pin": PIN}).status_code == 403
    assert strict.get("/en/today/").headers["Location"] == "/en/lock/"


def test_it_locks_itself_without_a_request(signed_in: Client) -> None:
    with later(4.5):
        assert SECRET in signed_in.get("/en/today/").text
    with later(9):
        assert SECRET in signed_in.get("/en/today/").text
    with later(14.1):
        assert signed_in.get("/en/today/").headers["Location"] == "/en/lock/"
        assert signed_in.get("/en/today/").headers["Location"] == "/en/lock/"


def test_the_time_is_a_setting(signed_in: Client, settings: Any) -> None:
    settings.LOCK_AFTER_MINUTES = 3
    with later(3.1):
        assert signed_in.get("/en/today/").headers["Location"] == "/en/lock/"


def test_reading_writes_at_most_once_a_minute(signed_in: Client, django_assert_num_queries: Any) -> None:
    with later(0.5), django_assert_num_queries(2):
        signed_in.get("/en/today/")
    with later(1.1), django_assert_num_queries(5):  # and the session, in a transaction
        signed_in.get("/en/today/")


def test_a_long_form_is_kept_and_its_answer_hidden(signed_in: Client) -> None:
    with later(8):
        response = signed_in.post("/en/m4/q/", {"answer": "b"})
        assert response.headers["Location"] == "/en/lock/"
        assert stored == ["b"]
        assert "What you sent is saved." in signed_in.get("/en/lock/").text
        assert signed_in.post("/en/lock/", {"pin": PIN}).headers["Location"] == "/en/today/?result"


def test_other_forms_are_not_done_behind_the_lock(signed_in: Client) -> None:
    with later(8):
        assert signed_in.post("/en/record/end/", {"answer": "b"}).headers["Location"] == "/en/lock/"
    assert stored == []


def test_after_the_exit_not_even_a_long_form_is_done(signed_in: Client) -> None:
    lock(signed_in)
    assert signed_in.post("/en/m4/q/", {"answer": "b"}).headers["Location"] == "/en/lock/"
    assert stored == []


def test_nothing_is_kept_through_the_lock_of_somebody_who_has_not_agreed(client: Client) -> None:
    client.force_login(make_user(pin=PIN))
    client.get("/en/consent/")

    with later(8):
        assert client.post("/en/m4/q/", {"answer": "b"}).headers["Location"] == "/en/lock/"

    assert stored == []


def test_locking_a_text_at_the_desk_is_not_the_page_that_unlocks(signed_in: Client) -> None:
    lock(signed_in)

    assert signed_in.post("/admin/pages/5/lock/").headers["Location"] == "/en/lock/"
    assert stored == []


def test_what_was_said_to_her_waits_behind_the_lock(signed_in: Client) -> None:
    with later(8):
        signed_in.post("/en/message/")
        assert SECRET not in signed_in.get("/en/base/").text  # a page for everybody
        signed_in.post("/en/lock/", {"pin": PIN})
        assert SECRET in signed_in.get("/en/base/").text


def test_what_was_said_to_her_is_not_told_to_the_next_woman_on_her_phone(signed_in: Client) -> None:
    signed_in.post("/en/message/")
    signed_in.post("/en/sign-out/")
    other = make_user(pin="820617", name="Amélia")
    give_consent(other)
    signed_in.post("/en/sign-in/", {"login": other.alias, "password": "820617"})

    assert SECRET not in signed_in.get("/en/base/").text


@pytest.mark.parametrize("page", ["/en/help/", "/verify/", "/en/"])
def test_open_pages_see_a_stranger_while_locked(signed_in: Client, woman: User, page: str) -> None:
    assert woman.alias in signed_in.get(page).text
    lock(signed_in)
    response = signed_in.get(page)
    assert response.status_code == 200
    assert "help for AnonymousUser" in response.text


def test_open_pages_write_no_session(signed_in: Client, django_assert_num_queries: Any) -> None:
    with later(3), django_assert_num_queries(2):
        signed_in.get("/en/help/")
    with later(7), django_assert_num_queries(2):
        signed_in.get("/en/help/")


def test_somebody_else_signs_out_from_the_lock(signed_in: Client) -> None:
    lock(signed_in)
    assert signed_in.post("/en/sign-out/").headers["Location"] == "/en/sign-in/"
    other = make_user(pin="820617", name="Amélia")
    give_consent(other)
    signed_in.post("/en/sign-in/", {"login": other.alias, "password": "820617"})
    assert "Amélia" in signed_in.get("/en/today/").text


def test_a_new_sign_in_is_not_locked(signed_in: Client, woman: User) -> None:
    lock(signed_in)
    signed_in.force_login(woman)
    assert SECRET in signed_in.get("/en/today/").text


def test_lock_page_without_a_lock_or_a_session(client: Client, signed_in: Client) -> None:
    assert signed_in.get("/en/lock/").headers["Location"] == "/en/today/"
    assert Client().get("/en/lock/").headers["Location"] == "/en/sign-in/"


def test_language_changes_at_the_lock_too(signed_in: Client) -> None:
    lock(signed_in)
    response = signed_in.post("/en/language/", {"language": "sw", "next": "/en/lock/"}, follow=True)
    assert response.request["PATH_INFO"] == "/sw/lock/"


def test_pause_is_a_calendar_and_nothing_else(client: Client) -> None:
    with patch("django.utils.timezone.now", lambda: timezone.make_aware(timezone.datetime(2026, 2, 10))):
        page = client.get("/pause/", headers={"accept-language": "en"})

    assert "<title>February 2026</title>" in page.text
    days = re.findall(r"<td>(\d*)</td>", page.text)
    assert [day for day in days if day] == [str(day) for day in range(1, 29)]
    assert days[:7] == ["", "", "", "", "", "", "1"]
    assert "s" not in client.cookies
    text = re.sub(r"<[^>]*>", " ", page.text).lower()
    assert not [word for word in ("thuto", "sign", "learn", "pin") if word in text]


def test_language_switch_keeps_the_page_and_her_own_order(signed_in: Client, woman: User) -> None:
    response = signed_in.post("/en/language/", {"language": "sw", "next": "/en/m4/l2/?page=2"})

    assert response.headers["Location"] == "/sw/m4/l2/?page=2"
    woman.refresh_from_db()
    assert woman.languages == ["en"]


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ({"language": "sw", "next": "//elsewhere.example/"}, "/sw/settings/"),
        ({"language": "xx", "next": "/en/m4/l2/"}, "/en/m4/l2/"),
        ({"language": "pt", "next": "/sw/m4/l2/"}, "/pt/m4/l2/"),
        ({}, "/en/settings/"),
    ],
)
def test_language_switch_goes_nowhere_else(signed_in: Client, data: dict[str, str], address: str) -> None:
    assert signed_in.post("/en/language/", data).headers["Location"] == address
