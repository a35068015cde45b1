"""After her term: what is hers stays open for some months, nothing else; then a sentence says whom to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from certificates.kept import own_page
from programme.after_term import after_term
from programme.forms import add_months
from tests.certificates.making import World
from tests.factories import give_consent, give_role, make_term

DAY = timedelta(days=1)
HERS = ("/en/certificates/", "/en/my-data/", "/en/my-data/record.json")
CLOSED = ("/en/today/", "/en/learn/", "/en/m4/", "/en/m4/quiz/", "/en/m4/practice/", "/en/find/")


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def ended(world: World) -> World:
    """Earned, certified, and her term ended a month ago; the programme keeps her pages open for three months."""
    today = timezone.now().date()
    world.runs(today - 200 * DAY, today - 30 * DAY)
    day = today - 60 * DAY
    world.learn("M4", on=day)
    world.practise("M4", on=day)
    world.certify(on=day + 5 * DAY)
    end(world, 30)
    world.programme.after_term_months = 3
    world.programme.save()
    return world


def end(world: World, days_ago: int) -> None:
    last = timezone.now().date() - days_ago * DAY
    world.term.ended_on, world.term.end_class = last, "completed"
    world.term.save()
    world.term.placements.update(to_on=last)


def test_for_some_months_she_opens_what_is_hers(client: Client, ended: World) -> None:
    client.force_login(ended.learner)
    certificate = ended.term.certificates.get()
    until = add_months(ended.term.ended_on, 3)

    page = words(client.get("/en/certificates/"))

    assert certificate.number in page
    assert f"This page is open to you until {until.day} {until:%B %Y}." in page
    assert client.get(f"/en/certificates/{certificate.serial}.pdf").content.startswith(b"%PDF-")
    assert certificate.number in words(client.get("/en/my-data/"))
    assert client.get("/en/my-data/record.json").json()["parts"]["certificates"]["rows"]
    today = words(client.get("/en/today/"))
    assert f"open to you here until {until.day} {until:%B %Y}." in today
    assert 'href="/en/certificates/"' in today


@pytest.mark.parametrize("address", CLOSED)
def test_and_nothing_else(client: Client, ended: World, address: str) -> None:
    client.force_login(ended.learner)
    text = words(client.get(address))
    assert "Your term has ended" in text or "Not found" in text or "not here" in text
    assert "Talking with trust" not in text


def test_then_she_is_told_whom_to_ask_and_nothing_is_shown(client: Client, ended: World) -> None:
    end(ended, 130)
    ended.programme.complaint_contact = {"en": "Desk 0800 000"}
    ended.programme.save()
    client.force_login(ended.learner)
    certificate = ended.term.certificates.get()
    addresses = (
        *HERS,
        "/en/today/",
        f"/en/certificates/{certificate.serial}.pdf",
        f"/en/certificates/{certificate.serial}/card.pdf",
        f"/en/certificates/{certificate.serial}/name/",
    )
    for address in addresses:
        response = client.get(address)
        text = words(response)
        assert "Ask the coordinator you worked with" in text, address
        assert "Desk 0800 000" in text, address
        assert certificate.number not in text, address
        assert response.headers["Content-Type"].startswith("text/html"), address
    assert certificate.number not in own_page(ended.learner)["certificates"]
    assert "Ask the coordinator you worked with" in own_page(ended.learner)["certificates"]


@pytest.mark.parametrize(("days_past", "is_over"), [(0, False), (1, True)])
def test_the_last_day_is_hers(ended: World, days_past: int, is_over: bool) -> None:
    until = add_months(ended.term.ended_on, 3)
    found = after_term(ended.learner, until + days_past * DAY)
    assert found is not None
    assert (found.until, found.is_over) == (until, is_over)


def test_it_is_of_nobody_whose_term_runs_or_is_to_begin_or_who_works_here(ended: World) -> None:
    today, later = timezone.now().date(), timezone.now().date() + 400 * DAY
    assert after_term(ended.learner, today) is not None
    assert after_term(ended.coordinator, today) is None
    give_role(ended.learner, "supervisor", ended.term.placements.get().facility, to_on=today)
    assert after_term(ended.learner, today) is None
    assert after_term(ended.learner, later) is not None
    make_term(learner=ended.learner, pathway_version=ended.term.pathway_version, start_on=today + 20 * DAY)
    assert after_term(ended.learner, today + 5 * DAY) is None


def test_a_coordinator_still_opens_her_papers(client: Client, ended: World) -> None:
    end(ended, 130)
    client.force_login(ended.coordinator)
    give_consent(ended.coordinator)
    certificate = ended.term.certificates.get()
    assert client.get(f"/en/certificates/{certificate.serial}.pdf").status_code == 200
