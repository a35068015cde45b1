"""What a phone keeps of quizzes and practices: sheets, the key of what may be practised, tries and results.

The key of a certifying question never leaves the server. Its words do, with a try of hers, in her own state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from assessments.actions import AlreadyPassed, NothingToAnswer, NoTriesLeft, open_ticket
from assessments.forms import AttemptForm
from assessments.grading import right_ids
from assessments.models import Attempt, ChecklistText, QuizText, QuizVersion, Ticket
from assessments.practice import steps_of
from assessments.reading import language_note, sheet_words
from assessments.results import results_of
from assessments.sheets import items_of, sheet
from assessments.tries import tries_by_quiz
from offline import pages
from programme.scope import Study, current_study

A_FIXED_ORDER = 0
"""A pack is the same for everybody; practice has no try whose seed could mix the answers."""


class KeyWouldLeave(Exception):
    """A pack would hold what certifies: nothing of it is handed out."""


def practice_sheet(text: QuizText, languages: Sequence[str]) -> str:
    """The practice questions of ``text`` as a page; empty when it has none."""
    items = items_of(text.version, "practice")
    if not items:
        return ""
    form = AttemptForm(sheet=sheet(text, items, A_FIXED_ORDER))
    return pages.draw("assessments/quiz_sheet.html", sheet_words(form, None, languages))


def practice_key(text: QuizText) -> dict[str, Any]:
    """What marks the practice questions of ``text`` on the phone, and what it says of each choice."""
    return {
        item["question"]: {
            "right": sorted(right_ids(item)),
            "why": text.content[item["question"]]["why"],
            "choices": {
                choice["id"]: text.content[item["question"]]["choices"][choice["id"]]["feedback"]
                for choice in item["choices"]
            },
        }
        for item in text.version.structure["items"]
        if item["use"] == "practice"
    }


def check_that_no_key_leaves(version: QuizVersion, packed: str) -> None:
    """Raise ``KeyWouldLeave`` when ``packed`` names a certifying question of ``version`` or a choice of one."""
    if set(items_of(version, "practice")) & set(items_of(version, "certifying")):
        raise KeyWouldLeave("a question is for practice and certifies")
    for item in version.structure["items"]:
        if item["use"] != "practice":
            names = [item["question"], *(choice["id"] for choice in item["choices"])]
            if any(name in packed for name in names):
                raise KeyWouldLeave("a certifying question is among what may be practised")


def checklist_page(text: ChecklistText, languages: Sequence[str]) -> str:
    """What an observer looks for, to read; what was seen of her is not in a pack."""
    words = {
        "text": text,
        "module": text.version.module,
        "steps": steps_of(text),
        "language_note": language_note(text.language, languages),
    }
    return pages.draw("assessments/practice.html", words)


def open_tries(owner: Any, places: Sequence[str]) -> None:
    """She keeps ``places``: open her try of each quiz there that she may still certify."""
    study = current_study(owner)
    if study is None:
        return
    texts = QuizText.objects.published().in_best_language(study.languages, study.country)
    found: dict[int, QuizText] = {}
    codes = [place.upper() for place in places]
    for text in texts.filter(version__quiz__module__code__in=codes).select_related("version__quiz").defer("content"):
        found.setdefault(text.version.quiz_id, text)
    for text in found.values():
        with suppress(AlreadyPassed, NoTriesLeft, NothingToAnswer):
            open_ticket(term=study.term, quiz=text.version.quiz, now=timezone.now(), text=text)


def tickets_of(owner: Any) -> list[dict[str, Any]]:
    """Her open tries with their questions, for quizzes that she may still certify. Four queries, or one without any."""
    study = current_study(owner)
    if study is None:
        return []
    tries = tries_by_quiz(study.term, timezone.now()).values()
    tickets = [one.open_ticket for one in tries if one.open_ticket and one.left and not one.is_passed]
    versions = {ticket.version_id for ticket in tickets}
    texts: dict[int, QuizText] = {}
    in_best = QuizText.objects.published().in_best_language(study.languages, study.country)
    for text in in_best.filter(version__in=versions):
        texts.setdefault(text.version_id, text)
    return sorted(
        (_ticket(ticket, texts[ticket.version_id], study) for ticket in tickets if ticket.version_id in texts),
        key=lambda ticket: ticket["place"],
    )


def _ticket(ticket: Ticket, text: QuizText, study: Study) -> dict[str, Any]:
    text.version = ticket.version
    form = AttemptForm(sheet=sheet(text, ticket.items, ticket.seed))
    return {
        "place": ticket.version.quiz.module.slug,
        "ticket": str(ticket.uuid),
        "text": text.content_hash,
        "language": text.language,
        "expires_at": ticket.expires_at.isoformat(),
        "html": pages.draw("assessments/quiz_sheet.html", sheet_words(form, ticket, study.languages)),
    }


def results_for(owner: Any) -> list[dict[str, Any]]:
    """Her last certifying sitting of each quiz, as she reads it. Seven queries, or one without any sitting.

    Practice is not among them: the phone itself says at once what was right.
    """
    study = current_study(owner)
    if study is None:
        return []
    same_quiz = Attempt.objects.filter(
        term=OuterRef("term"), ticket__isnull=False, quiz_version__quiz=OuterRef("quiz_version__quiz")
    )
    newest = same_quiz.order_by("-happened_at", "-pk").values("pk")[:1]
    attempts = list(
        Attempt.objects.filter(term=study.term, ticket__isnull=False, pk=Subquery(newest))
        .select_related("quiz_version__quiz__module")
        .order_by("quiz_version__quiz__module__code")
    )
    if not attempts:
        return []
    tries = tries_by_quiz(study.term, timezone.now())
    counted = [attempt for attempt in attempts if attempt.counts]
    read_back = {
        result.attempt.pk: {"result": result, "tries": tries.get(result.attempt.quiz_version.quiz_id)}
        for result in results_of(study.term.pk, counted, study.languages, study.country)
    }
    found = []
    for attempt in attempts:
        html = _result_page(attempt, read_back.get(attempt.pk))
        place = attempt.quiz_version.quiz.module.slug
        if html:
            found.append({"place": place, "client_uuid": str(attempt.client_uuid), "html": html})
    return found


def _result_page(attempt: Attempt, read_back: Mapping[str, Any] | None) -> str:
    words = {"attempt": attempt, "module": attempt.quiz_version.quiz.module}
    if not attempt.counts:
        return pages.draw("assessments/quiz_not_counted.html", words)
    return pages.draw("assessments/quiz_result.html", words | dict(read_back)) if read_back else ""
