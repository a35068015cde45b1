"""Her logbook: what she notes, what her supervisor signs, and what of it counts."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from people.models import AccessEntry
from programme.models import Clock, Placement
from progress import asked
from progress.actions import AlreadySigned, NotHerOwnLogbook, note_session, sign_sessions, take_back_session
from progress.asked import Asked
from progress.logbook import by_kind_of, entries_of
from progress.models import LogbookEntry, LogbookSignature
from tests.factories import as_user, give_role, make_staff, make_term, make_unit
from tests.progress.conftest import World
from tests.progress.sheets import make_class, take
from tests.progress.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty hours and ten sessions, as an induction asks for them."""
    monkeypatch.setattr(asked, "_sources", [lambda _term: Asked(hours=60, entries=10)])


def form_of(response: Any) -> dict[str, str]:
    html = response.content.decode()
    return {"client_uuid": re.search(r'name="client_uuid" value="([^"]*)"', html).group(1)}


def note(browser: Client, kind: str = "watched", held_on: Any = None, carried: dict[str, str] | None = None) -> Any:
    carried = carried or form_of(browser.get("/en/logbook/"))
    return browser.post("/en/logbook/", {**carried, "kind": kind, "held_on": str(held_on or "")})


def supervisor_of(world: World) -> Any:
    return make_staff(world.term.placements.get().facility)


def signing(world: World) -> str:
    return f"/en/record/{world.term.uuid}/logbook/"


def entries(world: World) -> list[str]:
    return [str(entry.client_uuid) for entry in LogbookEntry.objects.standing().filter(term=world.term).order_by("pk")]


def counted(world: World) -> int:
    return entries_of([world.term], world.today)[world.term.pk]


def test_what_she_notes_counts_when_it_is_signed(hers: Client, world: World) -> None:
    noted = note(hers, "watched", world.today)
    assert (noted.status_code, noted["Location"]) == (302, "/en/logbook/")
    note(hers, "led", world.today - timedelta(days=1))
    assert counted(world) == 0
    assert (
        "0 of 10 sessions signed Watched a session: 0 and 1 waits Led a session, and somebody watched: 0 and 1 waits"
        in text_of(hers.get("/en/logbook/"))
    )

    signer = supervisor_of(world)
    browser = as_user(signer)
    assert browser.post(signing(world), {"entry": entries(world)[:1]}).status_code == 302

    assert counted(world) == 1
    assert "1 of 10 sessions signed Watched a session: 1 Led a session, and somebody watched: 0 and 1 waits" in text_of(
        hers.get("/en/logbook/")
    )
    facility = world.term.placements.get().facility
    assert list(LogbookSignature.objects.values_list("signed_by", "signed_as", "unit")) == [
        (signer.pk, "supervisor", facility.pk)
    ]
    assert list(AccessEntry.objects.values_list("subject", "kind")) == [(world.learner.pk, "practice_signed")]


def test_a_double_tap_is_one_session(hers: Client, world: World) -> None:
    carried = form_of(hers.get("/en/logbook/"))
    answers = [note(hers, "led", world.today, carried).status_code for _ in range(3)]
    assert answers == [302] * 3
    assert LogbookEntry.objects.count() == 1


def test_another_session_from_the_same_page_is_asked_about_and_not_lost(hers: Client, world: World) -> None:
    carried = form_of(hers.get("/en/logbook/"))
    note(hers, "led", world.today, carried)
    again = note(hers, "watched", world.today, carried)
    assert again.status_code == 409
    assert "What you noted before is saved." in text_of(again)
    assert '<input type="radio" name="kind" value="watched"' in again.content.decode()
    assert note(hers, "watched", world.today, form_of(again)).status_code == 302
    assert list(LogbookEntry.objects.order_by("pk").values_list("kind", flat=True)) == ["led", "watched"]


def test_days_outside_her_term_are_explained(hers: Client, world: World) -> None:
    late = note(hers, "led", world.today + timedelta(days=2))
    early = note(hers, "led", world.term.start_on - timedelta(days=1))
    empty = note(hers, "", "")
    assert [answer.status_code for answer in (late, early, empty)] == [422] * 3
    assert "That day is still to come." in text_of(late)
    assert "Your term began on" in text_of(early)
    assert "Choose one." in text_of(empty)
    assert not LogbookEntry.objects.exists()


def test_the_form_has_no_place_for_words(hers: Client, world: World) -> None:
    html = hers.get("/en/logbook/").content.decode().split('id="note"', 1)[1].split("</form>", 1)[0]
    assert set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', html)) == {
        "csrfmiddlewaretoken",
        "client_uuid",
        "kind",
        "held_on",
    }
    assert "<textarea" not in html
    assert 'type="text"' not in html


def test_a_mistake_is_taken_out_until_it_is_signed(hers: Client, world: World) -> None:
    note(hers, "led", world.today)
    note(hers, "watched", world.today)
    first, second = entries(world)
    assert hers.post(f"/en/logbook/{first}/back/").status_code == 302
    assert hers.post(f"/en/logbook/{first}/back/").status_code == 302
    assert entries(world) == [second]
    assert LogbookEntry.objects.count() == 3

    as_user(supervisor_of(world)).post(signing(world), {"entry": [first, second]})
    assert counted(world) == 1
    told = hers.post(f"/en/logbook/{second}/back/", follow=True)
    assert "This one is signed already." in text_of(told)
    assert counted(world) == 1


def test_signing_all_signs_what_was_shown(hers: Client, world: World) -> None:
    for day in range(3):
        note(hers, "watched", world.today - timedelta(days=day))
    browser = as_user(supervisor_of(world))
    page = browser.get(signing(world)).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert sorted(shown) == sorted(entries(world))
    note(hers, "led", world.today)
    browser.post(signing(world), {"shown": shown, "all": "yes"})
    browser.post(signing(world), {"shown": shown, "all": "yes"})
    assert counted(world) == 3
    assert LogbookSignature.objects.count() == 3


def test_signing_nothing_says_what_to_do(hers: Client, world: World) -> None:
    note(hers, "watched", world.today)
    answer = as_user(supervisor_of(world)).post(signing(world), {"entry": ["x"]})
    assert answer.status_code == 422
    assert "Tick the sessions that you know took place." in text_of(answer)
    assert not LogbookSignature.objects.exists()


@pytest.mark.parametrize("role", ["nurse", "trainer", "coordinator", "district_manager", "monitoring", "learner"])
def test_other_roles_sign_nothing(role: str, hers: Client, world: World) -> None:
    note(hers, "watched", world.today)
    browser = as_user(make_staff(world.term.placements.get().facility, role))
    answers = [browser.get(signing(world)), browser.post(signing(world), {"entry": entries(world)})]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert counted(world) == 0


def test_a_supervisor_of_another_site_signs_nothing(hers: Client, world: World) -> None:
    note(hers, "watched", world.today)
    browser = as_user(make_staff(make_unit()))
    assert browser.post(signing(world), {"entry": entries(world)}).status_code == 404
    assert counted(world) == 0


def test_nobody_signs_her_own(hers: Client, world: World) -> None:
    note(hers, "watched", world.today)
    facility = world.term.placements.get().facility
    give_role(world.learner, "supervisor", facility)
    assert as_user(world.learner).post(signing(world), {"entry": entries(world)}).status_code == 404
    with pytest.raises(NotHerOwnLogbook):
        _sign(world, entries(world), world.learner)
    assert counted(world) == 0


def test_the_entry_of_another_woman_is_not_signed_with_hers(hers: Client, world: World) -> None:
    other = make_term(pathway_version=world.term.pathway_version)
    entry, _created = _note(other, "led", world.today)
    as_user(supervisor_of(world)).post(signing(world), {"entry": [str(entry.client_uuid)]})
    assert not LogbookSignature.objects.exists()


def test_a_term_that_is_over_is_signed_no_more(hers: Client, world: World) -> None:
    note(hers, "watched", world.today - timedelta(days=5))
    signer = as_user(supervisor_of(world))
    world.term.ended_on, world.term.end_class = world.today - timedelta(days=3), "other"
    world.term.save()
    Placement.objects.filter(term=world.term).update(to_on=world.term.ended_on)
    assert signer.post(signing(world), {"entry": entries(world)}).status_code == 404


def test_where_nothing_asks_for_a_logbook_there_is_none(
    hers: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_sources", [])
    page = hers.get("/en/logbook/")
    assert "Note a session" not in text_of(page)
    assert "My hours" in text_of(page)


def test_her_page_says_the_hours_of_each_half_day() -> None:
    of = make_class(1)
    take(of.browser, of.sheet("am"), of.women, "3")
    take(of.browser, of.sheet("pm"), of.women, "2.5")
    said = text_of(as_user(of.women[0].learner).get("/en/logbook/"))
    assert "5.5 of 60 hours" in said
    assert said.index("afternoon: 2.5 hours") < said.index("morning: 3 hours")


def test_half_of_what_is_asked_is_watched_and_half_is_led(world: World) -> None:
    kinds = ["watched"] * 8 + ["led"] * 3
    noted = [_note(world.term, kind, world.today)[0].client_uuid for kind in kinds]
    _sign(world, noted, supervisor_of(world))
    assert by_kind_of([world.term], world.today) == {world.term.pk: {"watched": 8, "led": 3}}
    counts = [entries_of([world.term], world.today, asked=asked)[world.term.pk] for asked in (None, 10, 5, 0)]
    assert counts == [11, 8, 5, 0]
    assert entries_of([world.term], world.today - timedelta(days=1)) == {world.term.pk: 0}


@pytest.mark.parametrize("count", [1, 3])
def test_logbooks_ask_the_same_queries_for_any_number_of_sessions(
    count: int, hers: Client, world: World, django_assert_num_queries: Any
) -> None:
    for day in range(2 * count):
        _note(world.term, "led", world.today - timedelta(days=day))
    _sign(world, entries(world)[:count], supervisor_of(world))
    signer = as_user(supervisor_of(world))
    for browser, address, queries in ((hers, "/en/logbook/", 6), (signer, signing(world), 9)):
        browser.get(address)
        with django_assert_num_queries(queries):
            browser.get(address)
    terms = [make_term(pathway_version=world.term.pathway_version) for _ in range(count)]
    with django_assert_num_queries(1):
        assert entries_of([world.term, *terms], world.today)[world.term.pk] == count


@pytest.mark.parametrize("table", ["progress_logbookentry", "progress_logbooksignature"])
def test_the_logbook_is_append_only(table: str, world: World) -> None:
    entry, _created = _note(world.term, "led", world.today)
    _sign(world, [entry.client_uuid], supervisor_of(world))
    for statement in ("UPDATE {table} SET id = id", "DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
            connection.cursor().execute(statement.format(table=table))
    assert counted(world) == 1


def test_her_record_leads_her_supervisor_to_what_waits_and_nobody_else(hers: Client, world: World) -> None:
    record, facility = f"/en/record/{world.term.uuid}/", world.term.placements.get().facility
    readers = {role: as_user(make_staff(facility, role)) for role in ("supervisor", "coordinator")}
    before = readers["supervisor"].get(record)
    assert "Hours together: 0" in text_of(before)
    assert signing(world) not in before.content.decode()
    note(hers, "led", world.today)
    pages = {role: browser.get(record) for role, browser in readers.items()}
    assert {role: signing(world) in page.content.decode() for role, page in pages.items()} == {
        "supervisor": True,
        "coordinator": False,
    }
    assert "Led a session, and somebody watched: 0 signed , 1 waits" in text_of(pages["coordinator"])


def test_my_data_says_how_many_sessions_and_hours_are_kept(hers: Client, world: World) -> None:
    note(hers, "led", world.today)
    note(hers, "watched", world.today)
    said = text_of(hers.get("/en/my-data/"))
    assert re.search(r"Logbook 2 sessions noted, on \d+ \w+ \d{4}", said)
    assert "Hours together" not in said


def _note(term: Any, kind: str, held_on: Any, act: uuid.UUID | None = None) -> tuple[LogbookEntry, bool]:
    return note_session(
        term=term, kind=kind, held_on=held_on, client_uuid=act or uuid.uuid4(), clock=Clock.here_and_now()
    )


def _sign(world: World, noted: Any, by: Any) -> int:
    clock = Clock.here_and_now()
    unit = world.term.placements.get().facility
    return sign_sessions(
        term=world.term, entries=noted, signed_by=by, signed_as="supervisor", unit=unit, now=clock.received_at
    )


STEPS = st.lists(st.tuples(st.sampled_from(["note", "back", "sign"]), st.integers(0, 3)), max_size=14)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_in_any_order_and_however_often_what_is_signed_and_stands_counts(steps: list[tuple[str, int]]) -> None:
    """Noted is noted once; what was taken back is never signed; what was signed is never taken back."""
    with transaction.atomic():
        of = make_class(1)
        term, acts = of.women[0], [uuid.uuid4() for _ in range(4)]
        noted: set[int] = set()
        back: set[int] = set()
        signed: set[int] = set()
        for step, number in steps:
            if step == "note":
                _note(term, "led", of.today, acts[number])
                noted.add(number)
            elif step == "back":
                if number in signed:
                    with pytest.raises(AlreadySigned):
                        take_back_session(term=term, entry=acts[number], clock=Clock.here_and_now())
                else:
                    take_back_session(term=term, entry=acts[number], clock=Clock.here_and_now())
                    back |= {number} & noted
            else:
                new = sign_sessions(
                    term=term,
                    entries=[acts[number]],
                    signed_by=of.trainer,
                    signed_as="supervisor",
                    unit=of.facility,
                    now=Clock.here_and_now().received_at,
                )
                assert new == (number in noted - back - signed)
                signed |= {number} & (noted - back)
            assert entries_of([term], of.today)[term.pk] == len(signed)
        transaction.set_rollback(True)
