"""A practice signed on the learner's own phone: what is not taken, and what becomes of it when a person tries again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import ChecklistText, Observation
from assessments.signing import bound_to
from offline import sealing
from offline.kinds import words_for
from offline.models import Receipt, RefusedEntry
from people.models import User, WrongSigning
from people.signing import WRONG_SIGNINGS, choose_signing_pin
from programme.models import Role, Term
from tests.assessments.making import make_checklist, step_id
from tests.assessments.signoff.making import (
    DAY,
    LONG_AGO,
    PIN,
    WRONG,
    again,
    facility,
    make_signer,
    observed,
    send,
    sign,
    signature,
    stored,
    wrong_pin,
)
from tests.factories import give_role, make_term, make_unit, make_user
from tests.offline.phone import STATE, Phone

pytestmark = pytest.mark.django_db


Case = Callable[[Term, Phone, ChecklistText], Any]


def _no_pin_typed(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text), make_signer(term).alias, "")


def _unknown_name(term: Term, phone: Phone, text: ChecklistText) -> None:
    make_signer(term)
    sign(phone, observed(text), "ZZZ-999")


def _no_signing_pin(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_user(secret_kind="password", pin="a long pass phrase")
    give_role(signer, Role.SUPERVISOR, facility(term))
    sign(phone, observed(text), signer.alias, "a long pass phrase")


def _pin_chosen_after_the_day(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_signer(term)
    choose_signing_pin(user=signer, pin=WRONG, now=timezone.now())
    sign(phone, observed(text), signer.alias, WRONG)
    phone.now += 3 * DAY


def _role_elsewhere(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_signer(term, "")
    give_role(signer, Role.SUPERVISOR, make_unit())
    sign(phone, observed(text), signer.alias)


def _another_role(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text), make_signer(term, Role.COORDINATOR).alias)


def _role_ended_before_the_day(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_signer(term, to_on=timezone.now().date() - timedelta(days=5))
    sign(phone, observed(text), signer.alias)
    phone.now += 3 * DAY


def _role_began_after_the_day(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_signer(term, from_on=timezone.now().date() - timedelta(days=1))
    sign(phone, observed(text), signer.alias)
    phone.now += 3 * DAY


def _closed_account(term: Term, phone: Phone, text: ChecklistText) -> None:
    signer = make_signer(term)
    sign(phone, observed(text), signer.alias)
    User.objects.filter(pk=signer.pk).update(is_active=False)


def _herself(term: Term, phone: Phone, text: ChecklistText) -> None:
    give_role(term.learner, Role.SUPERVISOR, facility(term))
    choose_signing_pin(user=term.learner, pin=PIN, now=timezone.now() - LONG_AGO)
    sign(phone, observed(text), term.learner.alias)


def _before_her_term(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text), make_signer(term).alias)
    phone.now += 150 * DAY


def _changed_after_signing(term: Term, phone: Phone, text: ChecklistText) -> None:
    """She turns "not done" into "done well" under a signature."""
    act, owner = uuid.uuid4(), phone.owner
    signed = signature(act, owner, json.dumps(observed(text, "nw")), make_signer(term).alias, PIN)
    phone.act("signoff", {"observed": json.dumps(observed(text)), "signature": signed}, client_uuid=act)


def _used_again_in_another_entry(term: Term, phone: Phone, text: ChecklistText) -> None:
    said = json.dumps(observed(text))
    signed = signature(uuid.uuid4(), phone.owner, said, make_signer(term).alias, PIN)
    phone.act("signoff", {"observed": said, "signature": signed})


def _used_again_for_another_woman(term: Term, phone: Phone, text: ChecklistText) -> None:
    act, said = uuid.uuid4(), json.dumps(observed(text))
    peer = make_term(facility=facility(term)).learner
    signed = signature(act, peer, said, make_signer(term).alias, PIN)
    phone.act("signoff", {"observed": said, "signature": signed}, client_uuid=act)


def _rubbish_for_a_signature(term: Term, phone: Phone, text: ChecklistText) -> None:
    make_signer(term)
    phone.act("signoff", {"observed": json.dumps(observed(text)), "signature": "rubbish"})


def _sealed_rubbish(term: Term, phone: Phone, text: ChecklistText) -> None:
    act, said = uuid.uuid4(), json.dumps(observed(text))
    envelope = sealing.seal(b'["a list"]', bound_to(act, phone.owner.uuid, said))
    phone.act("signoff", {"observed": said, "signature": sealing.to_text(envelope)}, client_uuid=act)


def _unknown_checklist(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text, text="f" * 64), make_signer(term).alias)


def _a_step_is_missing(term: Term, phone: Phone, text: ChecklistText) -> None:
    steps = {step_id(text.version.module, 1): "done_well"}
    sign(phone, observed(text, steps=steps), make_signer(term).alias)


def _a_step_too_many(term: Term, phone: Phone, text: ChecklistText) -> None:
    steps = observed(text)["steps"] | {str(uuid.uuid4()): "done_well"}
    sign(phone, observed(text, steps=steps), make_signer(term).alias)


def _a_number_to_call(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text, next_step="Call 0722 123 456"), make_signer(term).alias)


def _she_has_not_seen_it(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text, seen="yes"), make_signer(term).alias)


def _steps_that_are_none(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text, steps=["done_well"]), make_signer(term).alias)


REFUSED: dict[Case, str] = {
    wrong_pin: "not_confirmed",
    _no_pin_typed: "not_confirmed",
    _unknown_name: "not_confirmed",
    _no_signing_pin: "not_confirmed",
    _pin_chosen_after_the_day: "not_confirmed",
    _role_elsewhere: "may_not_sign",
    _another_role: "may_not_sign",
    _role_ended_before_the_day: "may_not_sign",
    _role_began_after_the_day: "may_not_sign",
    _closed_account: "may_not_sign",
    _herself: "own_practice",
    _before_her_term: "no_term",
    _changed_after_signing: "signature_differs",
    _used_again_in_another_entry: "signature_differs",
    _used_again_for_another_woman: "signature_differs",
    _rubbish_for_a_signature: "signature_differs",
    _sealed_rubbish: "signature_differs",
    _unknown_checklist: "no_such_practice",
    _a_step_is_missing: "practice_does_not_fit",
    _a_step_too_many: "practice_does_not_fit",
    _a_number_to_call: "practice_does_not_fit",
    _she_has_not_seen_it: "practice_does_not_fit",
    _steps_that_are_none: "practice_does_not_fit",
}


@pytest.mark.parametrize(("case", "reason"), REFUSED.items(), ids=lambda value: getattr(value, "__name__", None))
def test_what_is_not_accepted_is_kept_with_its_reason(
    hers: Client, term: Term, phone: Phone, case: Case, reason: str
) -> None:
    case(term, phone, make_checklist())

    assert send(hers, phone) == [("refused", reason)]

    assert stored() == (0, 0, 1)
    kept = RefusedEntry.objects.get()
    assert (kept.sent_by, kept.kind, kept.reason) == (term.learner, "signoff", reason)
    assert "Ask" in words_for(reason)
    assert PIN not in json.dumps(kept.payload)
    assert hers.get(STATE).json()["parts"]["done"]["signed_off"] == []


@pytest.mark.parametrize("said", [None, 7, {"a": 1}, "", "null", "[]", "not JSON", "[" * 20_000])
def test_rubbish_is_refused(hers: Client, term: Term, phone: Phone, said: Any) -> None:
    phone.act("signoff", {"observed": said, "signature": 3})

    assert send(hers, phone) == [("refused", "practice_does_not_fit")]


def test_a_role_that_ended_after_the_day_counts(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term, to_on=timezone.now().date() - timedelta(days=2))
    sign(phone, observed(text), signer.alias)
    phone.now += 10 * DAY

    assert send(hers, phone) == [("stored", "")]


def test_an_entry_of_another_woman_is_not_taken_in_this_session(hers: Client, term: Term) -> None:
    text = make_checklist()
    peer = make_term(facility=facility(term)).learner
    theirs = Phone(peer)
    sign(theirs, observed(text), make_signer(term).alias)

    assert send(hers, theirs) == [("refused", "not_hers")]
    assert stored() == (0, 0, 1)


def test_the_same_act_with_another_observation_stores_nothing(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    act = uuid.UUID(sign(phone, observed(text, "nw"), signer.alias))
    send(hers, phone)
    said = json.dumps(observed(text))
    payload = {"observed": said, "signature": signature(act, phone.owner, said, signer.alias, PIN)}
    phone.act("signoff", payload, client_uuid=act)

    assert send(hers, phone) == [("refused", "payload_changed")]
    assert not Observation.objects.get().is_signed_off


# --- a person decides ----------------------------------------------------------------------------


def test_tried_again_when_the_role_was_noted_late(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term, "")
    sign(phone, observed(text), signer.alias)
    phone.now += 3 * DAY
    assert send(hers, phone) == [("refused", "may_not_sign")]
    give_role(signer, Role.NURSE, facility(term))

    assert "Accepted now." in again(hers, term)

    seen = Observation.objects.get()
    assert (seen.observer, seen.observer_role, seen.received_at - seen.happened_at >= timedelta(days=3)) == (
        signer,
        "nurse",
        True,
    )
    assert Receipt.objects.get().result == "stored"


def test_tried_again_after_a_pause_is_over(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    for pin in [WRONG] * WRONG_SIGNINGS + [PIN]:
        sign(phone, observed(text), signer.alias, pin)
    send(hers, phone)
    choose_signing_pin(user=signer, pin="731846", now=timezone.now())

    assert "Accepted now." in again(hers, term)
    assert Observation.objects.count() == 1


def test_tried_again_awrong_pin_is_still_wrong_and_counted_once(hers: Client, term: Term, phone: Phone) -> None:
    wrong_pin(term, phone, make_checklist())
    send(hers, phone)

    for _ in range(2):
        assert "Not accepted this time either." in again(hers, term)

    assert (WrongSigning.objects.count(), stored()) == (1, (0, 0, 1))
