"""Who may, in which role, at which moment: what every verb asks first and writes down last."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from certificates.actions.refusals import NotAllowed
from people.models import AccessKind, User, log_access
from programme.models import Term
from programme.scope import Act, Scope, scope_of


def scope_for(user: User, act: Act, term: Term, on: date) -> Scope:
    """The scope of ``user``; ``NotAllowed`` when she may not ``act`` with ``term``."""
    scope = scope_of(user, on)
    if not scope.allows(act, term):
        raise NotAllowed
    return scope


def log(term: Term, actor: User, kind: AccessKind, scope: Scope, act: Act) -> None:
    """Let the owner of ``term`` read that ``actor`` did something."""
    log_access(subjects=[term.learner], actor=actor, kind=kind, actor_role=scope.role_for(term, act))


def moment(term: Term, on: date) -> datetime:
    """Now, or noon at her place of work when it is written down for another day."""
    placement = term.placement_on(on)
    zone = ZoneInfo(placement.facility.time_zone) if placement else UTC
    now = timezone.now()
    return now if now.astimezone(zone).date() == on else datetime.combine(on, time(12), zone)
