"""The slip: printed by a coordinator, used once by the woman herself, who alone chooses her PIN."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from people import actions
from people.auth import SLIP_MESSAGE
from people.models import UNAMBIGUOUS, AccessEntry, Invitation, User
from people.pins import SecretRefused, is_easy_to_guess
from tests.factories import give_consent, make_user
from tests.people.conftest import PIN
from tests.people.urls import SECRET

pytestmark = pytest.mark.django_db
NEW_PIN = "820617"


@pytest.fixture
def coordinator() -> User:
    return make_user(secret_kind="password")


def make_slip(user: User, by: User, *, purpose: str = "first", now: datetime | None = None) -> str:
    return actions.invite(user=user, purpose=purpose, by=by, now=now or timezone.now(), actor_role="coordinator")[1]


def use(client: Client, alias: str, code: str, pin: str = NEW_PIN, again: str | None = None) -> Any:
    data = {"alias": alias, "code": code, "pin": pin, "pin_again": pin if again is None else again}
    return client.post("/en/start/", data)


def entries(user: User) -> list[tuple[str, str]]:
    return list(AccessEntry.objects.filter(subject=user).order_by("pk").values_list("kind", "actor_role"))


def test_first_slip_from_paper_to_signed_in(client: Client, coordinator: User) -> None:
    user = make_user(alias="K7M-2QX", languages=["sw"])
    code = make_slip(user, coordinator)

    first = client.post("/en/start/", {"alias": "k7m 2qx", "code": f" {code[:4].lower()} {code[4:]} "})
    assert first.status_code == 200
    assert 'inputmode="numeric"' in first.text
    last = use(client, "k7m 2qx", code)

    assert last.headers["Location"] == "/sw/consent/"
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password(NEW_PIN)
    assert entries(user) == [("invitation_made", "coordinator"), ("pin_chosen", "")]


def test_code_is_eight_clear_characters_and_kept_nowhere(coordinator: User) -> None:
    invitation, code = actions.invite(user=make_user(), purpose="first", by=coordinator, now=timezone.now())

    assert len(code) == 8
    assert set(code) <= set(UNAMBIGUOUS)
    assert invitation.expires_at - invitation.created_at == timedelta(days=14)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_invitation")
        assert code not in str(cursor.fetchall())


def test_forgotten_pin_ends_other_sessions_and_shows_it(
    client: Client, signed_in: Client, woman: User, coordinator: User
) -> None:
    code = make_slip(woman, coordinator, purpose="forgotten")
    elsewhere = Client()
    assert SECRET in signed_in.get("/en/today/").text  # a slip alone changes nothing

    use(elsewhere, woman.alias, code)

    assert SECRET in elsewhere.get("/en/today/").text
    assert signed_in.get("/en/today/").headers["Location"] == "/en/sign-in/?next=/en/today/"
    assert entries(woman) == [("pin_slip_made", "coordinator"), ("pin_chosen", ""), ("sessions_ended", "")]


def slip_unknown_alias(by: User) -> tuple[str, str]:
    return "QQQ-QQQ", make_slip(make_user(), by)


def slip_of_another(by: User) -> tuple[str, str]:
    return make_user().alias, make_slip(make_user(), by)


def slip_wrong(by: User) -> tuple[str, str]:
    user = make_user()
    make_slip(user, by)
    return user.alias, "AAAAAAAA"


def slip_expired(by: User) -> tuple[str, str]:
    user = make_user()
    return user.alias, make_slip(user, by, now=timezone.now() - timedelta(days=14, seconds=1))


def slip_replaced(by: User) -> tuple[str, str]:
    user = make_user()
    code = make_slip(user, by)
    make_slip(user, by)
    return user.alias, code


def slip_used(by: User) -> tuple[str, str]:
    user = make_user()
    code = make_slip(user, by)
    actions.use_invitation(alias=user.alias, code=code, pin=PIN, now=timezone.now())
    return user.alias, code


def slip_closed(by: User) -> tuple[str, str]:
    user = make_user(is_active=False)
    return user.alias, make_slip(user, by)


def slip_paused(by: User) -> tuple[str, str]:
    user = make_user()
    code = make_slip(user, by)
    for _ in range(5):
        Client().post("/en/start/", {"alias": user.alias.lower(), "code": "AAAAAAAA"})
    return user.alias, code


@pytest.mark.parametrize(
    "make",
    [
        slip_unknown_alias,
        slip_of_another,
        slip_wrong,
        slip_expired,
        slip_replaced,
        slip_used,
        slip_closed,
        slip_paused,
    ],
    ids=lambda make: make.__name__,
)
def test_every_refusal_says_the_same_and_changes_nothing(client: Client, coordinator: User, make: Any) -> None:
    alias, code = make(coordinator)
    before = list(User.objects.order_by("pk").values_list("pk", "password"))

    for response in (client.post("/en/start/", {"alias": alias, "code": code}), use(client, alias, code)):
        assert response.status_code == 200
        assert response.context["form"].errors == {"__all__": [str(SLIP_MESSAGE)]}
        assert NEW_PIN not in response.text

    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before
    assert "s" not in client.cookies


EASY = ["123456", "000000", "654321", "890123", "121212", "123123", "112233", "159753"]
NOT_SIX_DIGITS = ["12345", "1234567", "12a456", "１２３４５７"]


@pytest.mark.parametrize("pin", EASY + NOT_SIX_DIGITS)
def test_easy_pin_is_refused_with_a_sentence_and_the_slip_stays(client: Client, coordinator: User, pin: str) -> None:
    user = make_user()
    code = make_slip(user, coordinator)

    response = use(client, user.alias, code, pin)

    [sentence] = response.context["form"].errors["pin"]
    assert sentence in {
        "Choose a PIN of six digits, numbers only.",
        "This PIN is easy to guess. Choose six digits that are not in a row and not repeated.",
    }
    assert escape(sentence) in response.text
    assert "s" not in client.cookies
    assert use(client, user.alias, code).status_code == 302


def test_pin_is_not_the_end_of_her_phone_number(client: Client, coordinator: User) -> None:
    user = make_user()
    user.set_phone("+254712820617")
    user.save()
    response = use(client, user.alias, make_slip(user, coordinator), "820617")
    assert "last digits of your phone number" in response.text


def test_two_different_pins_are_asked_for_again(client: Client, coordinator: User) -> None:
    user = make_user()
    response = use(client, user.alias, make_slip(user, coordinator), NEW_PIN, again="820618")
    assert "The two are not the same" in response.text
    assert not user.invitations.filter(used_at__isnull=False).exists()


@pytest.mark.parametrize("pin", ["394857", "820617", "275903"])
def test_ordinary_pins_are_welcome(pin: str) -> None:
    assert not is_easy_to_guess(pin)


def test_most_pins_are_welcome() -> None:
    assert sum(is_easy_to_guess(f"{number:06}") for number in range(1_000_000)) < 5_000


def test_staff_choose_a_long_password_by_the_same_way(client: Client, coordinator: User) -> None:
    nurse = make_user(secret_kind="password")
    code = make_slip(nurse, coordinator)

    page = client.post("/en/start/", {"alias": nurse.alias, "code": code})
    short = use(client, nurse.alias, code, "only-eleven")
    common = use(client, nurse.alias, code, "qwerty123456")
    good = use(client, nurse.alias, code, "rain on the tin roof")

    assert "inputmode" not in page.text
    assert "at least 12 characters" in short.context["form"].errors["pin"][0]
    assert "at least 12 characters" in common.context["form"].errors["pin"][0]
    assert good.headers["Location"] == "/en/roster/"


def test_using_a_slip_twice_works_once(coordinator: User) -> None:
    user = make_user()
    code = make_slip(user, coordinator)
    actions.use_invitation(alias=user.alias, code=code, pin=NEW_PIN, now=timezone.now())
    with pytest.raises(actions.SlipRefused):
        actions.use_invitation(alias=user.alias, code=code, pin=PIN, now=timezone.now())
    user.refresh_from_db()
    assert user.check_password(NEW_PIN)


def test_refused_secret_leaves_everything_as_it_was(coordinator: User) -> None:
    user = make_user(pin=PIN)
    code = make_slip(user, coordinator)
    with pytest.raises(SecretRefused):
        actions.use_invitation(alias=user.alias, code=code, pin="123456", now=timezone.now())
    user.refresh_from_db()
    assert user.check_password(PIN)
    assert user.invitations.get().is_open(timezone.now())


def test_at_most_one_open_slip(coordinator: User) -> None:
    user = make_user()
    make_slip(user, coordinator)
    make_slip(user, coordinator)
    assert user.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).count() == 1
    with pytest.raises(IntegrityError, match=r"people_invitation\.user_id|one_open_invitation_per_person"):
        Invitation.objects.create(
            user=user, purpose="first", code_hash="x", created_by=coordinator, expires_at=timezone.now()
        )


def test_slip_page_needs_no_sign_in_and_is_not_kept(client: Client) -> None:
    page = client.get("/en/start/")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]


def test_pause_ends(client: Client, coordinator: User) -> None:
    alias, code = slip_paused(coordinator)
    cache.clear()  # stands for a quarter of an hour
    assert use(client, alias, code).status_code == 302


def test_slip_says_what_is_needed_and_nothing_else() -> None:
    context = {
        "alias": "K7M-2QX",
        "code": "ABCDEFGH",
        "expires_at": datetime(2026, 12, 6, tzinfo=timezone.get_default_timezone()),
        "address": "https://learn.example/en/start/",
    }
    slip = render_to_string("people/slip.html", context)
    for words in ("K7M-2QX", "ABCD EFGH", "https://learn.example/en/start/", "6 December 2026"):
        assert words in slip
    assert 'lang="sw"' in render_to_string("people/slip.html", context | {"language": "sw"})


def test_consent_given_before_stays_after_a_new_pin(client: Client, coordinator: User) -> None:
    user = make_user(pin=PIN)
    give_consent(user)
    assert use(client, user.alias, make_slip(user, coordinator)).headers["Location"] == "/en/today/"
