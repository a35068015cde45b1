"""A published module, a woman whose pathway asks for it, and her evidence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import (
    Attempt,
    ChecklistVersion,
    Observation,
    Quiz,
    QuizVersion,
    Ticket,
)
from curriculum.models import Article, Lesson, Module
from people.models import User
from programme.models import Installation, Term
from progress.listening import forget_prices
from progress.models import LessonStudy
from tests.factories import give_consent, make_lesson, make_module, make_pathway_version, make_term, make_user

NOON = time(12, tzinfo=UTC)
HASH = "a" * 64


def at_noon(day: date) -> datetime:
    return datetime.combine(day, NOON)


def clock_fields(day: date) -> dict[str, Any]:
    at = at_noon(day)
    return {"acted_at": at, "sent_at": at, "received_at": at, "happened_at": at}


def publish_lesson(
    module: Module, number: int, of: int, *, languages: tuple[str, ...] = ("en",), **fields: Any
) -> Lesson:
    """A lesson with its article in each language."""
    lesson = make_lesson(module)
    path = f"{module.slug}/l{number}"
    for language in languages:
        text = f"{language} text of {path}"
        values = {
            "kind": "lesson",
            "language": language,
            "country": "KE",
            "path": path,
            "module": module,
            "lesson": lesson,
            "position": number,
            "lesson_count": of,
            "next_path": f"{module.slug}/l{number + 1}" if number < of else "",
            "title": f"{language} lesson {number}",
            "study_minutes": 6,
            "html": f"<p>{text}</p>",
            "content_hash": HASH,
            "text_bytes": 3900,
        }
        Article.objects.create(**values | fields)
    return lesson


def publish_module(
    code: str = "M4", lessons: int = 2, *, languages: tuple[str, ...] = ("en",), country: str = "KE", **fields: Any
) -> tuple[Module, list[Lesson]]:
    """A module with its article and its lessons in each language."""
    module = make_module(code)
    for language in languages:
        Article.objects.create(
            kind="module",
            language=language,
            country=country,
            path=module.slug,
            module=module,
            lesson_count=lessons,
            title=f"{language} module {code}",
            objectives=["Say it in your own words."],
            content_hash=HASH,
            **fields,
        )
    return module, [
        publish_lesson(module, n, lessons, languages=languages, country=country) for n in range(1, lessons + 1)
    ]


def study(term: Term, lesson: Lesson, day: date) -> LessonStudy:
    return LessonStudy.append(
        term=term,
        client_uuid=uuid.uuid4(),
        payload={},
        lesson=lesson,
        language="en",
        country="KE",
        content_hash=HASH,
        **clock_fields(day),
    )[0]


def make_quiz_version(module: Module) -> QuizVersion:
    quiz = Quiz.objects.get_or_create(module=module)[0]
    number = quiz.versions.count() + 1
    return QuizVersion.objects.create(quiz=quiz, number=number, structure={"items": []}, structure_hash=f"{number:064}")


def attempt(
    term: Term, module: Module, day: date, *, earned: int = 10, counts: bool = True, critical: int = 0
) -> Attempt:
    version = make_quiz_version(module)
    ticket = None
    if counts:
        ticket = Ticket.objects.create(
            term=term,
            quiz=version.quiz,
            version=version,
            ordinal=version.number,
            items=[],
            seed=1,
            expires_at=at_noon(day) + timedelta(days=30),
        )
    return Attempt.append(
        term=term,
        client_uuid=uuid.uuid4(),
        payload={},
        quiz_version=version,
        ticket=ticket,
        counts=counts,
        item_points={},
        points_earned=earned,
        points_needed=8,
        points_possible=10,
        critical_missed=critical,
        language="en",
        country="KE",
        content_hash=HASH,
        **clock_fields(day),
    )[0]


def observe(term: Term, module: Module, day: date, *, is_signed_off: bool = True) -> Observation:
    number = module.checklist_versions.count() + 1
    version = ChecklistVersion.objects.create(
        module=module, number=number, structure={"steps": []}, structure_hash=f"{number:064}"
    )
    return Observation.append(
        term=term,
        client_uuid=uuid.uuid4(),
        payload={},
        module=module,
        checklist_version=version,
        observer=make_user(name="Nurse"),
        unit=term.placements.latest("from_on").facility,
        setting="role_play",
        steps={},
        is_signed_off=is_signed_off,
        language="en",
        country="KE",
        content_hash=HASH,
        **clock_fields(day),
    )[0]


@dataclass
class World:
    """One woman on the thirty-first day of a term that asks for M4, by day 40, and its practice, by day 60."""

    learner: User
    term: Term
    module: Module
    lessons: list[Lesson]
    today: date = field(default_factory=date.today)


def make_world(*, languages: tuple[str, ...] = ("en",), hers: tuple[str, ...] = ("en",), **fields: Any) -> World:
    today = timezone.now().date()
    module, lessons = publish_module(languages=languages)
    version = make_pathway_version(
        milestones=(("module", module, 40, "induction"), ("practice", module, 60, "certified"))
    )
    learner = make_user(languages=list(hers))
    give_consent(learner)
    start_on = fields.pop("start_on", today - timedelta(days=30))
    term = make_term(learner=learner, pathway_version=version, start_on=start_on, **fields)
    return World(learner, term, module, lessons, today)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def hers(world: World, client: Client) -> Client:
    """The browser of the woman in ``world``, signed in."""
    client.force_login(world.learner)
    return client


@pytest.fixture(autouse=True)
def undecided_installation() -> None:
    """The process remembers what the last database was, and for a minute what listening cost in it."""
    Installation.forget()
    forget_prices()
