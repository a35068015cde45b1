"""How many certifying tries of a quiz a term has used, and which one is open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Attempt, Quiz, TalkHeld, Ticket
from assessments.models.evidence import AttemptQuerySet
from programme.models import Term


@dataclass(frozen=True)
class Tries:
    """Where she stands with one quiz. A try is used when its answers counted, not when it was opened.

    ``open_ticket`` is one that nobody has answered yet. Answers that were kept without counting use up no try, and
    the next one is a new ticket, on what is published by then. ``allowed`` are those of her pathway, and one more for
    every talk held after the last of them; ``talked_on`` is the day of the last talk.
    """

    allowed: int
    counted: list[Attempt]
    open_ticket: Ticket | None
    talked_on: date | None = None

    @property
    def is_passed(self) -> bool:
        return any(attempt.is_passed for attempt in self.counted)

    @property
    def left(self) -> int:
        return max(0, self.allowed - len(self.counted))


def tries_of(term: Term, quiz: Quiz, now: datetime) -> Tries:
    """The tries of ``term`` at ``quiz`` at ``now``. Two queries."""
    counted = list(_with_talks().filter(term=term, quiz_version__quiz=quiz).order_by("happened_at"))
    unanswered = (
        Ticket.objects.filter(term=term, quiz=quiz, expires_at__gt=now)
        .exclude(Exists(Attempt.objects.filter(ticket=OuterRef("pk"))))
        .select_related("version")
        .order_by("-ordinal")
    )
    return _tries(term, counted, unanswered.first())


def _tries(term: Term, counted: list[Attempt], ticket: Ticket | None) -> Tries:
    """Whoever has no try that counted has had no talk after one."""
    last: Any = counted[-1] if counted else None
    allowed = term.pathway_version.certifying_tries + (last.talks if last else 0)
    return Tries(allowed, counted, ticket, last.talked_on if last else None)


def talks_of(term: Any, quiz: Any) -> Coalesce:
    """For a query: how many talks were held with ``term`` about ``quiz``. Each opens one more try."""
    talks = TalkHeld.objects.filter(term=term, quiz=quiz).order_by().values("term").annotate(number=Count("pk"))
    return Coalesce(Subquery(talks.values("number")), 0)


def _with_talks() -> AttemptQuerySet:
    """Tries that counted, each with how many talks were held about its quiz and when the last one was."""
    about = {"term": OuterRef("term"), "quiz": OuterRef("quiz_version__quiz")}
    last = TalkHeld.objects.filter(**about).order_by("-after_tries").values("held_on")[:1]
    return Attempt.objects.counted().annotate(talks=talks_of(*about.values()), talked_on=Subquery(last))


def tries_by_quiz(term: Term, now: datetime) -> dict[int, Tries]:
    """The same for every quiz of which ``term`` has opened a try, by the quiz. Two queries."""
    counted: dict[int, list[Attempt]] = defaultdict(list)
    attempts = _with_talks().filter(term=term).select_related("ticket").order_by("happened_at")
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
    return {quiz: _tries(term, counted[quiz], ticket) for quiz, ticket in open_tickets.items()}
