"""What a learner does with a lesson, and with an update of what she learned."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from curriculum.models import FactUpdate, Lesson
from programme.models import Clock, Term
from progress.models import LessonStudy, UpdateAnswer

STUDY = "study"
"""The kind of entry that a phone sends for a lesson studied."""

UPDATE = "update"
"""The kind of entry that says that she knows a new rule."""


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


class NotTheRule(Exception):
    """The answer is not the rule of today: it is explained, asked again, and kept nowhere."""


def update_payload(
    *, update: FactUpdate, choice: UUID | str, language: str, country: str, content_hash: str
) -> dict[str, str]:
    """What an answer to an update says, as it is hashed. The row's own columns give it back."""
    return {
        "update": str(update.uuid),
        "choice": str(choice),
        "language": language,
        "country": country,
        "content_hash": content_hash,
    }


@transaction.atomic
def answer_update(
    *,
    term: Term,
    update: FactUpdate,
    choice: UUID,
    client_uuid: UUID,
    clock: Clock,
    language: str,
    country: str,
    content_hash: str,
) -> tuple[UpdateAnswer, bool]:
    """Append that she answered the safety question of ``update`` right; return ``(answer, created)``.

    Raises ``NotTheRule`` for any other answer, of which nothing is kept. Safe to call again with the same
    ``client_uuid`` and payload; raises ``PayloadChanged`` when the uuid is there with another one. Another right answer
    under another uuid is another row and changes nothing.
    """
    if not update.is_right(str(choice)):
        raise NotTheRule
    said = {"language": language, "country": country, "content_hash": content_hash}
    return UpdateAnswer.append(
        term=term,
        client_uuid=client_uuid,
        payload=update_payload(update=update, choice=choice, **said),
        update=update,
        choice=choice,
        **said,
        **clock.as_fields(),
    )
