"""The quizzes and checklists of a release: which frozen words its cohorts are asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assessments.models.frozen import ChecklistText, QuizText
from curriculum.models import Release


class ReleasedWords(models.Model):
    """One frozen text of a quiz, or of a checklist, in a release. A clinical change puts another in its place."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="words")
    quiz_text = models.ForeignKey(QuizText, models.PROTECT, null=True, related_name="released")
    checklist_text = models.ForeignKey(ChecklistText, models.PROTECT, null=True, related_name="released")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same words twice would be asked twice.
            models.UniqueConstraint(fields=["release", "quiz_text"], name="one_released_quiz_text"),
            models.UniqueConstraint(fields=["release", "checklist_text"], name="one_released_checklist_text"),
            models.CheckConstraint(
                condition=models.Q(quiz_text__isnull=False, checklist_text__isnull=True)
                | models.Q(quiz_text__isnull=True, checklist_text__isnull=False),
                name="released_words_are_of_one_text",
            ),
        ]

    def __str__(self) -> str:
        return str(self.quiz_text or self.checklist_text)
