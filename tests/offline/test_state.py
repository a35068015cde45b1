"""What comes down to her phone: her pages, what is done, her open tries and her results; and what she keeps."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from assessments.kept import open_tries, practices_for, results_for, tickets_of
from assessments.models import Attempt, QuizText, QuizVersion, Ticket
from assessments.sheets import items_of, sheet
from certificates.kept import own_page
from offline import keeping
from offline.pages import pages_of
from people.models import User
from programme.kept import about_her, help_page
from progress.kept import done_by, first_pages
from tests.assessments.making import make_ticket, sit
from tests.factories import give_consent, make_term, make_user
from tests.offline.library import make_reader, publish
from tests.offline.phone import HELLO, STATE, Phone
from tests.offline.test_packs import inside_main, words
from tests.progress.conftest import World, observe, study

KEEP = "/sync/v1/keep"


@pytest.fixture
def reader(db: None) -> World:
    return make_reader(publish())


@pytest.fixture
def hers(reader: World, client: Client) -> Client:
    client.force_login(reader.learner)
    return client


def keep(client: Client, *places: str) -> Any:
    return client.post(KEEP, json.dumps({"places": places}), content_type="application/json")


def parts(client: Client) -> dict[str, Any]:
    answer = client.get(STATE)
    assert answer.status_code == 200
    return answer.json()["parts"]


def sit_now(world: World, **fields: Any) -> Attempt:
    return sit(world.term, world.module.quiz, at=timezone.now(), **fields)


# --- her pages -----------------------------------------------------------------------------------


def test_state_has_a_part_of_every_app(hers: Client, reader: World) -> None:
    state = parts(hers)
    assert set(state) == {"done", "me", "packs", "pages", "practices", "results", "tickets"}
    assert set(state["pages"]) == {"today", "learn", "certificates", "help"}
    assert state["me"] == {
        "name": reader.learner.display_name,
        "alias": reader.learner.alias,
        "languages": ["en"],
        "text_size": 0,
    }


def test_kept_pages_read_as_the_pages_of_the_site(hers: Client, reader: World) -> None:
    study(reader.term, reader.lessons[0], reader.today)
    pages = parts(hers)["pages"]
    for name in ("today", "learn", "certificates", "help"):
        # What needs the server (a search, her hours and her logbook) is offered only where it can be had.
        there = inside_main(hers, f"/en/{name}/").replace("Find Words ", "").replace("My hours ", "")
        assert words(pages[name]) == there
        for needed in ("csrf", "<form", "<html", "<main", ".pdf"):
            assert needed not in pages[name]


def test_pages_are_in_her_first_language(client: Client, db: None) -> None:
    reader = make_reader(publish(), languages=("sw", "en"))
    client.force_login(reader.learner)
    pages = parts(client)["pages"]
    assert 'href="/sw/m4/l1/"' in pages["today"]
    assert "Hatua yako inayofuata" in pages["today"] or "Your next step" not in pages["today"]


def test_pages_without_a_term_say_whom_to_ask_and_staff_have_none(client: Client, db: None) -> None:
    waiting = make_user()
    assert "ask your coordinator to open it" in first_pages(waiting)["today"]
    over = make_term(ended_on=timezone.now().date() - timedelta(days=9), end_class="completed").learner
    assert "Your term has ended" in first_pages(over)["learn"]
    assert first_pages(make_user(secret_kind="password")) == {}


# --- what is done --------------------------------------------------------------------------------


def test_done_names_lessons_quizzes_and_practices(reader: World) -> None:
    assert done_by(reader.learner) == {"lessons": [], "passed": [], "signed_off": []}
    for _ in range(2):
        study(reader.term, reader.lessons[0], reader.today)
    sit_now(reader, wrong=1)
    assert done_by(reader.learner) == {"lessons": [str(reader.lessons[0].uuid)], "passed": [], "signed_off": []}
    sit_now(reader)
    observe(reader.term, reader.module, reader.today)
    assert done_by(reader.learner) == {
        "lessons": [str(reader.lessons[0].uuid)],
        "passed": ["m4"],
        "signed_off": ["m4"],
    }
    assert done_by(make_user()) == {"lessons": [], "passed": [], "signed_off": []}


# --- keeping opens her try -----------------------------------------------------------------------


def test_keeping_a_module_opens_her_try_once(hers: Client, reader: World) -> None:
    assert parts(hers)["tickets"] == []
    assert not Ticket.objects.exists()
    for _ in range(3):
        answer = keep(hers, "m4", "m4", "zz9", "help")
        assert (answer.status_code, answer.json()) == (200, {"protocol": 1, "owner": str(reader.learner.uuid)})
    ticket = Ticket.objects.get()
    text = QuizText.objects.get()
    [listed] = parts(hers)["tickets"]
    html = listed.pop("html")
    assert listed == {
        "place": "m4",
        "ticket": str(ticket.uuid),
        "text": text.content_hash,
        "language": "en",
        "expires_at": ticket.expires_at.isoformat(),
    }
    assert f'data-act="attempt" data-ticket="{ticket.uuid}" data-text="{text.content_hash}"' in html
    asked = sheet(text, ticket.items, ticket.seed)
    assert [f'id="{item.name}"' in html for item in asked.items] == [True, True]
    assert items_of(text.version, "practice")[0] not in html
    assert "feedback" not in html
    assert words(html) == inside_main(hers, f"/en/m4/q/try/{ticket.uuid}/")


def test_kept_try_is_answered_without_network_and_then_gone(hers: Client, reader: World) -> None:
    keep(hers, "m4")
    [ticket] = parts(hers)["tickets"]
    structure = QuizVersion.objects.get().structure["items"]
    right = {
        item["question"]: next(choice["id"] for choice in item["choices"] if choice["is_right"])
        for item in structure
        if item["use"] == "certifying"
    }
    phone = Phone(reader.learner)
    name = phone.act("attempt", {"ticket": ticket["ticket"], "text": ticket["text"], "answers": right})
    assert phone.send(hers) == ["stored"]
    state = parts(hers)
    assert state["tickets"] == []
    assert state["done"]["passed"] == ["m4"]
    assert [(one["place"], one["client_uuid"]) for one in state["results"]] == [("m4", name)]
    assert "Well done: everything right." in state["results"][0]["html"]
    keep(hers, "m4")
    assert Ticket.objects.count() == 1


def test_keeping_without_tries_left_opens_nothing(hers: Client, reader: World) -> None:
    reader.term.pathway_version.certifying_tries = 1
    reader.term.pathway_version.save()
    sit_now(reader, wrong=1)
    assert keep(hers, "m4").status_code == 200
    assert (Ticket.objects.count(), parts(hers)["tickets"]) == (1, [])


def test_keeping_what_is_not_open_opens_nothing(hers: Client, reader: World) -> None:
    reader.module.quiz.pages.get().unpublish()
    assert keep(hers, "m4").status_code == 200
    assert not Ticket.objects.exists()


def test_try_that_ran_out_is_not_listed_and_keeping_opens_the_next(hers: Client, reader: World) -> None:
    make_ticket(reader.term, reader.module.quiz, timezone.now() - timedelta(days=31))
    assert parts(hers)["tickets"] == []
    keep(hers, "m4")
    assert [one["ticket"] for one in parts(hers)["tickets"]] == [str(Ticket.objects.get(ordinal=2).uuid)]


def test_keep_asks_for_a_session_consent_an_open_lock_and_a_list(reader: World, client: Client) -> None:
    assert keep(client, "m4").status_code == 401
    fresh = make_user()
    client.force_login(fresh)
    assert (keep(client, "m4").status_code, keep(client, "m4").json()) == (403, {"detail": "consent"})
    give_consent(fresh)
    assert keep(client, "m4").status_code == 200  # she has no term
    client.force_login(reader.learner)
    client.get(HELLO)
    for sent in ({}, {"places": "m4"}, {"places": ["m" * 21]}, {"places": ["m4"] * 101}):
        assert client.post(KEEP, json.dumps(sent), content_type="application/json").status_code == 422
    client.post("/en/exit/", {"how": "lock"})
    assert (keep(client, "m4").status_code, keep(client, "m4").json()) == (423, {"detail": "locked"})
    other = Client(enforce_csrf_checks=True)
    other.force_login(reader.learner)
    assert keep(other, "m4").status_code == 403
    assert not Ticket.objects.exists()


def test_keeping_tells_every_app_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def tell(owner: Any, places: Any) -> None:
        told.append((owner, places))

    monkeypatch.setattr(keeping, "_handlers", [])
    for _ in range(2):
        keeping.register(tell)
    keeping.keep("somebody", ["m4"])
    assert told == [("somebody", ["m4"])]


# --- results -------------------------------------------------------------------------------------


def test_results_show_her_last_sitting_that_counts_as_the_site_does(hers: Client, reader: World) -> None:
    assert parts(hers)["results"] == []
    sit_now(reader, wrong=2)
    second = sit_now(reader, wrong=1)
    [result] = parts(hers)["results"]
    assert (result["place"], result["client_uuid"]) == ("m4", str(second.client_uuid))
    assert words(result["html"]) == inside_main(hers, f"/en/m4/q/result/{second.client_uuid}/")
    assert "Not yet" in result["html"]
    right = {
        choice["id"]
        for item in QuizVersion.objects.get().structure["items"]
        for choice in item["choices"]
        if choice["is_right"]
    }
    assert not any(name in result["html"] for name in right)


def test_result_that_does_not_count_says_so(hers: Client, reader: World) -> None:
    first = sit_now(reader)
    late = sit_now(reader, ticket=first.ticket)
    [result] = parts(hers)["results"]
    assert result["client_uuid"] == str(late.client_uuid)
    assert words(result["html"]) == inside_main(hers, f"/en/m4/q/result/{late.client_uuid}/")
    assert "does not count" in result["html"]


# --- what it costs -------------------------------------------------------------------------------


def world_of(count: int) -> World:
    """She has failed, opened another try, studied and practised in each of ``count`` modules."""
    modules = [publish(f"M{number}") for number in range(1, count + 1)]
    reader = make_reader(*modules)
    for module in modules:
        study(reader.term, module.lessons.get(), reader.today)
        sit(reader.term, module.quiz, wrong=1, at=timezone.now())
        observe(reader.term, module, reader.today)
    open_tries(reader.learner, [module.slug for module in modules])
    return reader


PARTS = {
    "first pages": (first_pages, 13),
    "certificates": (own_page, 3),
    "help": (help_page, 3),
    "me": (about_her, 0),
    "done": (done_by, 4),
    "tickets": (tickets_of, 5),
    "results": (results_for, 8),
    "practices": (practices_for, 4),
    "pages": (pages_of, 19),
}


@pytest.mark.parametrize("count", [1, 3])
def test_each_part_asks_the_same_queries_for_any_number(count: int, db: None, django_assert_num_queries) -> None:
    reader = world_of(count)
    learner = User.objects.get(pk=reader.learner.pk)
    assert len(tickets_of(learner)) == len(results_for(learner)) == count
    for name, (part, queries) in PARTS.items():
        with override("en"), django_assert_num_queries(queries, info=name):
            part(learner)
