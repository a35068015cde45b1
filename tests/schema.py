"""An empty database with every migration applied: made once for a set of migrations, lent to every worker and stage.

Migrating takes half a minute, so what it gave is kept beside pytest's own cache until a migration or a package changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.core.management import call_command
from django.db import connection

SCHEMA = "schema.sqlite3"
ROOT = Path(__file__).resolve().parents[1]


def shared_folder(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """A folder of this run that all its workers know; in it stands where the schema is kept."""
    own = factory.getbasetemp()
    folder = own.parent if hasattr(config, "workerinput") else own
    if getattr(config, "cache", None) is not None:
        kept = config.cache.mkdir(f"schema-{_of_now()}") / SCHEMA
        with (folder / "schema.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / "kept").write_text(str(kept))
    return folder


def _of_now() -> str:
    """What the schema depends on, in a few letters: our migrations, the packages and the interpreter."""
    files = sorted([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements.txt", ROOT / "config" / "settings.py"])
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def fill(folder: Path, migrate: Callable[[], Any], connect: Callable[[], sqlite3.Connection]) -> None:
    """Bring the database behind ``connect`` up to date: by ``migrate``, or from whoever was first in this run."""
    with (folder / "schema.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = Path((folder / "kept").read_text()) if (folder / "kept").exists() else folder / SCHEMA
        if is_first := not kept.exists():
            migrate()
            new = kept.with_suffix(f".{os.getpid()}")
            _copy(connect(), new)
            new.rename(kept)  # another run may have been as quick: the same rows
    if not is_first:
        with closing(sqlite3.connect(kept)) as source:
            source.backup(connect())


def _copy(source: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)


def lend_to_tests(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let Django's making of the test database take what another worker has made; on SQLite only."""
    if connection.vendor != "sqlite":
        return
    create = connection.creation.create_test_db

    def _connect() -> sqlite3.Connection:
        connection.ensure_connection()
        return connection.connection

    def _call(name: str, *arguments: Any, **options: Any) -> None:
        def _really() -> None:
            call_command(name, *arguments, **options)

        if name == "migrate":
            fill(folder, _really, _connect)
        else:
            _really()

    def _create_test_db(*arguments: Any, **options: Any) -> Any:
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(management, "call_command", _call)
            return create(*arguments, **options)

    patch.setattr(connection.creation, "create_test_db", _create_test_db)
