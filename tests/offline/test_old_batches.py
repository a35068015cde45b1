"""What comes late, comes again, or comes from two phones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from offline.deciding import try_again
from offline.models import Receipt, RefusedEntry
from progress.models import LessonStudy
from tests.factories import make_user
from tests.offline.conftest import study_payload
from tests.offline.phone import Phone, post
from tests.progress.conftest import World

DAY = 86_400_000


def evidence() -> list[tuple[Any, ...]]:
    names = ("client_uuid", "lesson_id", "happened_at", "received_at", "counter", "clock_is_doubtful")
    return list(LessonStudy.objects.order_by("pk").values_list(*names))


def test_batch_of_a_month_ago_changes_nothing_when_it_comes_again(world: World, client_of_hers: Client) -> None:
    """Somebody on the way kept the request, word for word, and sends it again after other work has come."""
    phone = Phone(world.learner)
    for number in (0, 1, 0):
        phone.act("study", study_payload(world, number))
    old = phone.batch()
    assert phone.send(client_of_hers) == ["stored"] * 3
    Receipt.objects.update(received_at=timezone.now() - timedelta(days=30))
    phone.now += 30 * DAY
    phone.act("study", study_payload(world, 1))
    phone.send(client_of_hers)
    before = evidence()
    again = post(client_of_hers, old).json()["receipts"]
    assert [receipt["result"] for receipt in again] == ["repeated"] * 3
    assert evidence() == before
    assert len(before) == 4
    assert not RefusedEntry.objects.exists()


def test_same_entries_from_two_phones_are_stored_once(world: World, client_of_hers: Client) -> None:
    """A phone whose storage was copied to another one: both send all of it, in other orders."""
    one = Phone(world.learner)
    for number in (0, 1, 0, 1):
        one.act("study", study_payload(world, number))
    other = Phone(world.learner, now=one.now + DAY, counter=one.counter, outbox=dict(one.outbox))
    mixed = list(reversed(other.outbox))
    assert one.send(client_of_hers, list(one.outbox)[:2]) == ["stored"] * 2
    assert sorted(other.send(client_of_hers, mixed)) == ["repeated"] * 2 + ["stored"] * 2
    assert one.send(client_of_hers) == ["repeated"] * 2
    assert len(evidence()) == 4
    assert not one.outbox
    assert not other.outbox


def test_five_hundred_acts_of_one_phone_go_in_batches_and_each_is_there_once(
    world: World, client_of_hers: Client
) -> None:
    phone = Phone(world.learner)
    for number in range(500):
        phone.act("study", study_payload(world, number % 2))
    while phone.outbox:
        names = list(phone.outbox)[:50]
        assert set(phone.send(client_of_hers, names)) == {"stored"}
    assert sorted(row[4] for row in evidence()) == list(range(1, 501))
    assert not any(row[5] for row in evidence())


def test_what_a_person_tries_again_keeps_its_doubtful_clock(world: World, client_of_hers: Client) -> None:
    """This phone counted it later and dated it earlier: that stays said when it is taken in the end."""
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    phone.act("study", {**study_payload(world, 1), "lesson": "no lesson"}, acted_at=phone.now - 3_600_000)
    phone.now += 1000
    assert phone.send(client_of_hers) == ["stored", "refused"]
    entry = RefusedEntry.objects.get()
    entry.payload = study_payload(world, 1)
    entry.save(update_fields=["payload"])
    assert try_again(entry=entry, by=make_user(), now=timezone.now()) == "stored"
    late = LessonStudy.objects.latest("pk")
    assert (late.contradicts_counter, late.clock_is_doubtful) == (True, True)
