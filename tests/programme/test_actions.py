from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from wagtail.models import Locale, Page

from curriculum.models import EditorialRight, LibraryPage
from people.models import AccessEntry, User
from programme import actions
from programme.models import Extension, Installation, Leave, Placement, Term
from programme.scope import visible_terms
from tests.factories import TODAY, give_role, make_pathway_version, make_programme, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 15, 9, tzinfo=UTC))


def coordinator_of(term: Term) -> User:
    user = make_user(name="Esther")
    give_role(user, "coordinator", term.placements.order_by("from_on").first().facility)
    return user


def make_place() -> dict:
    """A programme with one site, its coordinator and its pathway, ready for an account."""
    version = make_pathway_version()
    programme = version.pathway.programme
    site = make_unit(parent=programme.root_unit)
    by = make_user(name="Esther")
    give_role(by, "coordinator", site)
    return {
        "by": by,
        "display_name": "Amélia",
        "languages": ["sw", "en"],
        "programme": programme,
        "pathway_version": version,
        "facility": site,
        "start_on": TODAY,
        "today": TODAY,
    }


def entries() -> list[tuple[str, str, str]]:
    return [
        (entry.subject.display_name, entry.actor_role, entry.kind)
        for entry in AccessEntry.objects.select_related("subject").order_by("pk")
    ]


# --- accounts -----------------------------------------------------------------------------------


def test_open_account_makes_a_person_her_term_and_her_place_and_no_pin() -> None:
    place = make_place()
    term = actions.open_account(**place, phone="+254712345678", planned_end_on=date(2027, 6, 15))
    learner = term.learner
    assert (learner.display_name, learner.languages, learner.phone) == ("Amélia", ["sw", "en"], "+254712345678")
    assert not learner.has_usable_password()
    assert list(term.placements.values_list("facility", "from_on", "to_on")) == [(place["facility"].pk, TODAY, None)]
    assert entries() == [("Amélia", "coordinator", "term_changed")]


def test_open_account_twice_with_one_uuid_is_one_account() -> None:
    place, once = make_place(), uuid.uuid4()
    first = actions.open_account(**place, account_uuid=once)
    assert actions.open_account(**place, account_uuid=once) == first
    assert Term.objects.count() == 1


def test_open_account_does_not_hand_over_a_term_of_another_site_by_its_uuid() -> None:
    theirs = make_term()
    with pytest.raises(actions.NotHers):
        actions.open_account(**make_place(), account_uuid=theirs.learner.uuid)
    assert Term.objects.count() == 1


@pytest.mark.parametrize("contact", [{"phone": "+254712345678"}, {"email": "a@example.org"}])
def test_a_demonstration_refuses_a_real_contact_and_takes_an_invented_name(contact: dict) -> None:
    Installation.decide(is_demonstration=True)
    place = make_place()
    with pytest.raises(actions.DemonstrationRefuses):
        actions.open_account(**place, **contact)
    assert Term.objects.count() == 0
    assert actions.open_account(**place).learner.phone == ""


@pytest.mark.parametrize("role", ["supervisor", "nurse", "district_manager", "trainer", "monitoring", None])
def test_only_those_who_run_terms_open_accounts(role: str | None) -> None:
    place = make_place()
    place["by"] = make_user()
    if role:
        give_role(place["by"], role, place["facility"])
    with pytest.raises(actions.NotHers):
        actions.open_account(**place)
    assert not User.objects.filter(display_name="Amélia").exists()


def test_open_account_refuses_a_site_outside_the_programme_and_a_strange_pathway() -> None:
    place = make_place()
    with pytest.raises(actions.NotInThisProgramme):
        actions.open_account(**place | {"programme": make_programme()})
    elsewhere = make_unit()
    give_role(place["by"], "coordinator", elsewhere)
    with pytest.raises(actions.NotInThisProgramme):
        actions.open_account(**place | {"facility": elsewhere})
    assert Term.objects.count() == 0


# --- leave --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [TODAY - 10 * DAY, TODAY + 30 * DAY], ids=["past", "to come"])
def test_leave_moves_her_dates_and_a_repeat_is_harmless(first: date) -> None:
    term = make_term()
    by = coordinator_of(term)
    leave = actions.record_leave(by=by, term=term, from_on=first, to_on=first + 9 * DAY, today=TODAY)
    again = actions.record_leave(by=by, term=term, from_on=first, to_on=first + 9 * DAY, today=TODAY)
    assert again == leave
    assert term.end_with_leave() == term.planned_end_on + 10 * DAY
    assert entries() == [("Wanjikũ", "coordinator", "term_changed")]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (9, 9), (-5, 0), (9, 20), (-5, 20), (3, 4)])
def test_leave_that_overlaps_by_a_day_is_refused_and_beside_it_is_not(start: int, end: int) -> None:
    term = make_term()
    by = coordinator_of(term)
    first = TODAY + 30 * DAY
    actions.record_leave(by=by, term=term, from_on=first, to_on=first + 9 * DAY, today=TODAY)
    with pytest.raises(actions.LeaveOverlaps):
        actions.record_leave(by=by, term=term, from_on=first + start * DAY, to_on=first + end * DAY, today=TODAY)
    actions.record_leave(by=by, term=term, from_on=first - 2 * DAY, to_on=first - DAY, today=TODAY)
    actions.record_leave(by=by, term=term, from_on=first + 10 * DAY, to_on=first + 10 * DAY, today=TODAY)
    assert Leave.objects.count() == 3


def test_leave_backwards_or_before_her_first_day_is_refused() -> None:
    term = make_term(start_on=TODAY)
    by = coordinator_of(term)
    for first, last in ((TODAY + 5 * DAY, TODAY + 4 * DAY), (TODAY - DAY, TODAY + DAY)):
        with pytest.raises(actions.LeaveOutsideTerm):
            actions.record_leave(by=by, term=term, from_on=first, to_on=last, today=TODAY)
    assert Leave.objects.count() == 0


# --- moving -------------------------------------------------------------------------------------


def test_transfer_ends_the_old_place_the_day_before_and_rights_follow_on_the_day() -> None:
    term = make_term()
    by = coordinator_of(term)
    new = make_unit(parent=term.programme.root_unit)
    hers = make_user()
    give_role(hers, "supervisor", new)
    placement = actions.transfer(by=by, term=term, facility=new, from_on=TODAY + DAY, today=TODAY)
    assert actions.transfer(by=by, term=term, facility=new, from_on=TODAY + DAY, today=TODAY) == placement
    assert list(term.placements.order_by("from_on").values_list("from_on", "to_on")) == [
        (term.start_on, TODAY),
        (TODAY + DAY, None),
    ]
    assert [list(visible_terms(by, TODAY)), list(visible_terms(by, TODAY + DAY))] == [[term], []]
    assert [list(visible_terms(hers, TODAY)), list(visible_terms(hers, TODAY + DAY))] == [[], [term]]
    assert entries() == [("Wanjikũ", "coordinator", "term_changed")]


def test_transfer_of_today_sent_twice_is_harmless_though_she_is_gone_from_the_list() -> None:
    term = make_term()
    by = coordinator_of(term)
    new = make_unit(parent=term.programme.root_unit)
    first = actions.transfer(by=by, term=term, facility=new, from_on=TODAY, today=TODAY)
    assert actions.transfer(by=by, term=term, facility=new, from_on=TODAY, today=TODAY) == first
    with pytest.raises(actions.NotHers):
        actions.transfer(by=make_user(), term=term, facility=new, from_on=TODAY, today=TODAY)


def test_transfer_refuses_the_same_site_too_early_a_day_and_another_programme() -> None:
    term = make_term(start_on=TODAY - 5 * DAY)
    by = coordinator_of(term)
    here = term.placements.get().facility
    new, foreign = make_unit(parent=term.programme.root_unit), make_unit()
    with pytest.raises(actions.AlreadyThere):
        actions.transfer(by=by, term=term, facility=here, from_on=TODAY, today=TODAY)
    with pytest.raises(actions.MoveTooEarly):
        actions.transfer(by=by, term=term, facility=new, from_on=TODAY - 5 * DAY, today=TODAY)
    with pytest.raises(actions.NotInThisProgramme):
        actions.transfer(by=by, term=term, facility=foreign, from_on=TODAY, today=TODAY)
    assert Placement.objects.count() == 1


# --- more time, and the end ---------------------------------------------------------------------


def test_extend_appends_a_decision_with_leave_counted_in() -> None:
    term = make_term()
    by = coordinator_of(term)
    Leave.objects.create(term=term, from_on=TODAY, to_on=TODAY + 9 * DAY)
    old = term.planned_end_on
    for _again in range(2):
        actions.extend_term(by=by, term=term, new_end_on=old + 40 * DAY, today=TODAY)
    term.refresh_from_db()
    assert term.planned_end_on == old + 30 * DAY
    assert term.end_with_leave() == old + 40 * DAY
    assert list(Extension.objects.values_list("old_end_on", "new_end_on", "decided_by")) == [
        (old, old + 30 * DAY, by.pk)
    ]


def test_extend_refuses_an_earlier_day_and_a_term_without_an_end() -> None:
    term, endless = make_term(), make_term(planned_end_on=None)
    with pytest.raises(actions.NotLater):
        actions.extend_term(by=coordinator_of(term), term=term, new_end_on=term.planned_end_on, today=TODAY)
    with pytest.raises(actions.NoPlannedEnd):
        actions.extend_term(by=coordinator_of(endless), term=endless, new_end_on=TODAY, today=TODAY)
    assert Extension.objects.count() == 0


def test_the_database_itself_keeps_an_extension_as_it_was_decided() -> None:
    term = make_term()
    by = coordinator_of(term)
    extension = actions.extend_term(by=by, term=term, new_end_on=term.planned_end_on + DAY, today=TODAY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        extension.delete()
    assert Extension.objects.count() == 1


def test_end_closes_her_place_and_her_sign_ins_and_a_coming_move_never_happens(client) -> None:
    term = make_term()
    by = coordinator_of(term)
    new = make_unit(parent=term.programme.root_unit)
    actions.transfer(by=by, term=term, facility=new, from_on=TODAY + 10 * DAY, today=TODAY)
    client.force_login(term.learner, backend="people.auth.AliasBackend")
    client.__class__().force_login(by, backend="people.auth.AliasBackend")
    for _again in range(2):
        actions.end_term(by=by, term=term, ended_on=TODAY, end_class="new_work", today=TODAY)
    term.refresh_from_db()
    assert (term.ended_on, term.end_class) == (TODAY, "new_work")
    assert list(term.placements.values_list("from_on", "to_on")) == [(term.start_on, TODAY)]
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [str(by.pk)]
    assert [kind for _who, _role, kind in entries()] == ["term_changed", "term_changed", "sessions_ended"]


def test_end_to_come_leaves_her_signed_in_and_another_end_is_refused(client) -> None:
    term = make_term()
    by = coordinator_of(term)
    client.force_login(term.learner, backend="people.auth.AliasBackend")
    actions.end_term(by=by, term=term, ended_on=TODAY + 9 * DAY, end_class="completed", today=TODAY)
    assert Session.objects.count() == 1
    with pytest.raises(actions.TermHasEnded):
        actions.end_term(by=by, term=term, ended_on=TODAY, end_class="completed", today=TODAY)
    with pytest.raises(actions.TermHasEnded):
        actions.record_leave(by=by, term=term, from_on=TODAY, to_on=TODAY, today=TODAY)


def test_end_before_her_first_day_is_refused() -> None:
    term = make_term()
    with pytest.raises(actions.EndsBeforeStart):
        actions.end_term(
            by=coordinator_of(term), term=term, ended_on=term.start_on - DAY, end_class="other", today=TODAY
        )


def test_a_coordinator_of_another_site_changes_nothing() -> None:
    term, other = make_term(), make_term()
    stranger = coordinator_of(other)
    new = make_unit(parent=term.programme.root_unit)
    for verb, values in (
        (actions.record_leave, {"from_on": TODAY, "to_on": TODAY}),
        (actions.transfer, {"facility": new, "from_on": TODAY}),
        (actions.extend_term, {"new_end_on": TODAY + 900 * DAY}),
        (actions.end_term, {"ended_on": TODAY, "end_class": "other"}),
    ):
        with pytest.raises(actions.NotHers):
            verb(by=stranger, term=term, today=TODAY, **values)
    fresh = Term.objects.get(pk=term.pk)
    assert (fresh.ended_on, fresh.planned_end_on) == (None, term.planned_end_on)
    assert (Leave.objects.count(), Extension.objects.count(), Placement.objects.count()) == (0, 0, 2)
    assert entries() == []


# --- roles and the writing desk -------------------------------------------------------------------


def make_libraries() -> dict[str, LibraryPage]:
    root = Page.objects.get(depth=1)
    libraries = {}
    for language in ("en", "sw"):
        locale, _created = Locale.objects.get_or_create(language_code=language)
        libraries[language] = root.add_child(
            instance=LibraryPage(title="Library", slug=f"library-{language}", locale=locale)
        )
    return libraries


def rights_of(user: User) -> set[tuple[str, str, str]]:
    return set(EditorialRight.objects.filter(group__user=user).values_list("craft", "language", "country"))


def test_groups_follow_the_roles_and_leave_with_them() -> None:
    libraries = make_libraries()
    user = make_user()
    unit = make_unit(level="country", country="KE")
    held = [
        actions.give_role(user=user, role=role, unit=unit, language=language, from_on=TODAY, on=TODAY)
        for role, language in (("trainer", ""), ("translator", "sw"), ("reviewer", ""))
    ]
    assert rights_of(user) == {("author", "", "KE"), ("translator", "sw", ""), ("reviewer", "", "KE")}
    assert {group.name for group in user.groups.all()} == {"author:KE", "translator:sw", "reviewer:KE"}
    assert user.is_staff
    for assignment in held[:1]:
        actions.end_role(assignment=assignment, to_on=TODAY, on=TODAY + DAY)
    assert rights_of(user) == {("translator", "sw", ""), ("reviewer", "", "KE")}
    fresh = User.objects.get(pk=user.pk)
    assert fresh.has_perm("wagtailadmin.access_admin")
    for library, may_change in (("en", False), ("sw", True)):
        assert libraries[library].permissions_for_user(fresh).can_edit() is may_change
    for assignment in held[1:]:
        actions.end_role(assignment=assignment, to_on=TODAY, on=TODAY + DAY)
    fresh = User.objects.get(pk=user.pk)
    assert (rights_of(fresh), fresh.is_staff, fresh.has_perm("wagtailadmin.access_admin")) == (set(), False, False)


def test_following_twice_changes_nothing_and_other_groups_stay() -> None:
    make_libraries()
    user = make_user()
    other = Permission.objects.first()
    from django.contrib.auth.models import Group

    own = Group.objects.create(name="choir")
    own.permissions.add(other)
    user.groups.add(own)
    give_role(user, "trainer", make_unit())
    first = actions.follow_roles(user, TODAY)
    assert actions.follow_roles(user, TODAY) == first
    assert set(user.groups.values_list("name", flat=True)) == {"choir", "author:KE"}


@pytest.mark.parametrize(
    ("role", "fields"), [("translator", {"language": ""}), ("reviewer", {}), ("supervisor", {}), ("monitoring", {})]
)
def test_a_role_that_would_mean_every_language_or_country_by_accident_gives_nothing(role: str, fields: dict) -> None:
    user = make_user()
    give_role(user, role, make_unit(level="root", country=""), **fields)
    assert actions.follow_roles(user, TODAY) == []
    assert (rights_of(user), user.is_staff) == (set(), False)


def test_a_role_that_begins_tomorrow_opens_the_desk_tomorrow() -> None:
    user = make_user()
    give_role(user, "trainer", make_unit(), from_on=TODAY + DAY)
    assert actions.follow_roles(user, TODAY) == []
    assert [group.name for group in actions.follow_roles(user, TODAY + DAY)] == ["author:KE"]


def test_a_role_that_ended_by_its_date_closes_the_desk_at_the_next_sign_in(client) -> None:
    user = make_user(secret_kind="password")
    held = actions.give_role(user=user, role="trainer", unit=make_unit(), from_on=TODAY - 9 * DAY, on=TODAY)
    held.to_on = TODAY - DAY
    held.save()

    client.force_login(user)

    assert client.get("/admin/").status_code == 404
    assert rights_of(user) == set()


def test_the_nightly_command_follows_roles_that_ended_by_date(capsys) -> None:
    from django.core.management import call_command

    user = make_user(alias="TRA-301")
    held = actions.give_role(user=user, role="trainer", unit=make_unit(), from_on=TODAY - 9 * DAY, on=TODAY)
    held.to_on = TODAY - DAY
    held.save()
    for _again in range(2):
        call_command("follow_roles")
    assert capsys.readouterr().out == "TRA-301: no group\n"
    assert rights_of(user) == set()
