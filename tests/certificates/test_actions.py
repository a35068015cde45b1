"""Two people make a certificate; one is made however often it is asked for; nothing of it changes again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from wagtail.models import Page

from certificates import actions, keys
from certificates.actions import NotAllowed, NotEligible, StateDoesNotAllow, TwoPeopleNeeded, issuing
from certificates.eligibility import eligibility
from certificates.models import AwardSignOff, Certificate, CertificateEvent, CertificateFile
from certificates.states import full_state_on, state_on
from curriculum.models import ModulePage
from people.models import AccessEntry
from programme.models import Installation, Leave
from tests.certificates.making import SIGNATORIES, World, make_world
from tests.factories import TODAY, give_role, make_unit, make_user


def reasons(raised: pytest.ExceptionInfo[NotEligible]) -> list[str]:
    return [unmet.sentence for unmet in raised.value.unmet]


def logged(world: World) -> list[tuple[str, str, str]]:
    return list(
        AccessEntry.objects.filter(subject=world.learner)
        .order_by("pk")
        .values_list("actor__display_name", "actor_role", "kind")
    )


def test_sign_off_twice_is_one_signature(world: World) -> None:
    world.earn("M4")
    world.sign_off()
    world.sign_off()
    assert AwardSignOff.objects.count() == 1
    assert logged(world) == [("Wambui", "supervisor", "certificate_signed_off")]


def test_sign_off_too_early_names_everything(world: World) -> None:
    with pytest.raises(NotEligible) as raised:
        world.sign_off()
    assert reasons(raised) == [
        "M4: 2 lessons and the quiz are left.",
        "M4: practice not yet signed off.",
        "No practice is signed off yet.",
    ]
    assert AwardSignOff.objects.count() == 0


def test_only_her_supervisor_signs_off(world: World) -> None:
    world.earn("M4")
    elsewhere = make_user(name="Thoko")
    give_role(elsewhere, "supervisor", make_unit(parent=world.programme.root_unit))
    for somebody in (elsewhere, world.coordinator, world.learner, make_user()):
        with pytest.raises(NotAllowed):
            actions.sign_off(term=world.term, award=world.induction, signed_by=somebody, on=TODAY)
    assert AwardSignOff.objects.count() == 0
    assert logged(world) == []


def test_issue_freezes_everything(world: World) -> None:
    page = ModulePage(title="Feeding", slug="m4", module=world.modules["M4"], cover_title="x", hours=6)
    Page.get_first_root_node().add_child(instance=page)
    world.earn("M4")
    certificate = world.certify()
    certificate.refresh_from_db()
    frozen = {
        "printed_name": "Wanjikũ Amélia",
        "title": "Certificate: induction",
        "language": "en",
        "issuing_name": "Family Learning Programme",
        "issuing_short_name": "FLP",
        "languages": ["en"],
        "titles": {"en": "Certificate: induction"},
        "modules": [
            {
                "code": "M4",
                "cover_title": "Family health at home",
                "cover_titles": {"en": "Family health at home"},
                "hours": 6,
                "is_practised": True,
            }
        ],
        "hours": 6,
        "signatories": [person | {"titles": {"en": person["title"]}} for person in SIGNATORIES],
        "facts": {"kind": "other", "round": 0},
        "key_id": keys.active_key(world.programme).pk,  # type: ignore[union-attr]
        "curriculum_versions": {"M4/en": "a" * 12},
        "pathway_version": 1,
        "country": "KE",
        "is_record": False,
        "is_demonstration": False,
        "issued_on": TODAY,
        "expires_on": date(2026, 12, 15),
        "leave_days_counted": 0,
        "signed_off_by_id": world.supervisor.pk,
        "issued_by_id": world.coordinator.pk,
    }
    assert {name: getattr(certificate, name) for name in frozen} == frozen
    assert len(certificate.serial) == 12
    assert list(certificate.events.values_list("state", "by__display_name")) == [("issued", "Esther")]
    assert logged(world) == [
        ("Wambui", "supervisor", "certificate_signed_off"),
        ("Esther", "coordinator", "certificate_issued"),
    ]


def test_the_title_is_in_her_language(db: None) -> None:
    world = make_world(languages=["sw", "en"])
    world.earn("M4")
    certificate = world.certify()
    assert (certificate.language, certificate.title) == ("sw", "Cheti: induction")
    # No Kiswahili article there: the cover title comes in her next language, never empty, and is known as that.
    assert certificate.modules[0]["cover_title"] == "Family health at home"
    assert certificate.modules[0]["cover_titles"] == {"en": "Family health at home"}


def test_a_signatory_s_title_is_in_the_language_of_the_paper(db: None) -> None:
    world = make_world(languages=["sw", "en"])
    world.programme.signatories = [
        {"name": "Lerato M.", "title": {"en": "Programme manager", "sw": "Meneja wa mpango"}},
        {"name": "Gathoni K.", "title": {"en": "Trainer"}},
    ]
    world.programme.save()
    world.earn("M4")
    assert world.certify().signatories == [
        {
            "name": "Lerato M.",
            "title": "Meneja wa mpango",
            "titles": {"sw": "Meneja wa mpango", "en": "Programme manager"},
        },
        {"name": "Gathoni K.", "title": "Trainer", "titles": {"en": "Trainer"}},
    ]


def test_the_title_falls_to_her_next_language(db: None) -> None:
    world = make_world(languages=["fr", "sw"])
    world.earn("M4")
    assert world.certify().language == "sw"


def test_a_demonstration_says_so_on_the_certificate(db: None) -> None:
    world = make_world(is_approved=False)
    Installation.decide(is_demonstration=True)
    world.earn("M4")
    assert world.certify().is_demonstration is True


def test_leave_known_at_issue_is_printed_and_later_leave_moves_only_the_state(world: World) -> None:
    world.earn("M4")
    Leave.objects.create(term=world.term, from_on=TODAY + timedelta(days=10), to_on=TODAY + timedelta(days=19))
    certificate = world.certify()
    assert (certificate.expires_on, certificate.leave_days_counted) == (date(2026, 12, 25), 10)
    Leave.objects.create(term=world.term, from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))
    certificate = Certificate.objects.get()
    assert certificate.expires_on == date(2026, 12, 25)
    assert certificate.valid_until() == date(2027, 1, 25)
    assert state_on(certificate, date(2027, 1, 25)) == "current"
    assert state_on(certificate, date(2027, 1, 26)) == "expired"
    world.term.leaves.all().delete()
    assert Certificate.objects.get().valid_until() == date(2026, 12, 25)


def test_issue_too_early_names_everything_and_the_sign_off(world: World) -> None:
    with pytest.raises(NotEligible) as raised:
        world.issue()
    assert reasons(raised) == [
        "M4: 2 lessons and the quiz are left.",
        "M4: practice not yet signed off.",
        "No practice is signed off yet.",
        "A supervisor has not yet signed it off.",
    ]
    assert Certificate.objects.count() == 0
    assert logged(world) == []


def test_who_signed_off_does_not_issue(world: World) -> None:
    world.earn("M4")
    give_role(world.supervisor, "coordinator", world.programme.root_unit)
    world.sign_off()
    with pytest.raises(NotEligible) as raised:
        actions.issue_certificate(term=world.term, award=world.induction, issued_by=world.supervisor, on=TODAY)
    assert reasons(raised) == ["You signed it off yourself. Somebody else issues it."]
    assert world.issue().issued_by == world.coordinator


def test_only_coordinators_and_managers_issue(world: World) -> None:
    world.earn("M4")
    world.sign_off()
    for somebody in (world.supervisor, world.learner, make_user()):
        with pytest.raises(NotAllowed):
            actions.issue_certificate(term=world.term, award=world.induction, issued_by=somebody, on=TODAY)
    assert Certificate.objects.count() == 0


def test_issue_again_returns_the_live_one(world: World) -> None:
    world.earn("M4")
    first = world.certify()
    again = actions.issue_certificate(
        term=world.term, award=world.induction, issued_by=world.second_coordinator, on=TODAY + timedelta(days=1)
    )
    assert again == first
    assert Certificate.objects.count() == 1
    assert CertificateEvent.objects.count() == 1
    assert logged(world)[-1] == ("Esther", "coordinator", "certificate_issued")


def test_two_coordinators_at_once_make_one(world: World) -> None:
    """The second looks before the first has written: the database refuses, she gets the first one's."""
    world.earn("M4")
    answer = eligibility(world.term, world.induction, TODAY)
    first = world.certify()
    blind = mock.Mock(side_effect=[None, first])
    with (
        mock.patch.object(issuing, "_live", blind),
        mock.patch.object(issuing, "eligibility", mock.Mock(return_value=answer)),
    ):
        second = actions.issue_certificate(
            term=world.term, award=world.induction, issued_by=world.second_coordinator, on=TODAY
        )
    assert second == first
    assert Certificate.objects.count() == 1
    assert CertificateEvent.objects.count() == 1


def test_the_database_wants_two_people(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    kept = {name: getattr(certificate, name) for name in actions.CARRIED_OVER}
    kept["award_id"] = world.certified.pk
    with pytest.raises(IntegrityError, match="certificate_has_two_signers"), transaction.atomic():
        Certificate.objects.create(**kept, printed_name="x", issued_by=world.supervisor)


def test_the_database_wants_one_live_certificate(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    kept = {name: getattr(certificate, name) for name in actions.CARRIED_OVER}
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**kept, printed_name="x", issued_by=world.coordinator)


@pytest.mark.parametrize("change", [{"printed_name": "Somebody"}, {"expires_on": None}, {"serial": "AAAABBBBCCCC"}])
def test_the_database_refuses_to_change_a_certificate(world: World, change: dict[str, Any]) -> None:
    world.earn("M4")
    certificate = world.certify()
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)
    Certificate.objects.filter(pk=certificate.pk).update(superseded_at=None)


def test_the_database_refuses_to_write_a_certificate_over(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    world.earn("M4")
    certificate = world.certify()
    columns = [field.column for field in Certificate._meta.concrete_fields]
    values = ", ".join("'Somebody'" if column == "printed_name" else column for column in columns)
    statement = "INSERT OR REPLACE INTO certificates_certificate ({}) SELECT {} FROM certificates_certificate"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        connection.cursor().execute(statement.format(", ".join(columns), values))
    assert Certificate.objects.get(pk=certificate.pk).printed_name == certificate.printed_name


def test_the_database_keeps_the_paper_as_it_was_made(world: World) -> None:
    world.earn("M4")
    pdf_of = actions.pdf_of(world.certify())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CertificateFile.objects.update(pdf=b"another promise")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CertificateFile.objects.all().delete()
    assert bytes(CertificateFile.objects.get().pdf) == bytes(pdf_of.pdf)


def test_events_and_sign_offs_are_appended_only(world: World) -> None:
    world.earn("M4")
    world.certify()
    for rows in (CertificateEvent.objects.all(), AwardSignOff.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_a_new_name_changes_no_certificate(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    pdf = bytes(actions.pdf_of(certificate).pdf)
    world.learner.display_name = "Another Name"
    world.learner.save()
    world.induction.titles = {"en": "Something else"}
    world.induction.save()
    certificate = Certificate.objects.get()
    assert (certificate.printed_name, certificate.title) == ("Wanjikũ Amélia", "Certificate: induction")
    assert bytes(actions.pdf_of(certificate).pdf) == pdf
    assert CertificateFile.objects.count() == 1


def test_the_pdf_is_made_after_the_commit(world: World, django_capture_on_commit_callbacks: Any) -> None:
    world.earn("M4")
    with django_capture_on_commit_callbacks(execute=True):
        certificate = world.certify()
        assert CertificateFile.objects.count() == 0
    assert bytes(certificate.files.get().pdf).startswith(b"%PDF-1.7")


def test_suspend_and_restore_are_two_people(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    suspended = actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    again = actions.suspend(certificate=certificate, by=world.coordinator, on=TODAY)
    assert full_state_on(suspended, TODAY) == full_state_on(again, TODAY) == "suspended"
    assert state_on(suspended, TODAY) == "not_current"
    with pytest.raises(TwoPeopleNeeded):
        actions.restore(certificate=certificate, by=world.coordinator, on=TODAY)
    restored = actions.restore(certificate=certificate, by=world.second_coordinator, on=TODAY)
    assert full_state_on(restored, TODAY) == "current"
    assert list(certificate.events.values_list("state", flat=True)) == ["issued", "suspended", "restored"]
    assert logged(world)[-2:] == [
        ("Esther", "coordinator", "certificate_state"),
        ("Lerato", "programme_manager", "certificate_state"),
    ]


def test_restore_of_what_is_not_suspended_is_refused(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    with pytest.raises(StateDoesNotAllow):
        actions.restore(certificate=certificate, by=world.coordinator, on=TODAY)


def test_revoke_is_for_good(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    actions.revoke(certificate=certificate, by=world.coordinator, on=TODAY)
    actions.revoke(certificate=certificate, by=world.second_coordinator, on=TODAY)
    for verb in (actions.suspend, actions.restore, actions.replace):
        with pytest.raises(StateDoesNotAllow):
            verb(certificate=certificate, by=world.second_coordinator, on=TODAY)
    assert list(certificate.events.values_list("state", flat=True)) == ["issued", "revoked"]


def test_replace_gives_a_new_number_with_the_new_name(world: World) -> None:
    world.earn("M4")
    old = world.certify()
    world.learner.display_name = "Wanjikũ Amélia Chiŵale"
    world.learner.save()
    new = actions.replace(certificate=old, by=world.coordinator, on=TODAY + timedelta(days=3))
    again = actions.replace(certificate=old, by=world.second_coordinator, on=TODAY + timedelta(days=4))
    assert again == new
    old = Certificate.objects.get(pk=old.pk)
    assert new.printed_name == "Wanjikũ Amélia Chiŵale"
    assert new.serial != old.serial
    assert new.replaces == old
    assert {name: getattr(new, name) for name in actions.CARRIED_OVER} == {
        name: getattr(old, name) for name in actions.CARRIED_OVER
    }
    assert [full_state_on(each, TODAY) for each in (old, new)] == ["replaced", "current"]
    assert state_on(old, TODAY) == "not_current"
    assert list(Certificate.objects.live()) == [new]


def test_a_replacement_repeats_everything_but_its_own(world: World) -> None:
    """A field added to the certificate must be carried over too, or be its own on purpose."""
    own = {"id", "serial", "printed_name", "issued_by_id", "issued_at", "replaces_id", "superseded_at"}
    own |= {"key_id", "statement", "erased_at", "stays_current"}
    columns = {field.attname for field in Certificate._meta.concrete_fields}
    assert columns - own == set(actions.CARRIED_OVER)


def test_who_signed_off_does_not_replace(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    give_role(world.supervisor, "coordinator", world.programme.root_unit)
    with pytest.raises(TwoPeopleNeeded):
        actions.replace(certificate=certificate, by=world.supervisor, on=TODAY)
    assert Certificate.objects.count() == 1


def test_strangers_change_no_state(world: World) -> None:
    world.earn("M4")
    certificate = world.certify()
    for somebody in (world.supervisor, world.learner, make_user()):
        for verb in (actions.suspend, actions.restore, actions.revoke, actions.replace):
            with pytest.raises(NotAllowed):
                verb(certificate=certificate, by=somebody, on=TODAY)
    assert list(certificate.events.values_list("state", flat=True)) == ["issued"]
