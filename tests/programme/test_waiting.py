"""What was not accepted: the coordinator of the site decides, and reads nothing of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from curriculum.models import Lesson
from offline import kinds
from offline.actions import keep_refused
from offline.batches import Result
from offline.deciding import close, try_again
from offline.models import Receipt, RefusedEntry
from offline.sealing import to_text
from people.models import AccessEntry, User
from progress.models import LessonStudy
from tests.factories import give_consent, give_role, make_term, make_unit, make_user
from tests.offline.conftest import study_payload
from tests.offline.phone import Phone
from tests.progress.conftest import World, make_world

pytestmark = pytest.mark.django_db

LIST = "/en/people/kept/"
PEOPLE = "/en/people/"
SECRET = "what she answered"


@dataclass
class Desk:
    """The coordinator of the site at which the woman of ``world`` works, and both their browsers."""

    world: World
    coordinator: User
    client: Client
    hers: Client

    def refuse(self, kind: str = "study", **payload: Any) -> RefusedEntry:
        """Her phone sends something that is not accepted, a day after she did it."""
        phone = Phone(self.world.learner, device=f"phone {uuid.uuid4()}")
        phone.act(kind, study_payload(self.world, **payload))
        phone.now += 24 * 60 * 60 * 1000
        assert phone.send(self.hers) == ["refused"]
        return RefusedEntry.objects.latest("pk")

    def decide(self, entry: RefusedEntry, do: str) -> str:
        """The page after she tapped the button."""
        answer = self.client.post(f"{LIST}{entry.pk}/", {"do": do}, follow=True)
        assert answer.redirect_chain == [(LIST, 302)]
        return answer.content.decode()


@pytest.fixture
def desk() -> Desk:
    world = make_world()
    coordinator = make_user(name="Esther", secret_kind="password")
    give_role(coordinator, "coordinator", world.term.placements.get().facility)
    give_consent(coordinator)
    client, hers = Client(), Client()
    client.force_login(coordinator)
    hers.force_login(world.learner)
    return Desk(world, coordinator, client, hers)


def looks(user: User) -> list[tuple[str, str]]:
    return list(AccessEntry.objects.filter(subject=user).order_by("pk").values_list("kind", "actor_role"))


def test_list_shows_who_what_when_and_why_and_nothing_of_the_contents(desk: Desk) -> None:
    entry = desk.refuse(lesson=str(uuid.uuid4()), note=SECRET)
    html = desk.client.get(LIST).content.decode()
    assert desk.world.learner.alias in html
    assert desk.world.learner.display_name not in html
    assert "A lesson studied" in html
    assert timezone.localtime(entry.received_at).strftime("%Y") in html
    assert kinds.words_for("no_such_lesson") in html
    for contents in (SECRET, entry.payload["lesson"], str(entry.client_uuid)):
        assert contents not in html
    assert looks(desk.world.learner) == [("kept_seen", "coordinator")]


def test_what_could_not_be_opened_is_listed_without_kind(desk: Desk) -> None:
    keep_refused(
        sent_by=desk.world.learner,
        kind="",
        client_uuid=uuid.uuid4(),
        payload={"envelope": to_text(b"not ours")},
        reason="not_hers",
    )
    html = desk.client.get(LIST).content.decode()
    assert "–</td>" in html
    assert kinds.words_for("not_hers") in html
    assert 'value="again"' not in html
    assert 'value="close"' in html


def test_people_list_leads_there_only_when_something_waits(desk: Desk) -> None:
    assert LIST not in desk.client.get(PEOPLE).content.decode()
    entry = desk.refuse(lesson=str(uuid.uuid4()))
    html = desk.client.get(PEOPLE).content.decode()
    assert LIST in html
    assert "One thing that was sent from a phone was not accepted." in html
    desk.decide(entry, "close")
    assert LIST not in desk.client.get(PEOPLE).content.decode()
    assert "Nothing waits." in desk.client.get(LIST).content.decode()


def test_entry_that_is_accepted_now_is_stored_as_it_was_done(desk: Desk) -> None:
    missing = uuid.uuid4()
    entry = desk.refuse(lesson=str(missing))
    Lesson.objects.create(uuid=missing, module=desk.world.module)
    assert "Accepted now." in desk.decide(entry, "again")
    study = LessonStudy.objects.get()
    assert study.lesson.uuid == missing
    assert study.client_uuid == entry.client_uuid
    assert timedelta(hours=23) < entry.received_at - study.happened_at < timedelta(hours=25)
    assert study.received_at == entry.received_at
    receipt = Receipt.objects.get()
    assert (receipt.result, receipt.reason) == ("stored", "")
    entry.refresh_from_db()
    assert entry.decided_by == desk.coordinator
    assert entry.decided_at is not None
    assert looks(desk.world.learner) == [("kept_decided", "coordinator")]
    assert "Somebody has decided about this before." in desk.decide(entry, "again")
    assert LessonStudy.objects.count() == 1


def test_phone_that_sends_it_again_hears_that_it_is_stored(desk: Desk) -> None:
    missing = uuid.uuid4()
    phone = Phone(desk.world.learner)
    name = phone.act("study", study_payload(desk.world, lesson=str(missing)))
    sealed = phone.outbox[name]
    assert phone.send(desk.hers) == ["refused"]
    Lesson.objects.create(uuid=missing, module=desk.world.module)
    desk.decide(RefusedEntry.objects.get(), "again")
    phone.outbox[name] = sealed
    assert phone.send(desk.hers) == ["repeated"]


def test_entry_that_is_refused_again_waits_on(desk: Desk) -> None:
    entry = desk.refuse(lesson=str(uuid.uuid4()))
    assert "Not accepted this time either." in desk.decide(entry, "again")
    entry.refresh_from_db()
    assert (entry.decided_at, entry.reason) == (None, "no_such_lesson")
    assert Receipt.objects.get().result == "refused"
    assert not LessonStudy.objects.exists()


def test_entry_that_is_refused_for_another_reason_says_so(desk: Desk) -> None:
    missing = uuid.uuid4()
    entry = desk.refuse(lesson=str(missing))
    Lesson.objects.create(uuid=missing, module=desk.world.module)
    desk.world.term.start_on += timedelta(days=60)
    desk.world.term.save()
    assert try_again(entry=entry, by=desk.coordinator, now=timezone.now()) == Result.REFUSED
    entry.refresh_from_db()
    assert (entry.reason, Receipt.objects.get().reason) == ("no_term", "no_term")


def test_same_uuid_with_other_content_leaves_the_receipt_of_the_first_alone(desk: Desk) -> None:
    phone = Phone(desk.world.learner)
    name = uuid.uuid4()
    for number in (0, 1):
        phone.act("study", study_payload(desk.world, number), client_uuid=name)
        phone.send(desk.hers)
    assert "Not accepted this time either." in desk.decide(RefusedEntry.objects.get(), "again")
    assert Receipt.objects.get().result == "stored"
    assert LessonStudy.objects.get().lesson == desk.world.lessons[0]


def test_mistake_of_ours_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def trip(_entry: kinds.Entry) -> bool:
        LessonStudy.objects.all().exists()
        raise RuntimeError("tripped")

    entry = desk.refuse(lesson=str(uuid.uuid4()))
    monkeypatch.setitem(kinds._kinds, "study", kinds.Kind("study", trip, "a lesson"))
    assert "This could not be tried now. It is kept." in desk.decide(entry, "again")
    entry.refresh_from_db()
    assert entry.decided_at is None
    assert str(entry.client_uuid) not in caplog.text


def test_envelope_whose_key_came_back_is_opened(desk: Desk, settings: Any) -> None:
    phone = Phone(desk.world.learner, now=timezone.now().timestamp() * 1000)
    phone.act("study", study_payload(desk.world))
    keys = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["QW5vdGhlciBrZXkgZm9yIHRlc3RzIG9ubHksIGhlcmU"]
    assert phone.send(desk.hers) == ["refused"]
    entry = RefusedEntry.objects.get()
    assert "Not accepted this time either." in desk.decide(entry, "again")
    assert RefusedEntry.objects.count() == 1
    settings.SEALING_KEYS = keys
    assert "Accepted now." in desk.decide(entry, "again")
    assert LessonStudy.objects.get().lesson == desk.world.lessons[0]
    assert Receipt.objects.get().result == "stored"


def test_envelope_that_opens_and_is_refused_waits_under_its_own_name(desk: Desk, settings: Any) -> None:
    phone = Phone(desk.world.learner, now=timezone.now().timestamp() * 1000)
    phone.act("study", study_payload(desk.world, lesson=str(uuid.uuid4())))
    keys = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["QW5vdGhlciBrZXkgZm9yIHRlc3RzIG9ubHksIGhlcmU"]
    assert phone.send(desk.hers) == ["refused"]
    settings.SEALING_KEYS = keys
    html = desk.decide(RefusedEntry.objects.get(), "again")
    assert "Not accepted this time either." in html
    assert "A lesson studied" in html
    waiting = RefusedEntry.objects.filter(decided_at__isnull=True)
    assert list(waiting.values_list("kind", "reason")) == [("study", "no_such_lesson")]


def test_closed_entry_is_kept_and_stored_nowhere(desk: Desk) -> None:
    entry = desk.refuse(lesson=str(uuid.uuid4()))
    assert "Closed." in desk.decide(entry, "close")
    entry.refresh_from_db()
    assert entry.decided_by == desk.coordinator
    assert Receipt.objects.get().result == "refused"
    assert not LessonStudy.objects.exists()
    assert not close(entry=entry, by=desk.coordinator, now=timezone.now())
    assert looks(desk.world.learner) == [("kept_decided", "coordinator")]


def test_strangers_find_nothing(desk: Desk) -> None:
    entry = desk.refuse(lesson=str(uuid.uuid4()))
    supervisor, elsewhere, desk_only = (make_user(secret_kind="password") for _ in range(3))
    give_role(supervisor, "supervisor", desk.world.term.placements.get().facility)
    give_role(elsewhere, "coordinator", make_unit())
    for stranger in (desk.world.learner, supervisor, desk_only):
        client = Client()
        give_consent(stranger)
        client.force_login(stranger)
        assert client.get(LIST).status_code == 404
        assert client.post(f"{LIST}{entry.pk}/", {"do": "close"}).status_code == 404
    client = Client()
    give_consent(elsewhere)
    client.force_login(elsewhere)
    assert desk.world.learner.alias not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}{entry.pk}/", {"do": "close"}).status_code == 404
    assert Client().get(LIST).status_code == 302
    entry.refresh_from_db()
    assert entry.decided_at is None
    assert looks(desk.world.learner) == []


def test_nobody_decides_about_her_own(desk: Desk) -> None:
    make_term(
        learner=desk.coordinator,
        facility=desk.world.term.placements.get().facility,
        pathway_version=desk.world.term.pathway_version,
        start_on=desk.world.term.start_on,
    )
    own = keep_refused(
        sent_by=desk.coordinator, kind="study", client_uuid=uuid.uuid4(), payload={}, reason="no_such_lesson"
    )
    assert "Nothing waits." in desk.client.get(LIST).content.decode()
    assert desk.client.post(f"{LIST}{own.pk}/", {"do": "close"}).status_code == 404


def test_what_staff_of_her_sites_sent_is_hers_to_decide(desk: Desk) -> None:
    nurse = make_user(name="Nurse", secret_kind="password")
    give_role(nurse, "nurse", desk.world.term.placements.get().facility)
    keep_refused(
        sent_by=nurse, kind="observation", client_uuid=uuid.uuid4(), payload={"steps": SECRET}, reason="payload_changed"
    )
    html = desk.client.get(LIST).content.decode()
    assert nurse.alias in html
    assert SECRET not in html


def test_other_verbs_and_looks_change_nothing(desk: Desk) -> None:
    entry = desk.refuse(lesson=str(uuid.uuid4()))
    assert desk.client.post(f"{LIST}{entry.pk}/", {"do": "dance"}).status_code == 404
    assert desk.client.get(f"{LIST}{entry.pk}/").status_code == 405
    entry.refresh_from_db()
    assert entry.decided_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries_for_any_number(count: int, desk: Desk, django_assert_num_queries) -> None:
    for _ in range(count):
        desk.refuse(lesson=str(uuid.uuid4()))
    desk.client.get(LIST)
    with django_assert_num_queries(7):
        desk.client.get(LIST)
