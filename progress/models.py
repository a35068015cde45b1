"""What she studied. Where she stands is computed (``standing``), never stored."""

from __future__ import annotations

from django.db import models

from curriculum.models import FactUpdate, Lesson
from programme.models import Evidence


class LessonStudy(Evidence):
    """She says that she studied a lesson, in the language and country whose text she read."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="studies")

    def __str__(self) -> str:
        return f"study {self.client_uuid}"


class UpdateAnswer(Evidence):
    """She answered the safety question of an update right. A wrong answer is explained and leaves nothing."""

    update = models.ForeignKey(FactUpdate, models.PROTECT, related_name="answers")
    choice = models.UUIDField()

    def __str__(self) -> str:
        return f"update {self.client_uuid}"
