"""Tables in which the database itself refuses updates and deletes.

Used in the migrations of every app that keeps evidence or frozen texts. Only the commands that
erase, and the demonstration when it starts over, may lift the refusal, inside one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, migrations, transaction


def _refuse(execute: Callable[[str], Any], vendor: str, table: str) -> None:
    if vendor == "sqlite":
        for verb in ("update", "delete"):
            execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING "
            "MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation'; END $$"
        )
        execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _allow(execute: Callable[[str], Any], vendor: str, table: str) -> None:
    if vendor == "sqlite":
        for verb in ("update", "delete"):
            execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
    else:
        execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")


class AppendOnly(migrations.RunPython):
    """Migration operation: from here on ``tables`` can only be appended to."""

    def __init__(self, *tables: str) -> None:
        self.tables = tables

        def refuse(_apps: Any, editor: Any) -> None:
            for table in tables:
                _refuse(editor.execute, editor.connection.vendor, table)

        def allow(_apps: Any, editor: Any) -> None:
            for table in tables:
                _allow(editor.execute, editor.connection.vendor, table)

        super().__init__(code=refuse, reverse_code=allow)

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:  # type: ignore[override]
        return (self.__class__.__name__, self.tables, {})


@contextmanager
def lifted(*tables: str) -> Iterator[None]:
    """Let the block change ``tables``, in one transaction with the change itself.

    On SQLite the triggers are dropped and made again, on PostgreSQL disabled; both take part in
    the transaction, so that a crash leaves them standing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            _allow(cursor.execute, connection.vendor, table)
        yield
        if connection.vendor == "postgresql":
            # Postponed foreign-key checks of the rows just changed would block the DDL below.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            _refuse(cursor.execute, connection.vendor, table)
