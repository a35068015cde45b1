"""How quizzes and checklists follow when one country changes a value that they print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.actions.freezing import StructureDiffers, freeze_checklist, freeze_quiz, is_freezing_paused
from assessments.models import ChecklistText, QuestionSnippet, Quiz, QuizPage, QuizText, QuizVersion
from curriculum.fact_prints import Frozen, Printer
from curriculum.models import FactPrint, Module, ModulePage, PrintPlace, Reopened
from curriculum.models.fact_changes import Printed


def quizzes_that_print() -> Printer:
    """For ``curriculum.fact_prints``: questions, titles of quizzes and practice checklists."""
    return Printer(frozen=_frozen, refreeze=_refreeze, rows_of=_rows_of, is_paused=is_freezing_paused)


def _frozen(prints: Sequence[Printed], country: str) -> Frozen:
    """The newest words of each quiz and checklist in each language; the day tells about those frozen before."""
    quizzes = {row.quiz for row in prints if row.quiz}
    texts = QuizText.objects.filter(version__quiz__uuid__in=quizzes, country=country)
    newest: dict[tuple[int, str], str] = {}
    for text in texts.order_by("version__number", "edition").select_related("version").defer("content"):
        newest[text.version.quiz_id, text.language] = text.content_hash
    checklists = {row.module_id for row in prints if row.place == PrintPlace.CHECKLIST}
    lists: dict[tuple[int, str], str] = {}
    for checklist in (
        ChecklistText.objects.filter(version__module__in=checklists, country=country)
        .order_by("version__number", "edition")
        .select_related("version")
        .defer("content")
    ):
        lists[checklist.version.module_id, checklist.language] = checklist.content_hash
    return {(language, mark) for marks in (newest, lists) for (_of, language), mark in marks.items()}


def _rows_of(text: Any) -> list[Reopened]:
    """A quiz page, a question in every quiz that asks it, and the practice on the page of a module."""
    if isinstance(text, ModulePage):
        language, title = text.locale.language_code, text.title[:255]
        return [Reopened(place=PrintPlace.CHECKLIST, module=text.module, language=language, title=title)]
    if isinstance(text, QuizPage):
        quizzes, module, place, title = [text.quiz.uuid], text.quiz.module, PrintPlace.QUIZ, text.title
    elif isinstance(text, QuestionSnippet):
        module, place = text.question.module, PrintPlace.QUESTION
        title = f"{text.question.code}: {text.stem}"
        asked = str(text.question.uuid)
        versions = QuizVersion.objects.filter(quiz__module=module).select_related("quiz")
        quizzes = sorted(
            {one.quiz.uuid for one in versions if any(item["question"] == asked for item in one.structure["items"])}
        )
    else:
        return []
    language = text.locale.language_code
    return [Reopened(place=place, module=module, quiz=quiz, language=language, title=title[:255]) for quiz in quizzes]


def _refreeze(prints: Sequence[FactPrint], country: str) -> None:
    """A language that differs from the source keeps its older version, as at every publication."""
    for quiz in Quiz.objects.filter(uuid__in={row.quiz for row in prints if row.quiz}):
        try:
            freeze_quiz(quiz, country=country)
        except StructureDiffers:
            continue
    checklists = {row.module_id for row in prints if row.place == PrintPlace.CHECKLIST}
    for module in Module.objects.filter(pk__in=checklists):
        try:
            freeze_checklist(module, country=country)
        except StructureDiffers:
            continue
