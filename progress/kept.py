"""What a phone keeps of her learning: her first pages, and what is done on whichever phone."""

from __future__ import annotations

from typing import Any

from assessments.models import Attempt, Observation
from offline import pages
from people.models import User
from programme.after_term import closed_words
from programme.scope import current_study
from progress.models import LessonStudy
from progress.pages import learn_words, today_words
from progress.standing import standing_of


def first_pages(owner: Any) -> dict[str, str]:
    """``today`` and ``learn``; without an open term both say whom to ask, and staff, who work elsewhere, have none."""
    study = current_study(owner)
    if study is None:
        if owner.secret_kind == User.SecretKind.PASSWORD:
            return {}
        closed = pages.draw("progress/no_term.html", closed_words(owner))
        return {"today": closed, "learn": closed}
    standing = standing_of(study.term, study.today)
    today = today_words(study, standing, study.languages)
    return {
        "today": pages.draw("progress/today.html", today | {"user": owner}),
        "learn": pages.draw("progress/learn.html", learn_words(study, standing, study.languages)),
    }


def done_by(owner: Any) -> dict[str, list[str]]:
    """What she has done in her term: lessons by their uuid, quizzes passed and practices signed off by their place."""
    study = current_study(owner)
    if study is None:
        return {"lessons": [], "passed": [], "signed_off": []}
    of_hers = {"term": study.term}
    lessons = LessonStudy.objects.filter(**of_hers).values_list("lesson__uuid", flat=True)
    passed = Attempt.objects.passed().counted().filter(**of_hers)
    signed_off = Observation.objects.signed_off().filter(**of_hers)
    return {
        "lessons": sorted({str(lesson) for lesson in lessons}),
        "passed": _places(passed.values_list("quiz_version__quiz__module__code", flat=True)),
        "signed_off": _places(signed_off.values_list("module__code", flat=True)),
    }


def _places(codes: Any) -> list[str]:
    return sorted({code.lower() for code in codes})
