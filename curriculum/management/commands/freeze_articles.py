"""``manage.py freeze_articles``: what learners read is made again from the published pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from wagtail import hooks

from curriculum.models import Article
from curriculum.wagtail_hooks import AFTER_WORDS_CHANGE


class Command(BaseCommand):
    help = "Make every article again, as after a new set of interface translations. What says the same is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        # Quizzes and checklists follow through the hook; where facts are printed is noted on the way.
        for freeze in hooks.get_hooks(AFTER_WORDS_CHANGE):
            freeze()
        self.stdout.write(f"{Article.objects.count()} articles.")
