"""A practice signed on the learner's own phone: what is taken, and what her phone holds and reads of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from assessments.models import Observation, ObservationComment
from curriculum.models import ModulePage
from people.models import AccessEntry
from people.signing import signing_pin_of
from programme.models import Milestone, Role, Term
from progress.packs import packs_for
from tests.assessments.making import make_checklist
from tests.assessments.signoff.making import (
    DAY,
    HEARD,
    PIN,
    facility,
    make_signer,
    observed,
    send,
    sign,
    stored,
)
from tests.assessments.test_views import words
from tests.offline.phone import STATE, Phone, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.NURSE])
def test_signed_on_her_phone_is_stored_with_both_times(hers: Client, term: Term, phone: Phone, role: str) -> None:
    text = make_checklist()
    signer = make_signer(term, role)
    act = sign(phone, observed(text), signer.alias.lower().replace("-", " "))
    phone.now += 3 * DAY

    assert send(hers, phone) == [("stored", "")]

    seen = Observation.objects.get()
    assert (seen.term, seen.observer, seen.observer_role, seen.unit) == (term, signer, role, facility(term))
    assert (str(seen.client_uuid), seen.signed_with, seen.is_signed_off) == (act, "pin", True)
    assert timedelta(days=3) <= seen.received_at - seen.happened_at < timedelta(days=3, minutes=1)
    assert ObservationComment.objects.get().next_step == "Ask who else is near."
    log = AccessEntry.objects.filter(kind="practice_signed").values_list("subject", "actor", "actor_role")
    assert list(log) == [(term.learner_id, signer.pk, role)]
    assert stored() == (1, 1, 0)


def test_her_state_says_signed_off_or_names_the_step(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    first = sign(phone, observed(text, "nw"), signer.alias)
    send(hers, phone)
    parts = hers.get(STATE).json()["parts"]
    assert parts["done"]["signed_off"] == []
    [one] = parts["practices"]
    assert (one["place"], one["client_uuid"], one["is_signed_off"]) == ("m4", first, False)
    assert one["words"] == "Not yet: Asks if it is private"
    assert "A safety step was not done yet:" in one["html"]

    second = sign(phone, observed(text), signer.alias)
    send(hers, phone)
    parts = hers.get(STATE).json()["parts"]
    assert parts["done"]["signed_off"] == ["m4"]
    assert [(one["client_uuid"], one["words"]) for one in parts["practices"]] == [(second, "Signed off")]


def test_both_read_how_it_was_signed(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    sign(phone, observed(text), signer.alias)
    send(hers, phone)

    how = "Signed with a signing PIN on the learner’s phone · received"
    assert how in words(hers.get("/en/m4/p/"))
    hers.force_login(signer)
    assert how in words(hers.get(f"/en/record/{term.uuid}/practice/m4/"))
    listed = words(hers.get("/en/signing/"))
    assert f"{term.learner.alias} M4 Signed off" in listed


def test_a_repeat_is_harmless(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    sign(phone, observed(text), make_signer(term).alias)
    batch = phone.batch()

    results = [post(hers, batch).json()["receipts"][0]["result"] for _ in range(3)]

    assert results == ["stored", "repeated", "repeated"]
    assert stored() == (1, 1, 0)


def test_words_that_were_withdrawn_are_taken_and_the_steps_keep_their_version(
    hers: Client, term: Term, phone: Phone
) -> None:
    text = make_checklist()
    sign(phone, observed(text), make_signer(term).alias)
    ModulePage.objects.get().unpublish()

    assert send(hers, phone) == [("stored", "")]
    assert Observation.objects.get().checklist_version == text.version


@pytest.mark.parametrize(
    ("acted", "sent", "is_doubtful"),
    [(0, 0, False), (0, 1_800_000_000_000, True), (3_800_000_000_000, 3_800_000_000_000, False), (DAY, 0, True)],
)
def test_a_wrong_clock_costs_nothing(
    hers: Client, term: Term, phone: Phone, acted: int, sent: int, is_doubtful: bool
) -> None:
    text = make_checklist()
    signer = make_signer(term)
    phone.now = acted
    sign(phone, observed(text), signer.alias)
    phone.now = sent

    assert send(hers, phone) == [("stored", "")]
    seen = Observation.objects.get()
    assert (seen.happened_at, seen.clock_is_doubtful) == (seen.received_at, is_doubtful)


def test_nothing_of_staff_is_in_what_her_phone_keeps(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    signer = make_signer(term)
    signer.set_password("a long pass phrase")
    signer.save()
    sign(phone, observed(text), signer.alias)
    send(hers, phone)
    module = text.version.module
    Milestone.objects.create(version=term.pathway_version, order=1, kind="practice", module=module, due_day=9, gate="g")
    [offer] = packs_for(term.learner)
    said = json.dumps(offer.build()) + hers.get(STATE).content.decode()

    assert "Your signing PIN" in said
    for secret in (
        signer.alias,
        signer.display_name,
        str(signer.uuid),
        PIN,
        signing_pin_of(signer).pin_hash,
        signer.password,
    ):
        assert secret not in said
    assert "argon2" not in said


def test_each_sentence_is_on_her_phone(client: Client) -> None:
    """A phone without network reads its reasons from the shell."""
    page = client.get("/en/keep/").content.decode()
    assert all(f'data-word="{reason}"' in page for reason in HEARD)
