"""Whoever signs, what she signs, and how a phone seals and sends it."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from assessments.models import ChecklistText, Observation, ObservationComment
from assessments.signing import bound_to
from offline import sealing
from offline.models import RefusedEntry
from people.models import User
from people.signing import choose_signing_pin
from programme.models import Role, Term
from tests.assessments.test_views import words
from tests.factories import give_consent, give_role, make_user
from tests.offline.phone import Phone, post

PIN, WRONG = "482913", "592718"
DAY = 86_400_000
LONG_AGO = timedelta(days=200)
HEARD = {"not_confirmed", "may_not_sign", "own_practice", "signature_differs", "practice_does_not_fit"}


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


def make_coordinator(term: Term) -> User:
    user = make_user(secret_kind="password")
    give_consent(user)
    give_role(user, Role.COORDINATOR, facility(term))
    return user


def again(client: Client, term: Term) -> str:
    client.force_login(make_coordinator(term))
    waiting = RefusedEntry.objects.filter(decided_at__isnull=True).latest("pk")
    return words(client.post(f"/en/people/kept/{waiting.pk}/", {"do": "again"}, follow=True))


def wrong_pin(term: Term, phone: Phone, text: ChecklistText) -> None:
    sign(phone, observed(text), make_signer(term).alias, WRONG)
