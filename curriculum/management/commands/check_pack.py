"""``manage.py check_pack PATH``: everything that is wrong in a curriculum as text, all at once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curriculum import packs
from curriculum.packs.opening import counts


class Command(BaseCommand):
    help = (
        "Look through a pack, or one module of it, or a pack in a zip, and tell everything that is wrong with file and "
        "line. Ends with 1 when there is an error; a warning does not stop an import."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack or of one of its modules, or a zip")
        parser.add_argument(
            "--fix",
            action="store_true",
            help="give ids to what has none, write every file in canonical form, and then look",
        )
        parser.add_argument("--json", action="store_true", help="the same as one JSON object")

    def handle(self, *args: Any, path: Path, fix: bool, **options: Any) -> None:
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.")
        changed: list[str] = []
        if fix and path.is_file():
            raise CommandError("A zip is only looked at. Unpack it first.")
        if fix:
            changed = packs.fix(path)
        opened = self._opened(path)
        told = counts(opened.pack)
        if options["json"]:
            self._write_json(opened, told, changed)
        else:
            self._write_text(opened, told, changed)
        if opened.errors:
            raise SystemExit(1)

    def _opened(self, path: Path) -> packs.Opened:
        if path.is_dir():
            return packs.open_pack(path)
        with path.open("rb") as file:
            return packs.open_zip(file)

    def _write_json(self, opened: packs.Opened, told: dict[str, Any], changed: list[str]) -> None:
        found = {"counts": told, "changed": changed, "problems": [asdict(problem) for problem in opened.problems]}
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))

    def _write_text(self, opened: packs.Opened, told: dict[str, Any], changed: list[str]) -> None:
        for name in changed:
            self.stdout.write(f"written: {name}")
        for problem in opened.problems:
            self.stdout.write(str(problem))
        languages = told.pop("languages")
        self.stdout.write(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in told.items()))
        for language, shares in languages.items():
            states = ", ".join(f"{shares[state]} {state}" for state in ("draft", "reviewed", "stale", "missing"))
            self.stdout.write(f"{language}: {shares['percent']} % ({states})")
        if not opened.problems:
            self.stdout.write("clean")
            return
        fixable = sum(problem.is_fixable for problem in opened.problems)
        mends = f" --fix mends {fixable}." if fixable else ""
        self.stdout.write(f"{len(opened.errors)} errors, {len(opened.warnings)} warnings.{mends}")
