"""A woman on her way to two certificates, and the people who may sign for her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from certificates import actions, erasing, keys
from certificates.models import Award, Certificate
from curriculum.models import Article, Lesson, Module
from people.models import User
from programme.models import Programme, Term
from tests.factories import (
    TODAY,
    give_consent,
    give_role,
    make_pathway_version,
    make_programme,
    make_term,
    make_unit,
    make_user,
)
from tests.progress.conftest import attempt, observe, publish_module, study

START = TODAY - timedelta(days=60)
DONE_ON = TODAY - timedelta(days=30)
KEY_MADE_AT = datetime(2020, 1, 1, tzinfo=UTC)
SIGNATORIES = [{"name": "Lerato M.", "title": "Programme manager"}, {"name": "Gathoni K.", "title": "Trainer"}]


@dataclass
class World:
    """Her pathway asks for M4 (induction) and D1 (certified), each with its practice; today is ``TODAY``."""

    learner: User
    term: Term
    programme: Programme
    modules: dict[str, Module]
    lessons: dict[str, list[Lesson]]
    supervisor: User
    coordinator: User
    second_coordinator: User
    induction: Award
    certified: Award
    record: Award

    def runs(self, start_on: date, planned_end_on: date) -> None:
        """Her term is from then until then, all of it where she is placed."""
        self.term.start_on, self.term.planned_end_on = start_on, planned_end_on
        self.term.save()
        self.term.placements.update(from_on=start_on)
        self.term.refresh_from_db()

    def learn(self, code: str = "M4", on: date = DONE_ON) -> None:
        """She studies the lessons of a module and passes its quiz."""
        for lesson in self.lessons[code]:
            study(self.term, lesson, on)
        attempt(self.term, self.modules[code], on)

    def practise(self, code: str = "M4", on: date = DONE_ON) -> None:
        observe(self.term, self.modules[code], on)

    def earn(self, *codes: str) -> None:
        for code in codes or ("M4",):
            self.learn(code)
            self.practise(code)

    def sign_off(self, award: Award | None = None, on: date = TODAY) -> None:
        actions.sign_off(term=self.term, award=award or self.induction, signed_by=self.supervisor, on=on)

    def issue(self, award: Award | None = None, on: date = TODAY) -> Certificate:
        return actions.issue_certificate(
            term=self.term, award=award or self.induction, issued_by=self.coordinator, on=on
        )

    def certify(self, award: Award | None = None, on: date = TODAY) -> Certificate:
        """Earned (for M4), signed off and issued."""
        self.sign_off(award, on)
        return self.issue(award, on)


def make_world(*, name: str = "Wanjikũ Amélia", is_approved: bool = True, **learner: Any) -> World:
    root = make_unit(level="root", country="")
    programme = make_programme(root=root, signatories=SIGNATORIES)
    keys.make_key(programme=programme, made_at=KEY_MADE_AT)
    modules, lessons = {}, {}
    for code, cover in (("M4", "Family health at home"), ("D1", "Talking with trust")):
        modules[code], lessons[code] = publish_module(code, lessons=2, cover_title=cover)
    Article.objects.update(is_approved=is_approved)
    version = make_pathway_version(
        programme=programme,
        milestones=(
            ("module", modules["M4"], 10, "induction"),
            ("practice", modules["M4"], 20, "induction"),
            ("module", modules["D1"], 60, "certified"),
            ("practice", modules["D1"], 90, "certified"),
        ),
    )
    person = make_user(name=name, **learner)
    give_consent(person)
    facility = make_unit(parent=root)
    term = make_term(learner=person, pathway_version=version, facility=facility, start_on=START)
    supervisor, coordinator, second = make_user(name="Wambui"), make_user(name="Esther"), make_user(name="Lerato")
    give_role(supervisor, "supervisor", facility)
    give_role(coordinator, "coordinator", root)
    give_role(second, "programme_manager", root)
    return World(
        learner=person,
        term=term,
        programme=programme,
        modules=modules,
        lessons=lessons,
        supervisor=supervisor,
        coordinator=coordinator,
        second_coordinator=second,
        induction=make_award(programme, "induction", ["induction"], valid_months=6, allows_work_supervised=True),
        certified=make_award(
            programme, "certified", ["induction", "certified"], valid_months=12, allows_work_alone=True
        ),
        record=make_award(programme, "record", [], is_record=True),
    )


def go_in(client: Client, user: User) -> Client:
    """Whoever has agreed to everything is signed in there."""
    give_consent(user)
    client.force_login(user)
    return client


def make_award(programme: Programme, code: str, gates: list[str], **fields: Any) -> Award:
    titles = {"en": f"Certificate: {code}", "sw": f"Cheti: {code}"}
    return Award.objects.create(programme=programme, code=code, gates=gates, titles=titles, **fields)


def ends_on(certificate: Certificate, day: date) -> None:
    """As if it had been issued so that ``day`` is its last: what no code of ours may write."""
    erasing._check_what_was_postponed()
    with erasing._thawed():
        Certificate.objects.filter(pk=certificate.pk).update(expires_on=day, leave_days_counted=0)
