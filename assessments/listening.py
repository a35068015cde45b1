"""What is read aloud of quizzes and practice checklists. See ``curriculum.listening``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading import keyed
from assessments.models import ChecklistText, QuizText
from curriculum.listening.readings import Telling
from curriculum.listening.texts import Spoken, pieces

QUIZ, STEPS = "q", "s"
"""The second part of the key of a reading, ``m4/q``: not the slug of a lesson, and it says nothing."""


def spoken_of_quiz(text: QuizText) -> list[Spoken]:
    """Title, and of each question its story, stem and options, what is said of each, and why. In the order asked.

    ``text.version`` must be at hand. No query otherwise.
    """
    return pieces([("title", "title", text.title), *_in_questions(text)])


def _in_questions(text: QuizText) -> Iterator[tuple[str, str, str]]:
    for item in text.version.structure["items"]:
        question = item["question"]
        words = text.content[question]
        # What has no words is left out by ``pieces``.
        # The steps of an order that is a country's stand in the words of that country.
        own = keyed(item, text.keys) if item["kind"] == "ordering" else item
        parts = [(part["id"], words["choices"][part["id"]]) for part in own["choices"]]
        parts += [(part["id"], words["sides"][part["id"]]) for part in item.get("sides", ())]
        yield f"{question}.story", "story", words.get("story", "")
        yield question, "question", words["stem"]
        for part, said in parts:
            yield f"{question}.{part}", "option", said["text"]
        yield f"{question}.unit", "option", words.get("unit", "")
        for part, said in parts:
            yield f"{question}.{part}.f", "feedback", said["feedback"]
        yield f"{question}.else", "feedback", words.get("otherwise", "")
        yield f"{question}.why", "why", words["why"]


def spoken_of_checklist(text: ChecklistText) -> list[Spoken]:
    """Each step, in order. ``text.version`` must be at hand."""
    return pieces((step["id"], "step", text.content[step["id"]]) for step in text.version.structure["steps"])


def told_by_quizzes(language: str, key: str) -> Iterator[Telling]:
    """The questions of each module as they were published last. One query."""
    for text in _newest(QuizText, "version__quiz", "version__quiz__module", language, key, QUIZ):
        slug = text.version.quiz.module.slug
        yield Telling(f"{slug}/{QUIZ}", gettext_lazy("Questions"), text.title, text.country, spoken_of_quiz(text))


def told_by_checklists(language: str, key: str) -> Iterator[Telling]:
    """What the observer of each module's practice looks for. One query."""
    for text in _newest(ChecklistText, "version__module", "version__module", language, key, STEPS):
        module = text.version.module
        # Translators: the steps of a module's practice, read aloud; "module" is a code such as M4.
        title = _("Practice of %(module)s") % {"module": module.code}
        yield Telling(
            f"{module.slug}/{STEPS}", gettext_lazy("Practice"), title, text.country, spoken_of_checklist(text)
        )


def _newest(model: Any, owner: str, module: str, language: str, key: str, part: str) -> Any:
    """The newest published text of each owner and country in ``language``; of the one at ``key``, if there is one."""
    code, _slash, wanted = key.partition("/")
    if key and wanted != part:
        return model.objects.none()
    same = model.objects.filter(**{owner: OuterRef(owner)}, language=language, country=OuterRef("country"))
    newest = same.order_by("-version__number", "-edition").values("pk")[:1]
    rows = model.objects.published().filter(language=language, pk=Subquery(newest)).select_related(module)
    rows = rows.order_by(f"{module}__code", "country")
    return rows.filter(**{f"{module}__code": code.upper()}) if key else rows
