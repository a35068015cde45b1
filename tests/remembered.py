# ruff: noqa: S608 -- names of tables, as the database itself gives them
"""What a call writes into an empty or known database: worked out once in a process, then put there again row by row.

Many tests begin from the same small pack, and importing it costs a second. From the same rows, the same call gives the
same rows; whatever differs (a row, a file, a setting, the day) is worked out anew. On PostgreSQL always.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

type Rows = dict[str, dict[int, tuple[Any, ...]]]
"""``{table: {row id: its values}}``."""

COUNTERS = "sqlite_sequence"


@dataclass(frozen=True)
class Difference:
    """What a call did: rows that are gone, rows that are new or other, files below the media folder, its answer."""

    gone: dict[str, list[int]]
    new: Rows
    files: dict[str, bytes]
    answer: Any


_kept: dict[str, Difference] = {}


def remembered(call: Callable[[], Any], *depends_on: Path | str) -> Any:
    """``call()``, or what it did and answered when everything was as it is now.

    ``depends_on``: names, and files or folders, that the call reads. A call that raises is not remembered.
    """
    if connection.vendor != "sqlite":
        return call()
    before = _rows()
    key = _digest(before, *map(_said, depends_on), *_circumstances())
    if key not in _kept:
        known = _files()
        answer = call()
        _kept[key] = _difference(before, _rows(), {k: v for k, v in _files().items() if k not in known}, answer)
        return answer
    _put(_kept[key])
    return _kept[key].answer


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        # The tables below a full-text search are filled by its triggers.
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY name"
        )
        return [name for (name,) in cursor.fetchall()]


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT rowid, * FROM "{table}"')
            found[table] = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
    return found


def _difference(before: Rows, after: Rows, files: dict[str, bytes], answer: Any) -> Difference:
    # The counters last, and whole.
    changed = [table for table in after if table != COUNTERS and before[table] != after[table]]
    before, changed = before | {COUNTERS: {}}, [*changed, COUNTERS]
    return Difference(
        gone={
            table: [row for row, values in before[table].items() if after[table].get(row) != values]
            for table in changed
        },
        new={
            table: {row: values for row, values in after[table].items() if before[table].get(row) != values}
            for table in changed
        },
        files=files,
        answer=answer,
    )


def _put(done: Difference) -> None:
    with connection.cursor() as cursor:
        for table, gone in done.gone.items():
            cursor.executemany(f'DELETE FROM "{table}" WHERE rowid = %s', [(row,) for row in gone])
        for table, new in done.new.items():
            if table == COUNTERS:
                # Rows that were put above have counted too.
                cursor.execute(f"DELETE FROM {COUNTERS}")
            if new:
                holes = ", ".join(["%s"] * (1 + len(next(iter(new.values())))))
                names = ", ".join(f'"{name}"' for name in _columns(table))
                cursor.executemany(
                    f'INSERT INTO "{table}" (rowid, {names}) VALUES ({holes})',
                    [(row, *values) for row, values in new.items()],
                )
    for name, content in done.files.items():
        file = Path(settings.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        return [row[1] for row in cursor.fetchall()]


def _files() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


def _circumstances() -> Iterator[object]:
    """Settings that a test has changed, its day and its language."""
    holder = settings._wrapped
    while hasattr(holder, "default_settings"):
        yield {name: repr(value) for name, value in sorted(vars(holder).items()) if name not in OF_EVERY_TEST}
        holder = holder.default_settings
    yield timezone.localdate().isoformat()
    yield translation.get_language()


OF_EVERY_TEST = ("MEDIA_ROOT", "default_settings", "_deleted")


def _said(on: Path | str) -> object:
    if isinstance(on, str):
        return on
    files = sorted(file for file in on.rglob("*") if file.is_file()) if on.is_dir() else [on]
    return [(str(file.relative_to(on)), file.read_bytes()) for file in files]


def _digest(*parts: object) -> str:
    return hashlib.sha256(pickle.dumps(parts)).hexdigest()
