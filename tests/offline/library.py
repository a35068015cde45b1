"""Modules that are really published: a page with a lesson, a quiz with its key, a checklist."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from assessments.actions import freeze_quiz
from assessments.models import Quiz
from curriculum.freeze import freeze_module
from curriculum.models import Module
from tests.assessments.making import make_checklist, make_question, make_quiz_page
from tests.factories import give_consent, make_module, make_pathway_version, make_term, make_user
from tests.progress.conftest import World


def publish(code: str = "M4") -> Module:
    """One lesson, a certifying safety question, a plain one, a question to practise, and two steps to watch."""
    module = make_checklist(module=make_module(code)).version.module
    lesson = module.lessons.get()
    questions = [
        make_question(module, is_critical=True, lesson=lesson),
        make_question(module, lesson=lesson),
        make_question(module, use="practice", lesson=lesson),
    ]
    quiz = Quiz.objects.create(module=module)
    make_quiz_page(quiz, questions)
    freeze_quiz(quiz)
    freeze_module(module)
    return module


def make_reader(*modules: Module, languages: tuple[str, ...] = ("en",)) -> World:
    """A woman on the thirty-first day of a term that asks for ``modules``."""
    today = timezone.now().date()
    learner = make_user(languages=list(languages))
    give_consent(learner)
    version = make_pathway_version(
        milestones=tuple(
            milestone
            for module in modules
            for milestone in (("module", module, 40, "induction"), ("practice", module, 60, "certified"))
        )
    )
    term = make_term(learner=learner, pathway_version=version, start_on=today - timedelta(days=30))
    return World(learner, term, modules[0], list(modules[0].lessons.all()), today)
