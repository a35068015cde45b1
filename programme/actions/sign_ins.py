"""Ending somebody's sign-ins without touching her PIN."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from offline import phones
from offline.models import KeepingPhone
from people.models import AccessEntry, AccessKind, User, log_access


def end_sign_ins(*, user: User, by: User, actor_role: str) -> int:
    """Sign ``user`` out of every phone; return how many sessions that were. She can sign in again.

    Reads every live session, as they do not say whose they are; done when a term ends, not on a page.
    """
    ended = _end_sessions(user)
    if ended:
        log_access(subjects=[user], actor=by, kind=AccessKind.SESSIONS_ENDED, actor_role=actor_role)
    return ended


@transaction.atomic
def end_everywhere(*, user: User, by: User, actor_role: str, now: datetime, spared: str = "") -> int:
    """Sign ``user`` out of every phone, and let none of them open what it keeps of hers without her PIN.

    At its next contact each phone is told to wipe what can be read there; what waits to be sent stays. ``spared``
    is the key of the one session that goes on, when she does it herself. Return how many phones kept something.
    She can read who did it; done by herself it stands there too, for the case that it was not her.
    """
    _end_sessions(user, spared=spared)
    AccessEntry.objects.create(
        subject=user, actor=by, kind=AccessKind.SESSIONS_ENDED, actor_role="" if by.pk == user.pk else actor_role
    )
    return phones.end(owner=user, now=now)


@transaction.atomic
def report_lost(*, phone: KeepingPhone, by: User, actor_role: str, now: datetime, spared: str = "") -> bool:
    """``phone`` is lost, says ``by``: its owner's sign-ins end everywhere, and the privacy officer finds it listed.

    Return whether nobody had said so before; a repeat changes nothing.
    """
    is_new = phones.report_lost(phone=phone, by=by, now=now)
    if is_new:
        end_everywhere(user=phone.owner, by=by, actor_role=actor_role, now=now, spared=spared)
    return is_new


def _end_sessions(user: User, *, spared: str = "") -> int:
    key, ended = str(user.pk), 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=spared).iterator():
        if session.get_decoded().get(SESSION_KEY) == key:
            session.delete()
            ended += 1
    return ended
