"""A talk after the last try: that it was held, and when. It opens one more try."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from assessments.models import Quiz, TalkHeld
from assessments.tries import tries_of
from people.models import AccessKind, User, log_access
from programme.models import Term


class NothingToTalkAbout(Exception):
    """She has a try left, or has passed: there is no last try to talk about."""


@transaction.atomic
def record_talk(
    *, term: Term, quiz: Quiz, held_on: date, recorded_by: User, recorded_as: str, now: datetime
) -> tuple[TalkHeld, bool]:
    """Note that somebody talked with her after her last try of ``quiz``; return ``(talk, created)``.

    One more try opens with it. The same again, or by somebody else at the same moment, is the same talk. Raises
    ``NothingToTalkAbout`` when no talk was ever due.
    """
    # Two people note it at once: the second waits here and finds the talk of the first.
    Term.objects.select_for_update().get(pk=term.pk)
    tries = tries_of(term, quiz, now)
    if tries.is_passed or tries.left:
        before = TalkHeld.objects.filter(term=term, quiz=quiz, after_tries=len(tries.counted)).first()
        if before is None:
            raise NothingToTalkAbout
        return before, False
    talk = TalkHeld.objects.create(
        term=term,
        quiz=quiz,
        after_tries=len(tries.counted),
        held_on=held_on,
        recorded_by=recorded_by,
        recorded_as=recorded_as,
        recorded_at=now,
    )
    log_access(subjects=[term.learner], actor=recorded_by, kind=AccessKind.RECORD_OPENED, actor_role=recorded_as)
    return talk, True
