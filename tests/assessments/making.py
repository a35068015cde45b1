"""The least valid quiz, checklist and sitting. What a test is about, it says itself."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from wagtail.models import Locale, Page

from assessments.actions import freeze_checklist, freeze_quiz, open_ticket, record_attempt
from assessments.models import (
    Attempt,
    ChecklistText,
    Question,
    QuestionSnippet,
    Quiz,
    QuizPage,
    QuizText,
    Ticket,
)
from curriculum.models import Lesson, LessonPage, LibraryPage, Module, ModulePage, StrandPage
from programme.models import Clock, Term
from tests.factories import make_country, make_lesson, make_module

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def clock(at: datetime = NOW) -> Clock:
    """An act made and received at ``at``."""
    return Clock(acted_at=at, sent_at=at, received_at=at)


def locale(language: str) -> Locale:
    return Locale.objects.get_or_create(language_code=language)[0]


def make_module_page(
    module: Module | None = None, *, language: str = "en", steps: tuple[str, ...] = (), title: str = "Feeding"
) -> ModulePage:
    """A live module page with one lesson; each step is a text, a safety step when it begins with "!"."""
    module = module or make_module("M4")
    here = locale(language)
    library = LibraryPage.objects.filter(locale=here).first()
    if library is None:
        library = LibraryPage(title="Library", slug=f"library-{language}", locale=here)
        Page.objects.get(depth=1).add_child(instance=library)
    strand = StrandPage.objects.filter(locale=here, strand=module.strand).first()
    if strand is None:
        strand = StrandPage(title="Strand", slug="strand", strand=module.strand, locale=here)
        library.add_child(instance=strand)
    page = ModulePage(module=module, title=title, slug=module.slug, cover_title="Title", locale=here)
    page.translation_key = uuid.uuid5(uuid.NAMESPACE_URL, module.code)
    page.practice = practice_steps(module, steps)
    strand.add_child(instance=page)
    lesson = module.lessons.first() or make_lesson(module)
    page.add_child(
        instance=LessonPage(
            lesson=lesson, title=f"Lesson {language}", slug="l1", locale=here, translation_key=lesson.uuid
        )
    )
    page.save_revision().publish()
    return page


def practice_steps(module: Module, steps: tuple[str, ...]) -> str:
    return json.dumps(
        [
            {
                "type": "step",
                "id": step_id(module, n),
                "value": {"step": step_id(module, n), "text": text.lstrip("!"), "is_safety": text.startswith("!")},
            }
            for n, text in enumerate(steps)
        ]
    )


def step_id(module: Module, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{module.code}/step/{number}"))


def make_checklist(
    *, steps: tuple[str, ...] = ("!Asks if it is private", "Listens"), module: Module | None = None
) -> ChecklistText:
    """A published checklist for Kenya in English."""
    make_country()
    page = make_module_page(module, steps=steps)
    freeze_checklist(page.module)
    return ChecklistText.objects.get(version__module=page.module, country="KE")


def option(question: Question, letter: str) -> str:
    """The identity of option "a" of a question."""
    return str(uuid.uuid5(question.uuid, letter))


def make_question(
    module: Module,
    *,
    code: str = "",
    kind: str = "single",
    right: str = "a",
    wrong: str = "bc",
    language: str = "en",
    lesson: Lesson | None = None,
    words: str = "",
    **fields: Any,
) -> Question:
    """A published question; option letters in ``right`` are its key."""
    code = code or f"{module.code}-Q{Question.objects.count() + 1}"
    question = Question.objects.get_or_create(
        code=code, defaults={"module": module, "uuid": uuid.uuid5(uuid.NAMESPACE_URL, code)}
    )[0]
    snippet = QuestionSnippet(
        question=question,
        locale=locale(language),
        translation_key=uuid.uuid5(question.uuid, "text"),
        kind=kind,
        look_again=lesson,
        **{"use": "certifying", "stem": f"{words}Stem {code}", "why": f"{words}Why {code}"} | fields,
    )
    snippet.choices = choices(question, right, wrong, words)
    snippet.full_clean()
    snippet.save()
    snippet.save_revision().publish()
    return question


def choices(question: Question, right: str, wrong: str, words: str = "") -> str:
    return json.dumps(
        [
            {
                "type": "choice",
                "id": option(question, letter),
                "value": {
                    "choice": option(question, letter),
                    "text": f"{words}Option {letter} of {question.code}",
                    "is_right": letter in right,
                    "feedback": f"{words}Idea {letter} of {question.code}",
                },
            }
            for letter in sorted(right + wrong)
        ]
    )


def make_quiz_page(quiz: Quiz, questions: list[Question], *, language: str = "en", title: str = "Feeding") -> QuizPage:
    """A live quiz page under the module's page, which is made when it is not there."""
    parent = ModulePage.objects.filter(module=quiz.module, locale=locale(language)).first()
    parent = parent or make_module_page(quiz.module, language=language)
    page = QuizPage(quiz=quiz, title=title, slug="q", locale=locale(language))
    page.translation_key = quiz.uuid
    page.items = quiz_items(questions)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def quiz_items(questions: list[Question]) -> str:
    return json.dumps(
        [
            {"type": "item", "id": str(uuid.uuid5(question.uuid, "item")), "value": {"question": question.pk}}
            for question in questions
        ]
    )


def make_quiz(*, code: str = "M4", critical: int = 1, plain: int = 1, practice: int = 1) -> Quiz:
    """A published quiz of single-choice questions, "a" right in each: critical ones, then plain, then practice."""
    make_country()
    module = make_module(code)
    lesson = make_lesson(module)
    uses = [("certifying", True)] * critical + [("certifying", False)] * plain + [("practice", False)] * practice
    questions = [make_question(module, use=use, is_critical=safe, lesson=lesson) for use, safe in uses]
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, questions)
    freeze_quiz(quiz)
    return quiz


def text_of(quiz: Quiz, language: str = "en", country: str = "KE") -> QuizText:
    """The newest words of a quiz."""
    texts = QuizText.objects.in_best_language([language], country)
    return texts.filter(version__quiz=quiz).select_related("version__quiz__module").first()


def answers(text: QuizText, items: list[str], wrong: int = 0) -> dict[str, Any]:
    """Right answers to ``items``, save the first ``wrong`` of them in the order of the version."""
    given: dict[str, Any] = {}
    for place, item in enumerate(i for i in text.version.structure["items"] if i["question"] in items):
        chosen = [choice["id"] for choice in item["choices"] if choice["is_right"] == (place >= wrong)]
        given[item["question"]] = sorted(chosen) if item["kind"] == "multiple" else chosen[0]
    return given


def make_ticket(term: Term, quiz: Quiz, now: datetime = NOW) -> Ticket:
    return open_ticket(term=term, quiz=quiz, now=now)


def sit(term: Term, quiz: Quiz, *, wrong: int = 0, ticket: Ticket | None = None, at: datetime = NOW) -> Attempt:
    """She sits a certifying try with ``wrong`` wrong answers."""
    ticket = ticket or make_ticket(term, quiz, at)
    text = text_of(quiz)
    attempt, _created = record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=ticket.version,
        quiz_text=text,
        client_uuid=uuid.uuid4(),
        answers=answers(text, ticket.items, wrong),
        clock=clock(at),
    )
    return attempt
