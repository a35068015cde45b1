"""``manage.py set_up_programme FOLDER``: a programme from its text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from certificates.setting_up import set_up_programme
from curriculum.actions import PackNotClean, Undecided
from programme.configuration import NotConfigured


class Command(BaseCommand):
    help = (
        "Make or refresh a programme from programme.toml in FOLDER: its names, words, look, curriculum, units, pathway "
        "and awards. Safe to repeat; everything that is wrong is told at once, and then nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="such as packs/agewell")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="the same as one JSON object")

    def handle(self, *args: Any, folder: Path, dry_run: bool, **options: Any) -> None:
        try:
            with transaction.atomic():
                done = set_up_programme(folder)
                transaction.set_rollback(dry_run)
        except (NotConfigured, PackNotClean) as refusal:
            if options["json"]:
                problems = [str(problem) for problem in refusal.problems]
                self.stdout.write(json.dumps({"problems": problems}, ensure_ascii=False, indent=2))
            raise CommandError(f"Nothing was changed.\n{refusal}") from None
        except Undecided as refusal:
            raise CommandError(
                "Nothing was changed. Its curriculum was changed here and in the pack: bring it in first with "
                f"import_pack {folder} --keep or --replace.\n{refusal}"
            ) from None
        if options["json"]:
            told = {"programme": done.programme.code, "changes": done.changes, "dry_run": dry_run}
            told["to_look_at"] = done.to_look_at
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for change in done.changes:
            self.stdout.write(change)
        for note in done.to_look_at:
            self.stdout.write(f"to look at: {note}")
        if not done.changes:
            self.stdout.write(f"{done.programme.code}: everything is as it should be.")
