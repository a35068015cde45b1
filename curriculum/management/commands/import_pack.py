"""``manage.py import_pack PATH``: a curriculum as text becomes pages."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from curriculum import packs
from curriculum.actions import PackNotClean, import_pack, renew_references


class Command(BaseCommand):
    help = "Bring in a pack of modules, or one module. Safe to repeat; what has not changed is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack, or of one of its modules")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        if not packs.module_folders(path):
            raise CommandError(f"There is no module in {path}. A module is a folder with a file module.md.")
        try:
            with transaction.atomic():
                imported = import_pack(path)
                transaction.set_rollback(dry_run)
        except PackNotClean as refusal:
            raise CommandError(f"Nothing was brought in.\n{refusal}") from None
        if imported.published and not dry_run:
            renew_references.enqueue()
        codes = ", ".join(module.code for module in imported.modules)
        would = "would be " if dry_run else ""
        self.stdout.write(f"{codes}: {imported.published} pages and questions {would}published.")
        for sentence in imported.left_out:
            self.stdout.write(f"waits: {sentence}")
