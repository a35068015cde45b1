"""What certificates ask a term for beside its pathway: hours of attendance and signed sessions."""

from __future__ import annotations

from django.db.models import Max

from certificates.models import Award
from programme.models import Term
from progress.asked import Asked


def most_asked_of(term: Term) -> Asked:
    """The most that any award of its programme asks ``term`` for, but for refreshers, which count anew. One query."""
    awards = Award.objects.filter(programme=term.programme_id).exclude(kind=Award.Kind.REFRESHER)
    most = awards.aggregate(hours=Max("attendance_hours"), entries=Max("logbook_entries"))
    return Asked(hours=most["hours"] or 0, entries=most["entries"] or 0)
