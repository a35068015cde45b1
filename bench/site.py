"""A whole site of its own on the loopback: a temporary folder, a filled database, a real server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.running import environment, memory_megabytes, processor_seconds, run_to_end, start, stop

FILL = "import django, sys; django.setup(); from bench.fill import main; main(int(sys.argv[1]))"
STARTS_WITHIN = 60
"""Seconds."""


@dataclass
class Site:
    """A running site; ``facts`` is what ``bench.fill`` made and said."""

    port: int
    facts: dict[str, Any]
    processes: list[subprocess.Popen[bytes]]
    database: Path
    start_server: Callable[[], subprocess.Popen[bytes]]

    def kill_and_start_again(self) -> None:
        """Kill the web server without a word, all its processes at once, and start the next one."""
        server = self.processes[0]
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        while _listens(self.port):  # its children take a moment longer
            time.sleep(0.02)
        self.processes[0] = self.start_server()
        _wait_for(self.port, self.processes[0])

    def memory_megabytes(self) -> float | None:
        """Proportional memory of every process of the site; ``None`` where the system does not tell."""
        return memory_megabytes(process.pid for process in self.processes)

    def processor_seconds(self) -> float | None:
        """Processor time that the web server has used so far; ``None`` where the system does not tell."""
        return processor_seconds(self.processes[0].pid)


@contextmanager
def running_site(learners: int) -> Iterator[Site]:
    """Fill a database, serve it exactly as ``script/server`` does, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="thuto-bench-") as folder:
        ours = environment(folder)
        run_to_end(ours, "manage.py", "migrate", "--no-input", "--verbosity", "0")
        run_to_end(ours, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        filled = run_to_end(ours, "-c", FILL, str(learners))
        facts = json.loads(filled.splitlines()[-1])
        port = _free_port()
        serve = ["-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}", "config.wsgi"]
        work = ["manage.py", "db_worker", "--queue-name", "background", "--backend", "background", "--verbosity", "0"]
        processes = [start(ours, *serve), start(ours, *work)]
        database = Path(folder) / "thuto.sqlite3"
        try:
            _wait_for(port, processes[0])
            yield Site(port, facts, processes, database, lambda: start(ours, *serve))
        finally:
            stop(processes)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it listens; no page is asked for, so that the first one measured is the first one served."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}; its words are above")
        if _listens(port):
            time.sleep(1)  # gunicorn listens before its workers are there
            return
        time.sleep(0.1)
    sys.exit(f"the server did not answer within {STARTS_WITHIN} seconds")


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
