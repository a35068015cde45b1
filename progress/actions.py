"""What a learner does with a lesson."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from curriculum.models import Lesson
from programme.models import Clock, Term
from progress.models import LessonStudy

STUDY = "study"
"""The kind of entry that a phone sends for a lesson studied."""


def study_payload(*, lesson: Lesson, language: str, country: str, content_hash: str) -> dict[str, str]:
    """What a study says, as it is hashed. The row's own columns give it back: ``check_evidence`` compares."""
    return {"lesson": str(lesson.uuid), "language": language, "country": country, "content_hash": content_hash}


@transaction.atomic
def study_lesson(
    *, term: Term, lesson: Lesson, client_uuid: UUID, clock: Clock, language: str, country: str, content_hash: str
) -> tuple[LessonStudy, bool]:
    """Append that she studied ``lesson``; return ``(study, created)``.

    Safe to call again with the same ``client_uuid`` and payload. Studying again under another uuid
    is another row and changes nothing: a lesson studied is studied. Raises ``PayloadChanged`` when
    the uuid is there with another payload.
    """
    return LessonStudy.append(
        term=term,
        client_uuid=client_uuid,
        payload=study_payload(lesson=lesson, language=language, country=country, content_hash=content_hash),
        lesson=lesson,
        language=language,
        country=country,
        content_hash=content_hash,
        **clock.as_fields(),
    )
