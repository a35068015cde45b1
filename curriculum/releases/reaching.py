"""A clinical change reaches every closed release of its country: nobody goes on learning what is not true any more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from curriculum.models import FactChange, Release, ReleaseUpdate
from curriculum.releases import parts


@transaction.atomic
def reach_releases(change: FactChange) -> None:
    """Put today's texts in the place of those that ``change`` made old. Safe to repeat.

    A release that is still open shows what has moved by itself: it is to be taken again, by a person. One that is
    approved stays approved for what was read; ``ReleaseUpdate`` says what came after, and by which change.
    """
    for release in Release.objects.filter(country=change.country_id, closed_at__isnull=False):
        replaced = [one for part in parts.registered() for one in part.replace(release, change)]
        ReleaseUpdate.objects.bulk_create(
            ReleaseUpdate(
                release=release, change=change, kind=one.kind, path=one.path, language=one.language,
                old_hash=one.old_hash, new_hash=one.new_hash, reached_at=timezone.now(),
            )
            for one in replaced
        )  # fmt: skip
