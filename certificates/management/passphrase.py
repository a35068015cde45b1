"""A passphrase from whoever sits at the keyboard, or from a file. Never from the command line: others can list it."""

from __future__ import annotations

from getpass import getpass
from pathlib import Path

from django.core.management.base import CommandError


def known_passphrase(file: Path | None) -> str:
    """The passphrase that something was sealed with."""
    return _from_file(file) if file is not None else getpass("Passphrase: ")


def new_passphrase(file: Path | None) -> str:
    """A passphrase to seal with: typed twice, as nothing opens what was sealed with a slip of the finger."""
    if file is not None:
        return _from_file(file)
    first = getpass("Passphrase (12 letters or more): ")
    if getpass("Once more: ") != first:
        raise CommandError("These were two different ones. Nothing was written.")
    return first


def _from_file(file: Path) -> str:
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
    return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
