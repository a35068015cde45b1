"""The lock: what a session remembers so that the next person who holds the phone sees nothing.

Three notes in the session: ``seen_at`` (the last request, to the minute), ``locked_at``, and
``lock_next`` (where she was going). Instants are whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from people.models import User

WRITTEN_EVERY_SECONDS = 60
"""``seen_at`` is not written more often: each write of a session is a write to the disk."""

OPEN_TO_ALL = frozenset(
    {
        "home",
        "root",
        "help-for-me",
        "verify",
        "verify-serial",
        "verify-code",
        "verify-list",
        "verify-scan",
        "verify-scan-worker",
        "demo-sign-in",
        "demo-start-over",
        "javascript-catalog",
        "kept",
        "worker",
    }
)
"""Pages that show nothing of anybody's. A locked session reads them as a stranger would."""


class Nobody(AnonymousUser):
    """Whoever holds a locked phone: no name, no pages; only the letters keep their size."""

    def __init__(self, text_size: int = 0) -> None:
        super().__init__()
        self.text_size = text_size


def kept_through_lock[View: Callable[..., Any]](view: View) -> View:
    """Mark a view whose POST is still stored when the screen has locked itself meanwhile.

    For forms that take longer to fill in than the lock waits (a quiz, a sign-off): what was filled
    in is stored, and the PIN is asked before anything is shown. Not after a quick exit.
    """
    view.kept_through_lock = True  # type: ignore[attr-defined]
    return view


def is_locked(session: SessionBase, now: datetime) -> bool:
    """Whether the PIN must be asked: locked by her, or no request for ``LOCK_AFTER_MINUTES``.

    As ``seen_at`` may be a minute old, the lock may come up to one minute early, never late.
    """
    if "locked_at" in session:
        return True
    seen_at = session.get("seen_at")
    return seen_at is not None and now.timestamp() - seen_at >= settings.LOCK_AFTER_MINUTES * 60


def touch(session: SessionBase, now: datetime) -> None:
    """Note that she is there; written at most once a minute."""
    if now.timestamp() - session.get("seen_at", 0) >= WRITTEN_EVERY_SECONDS:
        session["seen_at"] = int(now.timestamp())


def lock(session: SessionBase, now: datetime, *, then: str = "") -> None:
    """Lock; ``then`` is where the PIN leads back to. A lock that is on keeps its own.

    A session that was ended while this request was under way stays ended: a phone tells of its lock on its own,
    and she may sign out before that has arrived.
    """
    if "locked_at" in session:
        return
    session["locked_at"] = int(now.timestamp())
    session["lock_next"] = then
    with transaction.atomic():
        if not Session.objects.filter(session_key=session.session_key).delete()[0]:
            session.flush()
            return
        # Another cookie: browsers then forget the pages that they hold in memory for Back. Only once,
        # as the wrong tries at the lock are counted by this key.
        session.cycle_key()


def unlock(session: SessionBase, now: datetime) -> str:
    """Take the lock away and return where she was going; empty for her first page."""
    session.pop("locked_at", None)
    session["seen_at"] = int(now.timestamp())
    session.pop("was_kept", None)
    return session.pop("lock_next", "")


def try_secret(request: HttpRequest, user: User, secret: str) -> bool:
    """Whether ``secret`` is hers. After ten wrong tries the session is over: she must sign in again.

    Counted before the secret is looked at, so that a hundred tries at once are not a hundred tries.
    """
    key = f"{user.pk}:{request.session.session_key}"
    if not ratelimit.consume(request, action="unlock", key=key):
        logout(request)
        return False
    if user.check_password(secret):
        ratelimit.clear(request, action="unlock", key=key)
        return True
    if not ratelimit.consume(request, action="unlock", key=key, dry_run=True):
        logout(request)
    return False
