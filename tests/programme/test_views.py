from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from curriculum.models import Fact, FactValue
from people.models import AccessEntry, Invitation, User
from programme.models import Installation, Leave, Placement, Term
from tests.factories import (
    TODAY,
    give_consent,
    give_role,
    make_country,
    make_pathway_version,
    make_term,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 15, 9, tzinfo=UTC))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_coordinator(unit, role: str = "coordinator") -> User:
    user = make_user(name="Esther", secret_kind="password")
    give_consent(user)
    give_role(user, role, unit)
    return user


def make_learner(**fields) -> Term:
    term = make_term(**fields)
    give_consent(term.learner)
    return term


def say(key: str, country: str, texts: dict, mark: str = "recalled") -> None:
    fact, _created = Fact.objects.get_or_create(key=key, defaults={"statement": key})
    FactValue.objects.create(
        fact=fact, country=make_country(country), texts=texts, mark=mark, valid_from_on=TODAY - 100 * DAY
    )


# --- help for me ----------------------------------------------------------------------------------


def test_help_is_open_to_a_stranger_with_every_country_and_every_complaint_route() -> None:
    say("gbv_services", "KE", {"en": "Call 1195"})
    say("crisis_contacts", "MW", {"en": "Call 116"})
    term = make_term()
    term.programme.complaint_contact = {"en": "Write to the listening office"}
    term.programme.save()
    page = Client().get("/en/help/").content.decode()
    assert [text in page for text in ("Call 1195", "Call 116", "Write to the listening office")] == [True] * 3


def test_help_shows_her_own_country_first_and_her_own_programme_only() -> None:
    say("gbv_services", "KE", {"en": "Call 1195", "sw": "Piga 1195"})
    say("gbv_services", "AO", {"en": "Call 145"})
    other = make_term()
    other.programme.complaint_contact = {"en": "Somebody else's office"}
    other.programme.save()
    term = make_learner(learner=make_user(languages=["sw", "en"]))
    term.programme.complaint_contact = {"sw": "Ofisi ya kusikiliza"}
    term.programme.save()
    page = signed_in(term.learner).get("/sw/help/").content.decode()
    assert page.index("Piga 1195") < page.index("Call 145")
    assert "Ofisi ya kusikiliza" in page
    assert "Somebody else" not in page


def test_help_says_when_a_number_is_not_confirmed_and_when_none_is_known() -> None:
    say("gbv_services", "KE", {"en": "Call 1195"}, mark="unsure")
    page = signed_in(make_learner().learner).get("/en/help/").content.decode()
    assert "Nobody has confirmed these numbers yet" in page
    FactValue.objects.all().delete()
    assert "No number is known here yet" in Client().get("/en/help/").content.decode()


def test_help_leaves_no_trace(caplog, django_assert_num_queries) -> None:
    """No session is made or changed, nothing is logged, no query writes: she is not watched."""
    say("gbv_services", "KE", {"en": "Call 1195"})
    term = make_learner()
    client = signed_in(term.learner)
    before = list(Session.objects.values_list("session_key", "session_data", "expire_date"))
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        # Session, person, place; demonstration; countries, values.
        with django_assert_num_queries(6) as queries:
            response = client.get("/en/help/")
    assert response.status_code == 200
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}
    assert list(Session.objects.values_list("session_key", "session_data", "expire_date")) == before
    assert [record for record in caplog.records if record.name != "django.db.backends"] == []
    assert AccessEntry.objects.count() == 0
    stranger = Client()
    stranger.get("/en/help/")
    assert "s" not in stranger.cookies
    assert Session.objects.count() == 1


# --- the list -------------------------------------------------------------------------------------


def test_people_list_shows_exactly_her_terms_with_name_and_dates() -> None:
    term = make_term(learner=make_user(name="Amélia", alias="AME-102"))
    make_term(learner=make_user(name="Stranger", alias="STR-999"))
    site = term.placements.get().facility
    page = signed_in(make_coordinator(site)).get("/en/people/").content.decode()
    assert [text in page for text in ("Amélia", "AME-102", site.name, "at work")] == [True] * 4
    assert [text in page for text in ("Stranger", "STR-999")] == [False] * 2


@pytest.mark.parametrize(("asked", "found"), [("ame102", True), ("AME-1", True), ("STR-999", False), ("zzz", False)])
def test_people_list_is_searched_by_work_name_and_never_reaches_another_site(asked: str, found: bool) -> None:
    term = make_term(learner=make_user(name="Amélia", alias="AME-102"))
    make_term(learner=make_user(name="Stranger", alias="STR-999"))
    client = signed_in(make_coordinator(term.placements.get().facility))
    page = client.get("/en/people/", {"q": asked}).content.decode()
    assert ("Amélia" in page, "Stranger" in page) == (found, False)


def test_people_list_keeps_ended_terms_apart() -> None:
    term = make_term(learner=make_user(name="Halima"), ended_on=TODAY - DAY, end_class="moved")
    term.placements.update(to_on=TODAY - DAY)
    client = signed_in(make_coordinator(term.placements.get().facility))
    assert "Halima" not in client.get("/en/people/").content.decode()
    page = client.get("/en/people/?show=ended").content.decode()
    assert "Halima" in page
    assert "moved away" not in page


def test_people_list_asks_the_database_the_same_for_one_and_three(django_assert_num_queries) -> None:
    site = make_unit()
    client = signed_in(make_coordinator(site))
    client.get("/en/people/")
    Installation.decide(is_demonstration=False)
    for count in (1, 3):
        while Term.objects.count() < count:
            make_term(facility=site)
        Installation.is_demo()
        with django_assert_num_queries(9):  # session, person, roles, what waits, count, terms, leave, places, sites
            assert client.get("/en/people/").status_code == 200


@pytest.mark.parametrize(
    "role", ["supervisor", "nurse", "district_manager", "trainer", "monitoring", "privacy_officer"]
)
def test_staff_who_run_no_terms_see_an_empty_list_and_no_form(role: str) -> None:
    term = make_term(learner=make_user(name="Amélia", alias="AME-102"))
    client = signed_in(make_coordinator(term.placements.get().facility, role))
    page = client.get("/en/people/?q=AME-102").content.decode()
    assert "Amélia" not in page
    addresses = ["new/", *(f"{term.uuid}/{verb}/" for verb in ("slip", "leave", "move", "extend", "end"))]
    assert [client.get(f"/en/people/{address}").status_code for address in addresses] == [404] * 6


@pytest.mark.parametrize("verb", ["slip", "leave", "move", "extend", "end"])
def test_strangers_and_learners_are_refused_and_change_nothing(verb: str) -> None:
    term, other = make_learner(), make_learner()
    give_role(other.learner, "learner", other.placements.get().facility)
    stranger = make_coordinator(other.placements.get().facility)
    address = f"/en/people/{term.uuid}/{verb}/"
    data = {"from_on": TODAY, "to_on": TODAY, "ended_on": TODAY, "end_class": "other", "new_end_on": "2030-01-01"}
    for user in (stranger, other.learner, term.learner):
        client = signed_in(user)
        assert [client.get(address).status_code, client.post(address, data).status_code] == [404, 404]
    assert Client().get(address).status_code == 302
    assert (Leave.objects.count(), Invitation.objects.count()) == (0, 0)
    assert Term.objects.get(pk=term.pk).ended_on is None


# --- accounts -------------------------------------------------------------------------------------


def account_form(client: Client, version, site) -> dict:
    form = client.get("/en/people/new/").context["form"]
    return {
        "account_uuid": form["account_uuid"].initial,
        "display_name": "Chiŵale",
        "language": "sw",
        "second_language": "en",
        "phone": "0712 345 678",
        "facility": site.pk,
        "pathway_version": version.pk,
        "cohort": "",
        "start_on": "2026-06-15",
        "months": "12",
    }


def test_new_account_is_opened_once_and_leads_to_its_slip() -> None:
    version = make_pathway_version()
    site = make_unit(parent=version.pathway.programme.root_unit)
    client = signed_in(make_coordinator(site))
    data = account_form(client, version, site)
    first, again = client.post("/en/people/new/", data), client.post("/en/people/new/", data)
    term = Term.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/en/people/{term.uuid}/slip/"
    learner = term.learner
    assert (learner.display_name, learner.languages, learner.phone) == ("Chiŵale", ["sw", "en"], "+254712345678")
    assert str(term.planned_end_on) == "2027-06-15"


def test_new_account_refuses_a_site_that_is_not_hers_and_rubbish_for_a_phone() -> None:
    version = make_pathway_version()
    site = make_unit(parent=version.pathway.programme.root_unit)
    foreign = make_unit(parent=version.pathway.programme.root_unit)
    client = signed_in(make_coordinator(site))
    data = account_form(client, version, site)
    for change in ({"facility": foreign.pk}, {"phone": "call me"}, {"display_name": ""}, {"account_uuid": "x"}):
        assert client.post("/en/people/new/", data | change).status_code == 422
    assert Term.objects.count() == 0


def test_new_account_in_a_demonstration_asks_for_no_phone_and_keeps_none() -> None:
    Installation.decide(is_demonstration=True)
    version = make_pathway_version()
    site = make_unit(parent=version.pathway.programme.root_unit)
    client = signed_in(make_coordinator(site))
    page = client.get("/en/people/new/").content.decode()
    assert 'name="phone"' not in page
    client.post("/en/people/new/", account_form(client, version, site))
    assert Term.objects.get().learner.phone == ""


def test_slip_shows_a_code_only_after_the_button_and_a_new_one_each_time() -> None:
    term = make_term(learner=make_user(alias="AME-102"))
    client = signed_in(make_coordinator(term.placements.get().facility))
    address = f"/en/people/{term.uuid}/slip/"
    assert "AME-102" in client.get(address).content.decode()
    assert Invitation.objects.count() == 0
    codes = [client.post(address).context["code"] for _ in range(2)]
    assert len(set(codes)) == 2
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    kinds = AccessEntry.objects.order_by("pk").values_list("kind", "actor_role")
    assert list(kinds) == [("invitation_made", "coordinator")] * 2


def test_slip_itself_names_nobody() -> None:
    term = make_term(learner=make_user(name="Amélia", alias="AME-102"))
    client = signed_in(make_coordinator(term.placements.get().facility))
    response = client.post(f"/en/people/{term.uuid}/slip/")
    assert "Amélia" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store, private"


def test_slip_for_somebody_with_a_pin_is_for_a_forgotten_one() -> None:
    term = make_term(learner=make_user(pin="204060"))
    client = signed_in(make_coordinator(term.placements.get().facility))
    client.post(f"/en/people/{term.uuid}/slip/")
    assert list(Invitation.objects.values_list("purpose", flat=True)) == ["forgotten"]
    assert AccessEntry.objects.get().kind == "pin_slip_made"


# --- terms ----------------------------------------------------------------------------------------


STAFF_WORDS = "She works here as staff too. Whoever runs this site gives her a new password."


@pytest.mark.parametrize(
    "made_staff",
    [
        lambda user, unit: give_role(user, "supervisor", unit),
        lambda user, unit: give_role(user, "programme_manager", unit, from_on=TODAY + 9 * DAY),
        lambda user, unit: User.objects.filter(pk=user.pk).update(is_superuser=True),
    ],
)
def test_slip_is_not_printed_for_somebody_with_rights_that_the_printer_lacks(made_staff) -> None:
    term = make_learner(learner=make_user(secret_kind="password"))
    unit = term.placements.get().facility
    made_staff(term.learner, unit)
    client = signed_in(make_coordinator(unit))

    for answer in (client.get(f"/en/people/{term.uuid}/slip/"), client.post(f"/en/people/{term.uuid}/slip/")):
        assert answer.headers["Location"] == "/en/people/"

    assert STAFF_WORDS in client.get("/en/people/").text
    assert Invitation.objects.count() == 0


def test_slip_is_printed_again_when_her_work_as_staff_is_over() -> None:
    term = make_learner()
    unit = term.placements.get().facility
    give_role(term.learner, "supervisor", unit, to_on=TODAY - DAY)

    assert signed_in(make_coordinator(unit)).post(f"/en/people/{term.uuid}/slip/").status_code == 200


def test_leave_move_more_time_and_end_through_their_pages() -> None:
    term = make_term()
    root = term.programme.root_unit
    new = make_unit(parent=root)
    client = signed_in(make_coordinator(root))
    base = f"/en/people/{term.uuid}"
    steps = [
        ("leave", {"from_on": "2026-07-01", "to_on": "2026-07-10"}),
        ("leave", {"from_on": "2026-07-01", "to_on": "2026-07-10"}),
        ("move", {"facility": new.pk, "from_on": "2026-06-20"}),
        ("extend", {"new_end_on": "2027-12-31"}),
        ("end", {"ended_on": "2026-12-31", "end_class": "new_work"}),
    ]
    for verb, data in steps:
        assert client.get(f"{base}/{verb}/").status_code == 200
        assert client.post(f"{base}/{verb}/", data).headers["Location"] == "/en/people/"
    term.refresh_from_db()
    assert (str(term.ended_on), str(term.planned_end_on)) == ("2026-12-31", "2027-12-21")
    assert list(Leave.objects.values_list("from_on", "to_on")) == [
        (datetime(2026, 7, 1, tzinfo=UTC).date(), datetime(2026, 7, 10, tzinfo=UTC).date())
    ]
    assert list(term.placements.order_by("from_on").values_list("facility", flat=True))[-1] == new.pk


@pytest.mark.parametrize(
    ("verb", "data", "words"),
    [
        ("leave", {"from_on": "2026-07-05", "to_on": "2026-07-06"}, "already has leave"),
        ("leave", {"from_on": "2026-07-30", "to_on": "2026-07-20"}, "outside her term"),
        ("leave", {"from_on": "rubbish", "to_on": ""}, ""),
        ("extend", {"new_end_on": "2020-01-01"}, "must be later"),
        ("end", {"ended_on": "2020-01-01", "end_class": "other"}, "before the first day"),
        ("end", {"ended_on": "2026-06-15", "end_class": "pregnant"}, ""),
    ],
)
def test_a_refusal_is_a_clear_sentence_and_changes_nothing(verb: str, data: dict, words: str) -> None:
    term = make_term()
    Leave.objects.create(term=term, from_on=TODAY + 16 * DAY, to_on=TODAY + 25 * DAY)
    client = signed_in(make_coordinator(term.placements.get().facility))
    response = client.post(f"/en/people/{term.uuid}/{verb}/", data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert (Leave.objects.count(), Placement.objects.count(), AccessEntry.objects.count()) == (1, 1, 0)
    assert Term.objects.get().ended_on is None
