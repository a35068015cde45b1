"""``manage.py begin``: say that this database is for real work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programme.models import Installation
from programme.models.installation import AlreadyDecided


class Command(BaseCommand):
    help = "Says, once and for all, that this database is for real work and never a demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Installation.decide(is_demonstration=False)
        except AlreadyDecided as refusal:
            raise CommandError(
                "This database holds a demonstration and stays one. Real work needs a database of its own."
            ) from refusal
        self.stdout.write("This database is for real work.")
