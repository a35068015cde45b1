"""The signing PIN behind its page: what is checked, and what the database itself refuses."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from people.models import AccessEntry, SigningPin, User, WrongSigning
from people.signing import NotConfirmed, choose_signing_pin, count_wrong_signing, find_signer, signing_pin_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PIN = "482913"


@pytest.fixture
def signer() -> User:
    return make_user()


def test_a_name_that_nobody_has_costs_the_same_work(signer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("people.signing.make_password", made.append)
    with pytest.raises(NotConfirmed):
        find_signer(alias="ZZZ-999", pin=PIN, at=timezone.now())
    with pytest.raises(NotConfirmed):
        find_signer(alias=signer.alias, pin=PIN, at=timezone.now())
    assert made == [PIN, PIN]


def test_two_in_force_are_refused_by_the_database(signer: User) -> None:
    choose_signing_pin(user=signer, pin=PIN, now=timezone.now())
    with pytest.raises(IntegrityError):
        SigningPin.objects.create(user=signer, pin_hash="x", chosen_at=timezone.now())


@pytest.mark.parametrize("typed", ["k7m2qx", "K7M-2QX", " k7m 2qx ", "K7M\u20132QX"])
def test_the_name_is_read_however_it_was_typed(typed: str) -> None:
    signer = make_user(alias="K7M-2QX")
    choose_signing_pin(user=signer, pin=PIN, now=timezone.now())
    assert find_signer(alias=typed, pin=PIN, at=timezone.now()) == signer


def test_a_wrong_one_is_counted_once_for_each_act_and_sender(signer: User) -> None:
    pin = choose_signing_pin(user=signer, pin=PIN, now=timezone.now())
    one, other, act = make_user(), make_user(), uuid.uuid4()

    new = [count_wrong_signing(pin=pin, sent_by=who, client_uuid=act) for who in (one, one, other, one)]

    assert new == [True, False, True, False]
    assert WrongSigning.objects.count() == 2


def test_an_older_one_has_five_tries_of_its_own(signer: User) -> None:
    """What waited under it may still be signed rightly; guessing it goes no further than guessing the new one."""
    now = timezone.now()
    choose_signing_pin(user=signer, pin=PIN, now=now - timedelta(days=9))
    choose_signing_pin(user=signer, pin="731846", now=now - timedelta(days=1))
    then = now - timedelta(days=5)
    for guess in range(5):
        with pytest.raises(NotConfirmed) as refusal:
            find_signer(alias=signer.alias, pin=f"59271{guess}", at=then)
        count_wrong_signing(pin=refusal.value.pin, sent_by=make_user(), client_uuid=uuid.uuid4())

    with pytest.raises(NotConfirmed):
        find_signer(alias=signer.alias, pin=PIN, at=then)

    assert find_signer(alias=signer.alias, pin="731846", at=now) == signer
    assert AccessEntry.objects.filter(kind="signing_paused", subject=signer).count() == 1
    assert signing_pin_of(signer).wrong_signings.count() == 0
