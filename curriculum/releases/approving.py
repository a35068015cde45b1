"""A meeting's yes to a release: recorded by a clinical reviewer of the country, for exactly what was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from curriculum import policies
from curriculum.models import Release, ReleaseApproval, ReleaseDocument
from curriculum.releases.checking import is_what_was_read, readiness
from curriculum.releases.contents import close_release


class NotTheReviewer(Exception):
    """She is no clinical reviewer of the country, or she prepared the release or its document herself."""


class ContentMoved(Exception):
    """The release is not what that document says any more: it is to be made and read again."""


class NotReady(Exception):
    """In real work something in it is missing, stale, a draft or not approved."""


class AlreadyApproved(Exception):
    """There is one approval for a release; it stays as it is."""


def may_approve(user: Any, release: Release) -> bool:
    """Whether ``user`` reviews every language of ``release`` for its country and had no part in preparing it."""
    if user.pk in {release.prepared_by_id, *release.documents.values_list("made_by", flat=True)}:
        return False
    return all(release.country_id in policies.countries_reviewed_by(user, code) for code in release.languages)


@transaction.atomic
def approve_release(
    *, document: ReleaseDocument, mark: str, reviewer: str, meeting: str, held_on: date, document_number: str, by: Any
) -> ReleaseApproval:
    """Record the yes to ``document``, whose ``mark`` was read on paper; the release is closed with it.

    Raises ``NotTheReviewer``, ``AlreadyApproved``, ``ContentMoved`` or ``NotReady``; then nothing is recorded.
    """
    release = Release.objects.select_for_update().get(pk=document.release_id)
    if not may_approve(by, release):
        raise NotTheReviewer
    if ReleaseApproval.objects.filter(release=release).exists():
        raise AlreadyApproved
    typed = mark.strip().lower()
    is_same = len(typed) >= MARK_LETTERS and document.content_hash == release.content_hash
    is_same = is_same and document.content_hash.startswith(typed)
    # A release that a cohort reads already may have been reached by a clinical change since.
    if not is_same or not is_what_was_read(release, document.content_hash) or release.updates.exists():
        raise ContentMoved
    if not readiness(release).is_ready:
        raise NotReady
    approval = ReleaseApproval.objects.create(
        release=release, document=document, content_hash=release.content_hash, reviewer=reviewer, meeting=meeting,
        held_on=held_on, document_number=document_number, recorded_by=by, recorded_at=timezone.now(),
    )  # fmt: skip
    close_release(release)
    return approval


MARK_LETTERS = 8
"""As many letters of the mark are asked for: they stand at the foot of every page that was read."""
