"""Studying a lesson: kept once, a repeat is harmless, another payload is kept for a person."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from offline.actions import keep_refused
from offline.models import RefusedEntry
from programme.models import Clock
from programme.models.evidence import PayloadChanged
from progress.actions import STUDY, study_lesson
from progress.models import LessonStudy
from tests.progress.conftest import HASH, World

UUID_1 = UUID("5f0a5b0e-3f8c-4a1e-9d4e-0c4a2f1f7c11")


def act(world: World, client_uuid: UUID = UUID_1, number: int = 0, language: str = "en") -> tuple[LessonStudy, bool]:
    return study_lesson(
        term=world.term,
        lesson=world.lessons[number],
        client_uuid=client_uuid,
        clock=Clock.here_and_now(),
        language=language,
        country="KE",
        content_hash=HASH,
    )


def test_study_lesson_keeps_what_she_read(world: World) -> None:
    study, created = act(world)
    assert created
    assert (study.term, study.lesson, study.language, study.country, study.content_hash) == (
        world.term,
        world.lessons[0],
        "en",
        "KE",
        HASH,
    )


def test_study_lesson_again_with_the_same_uuid_keeps_one(world: World) -> None:
    first, _ = act(world)
    assert act(world) == (first, False)
    assert LessonStudy.objects.count() == 1


def test_study_lesson_again_on_another_day_is_harmless(world: World) -> None:
    act(world)
    assert act(world, uuid4())[1]
    assert LessonStudy.objects.count() == 2


def test_study_lesson_with_another_payload_is_refused_and_changes_nothing(world: World) -> None:
    act(world)
    with pytest.raises(PayloadChanged):
        act(world, number=1)
    assert list(LessonStudy.objects.values_list("lesson", flat=True)) == [world.lessons[0].pk]


def test_refused_study_that_comes_again_is_kept_once(world: World) -> None:
    for _ in range(2):
        keep_refused(
            sent_by=world.learner,
            kind=STUDY,
            client_uuid=UUID_1,
            payload={"lesson": "x"},
            reason="payload_changed",
        )
    assert list(RefusedEntry.objects.values_list("kind", "reason", "payload")) == [
        ("study", "payload_changed", {"lesson": "x"})
    ]
