"""Tries and attempts: opening a ticket, keeping what was answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from assessments import grading
from assessments.changed_rules import changed_for, newest_words
from assessments.models import Attempt, AttemptAnswers, Quiz, QuizText, QuizVersion, Ticket
from assessments.sheets import asked_of, items_of, shuffled
from assessments.tries import talks_of, tries_of
from curriculum.models import Country
from programme.models import Clock, Term
from programme.scope import in_her_order, release_of

TICKET_DAYS = 30
"""How long a try stays open: a month without network is common, two are a reason to talk."""


class NoTriesLeft(Exception):
    """She has used the certifying tries of her pathway: her trainer talks with her first."""


class AlreadyPassed(Exception):
    """She has passed this quiz; from here on it is practice."""


class QuizNotOpen(Exception):
    """The quiz is not published for her country in any of her languages."""


class NothingToAnswer(Exception):
    """The published version holds no question that counts."""


class ValueMissing(NothingToAnswer):
    """A safety question needs a value that her country does not have yet: without it nobody can pass."""


class TicketBelongsToAnother(Exception):
    """The ticket is of another term or another version."""


@transaction.atomic
def open_ticket(*, term: Term, quiz: Quiz, now: datetime, text: QuizText | None = None) -> Ticket:
    """Return her open certifying try of ``quiz``, or make the next one from the published version.

    ``text`` is the text she is shown, when the caller has it. A try that ran out unanswered does
    not use one up. Raises ``AlreadyPassed``, ``NoTriesLeft``, ``QuizNotOpen``, ``NothingToAnswer`` or ``ValueMissing``.
    """
    # Two taps on "start" come as two requests: the second waits here and finds the ticket of the first.
    Term.objects.select_for_update().get(pk=term.pk)
    tries = tries_of(term, quiz, now)
    if tries.is_passed:
        raise AlreadyPassed
    if not tries.left:
        raise NoTriesLeft
    if tries.open_ticket and (text is None or not _is_outdated(term, tries.open_ticket, text, now)):
        return tries.open_ticket
    shown = text or _text_for(term, quiz, now)
    version, items = shown.version, asked_of(shown, "certifying")
    if not items:
        raise NothingToAnswer
    if shown.is_closed:
        raise ValueMissing
    seed = secrets.randbelow(2**31)
    return Ticket.objects.create(
        term=term,
        quiz=quiz,
        version=version,
        ordinal=(Ticket.objects.filter(term=term, quiz=quiz).aggregate(last=Max("ordinal"))["last"] or 0) + 1,
        items=shuffled(items, seed),
        seed=seed,
        expires_at=now + timedelta(days=TICKET_DAYS),
    )


def _is_outdated(term: Term, ticket: Ticket, text: QuizText, now: datetime) -> bool:
    """Whether ``ticket`` asks about a rule that has changed since: ``text`` is what is published instead."""
    if text.version_id == ticket.version_id:
        return False
    asked = QuizText.objects.filter(version=ticket.version_id, language=text.language, country=text.country)
    newest = asked.order_by("-edition").first()
    return newest is not None and changed_for(term=term, ticket=ticket, text=newest, happened_at=now) is not None


def _text_for(term: Term, quiz: Quiz, now: datetime) -> QuizText:
    """The published text she would read now, at her place of work."""
    placement = term.placement_on(now.date())
    country = placement.facility.country if placement else ""
    usual = Country.objects.filter(pk=country).values_list("languages", flat=True).first()
    languages = in_her_order(term.learner.reading_languages, term.learner, usual)
    texts = QuizText.objects.read_on(release_of(term, country)).in_best_language(languages, country)
    text = texts.filter(version__quiz=quiz).first()
    if text is None:
        raise QuizNotOpen
    return text


@transaction.atomic
def record_attempt(
    *,
    term: Term,
    ticket: Ticket | None,
    quiz_version: QuizVersion,
    quiz_text: QuizText,
    client_uuid: UUID,
    answers: Mapping[str, Any],
    clock: Clock,
) -> tuple[Attempt, bool]:
    """Mark and keep one sitting; return ``(attempt, created)``. Without a ticket it is practice.

    Marked with the key of ``quiz_version``, whatever has been published since. A sitting of a
    ticket that was already answered, that had run out, that comes after she passed, or that was
    made on old words after a rule in them had changed, is kept and does not count. The same
    ``client_uuid`` with the same answers is a harmless repeat, with others it raises
    ``PayloadChanged``.
    """
    if ticket and (ticket.term_id != term.pk or ticket.version_id != quiz_version.pk):
        raise TicketBelongsToAnother
    items = quiz_text.asks(ticket.items if ticket else items_of(quiz_version, "practice"))
    result = grading.mark(quiz_version.structure, answers, items, quiz_text.keys)
    attempt, created = Attempt.append(
        term=term,
        client_uuid=client_uuid,
        payload=attempt_payload(ticket, quiz_text, answers),
        quiz_version=quiz_version,
        ticket=ticket,
        counts=ticket is not None and _counts(term, ticket, quiz_text, clock),
        points_needed=grading.points_needed(result.possible, term.pathway_version.pass_mark_percent),
        language=quiz_text.language,
        country=quiz_text.country,
        content_hash=quiz_text.content_hash,
        **result.as_fields(),
        **clock.as_fields(),
    )
    if created:
        AttemptAnswers.objects.create(term=term, client_uuid=client_uuid, answers=dict(answers))
    return attempt, created


def attempt_payload(ticket: Ticket | None, quiz_text: QuizText, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a sitting this sitting: its try, the words she saw, and her answers."""
    return {"ticket": str(ticket.uuid) if ticket else None, "text": quiz_text.content_hash, "answers": dict(answers)}


def _counts(term: Term, ticket: Ticket, text: QuizText, clock: Clock) -> bool:
    """Whether a sitting of ``ticket`` counts, decided once while the term is locked."""
    newest = Subquery(newest_words(text, ticket.quiz_id).values("pk")[:1])
    talks = talks_of(OuterRef("pk"), ticket.quiz_id)
    locked = Term.objects.select_for_update().annotate(newest_words=newest, talks_held=talks).get(pk=term.pk)
    if clock.happened_at > ticket.expires_at or text.is_closed:
        return False
    if locked.newest_words != text.pk and changed_for(
        term=term, ticket=ticket, text=text, happened_at=clock.happened_at
    ):
        return False
    counted = Attempt.objects.counted().filter(term=term, quiz_version__quiz=ticket.quiz_id)
    before = list(counted.only("ticket", "critical_missed", "points_earned", "points_needed"))
    return (
        all(attempt.ticket_id != ticket.pk and not attempt.is_passed for attempt in before)
        and len(before) < term.pathway_version.certifying_tries + locked.talks_held
    )
