"""How quizzes and checklists follow when one country changes a value that they print."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.actions.freezing import StructureDiffers, freeze_checklist, freeze_quiz
from assessments.models import Quiz, QuizText
from curriculum.fact_prints import Printer
from curriculum.models import FactPrint, Module, PrintPlace


def quizzes_that_print() -> Printer:
    """For ``curriculum.fact_prints``: questions, titles of quizzes and practice checklists."""
    return Printer(hashes=_hashes, refreeze=_refreeze)


def _hashes(prints: Sequence[FactPrint], country: str) -> set[str]:
    """The newest words of each quiz in each language; older ones were frozen before, and the day tells about them."""
    quizzes = {row.quiz for row in prints if row.quiz}
    texts = QuizText.objects.filter(version__quiz__uuid__in=quizzes, country=country)
    newest: dict[tuple[int, str], str] = {}
    for text in texts.order_by("version__number", "edition").select_related("version").defer("content"):
        newest[text.version.quiz_id, text.language] = text.content_hash
    return set(newest.values())


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
