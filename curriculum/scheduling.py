"""Publication on a day: what is due goes live, and what may not go live does not hold up the rest.

Wagtail's own run stops at the first text that the guard refuses, every time, so that nothing behind it is
ever published. Here a refused text leaves the schedule; its log says why, and so does the first page of
the desk, to everybody who writes its language.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from curriculum import policies
from curriculum.four_eyes import PublicationRefused
from curriculum.meanings import said
from curriculum.separation import those_of_hers

NOT_PUBLISHED = "curriculum.publish.refused"
"""Wagtail's log has this action, with ``reasons``, for a text that could not go live on its day."""

logger = logging.getLogger(__name__)


def publish_due_revisions(*, now: datetime) -> list[Revision]:
    """Publish every revision whose moment has come; return those that were refused. Safe to repeat.

    Each is published, or refused, by itself: ``PublicationRefused`` from the guard, or a ``ValidationError``
    of the page, undoes that one publication and takes that revision off the schedule.
    """
    due = Revision.objects.filter(approved_go_live_at__lt=now).select_related("content_type")
    return [revision for revision in due.order_by("approved_go_live_at", "pk") if not _publish(revision)]


def _publish(revision: Revision) -> bool:
    """Publish ``revision``, or say in the log why not; return whether it was published."""
    obj = revision.content_object
    with transaction.atomic():
        try:
            # A refusal is kept in the language of the text: whoever writes it reads it.
            # Nobody is there to be asked what the change means: it was said when the day was planned.
            with override(policies.language_of(obj)), said(""), transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except PublicationRefused as refusal:
            _take_off_schedule(revision, obj, refusal.reasons)
        except ValidationError as refusal:
            _take_off_schedule(revision, obj, refusal.messages)
        else:
            return True
    return False


def _take_off_schedule(revision: Revision, obj: Any, reasons: Sequence[str]) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    log(obj, NOT_PUBLISHED, revision=revision, data={"reasons": list(reasons)})
    # The reasons may quote the text, which a log of the machine must not carry.
    logger.warning("revision %s of %s %s was due and was refused", revision.pk, obj._meta.label, obj.pk)  # noqa: SLF001 -- Django documents it for this


def not_published_for(user: Any) -> list[tuple[Any, list[str]]]:
    """The refused texts in the languages that ``user`` writes, each with the reasons, the newest first.

    A text is among them until somebody changes it, plans it again or publishes it.
    """
    entries = [
        entry
        for model in (PageLogEntry, ModelLogEntry)
        for entry in model.objects.filter(action=NOT_PUBLISHED, revision__approved_go_live_at__isnull=True)
        .select_related("revision")
        .prefetch_related("revision__content_object__locale")
    ]
    found: dict[int, tuple[Any, list[str]]] = {}
    for entry in sorted(entries, key=lambda entry: entry.timestamp, reverse=True):
        obj = entry.revision.content_object
        if obj is None or obj.latest_revision_id != entry.revision_id or obj.live_revision_id == entry.revision_id:
            continue
        if policies.may_write(user, policies.language_of(obj)):
            found.setdefault(entry.revision_id, (obj, entry.data["reasons"]))
    hers = {id(obj) for obj in those_of_hers(user, [obj for obj, _reasons in found.values()])}
    return [(obj, reasons) for obj, reasons in found.values() if id(obj) in hers]
