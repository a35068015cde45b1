"""``manage.py export_programme CODE FILE``: a programme, or its part in one country, as one sealed file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates import moving
from certificates.management.passphrase import new_passphrase


class Command(BaseCommand):
    help = (
        "Give out a programme: people, terms, evidence, certificates with their papers, and what it asks for, sealed "
        "with a passphrase that is asked for. Changes nothing here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of the programme, such as agewell")
        parser.add_argument("file", type=Path, help="where it is written; a file that is there is never written over")
        parser.add_argument("--country", default="", help="only those who work there now, such as KE")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON object")
        parser.add_argument(
            "--passphrase-file", type=Path, help="its first line is the passphrase; without it you are asked"
        )

    def handle(self, *args: Any, code: str, file: Path, country: str, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already. Nothing was written.")
        passphrase = new_passphrase(options["passphrase_file"])
        try:
            given = moving.give_out(code=code, country=country.upper(), passphrase=passphrase, now=timezone.now())
        except (moving.NothingToGive, moving.TooShort) as refusal:
            raise CommandError(str(refusal)) from None
        with file.open("xb") as out:
            file.chmod(0o600)
            out.write(given.data)
        if options["json"]:
            self.stdout.write(json.dumps({"counts": given.counts, "bytes": len(given.data)}, indent=2))
            return
        for label, count in given.counts.items():
            if count:
                self.stdout.write(f"{count:>8}  {label}")
        self.stdout.write(f"{file}: {len(given.data)} bytes, sealed. Keep the passphrase apart from it.")
