"""Her wish: name and paper go, the number keeps answering as she chose, and the database is as strict as before."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from certificates import actions, batches
from certificates.actions import NotAllowed, NotEligible, PaperIsErased, StateDoesNotAllow, papers
from certificates.checks import check, digest_of, not_current_digests
from certificates.erasing import erase_certificate
from certificates.models import Certificate, CertificateFile
from certificates.states import full_state_on, state_on
from people.models import AccessEntry
from tests.certificates.making import World
from tests.factories import TODAY, give_role, make_unit, make_user


@pytest.fixture
def certificate(world: World) -> Certificate:
    world.earn("M4")
    made = world.certify()
    papers.keep(made, "paper", b"%PDF-1.7")
    papers.keep(made, "named", b"%PDF-1.7")
    return made


def erase(certificate: Certificate, world: World, *, stays_current: bool = False) -> Certificate:
    return erase_certificate(certificate=certificate, by=world.learner, stays_current=stays_current, at=timezone.now())


def test_the_name_the_paper_and_the_statement_go(world: World, certificate: Certificate) -> None:
    gone = erase(certificate, world)
    gone.refresh_from_db()
    assert (gone.printed_name, bytes(gone.statement), gone.facts) == ("", b"", {"kind": "other", "round": 0})
    assert CertificateFile.objects.count() == 0
    assert gone.serial == certificate.serial
    with pytest.raises(PaperIsErased):
        actions.pdf_of(gone)
    papers.make_pdf.call(gone.pk)
    assert CertificateFile.objects.count() == 0


@pytest.mark.parametrize("stays_current", [False, True])
def test_a_paper_that_is_drawn_in_that_very_moment_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, stays_current: bool
) -> None:
    """The background has read her name already when she takes it off."""
    world.earn("M4")
    made = world.certify()

    def drawn(certificate: Certificate, *_kind: str) -> bytes:
        erase(certificate, world, stays_current=stays_current)
        return b"%PDF-1.7 with her name"

    monkeypatch.setattr(papers, "drawn_and_signed", drawn)
    monkeypatch.setattr(batches, "drawn_and_signed", drawn)
    with pytest.raises(PaperIsErased):
        actions.pdf_of(made)
    assert batches.make_papers([made]) == 0
    papers.make_pdf.call(made.pk)
    assert not CertificateFile.objects.exists()


@pytest.mark.parametrize("stays_current", [False, True])
def test_the_number_answers_as_she_chose(world: World, certificate: Certificate, stays_current: bool) -> None:
    gone = erase(certificate, world, stays_current=stays_current)
    expected = "current" if stays_current else "not_current"
    assert state_on(gone, TODAY) == expected
    answer, _row = check(gone.serial, TODAY)
    assert answer is not None
    assert answer.state == expected
    assert not_current_digests() == ([] if stays_current else [digest_of(gone.serial)])
    assert full_state_on(gone, TODAY) == ("current" if stays_current else "erased")


def test_what_stays_current_still_expires_and_can_be_stopped(world: World, certificate: Certificate) -> None:
    gone = erase(certificate, world, stays_current=True)
    assert state_on(gone, TODAY + timedelta(days=400)) == "expired"
    stopped = actions.revoke(certificate=gone, by=world.coordinator, on=TODAY)
    assert state_on(stopped, TODAY) == "not_current"


def test_a_wrong_name_that_was_corrected_goes_along(world: World, certificate: Certificate) -> None:
    world.learner.display_name = "Wanjikũ Another"
    world.learner.save()
    new = actions.replace(certificate=certificate, by=world.coordinator, on=TODAY)
    papers.keep(new, "paper", b"%PDF-1.7")
    erase(new, world, stays_current=True)
    assert list(Certificate.objects.order_by("pk").values_list("printed_name", "stays_current")) == [
        ("", False),
        ("", True),
    ]
    assert CertificateFile.objects.count() == 0


def test_what_was_withdrawn_is_not_given_again_because_the_name_is_off(world: World, certificate: Certificate) -> None:
    """Her wish takes the name off, and no decision about her work back."""
    actions.revoke(certificate=certificate, by=world.coordinator, on=TODAY)
    erase(certificate, world)
    with pytest.raises(NotEligible, match="stopped"):
        world.sign_off()
    with pytest.raises(NotEligible, match="stopped"):
        world.issue()
    assert Certificate.objects.count() == 1


def test_twice_is_once_and_what_is_gone_stays_gone(world: World, certificate: Certificate) -> None:
    first = erase(certificate, world)
    again = erase(certificate, world, stays_current=True)
    assert (again.erased_at, again.stays_current) == (first.erased_at, False)
    # The other way round she may still change her mind.
    assert AccessEntry.objects.filter(kind="certificate_state").count() == 0


def test_she_may_let_a_number_go_that_she_kept(world: World, certificate: Certificate) -> None:
    kept = erase(certificate, world, stays_current=True)
    gone = erase(kept, world)
    assert state_on(gone, TODAY) == "not_current"


def test_afterwards_the_database_refuses_as_before(world: World, certificate: Certificate) -> None:
    erase(certificate, world, stays_current=True)
    for change in ({"printed_name": "Somebody"}, {"erased_at": None}, {"stays_current": False}):
        with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
            Certificate.objects.update(**change)
    CertificateFile.objects.create(certificate=certificate, kind="card", pdf=b"%PDF-1.7", sha256="0" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CertificateFile.objects.all().delete()


def test_broken_off_in_the_middle_nothing_is_erased_and_nothing_stays_open(
    world: World, certificate: Certificate
) -> None:
    with mock.patch("certificates.erasing.log_access", side_effect=OSError), pytest.raises(OSError):
        erase(certificate, world)
    assert Certificate.objects.get().printed_name == "Wanjikũ Amélia"
    assert CertificateFile.objects.count() == 2
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
        Certificate.objects.update(printed_name="Somebody")


def test_she_the_privacy_officer_and_her_coordinator_may_and_nobody_else(
    world: World, certificate: Certificate
) -> None:
    officer, far = make_user(name="Naledi"), make_user(name="Far")
    give_role(officer, "privacy_officer", world.programme.root_unit)
    give_role(far, "privacy_officer", make_unit(parent=world.programme.root_unit))
    for somebody in (far, world.supervisor, make_user()):
        with pytest.raises(NotAllowed):
            erase_certificate(certificate=certificate, by=somebody, stays_current=False, at=timezone.now())
    assert Certificate.objects.get().erased_at is None
    erase_certificate(certificate=certificate, by=officer, stays_current=True, at=timezone.now())
    erase_certificate(certificate=certificate, by=world.coordinator, stays_current=False, at=timezone.now())
    assert list(
        AccessEntry.objects.filter(kind="certificate_state").order_by("pk").values_list("actor_role", flat=True)
    ) == ["privacy_officer", "coordinator"]


def test_an_erased_one_is_not_corrected_and_a_new_one_is_earned_and_signed_anew(
    world: World, certificate: Certificate
) -> None:
    gone = erase(certificate, world)
    with pytest.raises(StateDoesNotAllow):
        actions.replace(certificate=gone, by=world.coordinator, on=TODAY)
    with pytest.raises(NotEligible):
        world.issue()
    assert world.certify().facts["round"] == 1


def test_the_command_says_what_it_would_do_and_does_it(world: World, certificate: Certificate) -> None:
    def run(*options: str) -> str:
        out = StringIO()
        call_command("erase_certificate", *options, stdout=out)
        return out.getvalue()

    by = ("--by", world.coordinator.alias)
    assert "would answer “not current”" in run(certificate.number.lower(), *by, "--dry-run")
    assert Certificate.objects.get().erased_at is None
    assert "answers as before, without a name" in run(certificate.number, *by, "--stays-current")
    assert Certificate.objects.get().printed_name == ""
    for number, who in (
        ("ABCD", world.coordinator.alias),
        (certificate.serial, "XX-1"),
        (certificate.serial, world.supervisor.alias),
    ):
        with pytest.raises(CommandError):
            run(number, "--by", who)
