"""Every address about papers, hours, sessions and talks, as everybody: who gets in, who finds nothing, what changes.

An address that is new and not in the table fails by name. Whoever is not named in the table meets "not found", with
data there that could leak.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from certificates import actions, batches
from certificates.actions import papers
from certificates.models import Certificate, CertificateProposal, IssueBatch
from certificates.views import VERBS
from people.models import User
from programme.models import Clock, Cohort
from progress.actions import note_session
from tests.assessments.making import make_quiz, sit
from tests.certificates.making import World, make_award, make_world
from tests.factories import (
    TODAY,
    give_consent,
    make_pathway_version,
    make_programme,
    make_staff,
    make_term,
    make_unit,
)

PIN = "204060"
MODULES = ("certificates.", "progress.attendance_views", "progress.logbook_views", "assessments.talk_views")
PUBLIC = {"verify", "verify-serial", "verify-code", "verify-list", "verify-scan", "verify-scan-worker"}
"""Open to all; tests/certificates/test_public_views.py and its neighbours look at them."""

STAFF = ("supervisor", "nurse", "coordinator", "district_manager", "programme_manager")
OTHERS = ("trainer", "translator", "reviewer", "monitoring", "privacy_officer")
ELSEWHERE = ("supervisor elsewhere", "coordinator elsewhere", "supervisor of another", "coordinator of another")
WOMEN = ("herself", "another woman", "after her months")
EVERYBODY = (*STAFF, *OTHERS, *ELSEWHERE, *WOMEN, "nobody")

SIGNS_OR_ISSUES = {"supervisor", "coordinator", "programme_manager"}
HER_OWN_SITE = {"supervisor elsewhere", "coordinator elsewhere"}
OF_ANOTHER = {"supervisor of another", "coordinator of another"}

GETS: dict[str, set[str]] = {
    # Hers.
    "certificate-pdf": {"herself", *SIGNS_OR_ISSUES},
    "certificate-copy card": {"herself"},
    "certificate-copy full": {"herself"},
    "certificate-name": {"herself"},
    # Everybody's own: nothing of hers stands in it, see below.
    "my-certificates": {*EVERYBODY} - {"nobody"},
    "logbook": {*EVERYBODY} - {"nobody"},
    # Of staff.
    "award": {*STAFF},
    "award-name": {"coordinator", "programme_manager"},
    "awards": {*SIGNS_OR_ISSUES, *HER_OWN_SITE, *OF_ANOTHER},
    "eligible": {*SIGNS_OR_ISSUES, *HER_OWN_SITE},
    "award-batch": {"coordinator", "programme_manager"},
    "award-batch-cards": {"coordinator", "programme_manager"},
    "logbook-signing": {"supervisor"},
    "sheets-of-cohorts": {"trainer", "coordinator", "coordinator elsewhere", "coordinator of another"},
    "days": {"trainer", "coordinator"},
    "blank-sheet": {"trainer", "coordinator"},
    "sheet": {"trainer", "coordinator"},
    "talks": {"trainer", "coordinator", "coordinator elsewhere", "coordinator of another"},
    "talk": {"trainer", "coordinator"},
}
POSTS: dict[str, set[str]] = {
    "award-batch-go-on": {"coordinator", "programme_manager"},
    "logbook-back": {"herself"},
    "join-cohort": {"trainer", "coordinator"},
}
"""Addresses for forms alone; most of the others take one, too."""

MAY: dict[str, set[str]] = {
    **{f"award {verb}": {"coordinator", "programme_manager"} for verb in VERBS},
    "award sign-off": {"supervisor"},
    "eligible issue-all": {"coordinator", "programme_manager"},
    "eligible sign-off": {"supervisor"},
    "award-batch-go-on": {"coordinator", "programme_manager"},
    "certificate-name": {"herself"},
    "award-name": {"coordinator", "programme_manager"},
    "logbook-back": {"herself"},
    "logbook-signing": {"supervisor"},
    "join-cohort": {"trainer", "coordinator"},
    "sheet": {"trainer", "coordinator"},
    "talk": {"trainer", "coordinator"},
}
"""Which forms of hers somebody may send. Of everybody else nothing is stored, whatever is answered."""


@dataclass
class Stage:
    world: World
    people: dict[str, User | None]
    certificate: Certificate
    cohort: Cohort
    batch: IssueBatch
    proposal: CertificateProposal
    entry: uuid.UUID
    latecomer: str
    there: dict[str, str] = field(default_factory=dict)

    def words(self) -> set[str]:
        """What tells of her."""
        learner = self.world.learner
        return {learner.display_name, learner.alias, self.certificate.serial, self.certificate.number}


def make_stage() -> Stage:
    world = make_world()
    programme, root = world.programme, world.programme.root_unit
    programme.allows_named_copy, programme.named_copy_name = True, "Full Name Of It"
    programme.save()
    site = world.term.placements.get().facility
    today = site.today()
    cohort = Cohort.objects.create(programme=programme, unit=site, code="spring", start_on=today - timedelta(days=20))
    world.term.cohort = cohort
    world.term.save()
    world.learner.set_password(PIN)
    world.learner.save()
    for award in (world.induction, world.certified):
        award.valid_months = None
        award.save()
    people: dict[str, User | None] = {role: make_staff(site, role) for role in ("supervisor", "nurse")}
    world.supervisor = people["supervisor"]  # type: ignore[assignment]
    for role in (*STAFF[2:], *OTHERS):
        people[role] = make_staff(root, role, name=role.title())
    elsewhere = make_unit(parent=root)
    people |= {f"{role} elsewhere": make_staff(elsewhere, role) for role in ("supervisor", "coordinator")}
    other = make_programme(root=make_unit(level="root", country=""), code="another")
    their_site = make_unit(parent=other.root_unit)
    people |= {
        "supervisor of another": make_staff(their_site),
        "coordinator of another": make_staff(other.root_unit, "coordinator"),
    }
    make_award(other, "theirs", [], is_record=True)
    make_term(pathway_version=make_pathway_version(programme=other), facility=their_site)
    beside = make_term(pathway_version=world.term.pathway_version, facility=elsewhere)
    ended = make_term(pathway_version=world.term.pathway_version, facility=site, start_on=today - timedelta(days=900))
    ended.ended_on, ended.end_class = today - timedelta(days=400), "completed"
    ended.save()
    ended.placements.update(to_on=ended.ended_on)
    late = make_term(pathway_version=world.term.pathway_version, facility=site)
    people |= {"herself": world.learner, "another woman": beside.learner, "after her months": ended.learner}
    people["nobody"] = None
    for person in people.values():
        if person is not None:
            give_consent(person)

    for role in ("coordinator", "programme_manager"):
        issuer = people[role]
        assert issuer is not None
        issuer.set_password(PIN)
        issuer.save()
    world.earn("M4", "D1")
    coordinator = people["coordinator"]
    assert coordinator is not None
    actions.sign_off(term=world.term, award=world.induction, signed_by=world.supervisor, on=TODAY)
    certificate = actions.issue_certificate(
        term=world.term, award=world.induction, issued_by=coordinator, on=TODAY, makes_paper=False
    )
    for kind in ("paper", "card", "named"):
        papers.keep(certificate, kind, b"%PDF-1.7 a paper")
    actions.sign_off(term=world.term, award=world.certified, signed_by=world.supervisor, on=TODAY)
    batch = IssueBatch.objects.create(
        programme=programme,
        award=world.induction,
        asked_by=coordinator,
        asked_at=certificate.issued_at,
        issue_on=TODAY,
    )
    batch.items.create(term=world.term, result="issued", certificate=certificate)
    manager = people["programme_manager"]
    assert manager is not None
    proposal = actions.propose(certificate=certificate, state="suspended", by=manager, on=TODAY)
    noted, _new = note_session(
        term=world.term, kind="led", held_on=today, client_uuid=uuid.uuid4(), clock=Clock.here_and_now()
    )
    quiz = make_quiz(code="X9")
    for _try in range(2):
        sit(world.term, quiz, wrong=1)
    found = Stage(world, people, certificate, cohort, batch, proposal, noted.client_uuid, late.learner.alias)
    record = f"/en/record/{world.term.uuid}"
    days = f"/en/people/cohorts/{cohort.pk}/days"
    found.there = {
        "my-certificates": "/en/certificates/",
        "certificate-pdf": f"/en/certificates/{certificate.serial}.pdf",
        "certificate-copy card": f"/en/certificates/{certificate.serial}/card.pdf",
        "certificate-copy full": f"/en/certificates/{certificate.serial}/full.pdf",
        "certificate-name": f"/en/certificates/{certificate.serial}/name/",
        "award": f"{record}/award/induction/",
        "award-name": f"{record}/award/induction/name/",
        "awards": "/en/awards/",
        "eligible": f"/en/awards/{world.certified.pk}/",
        "award-batch": f"/en/awards/made/{batch.pk}/",
        "award-batch-go-on": f"/en/awards/made/{batch.pk}/go-on/",
        "award-batch-cards": f"/en/awards/made/{batch.pk}/cards.pdf",
        "logbook": "/en/logbook/",
        "logbook-back": f"/en/logbook/{found.entry}/back/",
        "logbook-signing": f"{record}/logbook/",
        "sheets-of-cohorts": "/en/people/days/",
        "days": f"{days}/",
        "blank-sheet": f"{days}/blank/",
        "join-cohort": f"{days}/join/",
        "sheet": f"{days}/{today}/am/",
        "talks": "/en/people/talks/",
        "talk": f"/en/people/talks/{world.term.uuid}/x9/",
    }
    return found


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Set once, in a transaction inside of which each test has its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_stage()
        transaction.set_rollback(True)


@pytest.fixture
def stage(made: Stage, db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr("certificates.render.cards_pdf", lambda _cards: b"%PDF-1.7 cards")
    monkeypatch.setattr(batches, "drawn_and_signed", lambda _certificate: b"%PDF-1.7 a paper")
    return made


def browser(stage: Stage, who: str, **options: Any) -> Client:
    client = Client(**options)
    person = stage.people[who]
    if person is not None:
        client.force_login(person)
    return client


def names_of(node: Any) -> Iterator[tuple[str, str]]:
    """(name, where its view stands) of every registered address."""
    for entry in node.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of(entry)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name, f"{entry.callback.__module__}."


def test_every_address_stands_in_the_table() -> None:
    registered = {name for name, module in names_of(get_resolver()) if module.startswith(MODULES)}
    assert registered == {name.split()[0] for name in (*GETS, *POSTS)} | PUBLIC


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_gets_in_and_who_finds_nothing(stage: Stage, who: str) -> None:
    client = browser(stage, who)
    answered = {}
    for name in GETS:
        response = client.get(stage.there[name])
        answered[name] = response.status_code
        if response.status_code == 200:
            assert response.headers["Cache-Control"] == "no-store, private", name
        if who == "nobody":
            assert response.headers["Location"].startswith("/en/sign-in/"), name
    nothing = 302 if who == "nobody" else 404
    assert answered == {name: 200 if who in allowed else nothing for name, allowed in GETS.items()}


@pytest.mark.parametrize("who", (*ELSEWHERE, *OTHERS, "nurse", "another woman", "after her months", "nobody"))
def test_whoever_has_nothing_to_do_with_her_reads_no_word_of_her(stage: Stage, who: str) -> None:
    """Also not on the pages that everybody of a role has."""
    knows_her = {"nurse": {"award"}, "trainer": GETS.keys()}.get(who, set())
    client = browser(stage, who)
    for name, address in stage.there.items():
        if name in knows_her:
            continue
        said = client.get(address).content.decode().replace(address, "")
        assert [word for word in stage.words() if word in said] == [], name


@pytest.mark.parametrize("who", EVERYBODY)
def test_other_methods_and_forms_without_their_token_do_nothing(stage: Stage, who: str) -> None:
    client, strict = browser(stage, who), browser(stage, who, enforce_csrf_checks=True)
    before = everything()
    for name, address in stage.there.items():
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(address).status_code in (302, 404, 405), (name, method)
        if name in POSTS:
            assert client.get(address).status_code == 405, name
        assert strict.post(address, {"do": "issue-all"}).status_code in (302, 403, 405), name
    assert everything() == before


def everything() -> dict[str, tuple[int, str]]:
    """How many rows there are of each kind, and what may change in them; who looked at what is another matter."""
    counted = {}
    for label in ("certificates", "progress", "assessments", "programme"):
        for model in apps.get_app_config(label).get_models():
            rows = model._default_manager.order_by("pk").values_list()
            counted[model._meta.label] = (len(rows), repr(list(rows)))
    return counted


def forms(stage: Stage) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what, address, fields) of everything that can be sent about her, filled in as it should be."""
    there, term = stage.there, stage.world.term
    today = term.placements.get().facility.today().isoformat()
    for verb in VERBS:
        name = {"sign-off": "record", "issue": "certified"}.get(verb, "induction")
        yield (
            f"award {verb}",
            there["award"].replace("induction", name),
            {"do": verb, "proposal": stage.proposal.pk},
        )
    chosen = {"term": str(term.uuid)}
    yield "eligible issue-all", there["eligible"], {"do": "issue-all"} | chosen
    yield "eligible sign-off", f"/en/awards/{stage.world.record.pk}/", {"do": "sign-off"} | chosen
    yield "award-batch-go-on", there["award-batch-go-on"], {}
    for name in ("certificate-name", "award-name"):
        yield name, there[name], {"answers": "gone", "pin": PIN}
    yield "logbook-back", there["logbook-back"], {}
    yield "logbook-signing", there["logbook-signing"], {"entry": str(stage.entry)}
    yield "join-cohort", there["join-cohort"], {"work_name": stage.latecomer}
    sheet = {"client_uuid": str(uuid.uuid4()), "mark": "0", "hours": "3", "there": [str(term.uuid)]}
    yield "sheet", there["sheet"], sheet
    yield "talk", there["talk"], {"held_on": today}


def test_every_form_is_tried() -> None:
    """The forms of the table are those that are sent below."""
    assert {f"award {verb}" for verb in VERBS} <= MAY.keys()


@pytest.mark.parametrize("who", EVERYBODY)
def test_of_whoever_may_not_nothing_is_stored(stage: Stage, who: str) -> None:
    client = browser(stage, who)
    before = everything()
    sent = list(forms(stage))
    assert {what for what, _address, _fields in sent} == MAY.keys()
    for what, address, fields in sent:
        if who in MAY[what]:
            continue
        # Her PIN in somebody else's hand, and everything else as it should be. Who has no logbook is told so by a page.
        fine = (200,) if what == "logbook-back" else (302, 404, 405, 409)
        assert client.post(address, fields).status_code in (302, *fine), what
        assert everything() == before, what


DOES_NOTHING_NOW = {"award restore", "award ask-restore", "award ask-suspend", "award-batch-go-on"}
"""Nothing is suspended, that was asked already, and all of the batch is made."""

CHANGES = sorted(MAY.keys() - DOES_NOTHING_NOW)


@pytest.mark.parametrize("what", CHANGES)
def test_of_one_who_may_it_is_stored(stage: Stage, what: str) -> None:
    """So that the test above could fail."""
    whoever = min(MAY[what])
    address, fields = next((address, fields) for name, address, fields in forms(stage) if name == what)
    before = everything()
    response = browser(stage, whoever).post(address, fields)
    assert response.status_code in (302, 303), response.content.decode()[-2000:]
    assert everything() != before
