"""A ceremony in a database of its own, on a disk of its own, each step in a process of its own that may be killed.

``Ceremony`` is for tests; the functions below are its steps and run in those processes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from bench.running import environment, run_to_end, start

STEP = "import django, json, sys; django.setup(); from {0} import {1} as step; step(**json.loads(sys.argv[1]))"
HERE = "tests.certificates.ceremony"


@dataclass
class Ceremony:
    """``women`` have earned their certificate; ``batch`` is what was asked for all of them."""

    folder: Path
    women: int
    environment: dict[str, str]
    batch: int

    def go_on(self, **trouble: Any) -> None:
        """The work of the background, to its end; ``trouble`` as in the step below."""
        run_to_end(self.environment, *self._go_on(trouble))

    def start(self, **trouble: Any) -> subprocess.Popen[bytes]:
        return start(self.environment, *self._go_on(trouble))

    def _go_on(self, trouble: dict[str, Any]) -> list[str]:
        return ["-c", STEP.format(HERE, "go_on"), json.dumps({"batch": self.batch} | trouble)]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'thuto.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def results(self) -> dict[str, int]:
        return dict(self.rows("SELECT result, COUNT(*) FROM certificates_issuebatchitem GROUP BY result"))

    def papers(self) -> int:
        return int(self.rows("SELECT COUNT(*) FROM certificates_certificatefile")[0][0])

    def numbers(self) -> dict[int, str]:
        """The number of each term that has a certificate. Fails where something is half issued."""
        rows = self.rows("SELECT id, term_id, serial FROM certificates_certificate ORDER BY id")
        pks = {pk for pk, _term, _serial in rows}
        assert len({term for _pk, term, _serial in rows}) == len(rows)
        assert {pk for (pk,) in self.rows("SELECT certificate_id FROM certificates_certificateevent")} == pks
        noted = "SELECT certificate_id FROM certificates_issuebatchitem WHERE result = 'issued'"
        assert {pk for (pk,) in self.rows(noted)} == pks
        assert (
            self.rows("SELECT 1 FROM certificates_issuebatchitem WHERE certificate_id > 0 AND result <> 'issued'") == []
        )
        return {term: serial for _pk, term, serial in rows}

    def is_whole(self) -> None:
        """Everybody has one certificate with one paper, and no number was given twice."""
        numbers = self.numbers()
        assert len(numbers) == len(set(numbers.values())) == self.women
        assert self.results() == {"issued": self.women}
        assert self.rows("SELECT COUNT(*), COUNT(DISTINCT certificate_id) FROM certificates_certificatefile") == [
            (self.women, self.women)
        ]
        assert self.rows("SELECT ended_at IS NOT NULL FROM certificates_issuebatch") == [(1,)]


def prepare(folder: Path, women: int, schema: Path) -> Ceremony:
    """Everything is earned and signed off, and the batch is asked for; nobody has begun with it."""
    shutil.copy(schema, folder / "thuto.sqlite3")
    ours = environment(str(folder))
    cohorts = json.dumps({"cohorts": {"all": women}})
    facts = json.loads(run_to_end(ours, "-c", STEP.format("bench.cohort", "main"), cohorts).splitlines()[-1])
    said = run_to_end(ours, "-c", STEP.format(HERE, "ask"), json.dumps(facts))
    return Ceremony(folder, women, ours, json.loads(said.splitlines()[-1]))


# ------------------------------------------------------------------------------------------------ steps


def ask(award: int, coordinator: int) -> None:
    from django.utils import timezone

    from certificates import batches
    from certificates.models import Award
    from people.models import User
    from programme.models import Term

    batch = batches.begin_batch(
        award=Award.objects.get(pk=award),
        terms=Term.objects.all(),
        by=User.objects.get(pk=coordinator),
        on=timezone.now().date(),
    )
    print(batch.pk)  # noqa: T201 -- the answer


def go_on(
    batch: int,
    room: int | None = None,
    papers: bool = True,
    several: bool = False,
    killed_at: int = 0,
    killed_at_paper: int = 0,
) -> None:
    """``batches.go_on`` with trouble in it.

    ``room``: pages of the database that can still be written. ``papers``: whether it comes to them. ``several``: others
    draw, however few there are. ``killed_at``: with which certificate written, not committed, the process is killed;
    ``killed_at_paper`` with which paper drawn.
    """
    from django.db.backends.signals import connection_created

    from certificates import batches

    if room is not None:
        connection_created.connect(lambda connection, **_more: _leave(connection, room), weak=False)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(batches, "issue_certificate", _issuing(killed_at)))
        stack.enter_context(mock.patch.object(batches, "keep", _keeping(killed_at_paper)))
        if several:
            stack.enter_context(mock.patch.object(batches, "ENOUGH_FOR_SEVERAL", 1))
        if not papers:
            stack.enter_context(mock.patch.object(batches, "make_papers", lambda _certificates: 0))
        batches.go_on.call(batch)


def _leave(connection: Any, room: int) -> None:
    """SQLite itself refuses to write beyond this, as it does on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0] + room
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def _issuing(killed_at: int) -> Any:
    from certificates.actions import issue_certificate

    begun: list[int] = []

    def issue(**asked: Any) -> Any:
        begun.append(1)
        made = issue_certificate(**asked)
        if len(begun) == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    return issue


def _keeping(killed_at: int) -> Any:
    from certificates.actions.papers import keep

    begun: list[int] = []

    def keeping(*asked: Any) -> Any:
        begun.append(1)
        if len(begun) == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return keep(*asked)

    return keeping
