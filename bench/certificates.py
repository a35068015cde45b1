"""What certificates cost: one of them, and a ceremony of 1 500, beside plain WeasyPrint with the same words.

**One**: a woman's sheet in two languages with six modules, drawn as PDF/A-3a that keeps PDF/UA-1, with its record
inside, signed. By turns with a bare page of the same words, which WeasyPrint draws with nothing of all that, so that a
neighbour on the machine disturbs both.

**A batch** goes the whole way: a coordinator asks for a cohort on her page, the background worker issues each one
and has the papers drawn on all cores. Seconds are of the clock, as she waits for them; certificates a second of
*processor* time say more where the machine has other work to do. At the end every woman must have one number and one
paper, and of the papers some are checked to the last byte; else there are no figures.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measures import Measure
from bench.running import environment, family, memory_megabytes, processor_seconds, run_to_end, start, stop

WOMEN = 1_500
FEW = 20
"""Issued beforehand in one process: for the queries, and as the papers that are drawn one at a time."""

TRACKERS = 1
"""Python starts a small process beside the first that it spawns, which ends with the worker."""

MOST_WAITED = 180
"""Seconds without anything new, after which a batch has stopped by itself."""

STEP = "import django, json, sys; django.setup(); from bench import {0}; {0}.{1}(*json.loads(sys.argv[1]))"
PROGRESS = """
SELECT (SELECT COUNT(*) FROM certificates_issuebatchitem WHERE batch_id = ?1 AND result = 'issued'),
  (SELECT COUNT(*) FROM certificates_certificatefile WHERE certificate_id IN
    (SELECT certificate_id FROM certificates_issuebatchitem WHERE batch_id = ?1)),
  (SELECT ended_at IS NOT NULL FROM certificates_issuebatch WHERE id = ?1)
"""


@dataclass
class _Batch:
    """What one batch took. ``asked``, ``issued``, ``papers``: seconds; ``processor``: of all processes together."""

    asked: float
    issued: float
    papers: float
    memory: float | None
    processor: float | None
    disk: int
    made: dict[str, Any]

    @property
    def women(self) -> int:
        return int(self.made["women"])


def run(seconds: float, women: int = WOMEN, schema: Path | None = None) -> list[Measure]:
    """``women``: how many are in the batch. ``schema``: a database that is migrated already."""
    with tempfile.TemporaryDirectory(prefix="thuto-bench-") as folder:
        database = Path(folder) / "thuto.sqlite3"
        if schema is not None:
            shutil.copy(schema, database)
        ours = environment(folder)
        run_to_end(ours, "manage.py", "migrate", "--no-input", "--verbosity", "0")

        def step(module: str, name: str, *values: Any) -> Any:
            return json.loads(run_to_end(ours, "-c", STEP.format(module, name), json.dumps(values)).splitlines()[-1])

        facts = step("cohort", "main", {"few": FEW, "all": women})
        asked = step("papers", "queries", "few", facts["award"], facts["coordinator"])
        colds = {kind: step("papers", "first", kind) for kind in ("plain", "ours")}
        one = step("papers", "one", seconds)
        worker = start(ours, "manage.py", "db_worker", "--queue-name", "background", "--backend", "background",
                       "--no-startup-delay", "--verbosity", "0")  # fmt: skip
        try:
            batch = _batch(step, facts, database, worker.pid)
        finally:
            stop([worker])
    return [*_one(one, colds), *_many(batch, one, asked["queries"])]


def _batch(step: Callable[..., Any], facts: dict[str, Any], database: Path, worker: int) -> _Batch:
    """Ask for the cohort and watch the worker until the last paper is there."""
    time.sleep(3)  # it loads; that it does so is no part of the batch
    used, room = processor_seconds(worker), _room(database)
    answer = step("papers", "ask", facts["award"], facts["coordinator"], "all")
    moved, peak, before = time.monotonic(), 0.0, (0, 0)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        while True:
            issued, papers, has_ended = connection.execute(PROGRESS, [answer["batch"]]).fetchone()
            now = time.monotonic()
            peak = max(peak, memory_megabytes([worker]) or 0)
            if has_ended and papers == answer["women"]:
                break
            if (issued, papers) != before:
                before, moved = (issued, papers), now
            elif now - moved > MOST_WAITED:
                sys.exit(f"nothing has moved for {MOST_WAITED} s: {issued} are issued, {papers} papers made")
            time.sleep(0.2)
    ended_by = time.monotonic() + 30
    while len(family(worker)) > 1 + TRACKERS and time.monotonic() < ended_by:
        time.sleep(0.1)  # the processor time of those that have ended is told to the worker
    processor = processor_seconds(worker)
    spent = None if processor is None or used is None else processor - used
    made = step("papers", "looked_through", answer["batch"])
    room = _room(database) - room
    return _Batch(answer["seconds"], made["issued"], made["papers"], peak or None, spent, room, made)


def _room(database: Path) -> int:
    """Bytes of the database with what is written beside it."""
    return sum(each.stat().st_size for each in database.parent.glob(database.name + "*"))


def _measure(measure: str, value: float, unit: str, budget: float | None = None, **more: Any) -> Measure:
    return Measure("certificates", measure, round(value, 2), unit, budget, **more)


def _one(one: dict[str, Any], colds: dict[str, float]) -> list[Measure]:
    return [
        _measure("one certificate, warm: drawn, archival and tagged", one["drawn"], "ms"),
        _measure("the same, signed with its record inside", one["signed"], "ms"),
        _measure("both", one["both"], "ms", 120, peers=("362 ms", "-")),
        _measure("both, processor time", one["both_processor"], "ms"),
        _measure("plain WeasyPrint, a bare page of the same words, same run", one["plain"], "ms"),
        _measure("ratio of both to plain WeasyPrint", one["both"] / one["plain"], "x"),
        _measure("the first paper of a new process", colds["ours"], "ms"),
        _measure("plain WeasyPrint, its first page", colds["plain"], "ms"),
        _measure("size of a certificate", one["bytes"] / 1000, "kB", 60, peers=("145 kB", "-")),
        _measure("size of the plain page", one["plain_bytes"] / 1000, "kB"),
    ]


def _many(batch: _Batch, one: dict[str, Any], queries: float) -> list[Measure]:
    what, cores = f"a batch of {batch.women:,}".replace(",", " "), os.cpu_count() or 1
    in_all = batch.issued + batch.papers
    found = [
        _measure(f"{what}: asked for", batch.asked, "s"),
        _measure("issued", batch.issued, "s"),
        _measure("then the papers, drawn, signed and kept", batch.papers, "s"),
        _measure("certificates a second and core, issue and paper", batch.women / in_all / cores, "/s", 8,
                 at_least=True),
    ]  # fmt: skip
    if batch.processor:
        each = batch.processor * 1000 / batch.women
        found += [
            _measure("certificates a second of processor time", 1000 / each, "/s", 8, at_least=True),
            _measure("processor time of each", each, "ms"),
            _measure("ratio of it to a plain page", each / one["plain_processor"], "x"),
        ]
    if batch.memory:
        found.append(_measure("memory of the worker and those who draw for it, at its highest", batch.memory, "MB"))
    return [
        *found,
        _measure("queries for each woman, issue and paper", queries, "queries"),
        _measure("the largest paper", batch.made["bytes"] / 1000, "kB", 60),
        _measure("room on the disk for each woman", batch.disk / 1000 / batch.women, "kB"),
    ]
