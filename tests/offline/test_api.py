"""The sync endpoint as a phone meets it."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from offline import kinds
from offline.batches import MOST_BYTES, MOST_ENTRIES
from offline.models import Receipt, RefusedEntry
from progress.models import LessonStudy
from tests.factories import give_consent, make_user
from tests.offline.conftest import another, study_payload
from tests.offline.phone import BATCH, HELLO, STATE, VAULT, Phone, post, seal
from tests.progress.conftest import World, make_world


def milliseconds(at) -> float:
    return at.timestamp() * 1000


def counts() -> tuple[int, int, int]:
    return LessonStudy.objects.count(), Receipt.objects.count(), RefusedEntry.objects.count()


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [HELLO, STATE])
def test_stranger_is_told_to_sign_in(address: str, world: World, client: Client) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Unauthorized"})


def test_batch_of_a_stranger_stores_nothing(world: World, client: Client) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    assert post(client, phone.batch()).status_code == 401
    assert counts() == (0, 0, 0)


def test_batch_from_another_site_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.learner)
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    assert post(client, phone.batch()).status_code == 403
    assert counts() == (0, 0, 0)


def test_hello_says_whose_session_it_is_and_what_to_seal_to(world: World, client_of_hers: Client) -> None:
    answer = client_of_hers.get(HELLO)
    said = answer.json()
    assert said["owner"] == str(world.learner.uuid)
    assert said["protocol"] == 1
    assert set(said["key"]) == {"name", "public"}
    assert abs(said["now"] - milliseconds(timezone.now())) < 60_000
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_without_consent_nothing_is_kept(db: None, client: Client) -> None:
    world = make_world()
    fresh = make_user()
    client.force_login(fresh)
    phone = Phone(fresh)
    phone.act("study", study_payload(world))
    answer = post(client, phone.batch())
    assert (answer.status_code, answer.json()) == (403, {"detail": "consent"})
    assert counts() == (0, 0, 0)
    give_consent(fresh)
    assert client.get(HELLO).status_code == 200


def test_locked_session_takes_entries_and_tells_nothing(world: World, client_of_hers: Client) -> None:
    client_of_hers.get(HELLO)
    client_of_hers.post("/en/exit/", {"how": "lock"})
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    assert phone.send(client_of_hers) == ["stored"]
    for answer in (
        client_of_hers.get(STATE),
        client_of_hers.post(VAULT, {"tag": "x"}, content_type="application/json"),
    ):
        assert (answer.status_code, answer.json()) == (423, {"detail": "locked"})


# --- what is taken -------------------------------------------------------------------------------


def test_lesson_is_stored_once_however_often_it_is_sent(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    name = phone.act("study", study_payload(world))
    sent = phone.batch()
    results = [post(client_of_hers, sent).json()["receipts"][0]["result"] for _ in range(3)]
    assert results == ["stored", "repeated", "repeated"]
    assert list(LessonStudy.objects.values_list("client_uuid", "lesson", "device", "counter")) == [
        (uuid.UUID(name), world.lessons[0].pk, "phone-1", 1)
    ]


def test_packed_batch_is_taken(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    assert post(client_of_hers, phone.batch(), packed=True).json()["receipts"][0]["result"] == "stored"


def test_wrong_clock_cancels_out(world: World, client_of_hers: Client) -> None:
    for clock in (0.0, 3_786_912_000_000.0):  # 1970 and 2090
        phone = Phone(world.learner, device=f"clock {clock}", now=clock)
        phone.act("study", study_payload(world))
        phone.now += 3 * 60 * 60 * 1000
        before = timezone.now()
        phone.send(client_of_hers)
        study = LessonStudy.objects.latest("pk")
        assert timedelta(0) <= study.happened_at - (before - timedelta(hours=3)) < timedelta(minutes=1)
        assert not study.clock_is_doubtful


def test_clock_that_was_set_back_meanwhile_is_flagged_and_never_in_the_future(
    world: World, client_of_hers: Client
) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    phone.now = 0
    phone.send(client_of_hers)
    study = LessonStudy.objects.get()
    assert study.clock_is_doubtful
    assert study.happened_at == study.received_at


def test_act_from_1970_sent_today_happened_when_it_came(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world), acted_at=0)
    phone.send(client_of_hers)
    study = LessonStudy.objects.get()
    assert (study.clock_is_doubtful, study.happened_at) == (True, study.received_at)


def test_act_counted_later_and_dated_earlier_is_flagged(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    phone.act("study", study_payload(world, 1), acted_at=phone.now - 3_600_000)
    phone.now += 1000
    phone.send(client_of_hers)
    assert list(LessonStudy.objects.order_by("counter").values_list("clock_is_doubtful", flat=True)) == [False, True]


def test_act_of_a_term_that_has_ended_meanwhile_counts_in_it(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world))
    world.term.ended_on, world.term.end_class = world.today - timedelta(days=2), "completed"
    world.term.save()
    phone.now += 5 * 24 * 60 * 60 * 1000
    assert phone.send(client_of_hers) == ["stored"]
    assert LessonStudy.objects.get().term == world.term


# --- what is not accepted ------------------------------------------------------------------------


def test_refused_entries_are_kept_and_explained_and_do_not_stop_the_others(
    world: World, client_of_hers: Client
) -> None:
    phone = Phone(world.learner)
    phone.act("study", study_payload(world, lesson=str(uuid.uuid4())))
    phone.act("dance", {})
    phone.act("study", study_payload(world), acted_at=phone.now - 39 * 24 * 60 * 60 * 1000)
    phone.act("study", study_payload(world, 1))
    answer = post(client_of_hers, phone.batch()).json()
    assert [(each["result"], each["reason"]) for each in answer["receipts"]] == [
        ("refused", "no_such_lesson"),
        ("refused", "unknown_kind"),
        ("refused", "no_term"),
        ("stored", ""),
    ]
    assert all(each["words"].endswith(".") for each in answer["receipts"][:3])
    assert counts() == (1, 4, 3)
    assert post(client_of_hers, phone.batch()).json()["receipts"][0]["reason"] == "no_such_lesson"
    assert counts() == (1, 4, 3)


def test_same_uuid_with_other_content_is_kept_for_a_person(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    name = uuid.uuid4()
    phone.act("study", study_payload(world), client_uuid=name)
    assert phone.send(client_of_hers) == ["stored"]
    phone.act("study", study_payload(world, 1), client_uuid=name)
    assert phone.send(client_of_hers) == ["refused"]
    assert list(RefusedEntry.objects.values_list("reason", "payload")) == [("payload_changed", study_payload(world, 1))]
    assert LessonStudy.objects.get().lesson == world.lessons[0]


def test_entry_of_another_woman_stores_nothing_for_either(world: World, client_of_hers: Client) -> None:
    other = another(world)
    phone = Phone(other.learner)
    phone.act("study", study_payload(other))
    answer = post(client_of_hers, phone.batch()).json()
    assert [(each["result"], each["reason"]) for each in answer["receipts"]] == [("refused", "not_hers")]
    assert counts() == (0, 0, 1)
    assert RefusedEntry.objects.get().sent_by == world.learner
    assert list(RefusedEntry.objects.get().payload) == ["envelope"]


def test_envelope_moved_to_another_uuid_does_not_open(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    name = phone.act("study", study_payload(world))
    sent = phone.batch()
    sent["entries"][0]["client_uuid"] = str(uuid.uuid4())
    assert post(client_of_hers, sent).json()["receipts"][0]["reason"] == "cannot_open"
    assert phone.send(client_of_hers, [name]) == ["stored"]


@pytest.mark.parametrize(
    "content",
    [
        [],
        "text",
        {"owner": "somebody"},
        {"kind": 3, "payload": {}},
        {"kind": "study", "payload": []},
        {"kind": "study", "payload": {}, "acted_at": "now"},
        {"kind": "study", "payload": {}, "acted_at": float("nan")},
    ],
)
def test_sealed_rubbish_is_refused_and_kept(content, world: World, client_of_hers: Client) -> None:
    if isinstance(content, dict):
        content = {"owner": str(world.learner.uuid)} | content
    name = uuid.uuid4()
    sent = {"sent_at": 0, "entries": [{"client_uuid": str(name), "envelope": seal(content, name)}]}
    receipt = post(client_of_hers, sent).json()["receipts"][0]
    assert receipt["result"] == "refused"
    assert counts() == (0, 0, 1)


def test_unpackable_batches_change_nothing(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    name = phone.act("study", study_payload(world))
    whole = json.dumps(phone.batch()).encode()
    answers = [
        client_of_hers.post(BATCH, whole[:-20], content_type="application/json"),
        client_of_hers.post(BATCH, whole, content_type="application/json", headers={"Content-Encoding": "gzip"}),
        client_of_hers.post(BATCH, b"[]", content_type="application/json"),
        post(client_of_hers, {"sent_at": "soon", "entries": []}),
        post(client_of_hers, {"sent_at": 0, "entries": [{"client_uuid": name, "envelope": "%%%"}]}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 422, 422, 422]
    assert all(answer.headers["Content-Type"].startswith("application/json") for answer in answers)
    assert counts() == (0, 0, 0)


def test_ten_thousand_at_once_are_too_many_and_change_nothing(world: World, client_of_hers: Client) -> None:
    phone = Phone(world.learner)
    name = phone.act("study", study_payload(world))
    entry = phone.batch()["entries"][0]
    many = {"sent_at": 0, "entries": [entry] * 10_000}
    small = {"sent_at": 0, "entries": [{"client_uuid": name, "envelope": ""}] * (MOST_ENTRIES + 1)}
    for data, packed in ((many, False), (many, True), (small, False)):
        answer = post(client_of_hers, data, packed=packed)
        assert (answer.status_code, answer.json()) == (413, {"detail": "too_much"})
    assert len(json.dumps(many)) > MOST_BYTES
    assert counts() == (0, 0, 0)
    assert phone.send(client_of_hers) == ["stored"]


def test_mistake_of_ours_leaves_the_entry_on_the_phone(
    world: World, client_of_hers: Client, monkeypatch, caplog
) -> None:
    def trip(_entry: kinds.Entry) -> bool:
        LessonStudy.objects.all().exists()
        raise RuntimeError("tripped")

    phone = Phone(world.learner)
    broken = phone.act("study", study_payload(world))
    monkeypatch.setitem(kinds._kinds, "study", kinds.Kind("study", trip, "a lesson"))
    assert phone.send(client_of_hers) == ["later"]
    assert counts() == (0, 0, 0)
    assert broken in phone.outbox
    assert str(world.learner.uuid) not in caplog.text
    monkeypatch.undo()
    assert phone.send(client_of_hers) == ["stored"]


# --- what it costs -------------------------------------------------------------------------------


def test_each_further_entry_costs_the_same(world: World, client_of_hers: Client, django_assert_num_queries) -> None:
    phone = Phone(world.learner)
    client_of_hers.get(HELLO)
    for count, queries in ((1, 19), (3, 47)):
        for number in range(count):
            phone.act("study", study_payload(world, number % 2))
        with django_assert_num_queries(queries):
            phone.send(client_of_hers)
