"""A term as a line in a list: where she is, until when, and in which state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.models import OrganisationUnit, Term
from programme.scope import Scope


class TermState(StrEnum):
    """What its dates alone say about a term."""

    COMING = "coming"
    RUNNING = "running"
    ON_LEAVE = "on_leave"
    ENDED = "ended"


@dataclass(frozen=True)
class TermRow:
    """One line. ``name`` is empty where only the alias may be seen."""

    term: Term
    alias: str
    name: str
    facility: OrganisationUnit | None
    state: TermState
    words: str
    end_on: date | None

    @property
    def who(self) -> str:
        """``Amélia (AME-102)``, or the alias alone."""
        return f"{self.name} ({self.alias})" if self.name else self.alias


def row_of(term: Term, scope: Scope) -> TermRow:
    """``term`` as ``scope`` may see it. No query when placements and leaves are prefetched."""
    placement = term.placement_on(scope.on)
    name = scope.name_of(term)
    state, words = state_of(term, scope.on)
    return TermRow(
        term=term,
        alias=term.learner.alias,
        name="" if name == term.learner.alias else name,
        facility=placement.facility if placement else None,
        state=state,
        words=words,
        end_on=term.ended_on or term.end_with_leave(),
    )


def state_of(term: Term, on: date) -> tuple[TermState, str]:
    """The state of ``term`` on ``on`` by its dates, and the words for it."""
    if term.ended_on is not None and term.ended_on < on:
        return TermState.ENDED, _("ended on %(date)s") % {"date": date_format(term.ended_on, "DATE_FORMAT")}
    if on < term.start_on:
        return TermState.COMING, _("starts on %(date)s") % {"date": date_format(term.start_on, "DATE_FORMAT")}
    if term.is_on_leave(on):
        last = max(leave.to_on for leave in term.leaves.all() if leave.from_on <= on <= leave.to_on)
        return TermState.ON_LEAVE, _("on leave until %(date)s") % {"date": date_format(last, "DATE_FORMAT")}
    # Translators: the state of a term that runs today.
    return TermState.RUNNING, _("at work")
