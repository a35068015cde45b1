"""Signing in through the page: every way to type a name, one message for whatever does not work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from people.auth import ONE_MESSAGE, PepperedArgon2Hasher
from people.models import User
from tests.factories import give_consent, make_user
from tests.people.conftest import PIN
from tests.people.urls import SECRET

pytestmark = pytest.mark.django_db
THE_MESSAGE = escape(str(ONE_MESSAGE))


def sign_in(client: Client, login: str, secret: str = PIN, **extra: Any) -> Any:
    return client.post("/en/sign-in/", {"login": login, "password": secret}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def with_phone(number: str, *, pin: str = PIN, **fields: Any) -> User:
    user = make_user(pin=pin, **fields)
    user.set_phone(number)
    user.save()
    give_consent(user)
    return user


@pytest.mark.parametrize("typed", ["K7M-2QX", "k7m-2qx", " k7m 2qx ", "K7M2QX", "K7M–2QX", "Ｋ７Ｍ-2qx"])
def test_alias_however_typed(client: Client, woman: User, typed: str) -> None:
    response = sign_in(client, typed)

    assert (response.status_code, response.headers["Location"]) == (302, "/en/today/")
    assert client.session["_auth_user_id"] == str(woman.pk)


@pytest.mark.parametrize("typed", ["+254712345678", "0712 345 678", "0712-345-678", "254 712 345678"])
def test_phone_however_typed(client: Client, typed: str) -> None:
    user = with_phone("+254712345678")

    response = sign_in(client, typed)

    assert response.headers["Location"] == "/en/today/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_phone_of_the_second_region(client: Client) -> None:
    user = with_phone("+27821234567")
    sign_in(client, "082 123 4567")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_shared_phone_the_pin_decides(client: Client) -> None:
    with_phone("+254712345678", pin="394857")
    sister = with_phone("+254712345678", pin="820617")

    sign_in(client, "0712345678", "820617")

    assert client.session["_auth_user_id"] == str(sister.pk)


def test_shared_phone_with_the_same_pin_signs_nobody_in(client: Client) -> None:
    first, second = with_phone("+254712345678"), with_phone("+254712345678")

    response = sign_in(client, "0712345678")

    assert THE_MESSAGE in response.text
    assert not is_signed_in(client)
    assert sign_in(client, second.alias).status_code == 302
    assert client.session["_auth_user_id"] == str(second.pk) != str(first.pk)


def test_phone_of_too_many_signs_nobody_in(client: Client) -> None:
    pins = ["394857", "820617", "509274", "638190", "275903", "916402", "483016"]
    for pin in pins:
        with_phone("+254712345678", pin=pin)
    assert THE_MESSAGE in sign_in(client, "0712345678", pins[0]).text
    assert not is_signed_in(client)


def make_unknown() -> tuple[str, str]:
    return "QQQ-QQQ", PIN


def make_wrong_pin() -> tuple[str, str]:
    return make_user(pin=PIN).alias, "111119"


def make_closed() -> tuple[str, str]:
    return make_user(pin=PIN, is_active=False).alias, PIN


def make_without_pin() -> tuple[str, str]:
    return make_user().alias, PIN


def make_locked() -> tuple[str, str]:
    user, other = make_user(pin=PIN), Client()
    for _ in range(5):
        sign_in(other, user.alias, "111119")
    return user.alias, PIN


def make_unknown_phone() -> tuple[str, str]:
    return "0799 999 999", PIN


def make_empty() -> tuple[str, str]:
    return "", ""


def make_rubbish() -> tuple[str, str]:
    return "x\x00y" * 200, "z" * 5000


EVERY_FAILURE = [
    make_unknown,
    make_wrong_pin,
    make_closed,
    make_without_pin,
    make_locked,
    make_unknown_phone,
    make_empty,
    make_rubbish,
]


@pytest.mark.parametrize("make", EVERY_FAILURE, ids=lambda make: make.__name__)
def test_every_failure_says_the_same(client: Client, make: Callable[[], tuple[str, str]]) -> None:
    login, secret = make()
    response = sign_in(client, login, secret)

    assert response.status_code == 200
    assert response.context["form"].errors == {"__all__": [str(ONE_MESSAGE)]}
    assert secret == "" or secret not in response.text
    assert "s" not in client.cookies
    assert Session.objects.count() == 0


def test_failure_in_her_language_says_the_same(client: Client) -> None:
    with translation.override("sw"):
        assert escape(str(ONE_MESSAGE)) in client.post("/sw/sign-in/", {"login": "a", "password": "b"}).text


@pytest.mark.parametrize("make", [make_unknown, make_wrong_pin, make_closed, make_without_pin])
def test_a_name_costs_one_hash_known_or_not(
    client: Client, monkeypatch: pytest.MonkeyPatch, make: Callable[[], tuple[str, str]]
) -> None:
    login, secret = make()
    assert hashes(client, monkeypatch, login, secret) == 1


@pytest.mark.parametrize("sharing", [0, 1, 3, 7])
def test_a_phone_costs_six_hashes_known_or_not(client: Client, monkeypatch: pytest.MonkeyPatch, sharing: int) -> None:
    for pin in ["394857", "820617", "509274", "638190", "275903", "916402", "483016"][:sharing]:
        with_phone("+254712345678", pin=pin)
    assert hashes(client, monkeypatch, "0712345678", "111119") == 6


def hashes(client: Client, monkeypatch: pytest.MonkeyPatch, login: str, secret: str) -> int:
    counted = []
    plain = PepperedArgon2Hasher._peppered

    def count(self: PepperedArgon2Hasher, password: str) -> str:
        counted.append(password)
        return plain(self, password)

    monkeypatch.setattr(PepperedArgon2Hasher, "_peppered", count)
    sign_in(client, login, secret)
    monkeypatch.undo()
    return len(counted)


def test_five_wrong_tries_pause_the_account_however_typed(client: Client, woman: User) -> None:
    woman.set_phone("+254712345678")
    woman.save()
    for typed in ["K7M-2QX", "k7m2qx", "K7M 2QX", "0712345678", "+254712345678"]:
        sign_in(client, typed, "111119")

    assert THE_MESSAGE in sign_in(client, "k7m-2qx").text
    assert THE_MESSAGE in sign_in(client, "0712 345 678").text
    assert not is_signed_in(client)


def test_four_wrong_tries_do_not(client: Client, woman: User) -> None:
    for _ in range(4):
        sign_in(client, woman.alias, "111119")
    assert sign_in(client, woman.alias).status_code == 302


def test_paused_account_stays_so_with_a_shared_phone_and_spares_the_sister(client: Client, woman: User) -> None:
    woman.set_phone("+254712345678")
    woman.save()
    with_phone("+254712345678", pin="820617")
    for _ in range(5):
        sign_in(client, woman.alias, "111119")

    assert THE_MESSAGE in sign_in(client, "0712345678").text
    assert sign_in(client, "0712345678", "820617").status_code == 302


def test_forty_women_behind_one_address(settings: Any) -> None:
    """An induction class on one Wi-Fi; every fifth mistypes first. Nobody is refused."""
    women = [make_user(pin=PIN) for _ in range(40)]
    for user in women:
        give_consent(user)
    landed = []
    for place, user in enumerate(women):
        phone = Client(REMOTE_ADDR="203.0.113.7")
        if place % 5 == 0:
            assert sign_in(phone, user.alias, "111119").status_code == 200
        landed.append(sign_in(phone, user.alias).headers.get("Location"))
    assert landed == ["/en/today/"] * 40


def test_too_many_from_one_address_says_the_same(client: Client, woman: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    sign_in(client, woman.alias, "111119")

    response = sign_in(client, woman.alias)

    assert response.status_code == 429
    assert THE_MESSAGE in response.text


def test_first_sign_in_goes_to_the_questions(client: Client) -> None:
    user = make_user(pin=PIN)
    response = client.post("/en/sign-in/?next=/en/m4/l2/", {"login": user.alias, "password": PIN})
    assert response.headers["Location"] == "/en/consent/?next=%2Fen%2Fm4%2Fl2%2F"


def test_staff_sign_in_with_a_password(client: Client) -> None:
    supervisor = make_user(pin="a long password of hers", secret_kind="password")
    writer = make_user(pin="a long password of hers", secret_kind="password", is_staff=True)

    assert sign_in(client, supervisor.alias, "a long password of hers").headers["Location"] == "/en/roster/"
    client.logout()
    assert sign_in(client, writer.alias, "a long password of hers").headers["Location"] == "/admin/"


def test_the_page_speaks_her_first_language_afterwards(client: Client) -> None:
    user = make_user(pin=PIN, languages=["sw", "en"])
    give_consent(user)

    assert sign_in(client, user.alias).headers["Location"] == "/sw/today/"
    client.logout()
    response = client.post("/en/sign-in/?next=/en/m4/l2/%3Fa=1", {"login": user.alias, "password": PIN})
    assert response.headers["Location"] == "/sw/m4/l2/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "https://testserver/en/m4/l2/",
        "javascript:alert(1)",
        "/en/no-such-page/",
        "/en/exit/",
        "/en/sign-out/",
        "en/m4/l2/",
    ],
)
def test_next_leads_to_own_pages_only(client: Client, woman: User, elsewhere: str) -> None:
    response = client.post("/en/sign-in/", {"login": woman.alias, "password": PIN, "next": elsewhere})
    assert response.headers["Location"] == "/en/today/"


def test_session_is_a_new_one_after_sign_in(client: Client, woman: User) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    sign_in(client, woman.alias)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_session_does_not_keep_what_was_typed(client: Client) -> None:
    user = with_phone("+254712345678")
    sign_in(client, "0712345678")
    kept = str(dict(client.session))
    assert user.alias in kept
    assert "0712345678" not in kept
    assert "712345678" not in kept


def test_no_time_of_sign_in_is_kept(signed_in: Client, woman: User) -> None:
    woman.refresh_from_db()
    assert woman.last_login is None


def test_sign_in_needs_its_token(woman: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/en/sign-in/", {"login": woman.alias, "password": PIN}).status_code == 403
    assert not is_signed_in(strict)

    page = strict.get("/en/sign-in/")
    token = page.context["csrf_token"]
    response = strict.post("/en/sign-in/", {"login": woman.alias, "password": PIN, "csrfmiddlewaretoken": str(token)})
    assert response.status_code == 302


def test_the_page_remembers_nobody(client: Client) -> None:
    page = client.get("/en/sign-in/")

    assert page.context["form"].fields.keys() == {"login", "password"}
    assert page.text.count('autocomplete="off"') == 3
    assert 'name="login"' in page.text
    assert 'inputmode="numeric"' in page.text
    assert "inputmode" not in client.get("/en/sign-in/?with=password").text
    assert "no-store" in page.headers["Cache-Control"]


def test_sign_out_ends_the_session_and_clears_no_storage(signed_in: Client) -> None:
    response = signed_in.post("/en/sign-out/")

    assert response.headers["Location"] == "/en/sign-in/"
    assert "Clear-Site-Data" not in response.headers
    assert Session.objects.count() == 0
    assert SECRET not in signed_in.get("/en/today/", follow=True).text


def test_sign_out_page_asks_first(signed_in: Client) -> None:
    assert signed_in.get("/en/sign-out/").status_code == 200
    assert is_signed_in(signed_in)


def test_closed_account_is_out_at_once(signed_in: Client, woman: User) -> None:
    woman.is_active = False
    woman.save()
    assert SECRET not in signed_in.get("/en/today/", follow=True).text
    assert signed_in.get("/en/sign-in/again/").headers["Location"] == "/en/sign-in/"


def test_log_names_nobody(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "django.request", "django.security.csrf"):
        caplog.set_level(logging.DEBUG, logger=name)
    user = make_user(pin=PIN, name="Chiŵale Phiri")
    user.set_phone("+265999123456")
    user.save()
    for login, secret in [(user.alias, "111119"), ("0999123456", "111119"), ("0999123456", PIN)]:
        sign_in(client, login, secret)
    Client().get("/en/nothing/")
    client.post("/en/start/", {"alias": user.alias, "code": "ABCDEFGH"})
    Client(enforce_csrf_checks=True).post("/en/sign-in/", {"login": user.alias, "password": PIN})
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "/en/nothing/" in logged
    assert not [word for word in ("Chiŵale", "999123456", PIN, "111119", "ABCDEFGH") if word in logged]


def test_phone_is_ciphertext_in_the_database() -> None:
    user = make_user()
    user.set_phone("+254712345678")
    user.set_email("w@example.org")
    user.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index, email, email_index FROM people_user WHERE id = %s", [user.pk])
        row = cursor.fetchone()

    assert not [value for value in row if "712345678" in value or "example" in value or value == ""]
    assert User.objects.get(pk=user.pk).phone == "+254712345678"


def test_two_women_may_share_a_phone() -> None:
    users = [with_phone("+254712345678"), with_phone("+254712345678")]
    assert len({user.phone_index for user in users}) == 1


def test_aliases_that_look_alike_are_refused() -> None:
    make_user(alias="K7M-2QX")
    with pytest.raises(IntegrityError, match="alias_key"):
        make_user(alias="K7M2QX")


def test_counters_keep_no_number_in_the_clear(client: Client) -> None:
    with_phone("+254712345678")
    sign_in(client, "0712345678", "111119")
    keys = " ".join(cache._cache)
    assert "712345678" not in keys
    assert "allauth" in keys
