"""How many certifying tries of a quiz a term has used, and which one is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assessments.models import Attempt, Quiz, Ticket
from programme.models import Term


@dataclass(frozen=True)
class Tries:
    """Where she stands with one quiz. A try is used when its answers counted, not when it was opened."""

    allowed: int
    counted: list[Attempt]
    open_ticket: Ticket | None

    @property
    def is_passed(self) -> bool:
        return any(attempt.is_passed for attempt in self.counted)

    @property
    def left(self) -> int:
        return max(0, self.allowed - len(self.counted))


def tries_of(term: Term, quiz: Quiz, now: datetime) -> Tries:
    """The tries of ``term`` at ``quiz`` at ``now``. Two queries."""
    counted = list(Attempt.objects.counted().filter(term=term, quiz_version__quiz=quiz).order_by("happened_at"))
    unanswered = (
        Ticket.objects.filter(term=term, quiz=quiz, expires_at__gt=now)
        .exclude(pk__in=[attempt.ticket_id for attempt in counted])
        .select_related("version")
        .order_by("-ordinal")
    )
    return Tries(allowed=term.pathway_version.certifying_tries, counted=counted, open_ticket=unanswered.first())
