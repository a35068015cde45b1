"""May she work alone, under supervision, or not now: one sentence, until when, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from certificates.models import Certificate
from certificates.states import FullState, full_state_on
from programme.models import Term
from progress.standing import short_date


class Kind(StrEnum):
    """What a facility may let her do today."""

    ALONE = "alone"
    SUPERVISED = "supervised"
    NOT_NOW = "not_now"


@dataclass(frozen=True)
class WorkPermission:
    """``until``: the last day it holds, or the last day of her leave; ``None`` where there is no end.

    ``reason`` is a sentence in the language in force and names no cause that is hers alone.
    """

    kind: Kind
    until: date | None
    reason: str

    @property
    def sentence(self) -> str:
        """Kind, date and reason together: the first line of her record."""
        return f"{self._claim()} {self.reason}"

    def _claim(self) -> str:
        date_words = {"date": short_date(self.until)} if self.until else {}
        if self.kind == Kind.NOT_NOW:
            return _("May not work with clients now.")
        if self.kind == Kind.ALONE:
            return _("May work alone until %(date)s.") % date_words if self.until else _("May work alone.")
        if self.until:
            return _("May work under supervision until %(date)s.") % date_words
        return _("May work under supervision.")


def may_work(term: Term, on: date) -> WorkPermission:
    """``may_work_of`` for one term."""
    return may_work_of([term], on)[term.pk]


def may_work_of(terms: Iterable[Term], on: date) -> dict[int, WorkPermission]:
    """The permission of each term by its primary key, in two queries however many there are."""
    terms = list(terms)
    certificates = live_certificates(terms)
    return {term.pk: permission_of(term, certificates[term.pk], on) for term in terms}


def live_certificates(terms: Iterable[Term]) -> dict[int, list[Certificate]]:
    """The live certificates of each term by its primary key, with award and state. Two queries, leave among them."""
    terms = list(terms)
    prefetch_related_objects(terms, "leaves")
    by_term: dict[int, list[Certificate]] = defaultdict(list)
    certificates = Certificate.objects.live().filter(term__in=terms).with_latest_event()
    with_leaves = {term.pk: term for term in terms}
    for certificate in certificates.order_by("award__order", "pk"):
        certificate.term = with_leaves[certificate.term_id]
        by_term[certificate.term_id].append(certificate)
    return by_term


def permission_of(term: Term, certificates: Sequence[Certificate], on: date) -> WorkPermission:
    """The permission that the live ``certificates`` of ``term`` give. No query after ``live_certificates``."""
    if on < term.start_on:
        return _not_now(_("Her term begins on %(date)s.") % {"date": short_date(term.start_on)})
    if not term.is_open(on):
        return _not_now(_("Her term has ended."))
    on_leave_until = max(
        (leave.to_on for leave in term.leaves.all() if leave.from_on <= on <= leave.to_on), default=None
    )
    if on_leave_until:
        return WorkPermission(
            Kind.NOT_NOW, on_leave_until, _("On leave until %(date)s.") % {"date": short_date(on_leave_until)}
        )
    allowing = [c for c in certificates if c.award.allows_work_alone or c.award.allows_work_supervised]
    states = {certificate.pk: full_state_on(certificate, on) for certificate in allowing}
    # A suspension asks a question about her work: until it is answered, no other certificate answers it.
    if FullState.SUSPENDED in states.values():
        return _not_now(_("Her certificate is suspended."))
    current = [certificate for certificate in allowing if states[certificate.pk] == FullState.CURRENT]
    for kind, certificates_of_kind in (
        (Kind.ALONE, [certificate for certificate in current if certificate.award.allows_work_alone]),
        (Kind.SUPERVISED, [certificate for certificate in current if certificate.award.allows_work_supervised]),
    ):
        if certificates_of_kind:
            best = max(certificates_of_kind, key=lambda certificate: certificate.valid_until() or date.max)
            # Translators: %(title)s is the title of a certificate.
            return WorkPermission(kind, best.valid_until(), _("“%(title)s” is current.") % {"title": best.title})
    expired = [certificate for certificate in allowing if states[certificate.pk] == FullState.EXPIRED]
    if expired:
        last = max(certificate.valid_until() or date.min for certificate in expired)
        return _not_now(_("Her certificate ended on %(date)s.") % {"date": short_date(last)})
    if allowing:
        return _not_now(_("Her certificate was withdrawn."))
    return _not_now(_("No certificate yet."))


def _not_now(reason: str) -> WorkPermission:
    return WorkPermission(Kind.NOT_NOW, None, reason)
