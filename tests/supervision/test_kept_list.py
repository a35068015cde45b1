"""The list that a supervisor keeps on her own phone: whom it names, where it goes, and what is noted of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from certificates.ending import Ending
from offline import phones
from offline.models import Given, KeepingPhone
from programme.models import OrganisationUnit, Placement, Term
from supervision.kept import list_for
from tests.factories import as_user, make_staff, make_term, make_unit, make_user
from tests.offline.library import make_reader, publish
from tests.offline.phone import VAULT
from tests.progress.conftest import World, observe

LIST = "/sync/v1/list"
KEEP = "/sync/v1/keep"
ENDED = "/sync/v1/ended"
TAG = "a" * 43
DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    """Her practice of M4 is due within a fortnight."""
    world = make_reader(publish())
    world.learner.display_name = "Amélia"
    world.learner.alias = "AME-102"
    world.learner.save()
    make_due(world.term)
    return world


def make_due(term: Term, days: int = 50) -> None:
    term.start_on = timezone.now().date() - timedelta(days=days)
    term.save()
    term.placements.update(from_on=term.start_on)


def site_of(world: World) -> OrganisationUnit:
    return world.term.placements.get().facility


def post(client: Client, address: str, sent: Any) -> Any:
    return client.post(address, json.dumps(sent), content_type="application/json")


def ask(client: Client, **sent: Any) -> dict[str, Any]:
    answer = post(client, LIST, {"what": "roster", "tag": TAG, **sent})
    assert answer.status_code == 200, answer.content
    return answer.json()


# --- where it goes -------------------------------------------------------------------------------


def test_list_goes_only_to_the_phone_on_which_she_asked_for_it(world: World) -> None:
    supervisor = make_staff(site_of(world))
    client = as_user(supervisor)
    assert (ask(client)["none"], ask(client)["list"]) == (True, None)
    assert not Given.objects.exists()
    kept = ask(client, keep=True)
    assert (kept["none"], kept["owner"]) == (False, str(supervisor.uuid))
    assert kept["until"] - kept["now"] == 7 * 24 * 3600 * 1000
    assert set(kept["list"]) == {"page", "women", "sheets"}
    assert ask(client)["list"] == kept["list"]
    assert ask(client, tag="b" * 43)["none"] is True  # another phone of hers


def test_list_that_is_held_already_is_not_sent_again_and_lives_on(world: World, monkeypatch: Any) -> None:
    client = as_user(make_staff(site_of(world)))
    first = ask(client, keep=True)
    now = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    again = ask(client, held=first["held"])
    assert (again["none"], again["list"], again["held"]) == (False, None, first["held"])
    assert again["until"] - first["until"] == pytest.approx(3 * 60 * 1000, abs=60_000)
    assert {given.until for given in Given.objects.all()} == {now + 7 * DAY}


def test_list_asks_for_a_session_and_an_open_lock(world: World) -> None:
    assert post(Client(), LIST, {"what": "roster", "tag": TAG, "keep": True}).status_code == 401
    client = as_user(make_staff(site_of(world)))
    client.get("/en/roster/")
    client.post("/en/exit/", {"how": "lock"})
    assert post(client, LIST, {"what": "roster", "tag": TAG, "keep": True}).status_code == 423
    assert not Given.objects.exists()


@pytest.mark.parametrize(
    "role", ["coordinator", "district_manager", "trainer", "monitoring", "privacy_officer", "learner"]
)
def test_nobody_keeps_a_list_who_does_not_watch_practices(world: World, role: str) -> None:
    assert ask(as_user(make_staff(site_of(world), role)), keep=True)["none"] is True
    assert not Given.objects.exists()


def test_a_list_that_no_app_has_is_none(world: World) -> None:
    client = as_user(make_staff(site_of(world)))
    assert post(client, LIST, {"what": "m4", "tag": TAG, "keep": True}).json()["none"] is True


# --- whom it names -------------------------------------------------------------------------------


def test_list_holds_her_women_who_need_her_their_reasons_and_the_open_checklists(world: World) -> None:
    at_rest = make_term(facility=site_of(world), learner=make_user(name="Restful", alias="RES-111"))
    elsewhere = make_term(
        learner=make_user(name="Faraway", alias="FAR-999"), pathway_version=world.term.pathway_version
    )
    kept = ask(as_user(make_staff(site_of(world))), keep=True)["list"]
    text = json.dumps(kept, ensure_ascii=False)
    woman = kept["women"][str(world.term.uuid)]
    assert list(kept["women"]) == [str(world.term.uuid)]
    assert (woman["who"], woman["alias"], woman["open"]) == ("Amélia (AME-102)", "AME-102", {"m4": "M4 KE"})
    assert "Practice to watch: M4" in kept["page"]
    assert f'href="/en/record/{world.term.uuid}/practice/m4/"' in woman["page"]
    assert list(kept["sheets"]) == ["M4 KE"]
    assert 'data-act="observation"' in kept["sheets"]["M4 KE"]
    for hidden in ("Restful", "RES-111", "Faraway", "FAR-999", str(at_rest.uuid), str(elsewhere.uuid)):
        assert hidden not in text
    for needed in ("csrf", "<html", 'type=\\"password', "/slip/"):
        assert needed not in text


def test_above_the_site_the_list_has_aliases_and_no_name(world: World) -> None:
    kept = ask(as_user(make_staff(world.term.programme.root_unit)), keep=True)["list"]
    assert [woman["who"] for woman in kept["women"].values()] == ["AME-102"]
    assert "Amélia" not in json.dumps(kept, ensure_ascii=False)


def test_a_practice_signed_off_is_not_open_any_more(world: World) -> None:
    observe(world.term, world.module, world.today)
    kept = ask(as_user(make_staff(site_of(world))), keep=True)["list"]
    assert all(not woman["open"] for woman in kept["women"].values())
    assert kept["sheets"] == {}


def test_near_the_end_of_a_certificate_it_is_open_again(world: World, monkeypatch: Any) -> None:
    """The next one asks for a practice that was watched since."""
    observe(world.term, world.module, timezone.now().date())
    ending = Ending(timezone.now().date() + 50 * DAY, 60)
    monkeypatch.setattr("supervision.rows.endings", lambda *_about: [ending])
    found = list_for(make_staff(site_of(world)))
    assert found is not None
    (woman,) = found.parts["women"].values()
    assert list(woman["open"]) == ["m4"]
    assert "Watch M4 and sign" in woman["page"]
    assert set(woman["open"].values()) == set(found.parts["sheets"])


def test_she_is_on_no_list_from_the_day_she_moves(world: World) -> None:
    client = as_user(make_staff(site_of(world)))
    first = ask(client, keep=True)
    world.term.placements.update(to_on=world.today - DAY)
    Placement.objects.create(
        term=world.term, facility=make_unit(parent=world.term.programme.root_unit), from_on=world.today
    )
    assert str(world.term.uuid) in first["list"]["women"]
    assert ask(client, held=first["held"])["list"]["women"] == {}


def test_the_list_goes_when_her_role_ends(world: World) -> None:
    supervisor = make_staff(site_of(world))
    client = as_user(supervisor)
    ask(client, keep=True)
    supervisor.role_assignments.update(to_on=timezone.now().date() - DAY)
    assert ask(client)["none"] is True


# --- what is noted -------------------------------------------------------------------------------


def test_it_is_noted_who_was_on_which_phone_until_when(world: World) -> None:
    supervisor = make_staff(site_of(world))
    client = as_user(supervisor)
    ask(client, keep=True)
    ask(client)
    phone = KeepingPhone.objects.get()
    assert (phone.owner, phone.tag, phone.round, phone.ended_at) == (supervisor, TAG, 0, None)
    noted = {(given.what, given.about, given.phone) for given in Given.objects.select_related("about", "phone")}
    assert noted == {("roster", supervisor, phone), ("roster", world.learner, phone)}


def test_a_woman_who_left_the_list_is_remembered_with_her_own_end(world: World, monkeypatch: Any) -> None:
    supervisor = make_staff(site_of(world))
    start = timezone.now()
    ask(as_user(supervisor), keep=True)
    world.term.placements.update(to_on=world.today - DAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: start + 3 * DAY)
    ask(as_user(supervisor))
    ends = {given.about_id: given.until for given in Given.objects.all()}
    assert ends[world.learner.pk] == pytest.approx(start + 7 * DAY, abs=timedelta(minutes=1))
    assert ends[supervisor.pk] == start + 10 * DAY


def test_modules_that_a_woman_keeps_are_noted_for_her_alone(world: World) -> None:
    client = as_user(world.learner)
    assert post(client, KEEP, {"places": ["m4"]}).status_code == 200  # an earlier release names no vault
    assert not Given.objects.exists()
    for _ in range(2):
        assert post(client, KEEP, {"places": ["m4"], "tag": TAG, "round": 0}).status_code == 200
    given = Given.objects.get()
    assert (given.what, given.about, given.phone.owner, given.until) == ("m4", world.learner, world.learner, None)


def test_notes_go_when_nobody_needs_them_and_stay_for_a_lost_phone(world: World) -> None:
    supervisor = make_staff(site_of(world))
    now = datetime(2030, 1, 31, 12, tzinfo=UTC)
    rows = {}
    for tag, until, lost in (
        ("fresh", now - 29 * DAY, None),
        ("old", now - 31 * DAY, None),
        ("lost", now - 31 * DAY, now - 20 * DAY),
        ("lost long ago", now - 400 * DAY, now - 366 * DAY),
    ):
        phone = KeepingPhone.objects.create(
            owner=supervisor,
            tag=tag,
            since_on=date(2029, 1, 1),
            ended_at=lost,
            lost_at=lost,
            lost_by=lost and supervisor,
        )
        rows[tag] = Given.objects.create(
            phone=phone,
            what="roster",
            about=world.learner,
            first_on=date(2029, 1, 1),
            last_on=date(2029, 1, 1),
            until=until,
        )
    phones.tidy(now)
    assert {row.phone.tag for row in Given.objects.select_related("phone")} == {"fresh", "lost"}
    assert {phone.tag for phone in KeepingPhone.objects.all()} == {"fresh", "lost"}


# --- sign-ins that were ended ----------------------------------------------------------------------


def test_ended_phone_is_told_without_anybody_signed_in_and_begins_anew(world: World) -> None:
    supervisor = make_staff(site_of(world))
    client = as_user(supervisor)
    before = post(client, VAULT, {"tag": TAG}).json()
    assert (before["round"], before["letters"]) == (0, True)
    ask(client, keep=True)
    here = {"vaults": [{"tag": TAG, "round": 0}, {"tag": "of somebody else", "round": 0}]}
    assert post(Client(), ENDED, here).json() == {"protocol": 1, "owner": "", "ended": []}
    phones.end(owner=supervisor, now=timezone.now())
    assert post(Client(), ENDED, here).json()["ended"] == [TAG]
    assert KeepingPhone.objects.get(tag=TAG).told_at is not None
    assert ask(client)["none"] is True
    after = post(client, VAULT, {"tag": TAG}).json()
    assert after["round"] == 1
    assert after["secret"] != before["secret"]
    assert post(Client(), ENDED, {"vaults": [{"tag": TAG, "round": 1}]}).json()["ended"] == []
    assert ask(client, round=1)["none"] is True  # kept anew only when she taps anew
    assert ask(client, round=1, keep=True)["none"] is False
    assert ask(client, round=0, keep=True)["none"] is True


def test_a_vault_keeps_its_secret_while_nothing_ended_it(world: World) -> None:
    client = as_user(world.learner)
    first = post(client, VAULT, {"tag": TAG}).json()
    assert post(client, VAULT, {"tag": TAG}).json() == first
    assert first["letters"] is False


def test_a_closed_account_lets_go_as_well(world: World) -> None:
    supervisor = make_staff(site_of(world))
    post(as_user(supervisor), VAULT, {"tag": TAG})
    supervisor.is_active = False
    supervisor.save()
    assert post(Client(), ENDED, {"vaults": [{"tag": TAG, "round": 0}]}).json()["ended"] == [TAG]


def test_who_tries_many_names_of_vaults_is_asked_to_wait(db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"ended": "2/m/ip"}
    guesses = [{"vaults": [{"tag": letter * 43, "round": 0}]} for letter in "abc"]
    assert [post(Client(), ENDED, guess).status_code for guess in guesses] == [200, 200, 429]


@pytest.mark.parametrize(
    "sent", [{}, {"vaults": "x"}, {"vaults": [{"tag": "x" * 65}]}, {"vaults": [{"tag": "x"}] * 101}]
)
def test_what_is_no_list_of_vaults_is_refused(db: None, sent: Any) -> None:
    assert post(Client(), ENDED, sent).status_code == 422


# --- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_any_number_of_women(world: World, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count - 1):
        another = make_term(facility=site_of(world), pathway_version=world.term.pathway_version)
        make_due(another)
    supervisor = make_staff(site_of(world))
    with override("en"), django_assert_num_queries(9):
        kept = list_for(supervisor)
    assert kept is not None
    assert len(kept.parts["women"]) == len(kept.about) == count
    client = as_user(supervisor)
    ask(client, keep=True)
    with django_assert_num_queries(18):
        ask(client)


def test_only_a_phone_with_a_list_has_the_script_that_draws_it(client: Client, db: None) -> None:
    worker = client.get("/worker.js").content.decode()
    kept = json.loads(worker.split("const KEPT = ")[1].split(";\n")[0])
    script = json.loads(worker.split("const LIST = ")[1].split(";\n")[0])
    assert script not in kept
    assert f'data-list="{script}"' in client.get("/en/keep/").content.decode()
