"""What a wrong signing PIN costs, and what forgives it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Observation
from offline.models import Receipt, RefusedEntry
from people.models import AccessEntry, WrongSigning
from people.signing import WRONG_SIGNINGS, choose_signing_pin, is_paused, signing_pin_of
from programme.models import Term
from tests.assessments.making import make_checklist
from tests.assessments.signoff.making import (
    DAY,
    PIN,
    WRONG,
    make_signer,
    observed,
    send,
    sign,
    wrong_pin,
)
from tests.assessments.test_views import words
from tests.offline.phone import Phone, post

pytestmark = pytest.mark.django_db


def test_a_wrong_try_that_comes_again_is_counted_once(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    wrong_pin(term, phone, text)
    batch = phone.batch()

    for _ in range(WRONG_SIGNINGS + 1):
        assert post(hers, batch).json()["receipts"][0]["result"] == "refused"

    assert (WrongSigning.objects.count(), RefusedEntry.objects.count(), Receipt.objects.count()) == (1, 1, 1)


def test_five_wrong_ones_pause_it_and_she_reads_that(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    for number in range(WRONG_SIGNINGS):
        assert not is_paused(signing_pin_of(signer)), number
        sign(phone, observed(text), signer.alias, WRONG)
        send(hers, phone)
    assert is_paused(signing_pin_of(signer))

    sign(phone, observed(text), signer.alias)
    assert send(hers, phone) == [("refused", "not_confirmed")]

    assert WrongSigning.objects.count() == WRONG_SIGNINGS
    entry = AccessEntry.objects.get(kind="signing_paused")
    assert (entry.subject, entry.actor) == (signer, term.learner)
    hers.force_login(signer)
    page = words(hers.get("/en/signing/"))
    assert "Signing with your PIN is paused" in page
    assert page.count(f"on the phone of {term.learner.alias}") == WRONG_SIGNINGS


def test_a_batch_of_guesses_gets_five(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    for guess in range(20):
        sign(phone, observed(text), signer.alias, str(100_000 + guess))
    sign(phone, observed(text), signer.alias)

    assert send(hers, phone) == [("refused", "not_confirmed")] * 21
    assert (WrongSigning.objects.count(), Observation.objects.count()) == (WRONG_SIGNINGS, 0)


def test_a_right_one_forgives_the_wrong_ones_before_it(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    for pin in [WRONG] * 4 + [PIN] + [WRONG] * 4 + [PIN]:
        sign(phone, observed(text), signer.alias, pin)

    results = [result for result, _reason in send(hers, phone)]

    assert results == (["refused"] * 4 + ["stored"]) * 2


def test_a_right_pin_without_the_role_forgives_nothing(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term, "")
    for pin in [WRONG] * 4 + [PIN, WRONG, PIN]:
        sign(phone, observed(text), signer.alias, pin)

    reasons = [reason for _result, reason in send(hers, phone)]

    assert reasons == ["not_confirmed"] * 4 + ["may_not_sign"] + ["not_confirmed"] * 2


def test_what_waits_while_she_chooses_a_new_pin_still_counts(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    sign(phone, observed(text), signer.alias)
    phone.now += 3 * DAY
    choose_signing_pin(user=signer, pin=WRONG, now=timezone.now() - timedelta(days=1))

    assert send(hers, phone) == [("stored", "")]


def test_what_waits_under_a_pin_that_somebody_saw_does_not(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    sign(phone, observed(text), signer.alias)
    phone.now += 3 * DAY
    choose_signing_pin(user=signer, pin=WRONG, now=timezone.now() - timedelta(days=1), was_seen=True)

    assert send(hers, phone) == [("refused", "not_confirmed")]
