"""``check_evidence``: what can be computed again is, and every difference is named."""

from __future__ import annotations

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from append_only import lifted
from assessments import grading
from assessments.actions.observing import observation_payload
from assessments.actions.sitting import attempt_payload
from assessments.models import (
    Attempt,
    AttemptAnswers,
    ChecklistText,
    ChecklistVersion,
    Observation,
    ObservationComment,
    Quiz,
    QuizText,
    QuizVersion,
)
from programme.models import Clock
from progress.actions import note_session, study_lesson, take_back_session
from progress.models import Attendance, LessonStudy, LogbookEntry
from tests.factories import make_user
from tests.progress.conftest import HASH, World
from tests.progress.sheets import make_class, take

STRUCTURE = {
    "items": [
        {
            "question": "q1",
            "kind": "single",
            "use": "practice",
            "is_critical": True,
            "points": 12,
            "look_again": None,
            "choices": [{"id": "a", "is_right": True}, {"id": "b", "is_right": False}],
        }
    ]
}
STEPS = {"steps": [{"id": "s1", "is_safety": True}]}


def check() -> tuple[int, str]:
    """The exit code and what is printed."""
    out = StringIO()
    try:
        call_command("check_evidence", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def evidence(world: World) -> World:
    """A lesson studied, a practice quiz answered, a practice watched."""
    act = {"term": world.term, "language": "en", "country": "KE", "content_hash": HASH}
    clock = Clock.here_and_now()
    study_lesson(**act, lesson=world.lessons[0], client_uuid=uuid4(), clock=clock)
    version = QuizVersion.objects.create(
        quiz=Quiz.objects.create(module=world.module), number=1, structure=STRUCTURE, structure_hash=HASH
    )
    answers, client_uuid = {"q1": "a"}, uuid4()
    Attempt.append(
        **act,
        **clock.as_fields(),
        client_uuid=client_uuid,
        payload=attempt_payload(None, QuizText(content_hash=HASH), answers),
        quiz_version=version,
        counts=False,
        points_needed=10,
        **grading.mark(STRUCTURE, answers, ["q1"]).as_fields(),
    )
    AttemptAnswers.objects.create(term=world.term, client_uuid=client_uuid, answers=answers)
    steps, observer, client_uuid = {"s1": "done_well"}, make_user(), uuid4()
    payload = observation_payload(ChecklistText(content_hash=HASH), "role_play", steps, "Kind.", "Slower.")
    Observation.append(
        **act,
        **clock.as_fields(),
        client_uuid=client_uuid,
        payload=payload | {"observer": str(observer.uuid)},
        module=world.module,
        checklist_version=ChecklistVersion.objects.create(
            module=world.module, number=1, structure=STEPS, structure_hash=HASH
        ),
        observer=observer,
        unit=world.term.placements.get().facility,
        setting="role_play",
        steps=steps,
        is_signed_off=True,
    )
    ObservationComment.objects.create(term=world.term, client_uuid=client_uuid, went_well="Kind.", next_step="Slower.")
    return world


def test_check_evidence_with_nothing_is_clean(db: None) -> None:
    assert check() == (0, "0 acts checked, 0 of them in part (answers or comments purged), 0 differences\n")


def test_check_evidence_finds_what_the_actions_wrote_clean(evidence: World) -> None:
    assert check() == (0, "3 acts checked, 0 of them in part (answers or comments purged), 0 differences\n")


def test_check_evidence_names_points_that_the_answers_do_not_give(evidence: World) -> None:
    with lifted("assessments_attempt"):
        Attempt.objects.update(points_earned=0)
    code, printed = check()
    uuid = Attempt.objects.get().client_uuid
    assert code == 1
    assert f"attempt {uuid}: points_earned is 0, the evidence gives 12\n" in printed
    assert printed.endswith("1 differences\n")


def test_check_evidence_names_a_changed_payload(evidence: World) -> None:
    with lifted("progress_lessonstudy", "assessments_observation"):
        LessonStudy.objects.update(content_hash="b" * 64)
        Observation.objects.update(is_signed_off=False)
    code, printed = check()
    assert code == 1
    assert f"study {LessonStudy.objects.get().client_uuid}: payload_hash is" in printed
    assert "is_signed_off is False, the evidence gives True" in printed


def test_check_evidence_names_a_moved_time(evidence: World) -> None:
    with lifted("progress_lessonstudy"):
        LessonStudy.objects.update(happened_at=timezone.now())
    assert "happened_at is" in check()[1]


def test_check_evidence_after_a_purge_checks_what_is_left(evidence: World) -> None:
    with lifted("assessments_attemptanswers", "assessments_observationcomment"):
        AttemptAnswers.objects.all().delete()
        ObservationComment.objects.all().delete()
    assert check() == (0, "3 acts checked, 2 of them in part (answers or comments purged), 0 differences\n")
    with lifted("assessments_attempt"):
        Attempt.objects.update(points_earned=11)
    assert check()[0] == 1


def test_check_evidence_changes_nothing_and_says_the_same_again(evidence: World) -> None:
    assert check() == check()


def test_check_evidence_speaks_json(evidence: World) -> None:
    out = StringIO()
    call_command("check_evidence", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"checked": 3, "in_part": 0, "differences": []}


def test_check_evidence_names_hours_and_sessions_that_somebody_changed(db: None) -> None:
    of = make_class(1)
    take(of.browser, of.sheet(), of.women)
    entry, _created = note_session(
        term=of.women[0], kind="led", held_on=of.today, client_uuid=uuid4(), clock=Clock.here_and_now()
    )
    take_back_session(term=of.women[0], entry=entry.client_uuid, clock=Clock.here_and_now())
    assert check() == (0, "3 acts checked, 0 of them in part (answers or comments purged), 0 differences\n")
    with lifted("progress_attendance", "progress_logbookentry"):
        Attendance.objects.update(hours=8)
        LogbookEntry.objects.filter(takes_back__isnull=True).update(kind="watched")
    code, printed = check()
    assert code == 1
    assert f"attendance {Attendance.objects.get().client_uuid}: payload_hash is" in printed
    assert f"entry {entry.client_uuid}: payload_hash is" in printed
    assert printed.endswith("2 differences\n")
