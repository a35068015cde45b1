"""For the trainer: which questions of a quiz a country is not asked, and what that closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from wagtail.admin.panels import Panel

from assessments.models import Question, QuizText
from curriculum.models import Country


@dataclass(frozen=True)
class LeftOut:
    """One country and what it is not asked, by the codes of the team. ``is_closed``: nobody can be certified there."""

    country: str
    questions: list[str]
    is_closed: bool


def left_out_of(quiz: Any) -> list[LeftOut]:
    """What the newest source text of each country leaves out; empty when every country is asked everything.

    One query, three when something is left out.
    """
    texts = QuizText.objects.filter(version__quiz=quiz, language=settings.LANGUAGE_CODE)
    newest: dict[str, QuizText] = {}
    for text in texts.order_by("-version__number", "-edition").select_related("version").defer("content"):
        newest.setdefault(text.country, text)
    wanted = {question for text in newest.values() for question in text.left_out}
    if not wanted:
        return []
    codes = {str(uuid): code for uuid, code in Question.objects.filter(uuid__in=wanted).values_list("uuid", "code")}
    names = dict(Country.objects.values_list("code", "name"))
    return sorted(
        (
            LeftOut(names[country], sorted(codes[question] for question in text.left_out), text.is_closed)
            for country, text in newest.items()
            if text.left_out
        ),
        key=lambda one: one.country,
    )


class LeftOutPanel(Panel):
    """Stands on the desk page of a quiz while some country lacks a value that a question needs."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "assessments/left_out_panel.html"

        def is_shown(self) -> bool:
            return bool(self.found)

        @property
        def found(self) -> list[LeftOut]:
            if not hasattr(self, "_found"):
                self._found = left_out_of(self.instance.quiz_id) if self.instance.quiz_id else []
            return self._found

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"left_out": self.found}
