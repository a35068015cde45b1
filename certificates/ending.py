"""What ends soon, known in advance: to her on her first page, to her supervisor on the list of who needs her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from certificates.models import Certificate
from certificates.permission import Kind, WorkPermission, live_certificates, permission_of
from certificates.states import FullState, full_state_on
from programme.scope import Study
from progress.standing import short_date

STAGES = (7, 30, 60)
"""Days before the last one at which it is said, each time more pressing (programme reference, SU6)."""


@dataclass(frozen=True)
class Ending:
    """``until``: the last day. ``stage``: the least of ``STAGES`` that it is within.

    ``title`` is empty for what lets her work: that is said as her certificate, whichever of them it is.
    """

    until: date
    stage: int
    title: str = ""

    def about_her(self) -> str:
        """For her supervisor."""
        words = {"date": short_date(self.until), "title": self.title}
        if self.stage == STAGES[0]:
            if self.title:
                return _("“%(title)s” ends within a week, on %(date)s.") % words
            return _("Her certificate ends within a week, on %(date)s.") % words
        return (_("“%(title)s” ends on %(date)s.") if self.title else _("Her certificate ends on %(date)s.")) % words

    def to_her(self) -> str:
        """For herself: no title, as somebody may read over her shoulder."""
        words = {"date": short_date(self.until)}
        if self.stage == STAGES[0]:
            return _("A paper of yours ends within a week, on %(date)s. Talk with your supervisor now.") % words
        if self.stage == STAGES[1]:
            return _("A paper of yours ends on %(date)s. Ask your supervisor what the next one needs.") % words
        return _("A paper of yours ends on %(date)s. There is time to make the next one.") % words


def endings(certificates: Iterable[Certificate], permission: WorkPermission, on: date) -> list[Ending]:
    """What of the live ``certificates`` of one term ends soon, the soonest first. No query.

    Of several that let her work the one that lets her longest counts: nobody renews what a better one stands for.
    """
    found = []
    if permission.kind != Kind.NOT_NOW:
        found += _ending(permission.until, on)
    for certificate in certificates:
        if certificate.award.allows_work_alone or certificate.award.allows_work_supervised:
            continue
        if full_state_on(certificate, on) == FullState.CURRENT:
            found += _ending(certificate.valid_until(), on, certificate.title)
    return sorted(found, key=lambda each: (each.until, each.title))


def _ending(until: date | None, on: date, title: str = "") -> list[Ending]:
    left = (until - on).days if until is not None else -1
    stage = next((days for days in STAGES if 0 <= left <= days), None)
    return [Ending(until, stage, title)] if until is not None and stage is not None else []


def note_of_ending(study: Study) -> str:
    """For her first page: the soonest of what ends soon, or nothing while she is on leave. One query."""
    if study.term.is_on_leave(study.today):
        return ""
    certificates = live_certificates([study.term])[study.term.pk]
    soon = endings(certificates, permission_of(study.term, certificates, study.today), study.today)
    return soon[0].to_her() if soon else ""
