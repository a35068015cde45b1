"""Everything stored about an act that can be computed again, computed again and compared.

What has been purged (answers, comments) cannot be marked again; the rest of the row still can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assessments import grading
from assessments.actions.observing import observation_payload
from assessments.actions.sitting import attempt_payload
from assessments.models import (
    Attempt,
    AttemptAnswers,
    ChecklistText,
    Observation,
    ObservationComment,
    QuizText,
)
from assessments.sheets import items_of
from programme.models import Clock, Evidence, Term
from programme.models.evidence import payload_hash
from progress.actions import attendance_payload, entry_payload, study_payload, update_payload
from progress.models import Attendance, LessonStudy, LogbookEntry, UpdateAnswer

ROWS_AT_A_TIME = 500


@dataclass(frozen=True)
class Difference:
    """One stored value that is not what the evidence gives. Rows are named by random ids only."""

    row: str
    field: str
    stored: Any
    computed: Any

    def __str__(self) -> str:
        return f"{self.row}: {self.field} is {self.stored!r}, the evidence gives {self.computed!r}"


@dataclass
class Count:
    """How many rows were looked at, and how many could be checked in part only."""

    checked: int = 0
    in_part: int = 0


def differences(count: Count) -> Iterator[Difference]:
    """Every difference in all evidence there is, in a handful of queries for each five hundred rows."""
    studies = LessonStudy.objects.select_related("lesson")
    yield from _walk(studies, _study, lambda _rows: {}, count)
    updates = UpdateAnswer.objects.select_related("update")
    yield from _walk(updates, _update, lambda _rows: {}, count)
    sheets = Attendance.objects.select_related("cohort", "taken_by")
    yield from _walk(sheets, _attendance, lambda _rows: {}, count)
    yield from _walk(LogbookEntry.objects.all(), _entry, lambda _rows: {}, count)
    attempts = Attempt.objects.select_related("quiz_version", "ticket", "term__pathway_version")
    yield from _walk(attempts, _attempt, _answers_and_words, count)
    observations = Observation.objects.select_related("checklist_version", "term__pathway_version", "observer")
    yield from _walk(observations, _observation, lambda rows: _beside(ObservationComment, rows), count)


Key = tuple[int, Any]
Expected = dict[str, Any]


def _walk(
    rows: Any,
    expected: Callable[[Any, Any], Expected],
    beside: Callable[[list[Any]], dict[Key, Any]],
    count: Count,
) -> Iterator[Difference]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:ROWS_AT_A_TIME]):
        last = batch[-1].pk
        others = beside(batch)
        for row in batch:
            count.checked += 1
            other = others.get((row.term_id, row.client_uuid))
            count.in_part += other is None and isinstance(row, Attempt | Observation)
            for field, computed in (_clock(row) | expected(row, other)).items():
                if (stored := getattr(row, field)) != computed:
                    yield Difference(str(row), field, stored, computed)


def _beside(model: type[AttemptAnswers] | type[ObservationComment], rows: list[Any]) -> dict[Key, Any]:
    """The purgeable rows that belong to ``rows``."""
    found = model.objects.filter(client_uuid__in=[row.client_uuid for row in rows])
    return {(row.term_id, row.client_uuid): row for row in found}


def _answers_and_words(attempts: list[Any]) -> dict[Key, Any]:
    """The answers that belong to ``attempts``, each of which gets as ``words`` what its country's values made of it."""
    hashes = {attempt.content_hash for attempt in attempts}
    texts = QuizText.objects.filter(content_hash__in=hashes).only("version_id", "content_hash", "keys", "left_out")
    words = {(text.version_id, text.content_hash): text for text in texts}
    for attempt in attempts:
        attempt.words = words.get((attempt.quiz_version_id, attempt.content_hash)) or QuizText()
    return _beside(AttemptAnswers, attempts)


def _clock(row: Evidence) -> Expected:
    clock = Clock(row.acted_at, row.sent_at, row.received_at, contradicts_counter=row.contradicts_counter)
    return {"happened_at": clock.happened_at, "clock_is_doubtful": clock.is_doubtful}


def _study(study: LessonStudy, _other: None) -> Expected:
    payload = study_payload(
        lesson=study.lesson, language=study.language, country=study.country, content_hash=study.content_hash
    )
    return {"payload_hash": payload_hash(payload)}


def _update(answer: UpdateAnswer, _other: None) -> Expected:
    said = {"language": answer.language, "country": answer.country, "content_hash": answer.content_hash}
    payload = update_payload(update=answer.update, choice=answer.choice, **said)
    return {"payload_hash": payload_hash(payload)}


def _attendance(row: Attendance, _other: None) -> Expected:
    payload = attendance_payload(
        cohort=row.cohort,
        held_on=row.held_on,
        half=row.half,
        hours=row.hours,
        was_there=row.was_there,
        taken_by=row.taken_by,
    )
    return {"payload_hash": payload_hash(payload)}


def _entry(entry: LogbookEntry, _other: None) -> Expected:
    payload = entry_payload(kind=entry.kind, held_on=entry.held_on, takes_back=entry.takes_back)
    return {"payload_hash": payload_hash(payload)}


def _attempt(attempt: Any, answers: AttemptAnswers | None) -> Expected:
    if answers is None:
        points = attempt.item_points.values()
        expected = {
            "points_earned": sum(earned for earned, _possible in points),
            "points_possible": sum(possible for _earned, possible in points),
        }
    else:
        version = attempt.quiz_version
        items = attempt.words.asks(attempt.ticket.items if attempt.ticket else items_of(version, "practice"))
        expected = grading.mark(version.structure, answers.answers, items, attempt.words.keys).as_fields()
        text = QuizText(content_hash=attempt.content_hash)
        expected["payload_hash"] = payload_hash(attempt_payload(attempt.ticket, text, answers.answers))
    expected["points_needed"] = _points_needed(attempt.term, expected["points_possible"])
    return expected


def _points_needed(term: Term, possible: int) -> int:
    return grading.points_needed(possible, term.pathway_version.pass_mark_percent)


def _observation(observation: Observation, comment: ObservationComment | None) -> Expected:
    percent = observation.term.pathway_version.practice_pass_percent
    structure = observation.checklist_version.structure
    expected: Expected = {"is_signed_off": grading.is_practice_good(structure, observation.steps, percent)}
    if comment is not None:
        text = ChecklistText(content_hash=observation.content_hash)
        payload = observation_payload(
            text, observation.setting, observation.steps, comment.went_well, comment.next_step
        )
        expected["payload_hash"] = payload_hash(payload | {"observer": str(observation.observer.uuid)})
    return expected
