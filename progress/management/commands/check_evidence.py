"""``manage.py check_evidence``: everything derived, derived again and compared. Changes nothing."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from progress.checking import Count, differences


class Command(BaseCommand):
    help = (
        "Marks every attempt and observation again with its own version, computes every hash and date again, "
        "and names each difference. Ends with 1 when there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        count, found = Count(), 0
        lines = []
        for difference in differences(count):
            found += 1
            if options["json"]:
                lines.append({"row": difference.row, "field": difference.field})
            else:
                self.stdout.write(str(difference))
        if options["json"]:
            report = {"checked": count.checked, "in_part": count.in_part, "differences": lines}
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(
                f"{count.checked} acts checked, {count.in_part} of them in part (answers or comments purged), "
                f"{found} differences"
            )
        if found:
            sys.exit(1)
