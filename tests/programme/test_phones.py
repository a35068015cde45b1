"""Ending sign-ins from another phone, and what was on a lost one."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from offline import phones
from offline.models import Given, KeepingPhone
from people.models import AccessEntry, User
from programme.models import Installation, OrganisationUnit, Placement, Term
from tests.factories import as_user, give_consent, make_staff, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TAG = "t" * 43


@pytest.fixture
def term() -> Term:
    term = make_term(learner=make_user(name="Amélia", alias="AME-102"), start_on=timezone.now().date() - 30 * DAY)
    give_consent(term.learner)
    return term


@pytest.fixture
def site(term: Term) -> OrganisationUnit:
    return term.placements.get().facility


def page_of(user: User) -> str:
    return f"/en/people/phones/{user.uuid}/"


def keep_list(owner: User, *about: User, tag: str = TAG) -> KeepingPhone:
    now = timezone.now()
    phone = phones.phone_of(owner=owner, tag=tag, now=now)
    phones.note(phone=phone, what=["roster"], about=about, now=now, until=now + 7 * DAY)
    return phone


def text_of(response: Any) -> str:
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


# --- a colleague ends her sign-ins ------------------------------------------------------------------


@pytest.mark.parametrize("role", ["supervisor", "coordinator", "programme_manager", "privacy_officer"])
def test_colleague_ends_every_sign_in_and_every_phone_lets_go(site: OrganisationUnit, term: Term, role: str) -> None:
    for person in (make_staff(site, alias="SUP-304"), term.learner):
        hers = [as_user(person), as_user(person)]
        other = as_user(make_staff(site, "nurse"))
        phone = keep_list(person, term.learner, tag=f"tag of {person.pk}")
        colleague = make_staff(site, role)
        client = as_user(colleague)
        assert "End all her sign-ins" in client.get(page_of(person)).content.decode()
        answer = client.post(page_of(person), follow=True)
        assert "Ended. Each phone wipes what it keeps as soon as it has network." in text_of(answer)
        assert [each.get("/en/settings/").status_code for each in hers] == [302, 302]
        assert [other.get("/en/settings/").status_code, client.get("/en/settings/").status_code] == [200, 200]
        phone.refresh_from_db()
        assert phone.ended_at is not None
        assert phone.lost_at is None
        entry = AccessEntry.objects.get(subject=person, kind="sessions_ended")
        assert (entry.actor, entry.actor_role) == (colleague, role)


@pytest.mark.parametrize(
    "role", ["nurse", "district_manager", "trainer", "monitoring", "translator", "reviewer", "learner"]
)
def test_other_roles_find_nothing(site: OrganisationUnit, term: Term, role: str) -> None:
    client = as_user(make_staff(site, role))
    phone = keep_list(term.learner)
    addresses = [
        "/en/people/phones/",
        page_of(term.learner),
        "/en/people/phones/lost/",
        f"/en/people/phones/lost/{phone.pk}/",
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert client.post(page_of(term.learner)).status_code == 404
    phone.refresh_from_db()
    assert phone.ended_at is None


def test_nobody_ends_sign_ins_at_another_site_or_her_own_here(site: OrganisationUnit, term: Term) -> None:
    away = make_staff(make_unit(parent=term.programme.root_unit), alias="SUP-999")
    client = as_user(away)
    colleague = make_staff(site, alias="SUP-304")
    for person in (term.learner, colleague, away):
        assert client.get(page_of(person)).status_code == 404
        assert client.post(page_of(person)).status_code == 404
    assert "SUP-304" not in client.get("/en/people/phones/").content.decode()
    assert "AME-102" not in text_of(client.get("/en/people/phones/?q=AME-102"))
    assert AccessEntry.objects.count() == 0
    assert Client().post(page_of(colleague)).headers["Location"].startswith("/en/sign-in/")


def test_the_right_follows_the_woman_to_another_site(site: OrganisationUnit, term: Term) -> None:
    client = as_user(make_staff(site, "supervisor"))
    assert client.get(page_of(term.learner)).status_code == 200
    term.placements.update(to_on=timezone.now().date() - DAY)
    Placement.objects.create(
        term=term, facility=make_unit(parent=term.programme.root_unit), from_on=timezone.now().date()
    )
    assert client.get(page_of(term.learner)).status_code == 404


def test_search_finds_a_whole_work_name_and_no_name(site: OrganisationUnit, term: Term) -> None:
    client = as_user(make_staff(site, "supervisor"))
    page = client.get("/en/people/phones/?q=ame 102").content.decode()
    assert page_of(term.learner) in page
    assert "Amélia" not in page
    assert page_of(term.learner) not in client.get("/en/people/phones/?q=AME").content.decode()
    assert page_of(term.learner) not in client.get("/en/people/phones/").content.decode()


# --- she does it herself ----------------------------------------------------------------------------


def test_she_ends_her_other_sign_ins_and_stays_here(term: Term) -> None:
    here, there = as_user(term.learner), as_user(term.learner)
    phone = keep_list(term.learner)
    assert "My phones" in text_of(here.get("/en/phones/"))
    here.post("/en/phones/")
    assert [here.get("/en/settings/").status_code, there.get("/en/settings/").status_code] == [200, 302]
    phone.refresh_from_db()
    assert phone.ended_at is not None
    entry = AccessEntry.objects.get(subject=term.learner)
    assert (entry.actor, entry.kind, entry.actor_role) == (term.learner, "sessions_ended", "")


def test_she_reports_her_own_phone_and_nobody_elses(site: OrganisationUnit, term: Term) -> None:
    supervisor = make_staff(site, alias="SUP-304")
    mine, hers = keep_list(supervisor, term.learner), keep_list(term.learner, tag="other")
    client = as_user(supervisor)
    assert client.post("/en/phones/", {"lost": hers.pk}).status_code == 404
    assert client.post("/en/phones/", {"lost": "x"}).status_code == 404
    assert "Reported." in text_of(client.post("/en/phones/", {"lost": mine.pk}, follow=True))
    assert "reported this phone before" in text_of(client.post("/en/phones/", {"lost": mine.pk}, follow=True))
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.lost_by, hers.lost_at, hers.ended_at) == (supervisor, None, None)
    assert AccessEntry.objects.filter(subject=supervisor).count() == 1


# --- the privacy officer's list ---------------------------------------------------------------------


def test_privacy_officer_reads_what_was_on_a_lost_phone_by_alias_and_until_when(
    site: OrganisationUnit, term: Term
) -> None:
    supervisor = make_staff(site, alias="SUP-304")
    stranger = make_user(name="Elsewhere", alias="ELS-777")
    phone = keep_list(supervisor, term.learner, stranger)
    reporter = make_staff(site, "coordinator", alias="COO-305")
    as_user(reporter).post(page_of(supervisor), {"lost": phone.pk})
    officer = as_user(make_staff(term.programme.root_unit, "privacy_officer"))
    listed = text_of(officer.get("/en/people/phones/lost/"))
    assert "SUP-304" in listed
    assert "COO-305" in listed
    assert "not yet" in listed
    assert "AME-102" not in listed
    page = text_of(officer.get(f"/en/people/phones/lost/{phone.pk}/"))
    for words in ("What was on a phone of SUP-304", "by COO-305", "AME-102", "1 more woman is of other sites"):
        assert words in page
    for hidden in ("Amélia", "Wambui", "ELS-777", "Elsewhere"):
        assert hidden not in page
    looked = set(AccessEntry.objects.filter(actor_role="privacy_officer").values_list("subject__alias", "kind"))
    assert looked == {("AME-102", "record_opened"), ("SUP-304", "record_opened")}
    phones.ended_among({TAG: 0}, timezone.now())
    assert "not yet" not in text_of(officer.get("/en/people/phones/lost/"))


@pytest.mark.parametrize("role", ["supervisor", "coordinator", "programme_manager", "nurse", "district_manager"])
def test_only_the_privacy_officer_of_her_units_reads_it(site: OrganisationUnit, term: Term, role: str) -> None:
    phone = keep_list(make_staff(site, "supervisor"), term.learner)
    phones.report_lost(phone=phone, by=phone.owner, now=timezone.now())
    elsewhere = make_staff(make_unit(), "privacy_officer")
    for reader, first in ((make_staff(site, role), 404), (elsewhere, 200)):
        client = as_user(reader)
        assert client.get("/en/people/phones/lost/").status_code == first
        assert client.get(f"/en/people/phones/lost/{phone.pk}/").status_code == 404
    assert phone.owner.alias not in as_user(elsewhere).get("/en/people/phones/lost/").content.decode()
    assert not AccessEntry.objects.exists()


def test_a_phone_that_is_not_lost_is_not_listed(site: OrganisationUnit, term: Term) -> None:
    phone = keep_list(make_staff(site, alias="SUP-304"), term.learner)
    officer = as_user(make_staff(term.programme.root_unit, "privacy_officer"))
    assert "SUP-304" not in officer.get("/en/people/phones/lost/").content.decode()
    assert officer.get(f"/en/people/phones/lost/{phone.pk}/").status_code == 404


def test_what_is_given_after_the_loss_is_no_part_of_it(site: OrganisationUnit, term: Term) -> None:
    supervisor = make_staff(site, "supervisor")
    lost = keep_list(supervisor, term.learner)
    phones.report_lost(phone=lost, by=supervisor, now=timezone.now())
    later = keep_list(supervisor, make_user())
    assert (later.pk != lost.pk, later.round) == (True, 1)
    assert {given.about for given in Given.objects.filter(phone=lost)} == {supervisor, term.learner}


# --- and what she reads herself -----------------------------------------------------------------------


def test_a_woman_reads_on_whose_phones_her_name_is_and_that_one_was_lost(site: OrganisationUnit, term: Term) -> None:
    supervisor = make_staff(site, alias="SUP-304")
    phone = keep_list(supervisor, term.learner)
    phones.note(phone=phones.phone_of(owner=term.learner, tag="hers", now=timezone.now()), what=["m4"], about=[],
                now=timezone.now())  # fmt: skip
    client = as_user(term.learner)
    page = text_of(client.get("/en/my-data/"))
    assert "My name on a colleague's list, on her phone" in html.unescape(page)
    assert "A phone of mine" in page
    assert "M4" in page
    assert "SUP-304" not in page
    assert "reported lost" not in page
    phones.report_lost(phone=phone, by=supervisor, now=timezone.now())
    assert "This phone was reported lost on" in text_of(client.get("/en/my-data/"))
    assert "on her phone" not in text_of(as_user(supervisor).get("/en/my-data/"))


# --- what it costs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number(
    site: OrganisationUnit, term: Term, count: int, django_assert_num_queries: Any
) -> None:
    Installation.decide(is_demonstration=False)
    supervisor = make_staff(site, "supervisor")
    women = [make_term(facility=site).learner for _ in range(count)]
    for number in range(count):
        lost = keep_list(supervisor, *women, tag=f"phone {number}")
        phones.report_lost(phone=lost, by=supervisor, now=timezone.now())
    officer = as_user(make_staff(term.programme.root_unit, "privacy_officer"))
    officer.get("/en/people/phones/")
    Installation.is_demo()
    costs = {
        "/en/people/phones/": 5,
        page_of(supervisor): 7,
        "/en/people/phones/lost/": 6,
        f"/en/people/phones/lost/{lost.pk}/": 9,
        "/en/phones/": 3,
    }
    for address, queries in costs.items():
        with django_assert_num_queries(queries, info=address):
            assert officer.get(address).status_code == 200
