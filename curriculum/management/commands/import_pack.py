"""``manage.py import_pack PATH``: a curriculum as text becomes pages."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from curriculum import differences, packs
from curriculum.actions import Imported, PackNotClean, Undecided, always, import_pack, renew_references
from curriculum.meanings import MEANINGS, WORDING, MoreThanATypo
from curriculum.packs.merging import Decision


class Command(BaseCommand):
    help = (
        "Bring in a pack of modules, or one module. Safe to repeat; what has not changed is left alone. What was "
        "changed at the desk stays; what was changed in the pack as well is named, and nothing is brought in without "
        "--keep or --replace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack, or of one of its modules, or a zip")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="the difference as one JSON object")
        parser.add_argument(
            "--meaning",
            choices=MEANINGS,
            default=WORDING,
            help="what the changes mean to whoever has read the texts: typo, wording (the usual) or clinical",
        )
        decision = parser.add_mutually_exclusive_group()
        decision.add_argument("--keep", action="store_true", help="where both were changed, the desk's text stays")
        decision.add_argument(
            "--replace", action="store_true", help="where both were changed, the pack's text is taken"
        )

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        if path.is_dir() and not packs.module_folders(path):
            raise CommandError(f"There is no module in {path}. A module is a folder with a file module.md.")
        decision: Decision | None = "keep" if options["keep"] else "replace" if options["replace"] else None
        try:
            with transaction.atomic():
                imported = import_pack(path, decide=always(decision), meaning=options["meaning"])
                transaction.set_rollback(dry_run)
        except PackNotClean as refusal:
            if options["json"]:
                self._write_json(problems=[str(problem) for problem in refusal.problems])
            raise CommandError(f"Nothing was brought in.\n{refusal}") from None
        except MoreThanATypo as refusal:
            raise CommandError(f"Nothing was brought in.\n{refusal}") from None
        except Undecided as refusal:
            self._tell_conflicts(refusal, dry_run=dry_run, as_json=options["json"])
            return
        if imported.published and not dry_run:
            renew_references.enqueue()
        if options["json"]:
            self._write_json(imported)
        else:
            self._write_text(imported, dry_run=dry_run)

    def _tell_conflicts(self, refusal: Undecided, *, dry_run: bool, as_json: bool) -> None:
        """All of the difference when nothing was to be done; else the conflicts, and an end with 1."""
        told = refusal.changes if dry_run else refusal.conflicts
        if as_json:
            self._write_json(Imported(changes=told), conflicts=len(refusal.conflicts))
        else:
            for line in differences.lines(told, settings.LANGUAGE_CODE):
                self.stdout.write(line)
        sentence = (
            f"{len(refusal.conflicts)} pieces were changed here and in the pack. Nothing is brought in before you "
            "decide: --keep leaves what is here, --replace takes the pack's."
        )
        if not dry_run:
            raise CommandError(f"Nothing was brought in.\n{sentence}")
        if not as_json:
            self.stdout.write(sentence)

    def _write_json(self, imported: Imported | None = None, **more: Any) -> None:
        found: dict[str, Any] = dict(more)
        if imported is not None:
            found = {
                "modules": [module.code for module in imported.modules],
                "published": imported.published,
                "left_out": imported.left_out,
                "languages": {
                    language or settings.LANGUAGE_CODE: numbers
                    for language, numbers in differences.counted(imported.changes).items()
                },
                "changes": differences.as_json(imported.changes),
            } | found
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))

    def _write_text(self, imported: Imported, *, dry_run: bool) -> None:
        told = imported.changes if dry_run else [change for change in imported.changes if change.what == "kept"]
        for line in differences.lines(told, settings.LANGUAGE_CODE) if told else ():
            self.stdout.write(line)
        codes = ", ".join(module.code for module in imported.modules)
        would = "would be " if dry_run else ""
        self.stdout.write(f"{codes}: {imported.published} pages and questions {would}published.")
        for sentence in imported.left_out:
            self.stdout.write(f"waits: {sentence}")
