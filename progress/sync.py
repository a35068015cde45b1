"""What phones send about lessons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from curriculum.models import Lesson
from offline.kinds import Entry, Refused
from programme.models import Clock
from programme.models.evidence import PayloadChanged
from programme.scope import term_at
from progress.actions import study_lesson
from progress.forms import SentStudyForm

REASONS = {
    "no_term": _("This phone says that you did this before your term or after it. It is kept. Ask your coordinator."),
    "no_such_lesson": _("This lesson is not known here. What you did is kept. Ask your coordinator."),
}


def take_study(entry: Entry) -> bool:
    """A lesson studied: ``{"lesson", "language", "country", "content_hash"}``."""
    form = SentStudyForm({**entry.payload, "client_uuid": str(entry.client_uuid)})
    lesson = Lesson.objects.filter(uuid=form.cleaned_data["lesson"]).first() if form.is_valid() else None
    if lesson is None:
        raise Refused("no_such_lesson")
    clock = Clock(**entry.clock())
    term = term_at(entry.owner, clock.happened_at)
    if term is None:
        raise Refused("no_term")
    try:
        _study, is_new = study_lesson(
            term=term,
            lesson=lesson,
            client_uuid=entry.client_uuid,
            clock=clock,
            language=form.cleaned_data["language"],
            country=form.cleaned_data["country"],
            content_hash=form.cleaned_data["content_hash"],
        )
    except PayloadChanged as problem:
        raise Refused("payload_changed") from problem
    return is_new
