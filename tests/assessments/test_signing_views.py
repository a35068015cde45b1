"""Her page of the signing PIN: who may choose one, which, and what she sees of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from people.models import AccessEntry, SigningPin, User
from people.signing import (
    NotConfirmed,
    choose_signing_pin,
    count_wrong_signing,
    find_signer,
    is_paused,
    signing_pin_of,
    wrong_signings_of,
)
from programme.models import Role
from tests.assessments.test_views import words
from tests.factories import give_consent, give_role, make_unit, make_user

pytestmark = pytest.mark.django_db

PAGE = "/en/signing/"
SECRET = "a long pass phrase"
PIN = "482913"


def make_signer(role: str = Role.SUPERVISOR, *, secret: str = SECRET, **fields: Any) -> User:
    user = make_user(pin=secret, **{"secret_kind": "password"} | fields)
    give_consent(user)
    give_role(user, role, make_unit())
    return user


@pytest.fixture(autouse=True)
def _tries_start_empty() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signer() -> User:
    return make_signer()


@pytest.fixture
def hers(client: Client, signer: User) -> Client:
    client.force_login(signer)
    return client


def form(pin: str = PIN, current: str = SECRET, **changed: str) -> dict[str, str]:
    return {"current": current, "pin": pin, "pin_again": pin} | changed


def test_she_chooses_one_and_it_is_kept_as_a_hash_only(hers: Client, signer: User) -> None:
    assert "You have none yet." in words(hers.get(PAGE))

    page = words(hers.post(PAGE, form(), follow=True))

    assert "Saved." in page
    assert "You have one since" in page
    kept = SigningPin.objects.get()
    assert kept.user == signer
    assert kept.pin_hash.startswith("peppered_argon2$")
    assert PIN not in kept.pin_hash
    assert find_signer(alias=signer.alias, pin=PIN, at=timezone.now()) == signer
    log = AccessEntry.objects.filter(kind="signing_pin_chosen").values_list("subject", "actor")
    assert list(log) == [(signer.pk, signer.pk)]
    assert "chose a new signing PIN" in words(hers.get("/en/my-data/"))


@pytest.mark.parametrize(
    ("pin", "sentence"),
    [
        ("123456", "This PIN is easy to guess."),
        ("111111", "This PIN is easy to guess."),
        ("147258", "This PIN is easy to guess."),
        ("12345", "Choose a PIN of six digits"),
        ("48291a", "Choose a PIN of six digits"),
        ("٤٨٢٩١٣", "Choose a PIN of six digits"),
        ("722456", "These are the last digits of your phone number."),
    ],
)
def test_a_weak_one_is_not_taken(hers: Client, signer: User, pin: str, sentence: str) -> None:
    signer.set_phone("+254711722456")
    signer.save()

    answer = hers.post(PAGE, form(pin))

    assert (answer.status_code, SigningPin.objects.count()) == (422, 0)
    assert sentence in words(answer)
    assert pin not in answer.content.decode()


def test_what_she_signs_in_with_is_not_taken(client: Client) -> None:
    """A nurse who signs in with a PIN must not type it on a phone that is not hers."""
    nurse = make_signer(Role.NURSE, secret=PIN, secret_kind="pin")
    client.force_login(nurse)

    answer = client.post(PAGE, form(PIN, PIN))

    assert "This is what you sign in with." in words(answer)
    assert SigningPin.objects.count() == 0
    assert client.post(PAGE, form("731846", PIN)).status_code == 302


def test_the_two_must_be_the_same(hers: Client) -> None:
    answer = hers.post(PAGE, form(pin_again="482914"))
    assert "The two are not the same." in words(answer)
    assert SigningPin.objects.count() == 0


def test_without_her_own_secret_nothing_changes_and_ten_tries_end_the_session(hers: Client) -> None:
    for _ in range(9):
        answer = hers.post(PAGE, form(current="wrong"))
        assert "That did not match. Nothing was changed." in words(answer)

    assert hers.post(PAGE, form(current="wrong")).url.startswith("/en/sign-in/")
    assert "_auth_user_id" not in hers.session
    assert SigningPin.objects.count() == 0


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINER, Role.DISTRICT_MANAGER, Role.LEARNER])
def test_whoever_signs_nothing_has_no_such_page(client: Client, role: str) -> None:
    user = make_signer(role)
    choose_signing_pin(user=make_signer(), pin=PIN, now=timezone.now())
    client.force_login(user)

    assert [client.get(PAGE).status_code, client.post(PAGE, form()).status_code] == [404, 404]
    assert SigningPin.objects.count() == 1


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).url == f"/en/sign-in/?next={PAGE}"


def test_whose_role_has_ended_still_sees_what_was_signed(client: Client, signer: User) -> None:
    choose_signing_pin(user=signer, pin=PIN, now=timezone.now())
    signer.role_assignments.update(to_on=timezone.now().date() - timedelta(days=3))
    client.force_login(signer)

    assert "Nothing yet." in words(client.get(PAGE))


def test_settings_lead_to_it_for_those_who_sign(hers: Client, client: Client) -> None:
    assert f'href="{PAGE}"' in hers.get("/en/settings/").content.decode()
    client.force_login(make_signer(Role.COORDINATOR))
    assert f'href="{PAGE}"' not in client.get("/en/settings/").content.decode()


def test_a_new_one_replaces_the_old_and_must_differ(hers: Client, signer: User) -> None:
    now = timezone.now()
    choose_signing_pin(user=signer, pin=PIN, now=now - timedelta(days=9))
    assert "You have this signing PIN already." in words(hers.post(PAGE, form()))

    hers.post(PAGE, form("731846"))

    assert find_signer(alias=signer.alias, pin="731846", at=timezone.now()) == signer
    assert find_signer(alias=signer.alias, pin=PIN, at=now - timedelta(days=1)) == signer
    with pytest.raises(NotConfirmed):
        find_signer(alias=signer.alias, pin=PIN, at=timezone.now())
    with pytest.raises(NotConfirmed):
        find_signer(alias=signer.alias, pin="731846", at=now - timedelta(days=1))


def test_one_that_somebody_saw_confirms_nothing_more(hers: Client, signer: User) -> None:
    now = timezone.now()
    choose_signing_pin(user=signer, pin=PIN, now=now - timedelta(days=9))

    hers.post(PAGE, form("731846", was_seen="on"))

    with pytest.raises(NotConfirmed):
        find_signer(alias=signer.alias, pin=PIN, at=now - timedelta(days=1))


def wrong(signer: User, sent_by: User) -> None:
    with pytest.raises(NotConfirmed) as refusal:
        find_signer(alias=signer.alias, pin="592718", at=timezone.now())
    count_wrong_signing(pin=refusal.value.pin, sent_by=sent_by, client_uuid=uuid.uuid4())


def test_a_pause_ends_with_a_new_one(hers: Client, signer: User) -> None:
    choose_signing_pin(user=signer, pin=PIN, now=timezone.now() - timedelta(days=9))
    peer = make_user()
    for _ in range(5):
        assert not is_paused(signing_pin_of(signer))
        wrong(signer, peer)
    with pytest.raises(NotConfirmed) as refusal:
        find_signer(alias=signer.alias, pin=PIN, at=timezone.now())
    assert refusal.value.pin is None
    assert "Signing with your PIN is paused" in words(hers.get("/en/roster/"))
    page = words(hers.get(PAGE))
    assert "Signing with your PIN is paused" in page
    # A stranger's work name is not for her to read.
    assert "on the phone of somebody elsewhere" in page
    assert peer.alias not in page
    assert "typed five wrong signing PINs in your name" in words(hers.get("/en/my-data/"))

    hers.post(PAGE, form("731846"))

    assert not is_paused(signing_pin_of(signer))
    assert "is paused" not in words(hers.get("/en/roster/"))
    assert find_signer(alias=signer.alias, pin="731846", at=timezone.now()) == signer
    assert wrong_signings_of(signer).count() == 5


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_queries_for_any_number(
    hers: Client, signer: User, number: int, django_assert_num_queries: Any
) -> None:
    choose_signing_pin(user=signer, pin=PIN, now=timezone.now() - timedelta(days=9))
    for _ in range(number):
        wrong(signer, make_user())
    with django_assert_num_queries(9):
        assert hers.get(PAGE).status_code == 200
