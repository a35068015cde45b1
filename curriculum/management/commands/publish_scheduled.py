"""``manage.py publish_scheduled``: Wagtail's command of that name, which one refused text can no longer stop."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.management.commands import publish_scheduled

from curriculum.actions import publish_due_revisions


class Command(publish_scheduled.Command):
    help = "Publishes the texts whose day has come and takes back those whose day is over. Run it every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dryrun"]:
            for revision in publish_due_revisions(now=timezone.now()):
                self.stderr.write(f"{revision.content_type} {revision.object_id}: not published; the desk says why.")
        # What is left for Wagtail's own: the dry run, and to take back what has expired.
        super().handle(*args, **options)
