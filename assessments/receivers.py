"""What this app does when Wagtail publishes: freeze the quiz or checklist that was touched."""

from __future__ import annotations

import logging
from typing import Any

from assessments.actions.freezing import StructureDiffers, freeze_checklist, freeze_quiz, is_freezing_paused
from assessments.models import QuestionSnippet, Quiz, QuizPage
from curriculum.models import ModulePage

logger = logging.getLogger(__name__)


def on_quiz_published(sender: type[QuizPage], instance: QuizPage, **kwargs: Any) -> None:
    if not is_freezing_paused():
        _freeze(instance.quiz)


def on_question_published(sender: type[QuestionSnippet], instance: QuestionSnippet, **kwargs: Any) -> None:
    """A question is part of its module's quiz; a quiz elsewhere that chose it follows at its own publication."""
    if not is_freezing_paused():
        for quiz in Quiz.objects.filter(module=instance.question.module_id):
            _freeze(quiz)


def on_module_published(sender: type[ModulePage], instance: ModulePage, **kwargs: Any) -> None:
    if not is_freezing_paused():
        try:
            freeze_checklist(instance.module)
        except StructureDiffers as difference:
            _tell(difference)


def _freeze(quiz: Quiz) -> None:
    try:
        freeze_quiz(quiz)
    except StructureDiffers as difference:
        _tell(difference)


def _tell(difference: StructureDiffers) -> None:
    """The publication itself stands; the languages that differ keep their older version until they follow."""
    logger.warning("older version kept for %s", difference)
