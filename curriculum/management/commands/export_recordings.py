"""``manage.py export_recordings PATH``: the recordings in use go into the folder of a pack."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum import packs
from curriculum.listening.in_packs import export_recordings


class Command(BaseCommand):
    help = (
        "Write the recordings of a pack's modules beside their text. Only those that may be given away: the voice of "
        "a person goes with a licence or not at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack, or of one of its modules")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        folders = packs.module_folders(path)
        if not folders:
            raise CommandError(f"There is no module in {path}. A module is a folder with a file module.md.")
        for folder in folders:
            self.stdout.write(f"{folder.name.upper()}: {export_recordings(folder, folder.name)} recordings.")
