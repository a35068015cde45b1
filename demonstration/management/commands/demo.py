"""``manage.py demo``: make or refresh the demonstration programme."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demonstration import actions, further, second


class Command(BaseCommand):
    help = "Makes the demonstration programme, or stages it for today. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print accounts and addresses as JSON")
        parser.add_argument(
            "--whole", action="store_true", help="bring in the other programme now, not in the background"
        )
        parser.add_argument("--start-over", action="store_true", help="stage it anew although its day is today")

    def handle(self, *args: Any, **options: Any) -> None:
        say = (lambda _line: None) if options["json"] else self.stdout.write
        try:
            actions.prepare(say=say)
        except actions.NotADemonstration as refusal:
            raise CommandError(str(refusal)) from refusal
        today = timezone.now().date()
        if options["start_over"]:
            actions.stage(today=today)
        else:
            actions.stage_if_stale(today=today)
        if options["whole"]:
            second.bring_in(today=today)
        elif not second.stands():
            second.bring_in_later.enqueue()
        if any(further.bites()):
            further.bring_in_the_rest.enqueue()
        if options["json"]:
            self.stdout.write(json.dumps(actions.directory(), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("The demonstration is ready.")
