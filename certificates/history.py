"""What happened to the papers of one award of one woman, in words, with who did it and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from certificates.models import AwardSignOff, CertificateEvent, CertificateProposal

State = CertificateEvent.State


@dataclass(frozen=True)
class Line:
    """One sentence. ``number`` says of which paper; empty for what came before any."""

    at: datetime
    sentence: str
    number: str = ""


def history(
    sign_offs: Iterable[AwardSignOff], events: Iterable[CertificateEvent], proposals: Iterable[CertificateProposal]
) -> list[Line]:
    """Everything in its order, the latest first. No query when people and certificates were fetched along."""
    lines = [
        Line(row.signed_at, _("Signed off by %(who)s.") % {"who": row.signed_by.display_name}) for row in sign_offs
    ]
    events = list(events)
    lines += [Line(row.at, _event(row), row.certificate.number) for row in events]
    # Closed by the deed itself: the line of the deed says so.
    done = {(row.certificate_id, row.state, row.at) for row in events}
    for row in proposals:
        number = row.certificate.number
        lines.append(Line(row.at, asked(row), number))
        if row.closed_by and row.closed_at and (row.certificate_id, row.state, row.closed_at) not in done:
            words = {"who": row.closed_by.display_name}
            lines.append(Line(row.closed_at, _("%(who)s took the question off the table.") % words, number))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def asked(proposal: CertificateProposal) -> str:
    """Who asks for what."""
    words = {"who": proposal.by.display_name}
    if proposal.state == State.SUSPENDED:
        return _("%(who)s asks to suspend it.") % words
    if proposal.state == State.RESTORED:
        return _("%(who)s asks to restore it.") % words
    return _("%(who)s asks to withdraw it for good.") % words


def _event(event: CertificateEvent) -> str:
    words = {"who": event.by.display_name}
    if event.state == State.ISSUED:
        if event.certificate.replaces_id:
            return _("Issued by %(who)s, after the one before.") % words
        return _("Issued by %(who)s.") % words
    if event.state == State.REPLACED:
        return _("Replaced with a new paper by %(who)s.") % words
    if event.asked_by is None:
        return {
            State.SUSPENDED: _("Suspended by %(who)s."),
            State.RESTORED: _("Restored by %(who)s."),
            State.REVOKED: _("Withdrawn for good by %(who)s."),
        }[State(event.state)] % words
    words["first"] = event.asked_by.display_name
    return {
        State.SUSPENDED: _("Suspended by %(who)s; %(first)s had asked for it."),
        State.RESTORED: _("Restored by %(who)s; %(first)s had asked for it."),
        State.REVOKED: _("Withdrawn for good by %(who)s; %(first)s had asked for it."),
    }[State(event.state)] % words
