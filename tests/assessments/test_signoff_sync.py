"""A practice signed on the learner's own phone: what is taken, what is not, and what a wrong PIN costs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import ChecklistText, Observation, ObservationComment
from assessments.signing import bound_to
from curriculum.models import ModulePage
from offline import sealing
from offline.kinds import words_for
from offline.models import Receipt, RefusedEntry
from people.models import AccessEntry, User, WrongSigning
from people.signing import WRONG_SIGNINGS, choose_signing_pin, is_paused, signing_pin_of
from programme.models import Milestone, Role, Term
from progress.packs import packs_for
from tests.assessments.making import make_checklist, step_id
from tests.assessments.test_views import words
from tests.factories import give_consent, give_role, make_term, make_unit, make_user
from tests.offline.phone import STATE, Phone, post

pytestmark = pytest.mark.django_db

PIN, WRONG = "482913", "592718"
DAY = 86_400_000
LONG_AGO = timedelta(days=200)
HEARD = {"not_confirmed", "may_not_sign", "own_practice", "signature_differs", "practice_does_not_fit"}


@pytest.fixture
def term() -> Term:
    user = make_user(name="Amélia")
    give_consent(user)
    return make_term(learner=user, start_on=timezone.now().date() - timedelta(days=100))


@pytest.fixture
def hers(term: Term, client: Client) -> Client:
    client.force_login(term.learner)
    return client


@pytest.fixture
def phone(term: Term) -> Phone:
    return Phone(term.learner)


def facility(term: Term) -> Any:
    return term.placements.get().facility


def make_signer(term: Term, role: str = Role.SUPERVISOR, *, pin: str = PIN, **held: Any) -> User:
    user = make_user(name="Wambui", secret_kind="password")
    give_consent(user)
    if role:
        give_role(user, role, facility(term), **held)
    choose_signing_pin(user=user, pin=pin, now=timezone.now() - LONG_AGO)
    return user


def observed(text: ChecklistText, outcomes: str = "ww", /, **changed: Any) -> dict[str, Any]:
    meaning = {"w": "done_well", "h": "with_help", "n": "not_done", "x": "not_applicable"}
    steps = [step["id"] for step in text.version.structure["steps"]]
    return {
        "text": text.content_hash,
        "setting": "role_play",
        "steps": {step: meaning[letter] for step, letter in zip(steps, outcomes, strict=True)},
        "went_well": "She stayed calm.",
        "next_step": "Ask who else is near.",
        "seen": True,
    } | changed


def signature(act: uuid.UUID, owner: User, said: str, alias: str, pin: str) -> str:
    """As a phone seals it."""
    typed = json.dumps({"alias": alias, "pin": pin}).encode()
    return sealing.to_text(sealing.seal(typed, bound_to(act, owner.uuid, said)))


def sign(phone: Phone, seen: dict[str, Any], alias: str, pin: str = PIN, **said: Any) -> str:
    """She is watched, and whoever watched types ``alias`` and ``pin`` on her phone; returns the act."""
    act, text = uuid.uuid4(), json.dumps(seen)
    payload = {"observed": text, "signature": signature(act, phone.owner, text, alias, pin)}
    return phone.act("signoff", payload, client_uuid=act, **said)


def send(client: Client, phone: Phone) -> list[tuple[str, str]]:
    """(result, reason) of each entry."""
    answer = post(client, phone.batch())
    phone.hear(answer.json())
    return [(receipt["result"], receipt["reason"]) for receipt in answer.json()["receipts"]]


def stored() -> tuple[int, int, int]:
    return Observation.objects.count(), ObservationComment.objects.count(), RefusedEntry.objects.count()


# --- what is taken -------------------------------------------------------------------------------


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


# --- what is not ---------------------------------------------------------------------------------

Case = Callable[[Term, Phone, ChecklistText], Any]


def _wrong_pin(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text), make_signer(term).alias, WRONG)


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
    _wrong_pin: "not_confirmed",
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


# --- wrong PINs ----------------------------------------------------------------------------------


def test_a_wrong_try_that_comes_again_is_counted_once(hers: Client, term: Term, phone: Phone) -> None:
    text = make_checklist()
    _wrong_pin(term, phone, text)
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


# --- a person decides ----------------------------------------------------------------------------


def make_coordinator(term: Term) -> User:
    user = make_user(secret_kind="password")
    give_consent(user)
    give_role(user, Role.COORDINATOR, facility(term))
    return user


def again(client: Client, term: Term) -> str:
    client.force_login(make_coordinator(term))
    waiting = RefusedEntry.objects.filter(decided_at__isnull=True).latest("pk")
    return words(client.post(f"/en/people/kept/{waiting.pk}/", {"do": "again"}, follow=True))


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


def test_tried_again_a_wrong_pin_is_still_wrong_and_counted_once(hers: Client, term: Term, phone: Phone) -> None:
    _wrong_pin(term, phone, make_checklist())
    send(hers, phone)

    for _ in range(2):
        assert "Not accepted this time either." in again(hers, term)

    assert (WrongSigning.objects.count(), stored()) == (1, (0, 0, 1))


# --- what goes to her phone ----------------------------------------------------------------------


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
