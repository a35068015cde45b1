"""What phones send about quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.actions import AlreadyPassed, NothingToAnswer, NoTriesLeft, QuizNotOpen, open_ticket, record_attempt
from assessments.forms import AttemptForm
from assessments.models import QuizText, Ticket
from assessments.sheets import Sheet, asked_of, sheet
from offline.kinds import Entry, Refused
from programme.models import Clock
from programme.sync import term_of

REASONS = {
    "no_such_try": _("This try is not yours, or not of this quiz. Your answers are kept. Ask your trainer."),
    "no_such_quiz": _("This quiz is not known here. Your answers are kept. Ask your trainer."),
    "answers_do_not_fit": _("Some answers do not fit the questions. They are kept. Ask your trainer."),
}


def take_attempt(entry: Entry) -> bool:
    """A sitting: ``{"ticket": uuid or null, "text": content hash, "answers": {question: answer}}``.

    An answer has the shape of its kind (``AttemptForm.answers``). Without a ticket it is practice, which counts for
    nothing. Words that have been withdrawn since are taken: she answered what her phone was given. What does not
    count uses up no try: the next one is opened.
    """
    payload, clock = entry.payload, Clock(**entry.clock())
    ticket = _ticket(entry.owner, payload.get("ticket"))
    texts = QuizText.objects.filter(content_hash=str(payload.get("text", ""))).select_related("version")
    if ticket is not None:
        texts = texts.filter(version=ticket.version_id)
    text = texts.order_by("edition").first()
    if text is None:
        raise Refused("no_such_quiz")
    term = ticket.term if ticket else term_of(entry, clock)
    items = ticket.items if ticket else asked_of(text, "practice")
    form = _form(entry, sheet(text, items, ticket.seed if ticket else 0))
    attempt, is_new = record_attempt(
        term=term,
        ticket=ticket,
        quiz_version=text.version,
        quiz_text=text,
        client_uuid=entry.client_uuid,
        answers=form.answers(),
        clock=clock,
    )
    if is_new and ticket is not None and not attempt.counts:
        # She has not lost a try: the next one, on what is published now, comes down with her next state.
        with suppress(AlreadyPassed, NoTriesLeft, NothingToAnswer, QuizNotOpen):
            open_ticket(term=term, quiz=ticket.version.quiz, now=entry.received_at)
    return is_new


def _ticket(owner: Any, uuid: Any) -> Ticket | None:
    """Her ticket; ``None`` when none is named. Raises ``Refused`` for somebody else's."""
    if uuid is None:
        return None
    try:
        named = UUID(str(uuid))
    except ValueError as problem:
        raise Refused("no_such_try") from problem
    ticket = (
        Ticket.objects.filter(uuid=named, term__learner=owner)
        .select_related("term__pathway_version", "version__quiz")
        .first()
    )
    if ticket is None:
        raise Refused("no_such_try")
    return ticket


def _form(entry: Entry, questions: Sheet) -> AttemptForm:
    """The form of the page, filled with what the phone sent. Raises ``Refused`` when it does not fit."""
    answers = entry.payload.get("answers")
    shapes = str | list | dict
    if not isinstance(answers, Mapping) or not all(isinstance(answer, shapes) for answer in answers.values()):
        raise Refused("answers_do_not_fit")
    filled = {f"{AttemptForm.prefix_of_parts}{question}": chosen for question, chosen in answers.items()}
    form = AttemptForm(
        {**filled, "client_uuid": str(entry.client_uuid), "text": questions.text.content_hash}, sheet=questions
    )
    if not form.is_valid():
        raise Refused("answers_do_not_fit")
    return form
