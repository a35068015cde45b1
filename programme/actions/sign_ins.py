"""Ending somebody's sign-ins without touching her PIN."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from people.models import AccessKind, User, log_access


def end_sign_ins(*, user: User, by: User, actor_role: str) -> int:
    """Sign ``user`` out of every phone; return how many sessions that were. She can sign in again.

    Reads every live session, as they do not say whose they are; done when a term ends, not on a page.
    """
    key, ended = str(user.pk), 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == key:
            session.delete()
            ended += 1
    if ended:
        log_access(subjects=[user], actor=by, kind=AccessKind.SESSIONS_ENDED, actor_role=actor_role)
    return ended
