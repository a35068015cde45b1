"""``manage.py freeze_articles``: what learners read is made again from the published pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from curriculum.actions import freeze_all


class Command(BaseCommand):
    help = "Make every article again, as after a new set of interface translations. What says the same is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{freeze_all()} articles.")
