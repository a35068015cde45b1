"""``manage.py export_pack PATH``: what is published becomes a curriculum as text."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum.actions import PackNotClean, export_pack


class Command(BaseCommand):
    help = (
        "Write the published curriculum into the folder of a pack. Into the folder from which it was brought in, so "
        "that ids and what no page holds are kept; there only what has changed is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            changed = export_pack(path)
        except PackNotClean as refusal:
            raise CommandError(f"Nothing was written: what is there is not understood.\n{refusal}") from None
        for name in changed:
            self.stdout.write(f"written: {name}")
        self.stdout.write(f"{len(changed)} files changed.")
