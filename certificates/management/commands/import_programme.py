"""``manage.py import_programme FILE``: what ``export_programme`` gave out, all of it or nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from certificates import moving
from certificates.management.passphrase import known_passphrase


class Command(BaseCommand):
    help = (
        "Bring in a programme that export_programme gave out. All of it or nothing: what contradicts this "
        "installation is told. Everything is counted and worked out anew before it stands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="try all of it, and leave everything as it was")
        parser.add_argument("--json", action="store_true", help="what came as one JSON object")
        parser.add_argument(
            "--passphrase-file", type=Path, help="its first line is the passphrase; without it you are asked"
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        passphrase = known_passphrase(options["passphrase_file"])
        try:
            with transaction.atomic():
                brought = moving.bring_in(data=file.read_bytes(), passphrase=passphrase, today=timezone.localdate())
                transaction.set_rollback(dry_run)
        except moving.NotOpened as refusal:
            raise CommandError(str(refusal)) from None
        except moving.NotBroughtIn as refusal:
            more = len(refusal.problems) - len(str(refusal).split("\n"))
            rest = f"\nand {more} more" if more > 0 else ""
            raise CommandError(f"Nothing was brought in.\n{refusal}{rest}") from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(brought), indent=2))
            return
        for label, count in brought.counts.items():
            if count:
                known = f", {brought.known[label]} of them here before" if brought.known.get(label) else ""
                self.stdout.write(f"{count:>8}  {label}{known}")
        self.stdout.write(
            f"{brought.acts_checked} acts worked out anew, 0 differences; "
            f"{brought.certificates_checked} certificates confirmed."
        )
        if not brought.pins_go_on:
            self.stdout.write("This installation has another PIN_PEPPER: everybody needs a new slip.")
        if dry_run:
            self.stdout.write("Tried only. Nothing was changed.")
