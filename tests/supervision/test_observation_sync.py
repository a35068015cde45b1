"""A practice that a supervisor watched without network, as her own phone sends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import ChecklistText, Observation, ObservationComment
from offline.models import RefusedEntry
from people.models import AccessEntry, User
from programme.models import Placement
from progress.standing import standing_of
from tests.factories import give_consent, give_role, make_unit, make_user
from tests.offline.library import make_reader, publish
from tests.offline.phone import Phone
from tests.progress.conftest import World

DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    return make_reader(publish())


@pytest.fixture
def supervisor(world: World) -> User:
    user = make_user(name="Wambui", secret_kind="password")
    give_role(user, "supervisor", world.term.placements.get().facility)
    return user


@pytest.fixture
def client_of_hers(supervisor: User, client: Client) -> Client:
    client.force_login(supervisor)
    return client


def seen(world: World, **other: Any) -> dict[str, Any]:
    text = ChecklistText.objects.get(version__module=world.module)
    return {
        "term": str(world.term.uuid),
        "text": text.content_hash,
        "setting": "role_play",
        "steps": {step["id"]: "done_well" for step in text.version.structure["steps"]},
        "went_well": "Calm voice",
        "next_step": "Ask one question more",
    } | other


def refusals() -> list[str]:
    return list(RefusedEntry.objects.order_by("pk").values_list("reason", flat=True))


def test_practice_watched_without_network_is_stored_once_and_moves_her_standing(
    world: World, supervisor: User, client_of_hers: Client
) -> None:
    phone = Phone(supervisor)
    name = phone.act("observation", seen(world))
    sealed = dict(phone.outbox)
    assert phone.send(client_of_hers) == ["stored"]
    phone.outbox = sealed
    assert phone.send(client_of_hers) == ["repeated"]
    observation = Observation.objects.get()
    assert str(observation.client_uuid) == name
    assert (observation.term, observation.observer, observation.observer_role) == (world.term, supervisor, "supervisor")
    assert (observation.is_signed_off, observation.signed_with) == (True, "own_phone")
    assert observation.unit == world.term.placements.get().facility
    assert ObservationComment.objects.get().went_well == "Calm voice"
    here = world.term.placements.get().facility.today()
    assert {item.is_done for item in standing_of(world.term, here).items if item.milestone.kind == "practice"} == {True}
    entry = AccessEntry.objects.get(subject=world.learner)
    assert (entry.kind, entry.actor_role) == ("practice_signed", "supervisor")


def test_it_happened_when_it_happened(world: World, supervisor: User, client_of_hers: Client) -> None:
    phone = Phone(supervisor)
    phone.act("observation", seen(world))
    phone.now += 3 * DAY.total_seconds() * 1000
    phone.send(client_of_hers)
    observation = Observation.objects.get()
    assert observation.received_at - observation.happened_at == 3 * DAY


def test_right_is_that_of_the_day_on_which_it_happened(world: World, supervisor: User, client_of_hers: Client) -> None:
    """She moved yesterday: what was watched three days ago stands, what is watched today does not."""
    today = timezone.now().date()
    world.term.placements.update(to_on=today - DAY)
    Placement.objects.create(term=world.term, facility=make_unit(parent=world.term.programme.root_unit), from_on=today)
    phone = Phone(supervisor)
    phone.act("observation", seen(world))
    phone.now += 3 * DAY.total_seconds() * 1000
    phone.act("observation", seen(world))
    assert phone.send(client_of_hers) == ["stored", "refused"]
    assert refusals() == ["not_at_your_site"]


@pytest.mark.parametrize("role", ["coordinator", "district_manager", "trainer", "privacy_officer"])
def test_who_may_not_sign_is_refused(world: World, client: Client, role: str) -> None:
    user = make_user(secret_kind="password")
    give_role(user, role, world.term.placements.get().facility)
    client.force_login(user)
    phone = Phone(user)
    phone.act("observation", seen(world))
    assert phone.send(client) == ["refused"]
    assert refusals() == ["not_at_your_site"]
    assert not Observation.objects.exists()


def test_an_unknown_term_and_one_elsewhere_are_refused_alike(world: World, client: Client) -> None:
    user = make_user(secret_kind="password")
    give_role(user, "supervisor", make_unit())
    client.force_login(user)
    phone = Phone(user)
    for term in (str(world.term.uuid), str(uuid4()), "x", None, ["x"]):
        phone.act("observation", seen(world, term=term))
    assert phone.send(client) == ["refused"] * 5
    assert set(refusals()) == {"not_at_your_site"}


def test_nobody_signs_her_own(world: World, client: Client) -> None:
    give_role(world.learner, "supervisor", world.term.placements.get().facility)
    give_consent(world.learner)
    client.force_login(world.learner)
    phone = Phone(world.learner)
    phone.act("observation", seen(world))
    assert phone.send(client) == ["refused"]
    assert refusals() == ["own_practice"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"text": "f" * 64}, "no_such_practice"),
        ({"steps": {}}, "practice_does_not_fit"),
        ({"steps": "all"}, "practice_does_not_fit"),
        ({"setting": "elsewhere"}, "practice_does_not_fit"),
        ({"went_well": "Call 0712 345 678"}, "practice_does_not_fit"),
    ],
)
def test_what_does_not_fit_is_kept_whole(
    world: World, supervisor: User, client_of_hers: Client, other: dict[str, Any], reason: str
) -> None:
    phone = Phone(supervisor)
    phone.act("observation", seen(world, **other))
    assert phone.send(client_of_hers) == ["refused"]
    assert refusals() == [reason]
    assert RefusedEntry.objects.get().payload["next_step"] == "Ask one question more"
    assert not Observation.objects.exists()


def test_not_yet_is_stored_too(world: World, supervisor: User, client_of_hers: Client) -> None:
    sent = seen(world)
    sent["steps"] = dict.fromkeys(sent["steps"], "not_done")
    phone = Phone(supervisor)
    phone.act("observation", sent)
    assert phone.send(client_of_hers) == ["stored"]
    assert Observation.objects.get().is_signed_off is False


def test_same_act_with_other_content_is_kept_for_a_person(
    world: World, supervisor: User, client_of_hers: Client
) -> None:
    phone = Phone(supervisor)
    name = uuid4()
    phone.act("observation", seen(world), client_uuid=name)
    phone.send(client_of_hers)
    phone.act("observation", seen(world, went_well="Another line"), client_uuid=name)
    assert phone.send(client_of_hers) == ["refused"]
    assert refusals() == ["payload_changed"]
    assert ObservationComment.objects.get().went_well == "Calm voice"
