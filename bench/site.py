"""A whole site of its own on the loopback: a temporary folder, a filled database, a real server."""

from __future__ import annotations

import base64
import json
import os
import secrets
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

TOP = Path(__file__).resolve().parent.parent
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
        try:
            return sum(_memory(pid) for process in self.processes for pid in _family(process.pid)) / 1024
        except OSError:
            return None

    def processor_seconds(self) -> float | None:
        """Processor time that the web server has used so far; ``None`` where the system does not tell."""
        try:
            return sum(_processor_seconds(pid) for pid in _family(self.processes[0].pid))
        except OSError:
            return None


@contextmanager
def running_site(learners: int) -> Iterator[Site]:
    """Fill a database, serve it exactly as ``script/server`` does, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="thuto-bench-") as folder:
        environment = _environment(folder)
        _run(environment, "manage.py", "migrate", "--no-input", "--verbosity", "0")
        _run(environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        filled = _run(environment, "-c", FILL, str(learners))
        facts = json.loads(filled.splitlines()[-1])
        port = _free_port()
        serve = ["-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}", "config.wsgi"]
        work = ["manage.py", "db_worker", "--queue-name", "background", "--backend", "background", "--verbosity", "0"]
        processes = [_start(environment, *serve), _start(environment, *work)]
        database = Path(folder) / "thuto.sqlite3"
        try:
            _wait_for(port, processes[0])
            yield Site(port, facts, processes, database, lambda: _start(environment, *serve))
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()


def _environment(folder: str) -> dict[str, str]:
    """The operator's own settings must not leak in: only ours, and what a process needs to run."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("WEB_")}
    return kept | {
        "THUTO_VAR": folder,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CONTACT_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": secrets.token_urlsafe(32),
        "PIN_PEPPER": secrets.token_urlsafe(32),
        "SEALING_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
    }


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=TOP, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} did not work:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def _start(environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=TOP, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )


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


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Kilobytes; memory shared by n processes counts one n-th in each."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
