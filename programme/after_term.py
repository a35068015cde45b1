"""After her term: for some months she still opens what is hers; then she is told whom to ask.

Lessons and quizzes close on the day after her last one (``programme.scope.current_study``). Her certificates, her
passport and her data stay open for ``Programme.after_term_months``; what her phone has still to send is taken for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from people.models import User
from programme.forms import add_months
from programme.models import Programme, Role, RoleAssignment, Term


@dataclass(frozen=True)
class AfterTerm:
    """Her last term is over. ``until``: the last day on which she opens what is hers."""

    programme: Programme
    until: date
    is_over: bool


def after_term(user: User, today: date) -> AfterTerm | None:
    """What is open to ``user`` after her term; ``None`` while a term runs or is to begin, and for staff. Two queries.

    Of several terms the one that keeps her pages open longest counts.
    """
    terms = list(Term.objects.filter(learner_id=user.pk).select_related("programme"))
    if not terms or any(term.ended_on is None or term.ended_on >= today for term in terms):
        return None
    held = RoleAssignment.objects.filter(user_id=user.pk).exclude(role=Role.LEARNER).exclude(to_on__lt=today)
    if user.is_staff or held.exists():
        return None
    ends = [
        AfterTerm(term.programme, until, until < today)
        for term in terms
        if term.ended_on and (until := add_months(term.ended_on, term.programme.after_term_months))
    ]
    return max(ends, key=lambda end: end.until)


def closed_words(user: User, today: date | None = None) -> dict[str, Any]:
    """For ``no_term.html``: whether a term of hers has ended, what stays open to her until when, and whom to ask."""
    after = after_term(user, today or timezone.now().date())
    ended = Term.objects.filter(learner_id=user.pk, ended_on__isnull=False)
    contact = after.programme.complaint_contact_in(user.reading_languages) if after and after.is_over else ""
    return {"has_ended": after is not None or ended.exists(), "after": after, "contact": contact}


def over_page(request: HttpRequest) -> HttpResponse | None:
    """The page that says whom to ask, for somebody whose months after the term are over; ``None`` for everybody else.

    For views of what is hers alone.
    """
    today, user = timezone.now().date(), request.user
    after = after_term(user, today) if user.is_authenticated else None
    if after is None or not after.is_over or not user.is_authenticated:
        return None
    return render(request, "no_term.html", closed_words(user, today))
