"""Fill the bench's own database: a cohort that has earned a certificate, every one signed off.

Runs in a process of its own, after ``django.setup()``; the last line it prints is JSON for ``bench.certificates``.
"""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Attempt, ChecklistVersion, Observation, Quiz, QuizVersion, Ticket
from certificates import keys
from certificates.models import Award, AwardSignOff
from curriculum.models import Article, Country, Lesson, Module, Strand
from people.models import User
from programme.models import (
    Cohort,
    Installation,
    Milestone,
    OrganisationUnit,
    Pathway,
    PathwayVersion,
    Placement,
    Programme,
    RoleAssignment,
    Term,
    UnitParent,
)
from progress.models import LessonStudy

COUNTRY, LANGUAGES = "KE", ("sw", "en")
NAMES = (
    "Wanjikũ Amélia Atieno",
    "Achieng’",
    "Nomathamsanqa Thandolwethu Mkhize-Zungu",
    "አበበች ገብረ ማርያም",
    "Ŵezi Ḓakalo-Ṅṋengwekhulu",
)
"""Short and long, with marks, and one in five in another script."""

COVERS = {
    "M1": ("Ustadi wa kusikiliza", "Listening skills"),
    "M2": ("Kulisha watoto vizuri", "Feeding babies well"),
    "M3": ("Akili zenye nguvu", "Strong minds"),
    "M4": ("Afya ya familia nyumbani", "Family health at home"),
    "M5": ("Mazungumzo magumu", "Difficult conversations"),
    "M6": ("Kufanya kazi pamoja", "Working together"),
}
TITLES = {
    "sw": "Cheti cha Umahiri: Mwelimishaji Rika wa Afya ya Mama na Mtoto",
    "en": "Certificate of Competence: Peer Health Educator, Maternal and Child Health",
}
SIGNATORIES = [
    {"name": "Lerato M.", "title": {"sw": "Meneja wa mpango", "en": "Programme manager"}},
    {"name": "Gathoni K.", "title": {"sw": "Mkufunzi", "en": "Trainer"}},
]
SITES = 10
DAYS = 90
HASH = "a" * 64


def main(cohorts: dict[str, int]) -> None:
    """``cohorts``: how many women in each, by its code."""
    Installation.objects.create(is_demonstration=True)
    today = timezone.now().date()
    start_on, done_at = today - timedelta(days=DAYS), timezone.now() - timedelta(days=DAYS // 2)
    modules = [_module(code, titles) for code, titles in COVERS.items()]
    programme, version, sites = _programme(modules)
    supervisor, coordinator = _staff(programme, "BNC-S", "supervisor"), _staff(programme, "BNC-C", "coordinator")
    award = Award.objects.create(
        programme=programme, code="certified", gates=["certified"], titles=TITLES, valid_months=12, order=1
    )
    for code, women in cohorts.items():
        cohort = Cohort.objects.create(programme=programme, unit=programme.root_unit, code=code, start_on=start_on)
        terms = _terms(cohort, version, sites, women)
        _evidence(terms, modules, sites, supervisor, done_at)
        AwardSignOff.objects.bulk_create(
            AwardSignOff(term=term, award=award, signed_by=supervisor, signed_at=timezone.now()) for term in terms
        )
    print(json.dumps({"award": award.pk, "coordinator": coordinator.pk}))


def _module(code: str, titles: tuple[str, str]) -> tuple[Module, Lesson, QuizVersion, ChecklistVersion]:
    """A module of one lesson in two languages, its quiz and its checklist."""
    module = Module.objects.create(code=code, strand=Strand.objects.get_or_create(code="practice")[0])
    lesson = Lesson.objects.create(module=module)
    for language, title in zip(LANGUAGES, titles, strict=True):
        of_both = {"language": language, "country": COUNTRY, "module": module, "title": title, "content_hash": HASH}
        Article.objects.create(kind="module", path=module.slug, cover_title=title, lesson_count=1, **of_both)
        Article.objects.create(kind="lesson", path=f"{module.slug}/l1", lesson=lesson, position=1, **of_both)
    quiz = Quiz.objects.create(module=module)
    return (
        module,
        lesson,
        QuizVersion.objects.create(quiz=quiz, number=1, structure={"items": []}, structure_hash=HASH),
        ChecklistVersion.objects.create(module=module, number=1, structure={"steps": []}, structure_hash=HASH),
    )


def _programme(modules: list[tuple[Module, ...]]) -> tuple[Programme, PathwayVersion, list[OrganisationUnit]]:
    Country.objects.get_or_create(code=COUNTRY, defaults={"name": COUNTRY, "languages": list(LANGUAGES)})
    root = OrganisationUnit.objects.create(name="All", short_code="ALL", level="root", country="")
    programme = Programme.objects.create(
        code="bench",
        name="Bench",
        issuing_name="Family Learning Programme",
        issuing_short_name="FLP",
        peer_title="Peer",
        root_unit=root,
        signatories=SIGNATORIES,
    )
    keys.make_key(programme=programme, made_at=timezone.now())
    sites = [
        OrganisationUnit.objects.create(name=f"Site {n}", short_code=f"S{n}", level="facility", country=COUNTRY)
        for n in range(SITES)
    ]
    UnitParent.objects.bulk_create(UnitParent(unit=site, parent=root, from_on=date(2020, 1, 1)) for site in sites)
    version = PathwayVersion.objects.create(pathway=Pathway.objects.create(programme=programme, code="bench"), number=1)
    milestones = [(module, kind) for module, *_others in modules for kind in ("module", "practice")]
    Milestone.objects.bulk_create(
        Milestone(version=version, order=order, kind=kind, module=module, due_day=5 * order, gate="certified")
        for order, (module, kind) in enumerate(milestones, start=1)
    )
    return programme, version, sites


def _staff(programme: Programme, alias: str, role: str) -> User:
    user = User.objects.create_user(
        alias=alias, display_name=alias, languages=["en"], secret_kind=User.SecretKind.PASSWORD
    )
    RoleAssignment.objects.create(user=user, role=role, unit=programme.root_unit, from_on=date(2020, 1, 1))
    return user


def _terms(cohort: Cohort, version: PathwayVersion, sites: list[OrganisationUnit], women: int) -> list[Term]:
    users = User.objects.bulk_create(
        User(
            alias=f"{cohort.code.upper()}-{n}",
            password="!",  # noqa: S106 -- nobody signs in with it
            display_name=NAMES[n % len(NAMES)],
            languages=list(LANGUAGES),
        )
        for n in range(women)
    )
    terms = Term.objects.bulk_create(
        Term(
            learner=user,
            programme=cohort.programme,
            pathway_version=version,
            cohort=cohort,
            start_on=cohort.start_on,
            planned_end_on=cohort.start_on + timedelta(days=365),
        )
        for user in users
    )
    Placement.objects.bulk_create(
        Placement(term=term, facility=sites[n % SITES], from_on=term.start_on) for n, term in enumerate(terms)
    )
    return terms


def _evidence(
    terms: list[Term],
    modules: list[tuple[Module, Lesson, QuizVersion, ChecklistVersion]],
    sites: list[OrganisationUnit],
    observer: User,
    at: datetime,
) -> None:
    """Every lesson studied, every quiz passed, every practice signed off."""
    of_all: dict[str, Any] = {"language": "sw", "country": COUNTRY, "content_hash": HASH, "payload_hash": HASH}
    of_all |= {"acted_at": at, "sent_at": at, "received_at": at, "happened_at": at}
    points: dict[str, Any] = {
        "item_points": {},
        "points_earned": 10,
        "points_needed": 8,
        "points_possible": 10,
        "critical_missed": 0,
    }
    for module, lesson, quiz, checklist in modules:
        LessonStudy.objects.bulk_create(
            LessonStudy(term=term, client_uuid=uuid.uuid4(), lesson=lesson, **of_all) for term in terms
        )
        tickets = Ticket.objects.bulk_create(
            Ticket(term=term, quiz=quiz.quiz, version=quiz, ordinal=1, items=[], seed=1, expires_at=at)
            for term in terms
        )
        Attempt.objects.bulk_create(
            Attempt(
                term=ticket.term,
                client_uuid=uuid.uuid4(),
                quiz_version=quiz,
                ticket=ticket,
                counts=True,
                **points,
                **of_all,
            )
            for ticket in tickets
        )
        Observation.objects.bulk_create(
            Observation(
                term=term,
                client_uuid=uuid.uuid4(),
                module=module,
                checklist_version=checklist,
                observer=observer,
                unit=sites[0],
                setting="role_play",
                steps={},
                is_signed_off=True,
                **of_all,
            )
            for term in terms
        )
