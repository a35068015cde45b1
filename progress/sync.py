"""What phones send about lessons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from curriculum.models import Lesson
from offline.kinds import Entry, Refused
from programme.models import Clock
from programme.sync import term_of
from progress.actions import study_lesson
from progress.forms import SentStudyForm

REASONS = {
    "no_such_lesson": _("This lesson is not known here. What you did is kept. Ask your coordinator."),
}


def take_study(entry: Entry) -> bool:
    """A lesson studied: ``{"lesson", "language", "country", "content_hash"}``."""
    form = SentStudyForm({**entry.payload, "client_uuid": str(entry.client_uuid)})
    lesson = Lesson.objects.filter(uuid=form.cleaned_data["lesson"]).first() if form.is_valid() else None
    if lesson is None:
        raise Refused("no_such_lesson")
    clock = Clock(**entry.clock())
    term = term_of(entry, clock)
    _study, is_new = study_lesson(
        term=term,
        lesson=lesson,
        client_uuid=entry.client_uuid,
        clock=clock,
        language=form.cleaned_data["language"],
        country=form.cleaned_data["country"],
        content_hash=form.cleaned_data["content_hash"],
    )
    return is_new
