"""How many certifying tries of a quiz a term has used, and which one is open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from assessments.models import Attempt, Quiz, Ticket
from programme.models import Term


@dataclass(frozen=True)
class Tries:
    """Where she stands with one quiz. A try is used when its answers counted, not when it was opened.

    ``open_ticket`` is one that nobody has answered yet. Answers that were kept without counting use up no try, and
    the next one is a new ticket, on what is published by then.
    """

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
        .exclude(Exists(Attempt.objects.filter(ticket=OuterRef("pk"))))
        .select_related("version")
        .order_by("-ordinal")
    )
    return Tries(allowed=term.pathway_version.certifying_tries, counted=counted, open_ticket=unanswered.first())


def tries_by_quiz(term: Term, now: datetime) -> dict[int, Tries]:
    """The same for every quiz of which ``term`` has opened a try, by the quiz. Two queries."""
    counted: dict[int, list[Attempt]] = defaultdict(list)
    attempts = Attempt.objects.counted().filter(term=term).select_related("ticket").order_by("happened_at")
    for attempt in attempts:
        if attempt.ticket:
            counted[attempt.ticket.quiz_id].append(attempt)
    open_tickets: dict[int, Ticket | None] = dict.fromkeys(counted)
    is_answered = Exists(Attempt.objects.filter(ticket=OuterRef("pk")))
    tickets = Ticket.objects.filter(term=term, expires_at__gt=now).annotate(is_answered=is_answered)
    for ticket in tickets.select_related("version__quiz__module").order_by("ordinal"):
        open_tickets.setdefault(ticket.quiz_id, None)
        if not ticket.is_answered:
            open_tickets[ticket.quiz_id] = ticket
    allowed = term.pathway_version.certifying_tries
    return {quiz: Tries(allowed, counted[quiz], ticket) for quiz, ticket in open_tickets.items()}
