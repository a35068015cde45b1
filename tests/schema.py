"""An empty database with every migration applied: made once in a run, lent to every worker and to the stage."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.core.management import call_command
from django.db import connection


def shared_folder(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """A folder of this run that all its workers know."""
    own = factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


def fill(folder: Path, migrate: Callable[[], Any], connect: Callable[[], sqlite3.Connection]) -> None:
    """Bring the database behind ``connect`` up to date: by ``migrate``, or from whoever was first in this run."""
    kept = folder / "schema.sqlite3"
    with (folder / "schema.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_first := not kept.exists():
            migrate()
            _copy(connect(), kept.with_suffix(".new"))
            kept.with_suffix(".new").rename(kept)
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
