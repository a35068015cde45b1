from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from certificates import actions
from people.models import AccessEntry
from programme.models import Cohort, Installation, Leave, Placement, Term
from tests.certificates.making import World, make_world
from tests.factories import TODAY, as_user, give_consent, give_role, make_term, make_unit, make_user
from tests.progress.conftest import attempt, observe, study

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 15, 9, tzinfo=UTC))


@pytest.fixture
def world() -> World:
    return make_world(name="Amélia", alias="AME-102")


def desk(unit, role: str = "supervisor") -> Client:
    """The browser of somebody with ``role`` at ``unit``."""
    user = make_user(name="Wambui", secret_kind="password")
    give_role(user, role, unit)
    return as_user(user)


def site_of(world: World):
    return world.term.placements.get().facility


def add_term(world: World, name: str = "Neema", **fields) -> Term:
    """Another woman on the same pathway at the same site."""
    fields = {"facility": site_of(world), "start_on": world.term.start_on} | fields
    alias = {"alias": fields.pop("alias")} if "alias" in fields else {}
    return make_term(learner=make_user(name=name, **alias), pathway_version=world.term.pathway_version, **fields)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- who needs me ---------------------------------------------------------------------------------


def test_first_page_names_who_needs_her_and_why(world: World) -> None:
    page = text_of(desk(site_of(world)).get("/en/roster/"))
    assert "Who needs me today" in page
    assert "Amélia AME-102" in page
    assert "M4: 2 lessons and the quiz are left. It was due on" in page
    assert "Practice to watch: M4" in page


def test_first_page_has_at_most_ten_lines_and_says_how_many_more(world: World) -> None:
    for _ in range(11):
        add_term(world)
    response = desk(site_of(world)).get("/en/roster/")
    assert len(response.context["rows"]) == 10
    assert "2 more wait." in text_of(response)


def test_nobody_needs_her_when_all_is_done_or_away(world: World) -> None:
    world.earn("M4", "D1")
    world.certify()
    world.certify(world.certified)
    world.certify(world.record)
    away = add_term(world, "Fatuma")
    Leave.objects.create(term=away, from_on=TODAY - DAY, to_on=TODAY + DAY)
    response = desk(site_of(world)).get("/en/roster/")
    assert [row.alias for row in response.context["rows"]] == []
    assert "Nobody needs you today" in text_of(response)


def test_ready_certificate_waits_for_the_supervisor_and_then_for_the_coordinator(world: World) -> None:
    world.earn("M4")
    supervisor, coordinator = desk(site_of(world)), desk(site_of(world), "coordinator")

    def waits(client: Client) -> list[str]:
        return [wait.need.name for row in client.get("/en/roster/").context["rows"] for wait in row.waits]

    assert ("SIGN_OFF" in waits(supervisor), "ISSUE" in waits(coordinator)) == (True, False)
    world.sign_off()
    assert ("SIGN_OFF" in waits(supervisor), "ISSUE" in waits(coordinator)) == (False, True)
    world.issue()
    assert ("SIGN_OFF" in waits(supervisor), "ISSUE" in waits(coordinator)) == (False, False)


def test_ending_and_ended_certificates_back_from_leave_and_new_are_said(world: World) -> None:
    world.earn("M4")
    world.certify()
    new = add_term(world, "Neema", start_on=TODAY - DAY)
    back = add_term(world, "Fatuma")
    Leave.objects.create(term=back, from_on=TODAY - 20 * DAY, to_on=TODAY - 3 * DAY)
    client = desk(site_of(world))
    sentences = {
        row.name: " ".join(wait.sentence for wait in row.waits) for row in client.get("/en/roster/").context["rows"]
    }
    assert "New: she started on 14 June 2026." in sentences["Neema"]
    assert "Back from leave since 13 June 2026." in sentences["Fatuma"]
    assert new.pk != back.pk


# --- everybody ------------------------------------------------------------------------------------


def test_everybody_shows_month_standing_and_whether_she_may_work_until_when(world: World) -> None:
    world.earn("M4")
    world.certify()
    page = text_of(desk(site_of(world)).get("/en/roster/?show=all"))
    for words in ("Amélia AME-102", "2 of 12", "works under supervision", "until 15 Dec 2026"):
        assert words in page


@pytest.mark.parametrize(
    ("role", "shows_name", "shows_month"),
    [
        ("supervisor", True, True),
        ("nurse", True, False),
        ("coordinator", True, True),
        ("programme_manager", True, True),
        ("district_manager", False, True),
        ("trainer", False, False),
    ],
)
def test_names_and_dates_only_where_the_role_allows(
    world: World, role: str, shows_name: bool, shows_month: bool
) -> None:
    world.term.cohort = Cohort.objects.create(
        programme=world.programme, unit=site_of(world), code="c1", start_on=world.term.start_on
    )
    world.term.save()
    page = text_of(desk(site_of(world), role).get("/en/roster/?show=all"))
    assert ("Amélia" in page, "2 of 12" in page, "AME-102" in page) == (shows_name, shows_month, True)


def test_a_nurse_sees_that_she_is_away_and_not_until_when(world: World) -> None:
    Leave.objects.create(term=world.term, from_on=TODAY - DAY, to_on=TODAY + 9 * DAY)
    for address in ("/en/roster/?show=all", f"/en/record/{world.term.uuid}/"):
        page = text_of(desk(site_of(world), "nurse").get(address))
        assert "She is away now." in page
        assert "24 June" not in page
        assert "24 June 2026" in text_of(desk(site_of(world)).get(address))


def certify(world: World, term: Term) -> None:
    """``term`` earns, like the woman in ``world``, the first of the two certificates."""
    for lesson in world.lessons["M4"]:
        study(term, lesson, TODAY - 9 * DAY)
    attempt(term, world.modules["M4"], TODAY - 9 * DAY)
    observe(term, world.modules["M4"], TODAY - 9 * DAY)
    actions.sign_off(term=term, award=world.induction, signed_by=world.supervisor, on=TODAY)
    actions.issue_certificate(term=term, award=world.induction, issued_by=world.coordinator, on=TODAY)


@pytest.mark.parametrize(
    ("show", "queries"),
    [
        # Session and person; roles, terms; leave, places, the pathway with its lessons, evidence;
        # certificates and their states; awards.
        ("needs", 10),
        ("all", 10),
    ],
)
def test_roster_asks_the_database_the_same_for_one_and_three(
    world: World, django_assert_num_queries, show: str, queries: int
) -> None:
    client = desk(site_of(world))
    Installation.decide(is_demonstration=False)
    certify(world, world.term)
    client.get("/en/roster/")
    for count in (1, 3):
        while Term.objects.count() < count:
            certify(world, add_term(world))
        with django_assert_num_queries(queries):
            assert len(client.get(f"/en/roster/?show={show}").context["rows"]) == count


# --- searching ------------------------------------------------------------------------------------


def test_search_by_work_name_or_certificate_number_and_the_look_up_is_logged(world: World) -> None:
    world.earn("M4")
    serial = world.certify().serial
    before = AccessEntry.objects.count()
    client = desk(site_of(world))
    for asked in ("ame102", "AME-102", serial, f"{serial[:4]} {serial[4:8]} {serial[8:].lower()}"):
        assert [row.name for row in client.get("/en/roster/", {"q": asked}).context["rows"]] == ["Amélia"]
    kinds = AccessEntry.objects.order_by("pk").values_list("kind", flat=True)[before:]
    assert list(kinds) == ["certificate_checked"] * 2


def test_search_never_reaches_another_site(world: World) -> None:
    world.earn("M4")
    serial = world.certify().serial
    before = AccessEntry.objects.count()
    stranger = desk(make_unit(parent=world.programme.root_unit))
    for asked in ("AME-102", serial, "", "%", "'"):
        response = stranger.get("/en/roster/", {"q": asked})
        assert response.status_code == 200
        assert "Amélia" not in response.content.decode()
    assert AccessEntry.objects.count() == before


def test_site_filter_narrows_and_a_foreign_site_shows_nothing_more(world: World) -> None:
    root = world.programme.root_unit
    other = add_term(world, "Neema", facility=make_unit(parent=root))
    foreign = make_unit()
    make_term(facility=foreign, learner=make_user(name="Stranger"))
    client = desk(root, "coordinator")

    def names(site: str) -> set[str]:
        return {row.name for row in client.get("/en/roster/", {"show": "all", "site": site}).context["rows"]}

    assert names("") == {"Amélia", "Neema"}
    assert names(other.placements.get().facility.short_code) == {"Neema"}
    assert names(foreign.short_code) == {"Amélia", "Neema"}


# --- who may not ----------------------------------------------------------------------------------


def test_learners_get_404_and_strangers_are_asked_to_sign_in(world: World) -> None:
    other = add_term(world)
    for learner in (world.learner, other.learner):
        give_consent(learner)
        give_role(learner, "learner", site_of(world))
        client = as_user(learner)
        assert client.get("/en/roster/").status_code == 404
        assert client.get(f"/en/record/{world.term.uuid}/").status_code == 404
    for address in ("/en/roster/", f"/en/record/{world.term.uuid}/"):
        assert Client().get(address).headers["Location"].startswith("/en/sign-in/")
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize("role", ["monitoring", "privacy_officer", "translator", "reviewer", "trainer"])
def test_roles_without_records_get_404_for_a_record_at_their_own_site(world: World, role: str) -> None:
    client = desk(site_of(world), role)
    assert client.get(f"/en/record/{world.term.uuid}/").status_code == 404
    assert "Amélia" not in client.get("/en/roster/").content.decode()
    assert AccessEntry.objects.count() == 0


def test_record_of_another_unit_is_404_and_is_not_logged(world: World) -> None:
    stranger = desk(make_unit(parent=world.programme.root_unit))
    assert stranger.get(f"/en/record/{world.term.uuid}/").status_code == 404
    assert AccessEntry.objects.count() == 0


def test_record_moves_with_her_on_the_day(world: World) -> None:
    new = make_unit(parent=world.programme.root_unit)
    old_desk, new_desk = desk(site_of(world)), desk(new)
    world.term.placements.update(to_on=TODAY - DAY)
    Placement.objects.create(term=world.term, facility=new, from_on=TODAY)
    address = f"/en/record/{world.term.uuid}/"
    assert [old_desk.get(address).status_code, new_desk.get(address).status_code] == [404, 200]


# --- numbers --------------------------------------------------------------------------------------


def test_monitoring_sees_counts_without_people_and_no_small_number(world: World) -> None:
    site, small = site_of(world), make_unit(parent=world.programme.root_unit, name="Small Site")
    for _ in range(6):
        add_term(world)
    for _ in range(3):
        add_term(world, "Nandi", facility=small)
    response = desk(world.programme.root_unit, "monitoring").get("/en/roster/")
    page = text_of(response)
    assert [(row.unit, row.total) for row in response.context["rows"]] == [(site, 7), (None, None)]
    assert [name in page for name in ("Amélia", "AME-102", "Nandi", "Small Site", "TST-")] == [False] * 5
    row = response.context["rows"][0]
    assert (dict(row.work), row.pathway["overdue"]) == ({"alone": None, "supervised": None, "not_now": 7}, 7)


def test_roles_that_need_no_list_see_none_and_no_number(world: World) -> None:
    for role in ("privacy_officer", "translator", "reviewer"):
        page = text_of(desk(world.programme.root_unit, role).get("/en/roster/"))
        assert "Nobody is listed here for you" in page
        assert "AME-102" not in page


# --- the record -----------------------------------------------------------------------------------


def test_record_opens_with_one_sentence_and_every_opening_is_hers_to_read(world: World) -> None:
    world.earn("M4")
    world.certify()
    before = AccessEntry.objects.count()
    client = desk(site_of(world))
    for _ in range(2):
        page = text_of(client.get(f"/en/record/{world.term.uuid}/"))
    assert "May work under supervision until 15 December 2026." in page
    entries = AccessEntry.objects.order_by("pk").values_list("subject", "kind", "actor_role")[before:]
    assert list(entries) == [(world.learner.pk, "record_opened", "supervisor")] * 2


def test_record_says_not_now_and_why_for_a_new_woman(world: World) -> None:
    page = text_of(desk(site_of(world)).get(f"/en/record/{world.term.uuid}/"))
    assert "May not work with clients now. No certificate yet." in page


def test_record_shows_steps_practice_places_and_leave_but_no_answer_and_no_score(world: World) -> None:
    world.earn("M4")
    Leave.objects.create(term=world.term, from_on=TODAY + 10 * DAY, to_on=TODAY + 12 * DAY)
    response = desk(site_of(world)).get(f"/en/record/{world.term.uuid}/")
    page = text_of(response)
    for words in (
        "M4 Lessons and quiz",
        "signed off",
        "D1 Practice",
        "25 June 2026 – 27 June 2026",
        "Watch D1 and sign",
    ):
        assert words in page
    for words in ("10 of 10", "100", "points", "%", "score"):
        assert words not in page
    assert f"/en/record/{world.term.uuid}/practice/d1/" in response.content.decode()
    assert f"/en/record/{world.term.uuid}/practice/m4/" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "watches", "signs", "runs", "phone"),
    [
        ("supervisor", True, True, False, False),
        ("nurse", True, False, False, False),
        ("coordinator", False, True, True, True),
        ("programme_manager", False, True, True, True),
        ("district_manager", False, False, False, False),
    ],
)
def test_record_offers_only_what_the_role_may_do(
    world: World, role: str, watches: bool, signs: bool, runs: bool, phone: bool
) -> None:
    world.learner.set_phone("+254712345678")
    world.learner.save()
    page = desk(site_of(world), role).get(f"/en/record/{world.term.uuid}/").content.decode()
    offered = ("/practice/", "/award/", f"/people/{world.term.uuid}/", "+254712345678")
    assert tuple(words in page for words in offered) == (watches, signs, runs, phone)


def test_record_asks_the_database_the_same_for_one_and_three_practices(world: World, django_assert_num_queries) -> None:
    client = desk(site_of(world))
    Installation.decide(is_demonstration=False)
    certify(world, world.term)
    client.get(f"/en/record/{world.term.uuid}/")
    for count in (1, 3):
        while world.term.observations.count() < count:
            observe(world.term, world.modules["M4"], TODAY - 9 * DAY, is_signed_off=False)
        with django_assert_num_queries(16):
            page = client.get(f"/en/record/{world.term.uuid}/")
        assert len(page.context["record"].sign_offs) == count


def test_pages_are_not_stored_and_say_nothing_in_the_tab(world: World) -> None:
    for address in ("/en/roster/", f"/en/record/{world.term.uuid}/"):
        response = desk(site_of(world)).get(address)
        assert response.headers["Cache-Control"] == "no-store, private"
        assert "<title>Thuto</title>" in response.content.decode()
