"""What stands behind papers moves along: keys, questions for two, hours, sessions, talks, files of every kind.

Afterwards each old paper is confirmed at the new place as it was at the old one: by its number, by its code, by the
list that phones keep, and byte for byte by ``check_certificate``.
"""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from append_only import lifted
from assessments.actions import record_talk
from assessments.models import Attempt, Observation, TalkHeld, Ticket
from assessments.tries import tries_of
from certificates import actions, keys, moving, statements
from certificates.checks import check, digest_of, number_scanned
from certificates.erasing import erase_certificate
from certificates.genuine import Verdict, examine
from certificates.key_list import key_list
from certificates.models import (
    Award,
    Certificate,
    CertificateEvent,
    CertificateFile,
    CertificateProposal,
    IssueBatch,
    IssuerKey,
)
from certificates.moving import archive
from certificates.states import full_state_on
from people.models import User
from programme.models import Clock, Cohort, Programme, Term
from programme.scope import scope_of
from progress.actions import note_session, sign_sessions, take_back_session, take_sheet
from progress.attendance import hours_of, women_of
from progress.checking import Count, differences
from progress.logbook import by_kind_of
from progress.models import Attendance, LessonStudy, LogbookEntry, LogbookSignature
from tests.assessments.making import NOW, make_quiz, sit
from tests.certificates.copies import copy_of
from tests.certificates.making import World, make_world
from tests.certificates.test_moving import TODAY, WORDS, elsewhere
from tests.factories import give_role, make_term, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """What is told of one paper, by every way of asking."""

    state: str
    public: str
    by_code: str | None
    file: tuple[str, bool] | None
    history: tuple[str, ...]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SCRYPT_N", 2**10)


@pytest.fixture(autouse=True)
def key_folders(settings: Any, tmp_path: Path) -> tuple[Path, Path]:
    """Where the private halves lie at the old place, and where they would at the new one."""
    settings.ISSUER_KEYS = str(tmp_path / "old")
    return tmp_path / "old", tmp_path / "new"


def add_evidence(world: World) -> None:
    """Two half-days, one corrected; two sessions, one signed, one taken back; tries used up, and a talk."""
    term, site = world.term, world.term.placements.get().facility
    trainer = make_user(name="Naledi")
    give_role(trainer, "trainer", site)
    today = site.today()
    cohort = Cohort.objects.create(
        programme=world.programme, unit=site, code="spring", start_on=today - timedelta(days=20)
    )
    term.cohort = cohort
    term.save()
    women = women_of(cohort, scope_of(trainer, today))
    for half, hours, mark in (("am", "3", 0), ("pm", "2.5", 0), ("pm", "3.5", 1)):
        take_sheet(
            cohort=cohort,
            held_on=today - DAY,
            half=half,
            hours=Decimal(hours),
            there=[term],
            women=women,
            taken_by=trainer,
            roles={term.pk: "trainer"},
            client_uuid=uuid.uuid4(),
            mark=mark,
            clock=Clock.here_and_now(),
        )
    noted = [
        note_session(term=term, kind=kind, held_on=today, client_uuid=uuid.uuid4(), clock=Clock.here_and_now())[0]
        for kind in ("watched", "led")
    ]
    take_back_session(term=term, entry=noted[0].client_uuid, clock=Clock.here_and_now())
    sign_sessions(
        term=term,
        entries=[noted[1].client_uuid],
        signed_by=world.supervisor,
        signed_as="supervisor",
        unit=site,
        now=timezone.now(),
    )
    quiz = make_quiz(code="X9")
    for _try in range(2):
        sit(term, quiz, wrong=1)
    record_talk(term=term, quiz=quiz, held_on=NOW.date(), recorded_by=trainer, recorded_as="trainer", now=NOW)


def add_papers(world: World) -> None:
    """One of each fate, under keys of each: retired, lost, and the one that signs now."""
    programme, on = world.programme, TODAY
    for award in (world.induction, world.certified):
        award.valid_months, award.order = 12, 1 if award is world.induction else 2
        award.save()
    programme.allows_named_copy, programme.named_copy_name = True, "Its Full Name"
    programme.save()
    world.earn("M4", "D1")
    current = world.certify(on=on)
    for kind in CertificateFile.Kind:
        actions.pdf_of(current, kind)
    keys.lose(key=keys.signing_key(programme).key, at=timezone.now())
    keys.make_key(programme=programme, made_at=timezone.now() - 2 * DAY)
    second = world.certify(world.certified, on=on)
    actions.pdf_of(second)
    world.learner.display_name = "Wanjikũ Another"
    world.learner.save()
    corrected = actions.replace(certificate=second, by=world.coordinator, on=on)
    actions.pdf_of(corrected)
    keys.rotate(programme=programme, at=timezone.now() + DAY)
    record = world.certify(world.record, on=on)
    actions.pdf_of(record)
    stopped, withdrawn, gone, stays = (copy_of(current, statement=b"") for _ in range(4))
    actions.suspend(certificate=stopped, by=world.coordinator, on=on)
    actions.restore(certificate=stopped, by=world.second_coordinator, on=on)
    actions.suspend(certificate=stopped, by=world.second_coordinator, on=on)
    actions.revoke(certificate=withdrawn, by=world.coordinator, on=on)
    erase_certificate(certificate=gone, by=world.learner, stays_current=False, at=timezone.now())
    erase_certificate(certificate=stays, by=world.learner, stays_current=True, at=timezone.now())
    actions.propose(certificate=corrected, state="revoked", by=world.coordinator, on=on)
    taken_back = actions.propose(certificate=record, state="suspended", by=world.coordinator, on=on)
    actions.withdraw(proposal=taken_back, by=world.second_coordinator, on=on)
    IssueBatch.objects.create(
        programme=programme, award=world.induction, asked_by=world.coordinator, asked_at=timezone.now(), issue_on=on
    ).items.create(term=world.term, result="issued", certificate=current)


def forget_how_it_was_earned() -> None:
    """The evidence of ``World`` is made up, and is refused there. What was issued stands without it."""
    with lifted("progress_lessonstudy", "assessments_attempt", "assessments_ticket", "assessments_observation"):
        for model in (LessonStudy, Attempt, Ticket, Observation):
            model._default_manager.all().delete()


def known(papers: dict[str, bytes]) -> dict[str, Known]:
    """Of every certificate that is here. ``papers``: the files as somebody has them in hand."""
    found = {}
    for row in Certificate.objects.with_state():
        answer, _row = check(row.serial, TODAY)
        assert answer is not None
        looked = examine(papers[row.serial], on=TODAY) if row.serial in papers else None
        found[row.serial] = Known(
            state=full_state_on(row, TODAY),
            public=answer.state,
            by_code=number_scanned(bytes(row.statement) or None),
            file=(looked.verdict.code, looked.is_kept) if looked else None,
            history=tuple(row.events.values_list("state", flat=True)),
        )
    return found


def amounts(term: Term) -> tuple[Any, ...]:
    until = TODAY + DAY
    quiz = TalkHeld.objects.get().quiz
    return hours_of([term], until)[term.pk], dict(by_kind_of([term], until)[term.pk]), tries_of(term, quiz, NOW).allowed


def test_everything_behind_the_papers_arrives_and_each_is_confirmed(
    key_folders: tuple[Path, Path], settings: Any, client: Client
) -> None:
    old, new = key_folders
    with elsewhere():
        world = make_world(alias="KEM-101")
        add_papers(world)
        forget_how_it_was_earned()
        add_evidence(world)
        code = world.programme.code
        papers = {
            row.certificate.serial: bytes(row.pdf)
            for row in CertificateFile.objects.filter(kind="paper").select_related("certificate")
        }
        every_file = {(row.kind, row.sha256) for row in CertificateFile.objects.all()}
        before, counted = known(papers), amounts(world.term)
        at_hand = {bytes(row.statement): row.serial for row in Certificate.objects.exclude(statement=b"")}
        stopped = set(key_list([world.programme], timezone.now())["not_current"])
        states = {key.fingerprint: keys.state_of(key) for key in IssuerKey.objects.all()}
        rows = {model: model.objects.count() for model in (Attendance, LogbookEntry, LogbookSignature, TalkHeld)}
        rows |= {model: model.objects.count() for model in (CertificateEvent, CertificateProposal, CertificateFile)}
        given_out = moving.give_out(code=code, passphrase=WORDS, now=timezone.now())
        secrets = [path.read_bytes() for path in old.iterdir()]
    # It holds what it is meant to hold.
    assert sorted({one.state for one in before.values()}) == [
        "current", "erased", "replaced", "revoked", "suspended",
    ]  # fmt: skip
    assert {one.file for one in before.values() if one.file} == {("current", True), ("not_current", True)}
    assert (len(before), len(papers), len(every_file)) == (8, 4, 6)
    assert secrets
    assert sorted(states.values()) == ["active", "lost", "retired"]
    assert counted == (Decimal("6.5"), {"led": 1}, 3)
    assert not Certificate.objects.exists()

    settings.ISSUER_KEYS = str(new)
    brought = moving.bring_in(data=given_out.data, passphrase=WORDS, today=TODAY)

    assert brought.certificates_checked == len(before)
    assert known(papers) == before
    assert {model: model.objects.count() for model in rows} == rows
    assert {(row.kind, row.sha256) for row in CertificateFile.objects.all()} == every_file
    assert amounts(Term.objects.get(learner__alias="KEM-101")) == counted
    assert list(differences(Count())) == []
    # The private halves stay where they were made.
    assert not new.exists()
    unsealed = b"".join(archive.unseal(given_out.data, WORDS).values())
    assert b"PRIVATE KEY" not in unsealed
    for secret in secrets:
        assert b"".join(secret.splitlines()[1:-1])[:60] not in unsealed
    states = {name: "retired" if state == "active" else str(state) for name, state in states.items()}
    assert {key.fingerprint: str(keys.state_of(key)) for key in IssuerKey.objects.all()} == states
    # On a phone without network: signed by a key of the list, and stopped where it was stopped.
    programme = Programme.objects.get(code=code)
    told = key_list([programme], timezone.now())
    assert set(told["not_current"]) == stopped
    for statement, serial in at_hand.items():
        (key,) = [key for key in told["keys"] if key["short"] == statement[1:5].hex()]
        assert statements.is_genuine(statement, public(key))
        place = key["titles"][str(statement[13])]
        assert place == Certificate.objects.get(serial=serial).award.titles
        assert (digest_of(serial) in stopped) == (before[serial].public == "not_current")
        assert client.get(f"/V/{statements.as_text(statement)}").headers["Location"] == f"/verify/{serial}/"
    # What was asked for in one go is over with it: each certificate came by itself.
    assert not IssueBatch.objects.exists()


def public(key: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "=")) for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def test_work_goes_on_there_with_a_key_of_its_own(key_folders: tuple[Path, Path], settings: Any) -> None:
    """What two people had still to decide is decided there, and a paper that is lost on the way is known by its key."""
    with elsewhere():
        world = make_world(alias="KEM-101")
        add_papers(world)
        forget_how_it_was_earned()
        kept = {row.certificate.serial: bytes(row.pdf) for row in CertificateFile.objects.filter(kind="paper")}
        given_out = moving.give_out(code=world.programme.code, passphrase=WORDS, now=timezone.now())
        people = (world.coordinator.alias, world.second_coordinator.alias)
    settings.ISSUER_KEYS = str(key_folders[1])
    moving.bring_in(data=given_out.data, passphrase=WORDS, today=TODAY)
    programme, (first, second) = Programme.objects.get(), (User.objects.get(alias=alias) for alias in people)
    asked = CertificateProposal.objects.get(closed_at=None)

    with pytest.raises(actions.TwoPeopleNeeded):
        actions.confirm(proposal=asked, by=first, on=TODAY)
    assert full_state_on(actions.confirm(proposal=asked, by=second, on=TODAY), TODAY) == "revoked"

    current = Certificate.objects.get(award__code="induction")
    with pytest.raises(keys.NoSigningKey):
        actions.replace(certificate=current, by=first, on=TODAY)
    made = keys.make_key(programme=programme, made_at=timezone.now() - DAY)
    corrected = actions.replace(certificate=current, by=first, on=TODAY)
    pdf = bytes(actions.pdf_of(corrected).pdf)
    found = examine(pdf, on=TODAY)
    assert (found.verdict, found.key) == (Verdict.CURRENT, made)
    assert examine(kept[current.serial], on=TODAY).verdict is Verdict.NOT_CURRENT


def two_countries(*, is_lost_between: bool = False) -> tuple[moving.GivenOut, moving.GivenOut]:
    """A programme of two countries, given out one after the other."""
    with elsewhere():
        world = make_world(alias="KEM-101")
        far = make_unit(parent=world.programme.root_unit, country="MW")
        make_term(pathway_version=world.term.pathway_version, facility=far, learner=make_user(alias="MWM-102"))
        given = {"code": world.programme.code, "passphrase": WORDS, "now": timezone.now()}
        first = moving.give_out(country="KE", **given)
        if is_lost_between:
            keys.lose(key=IssuerKey.objects.get(), at=timezone.now())
        return first, moving.give_out(country="MW", **given)


def test_a_key_that_was_lost_after_the_first_country_went_is_lost_there_too() -> None:
    """Whoever holds it could sign for the new place as well."""
    first, second = two_countries(is_lost_between=True)
    moving.bring_in(data=first.data, passphrase=WORDS, today=TODAY)
    assert keys.state_of(IssuerKey.objects.get()) is keys.KeyState.RETIRED
    moving.bring_in(data=second.data, passphrase=WORDS, today=TODAY)
    assert keys.state_of(IssuerKey.objects.get()) is keys.KeyState.LOST


def test_an_award_that_has_another_place_there_is_refused() -> None:
    """The code on an old paper would read as another kind of certificate."""
    first, second = two_countries()
    moving.bring_in(data=first.data, passphrase=WORDS, today=TODAY)
    Award.objects.filter(code="induction").update(order=7)
    with pytest.raises(moving.NotBroughtIn) as refusal:
        moving.bring_in(data=second.data, passphrase=WORDS, today=TODAY)
    (told,) = [problem for problem in refusal.value.problems if "certificates.Award" in problem]
    # The programme is named by its number in the place that it comes from.
    assert re.fullmatch(r"certificates\.Award \d+ induction is here already, with another order\.", told)
