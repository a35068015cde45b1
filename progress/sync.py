"""What phones send about lessons, and about updates of what she learned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from curriculum.models import FactUpdate, Lesson
from offline.kinds import Entry, Refused
from programme.models import Clock
from programme.sync import term_of
from progress.actions import NotTheRule, answer_update, study_lesson
from progress.forms import SentStudyForm, SentUpdateForm

REASONS = {
    "no_such_lesson": _("This lesson is not known here. What you did is kept. Ask your coordinator."),
    "no_such_update": _("This update is not known here. What you did is kept. Ask your coordinator."),
    "not_the_rule": _("This answer is not what is true now. Open the update again, and choose again."),
}


def take_study(entry: Entry) -> bool:
    """A lesson studied: ``{"lesson", "language", "country", "content_hash"}``."""
    form = SentStudyForm({**entry.payload, "client_uuid": str(entry.client_uuid)})
    lessons = Lesson.objects.select_related("module__strand")
    lesson = lessons.filter(uuid=form.cleaned_data["lesson"]).first() if form.is_valid() else None
    if lesson is None:
        raise Refused("no_such_lesson")
    clock = Clock(**entry.clock())
    term = term_of(entry, clock)
    if lesson.module.strand.curriculum != term.programme.curriculum:
        # Nobody learns from here that another curriculum has such a lesson.
        raise Refused("no_such_lesson")
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


def take_update(entry: Entry) -> bool:
    """An update answered right: ``{"update", "choice", "language", "country", "content_hash"}``."""
    form = SentUpdateForm({**entry.payload, "client_uuid": str(entry.client_uuid)})
    published = FactUpdate.objects.published()
    update = published.filter(uuid=form.cleaned_data["update"]).first() if form.is_valid() else None
    if update is None:
        raise Refused("no_such_update")
    clock = Clock(**entry.clock())
    try:
        _answer, is_new = answer_update(
            term=term_of(entry, clock),
            update=update,
            choice=form.cleaned_data["choice"],
            client_uuid=entry.client_uuid,
            clock=clock,
            language=form.cleaned_data["language"],
            country=form.cleaned_data["country"],
            content_hash=form.cleaned_data["content_hash"],
        )
    except NotTheRule:
        raise Refused("not_the_rule") from None
    return is_new
