"""A real server with the demonstration in it, for browser flows, pictures and benches."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import schema

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "thuto.sqlite3"
FIRST_DAY = ".first-day"


@dataclass(frozen=True)
class Stage:
    """A running demonstration: where it answers, whom to be, and its database."""

    url: str
    accounts: dict[str, dict[str, str]]
    urls: dict[str, str]
    database: Path

    def start_over(self, day: str = FIRST_DAY) -> None:
        """Everything as on the first day of the demonstration: a fifth of a second instead of seven by the button.

        Or as on another ``day`` that was remembered.
        """
        _copy(self.database.with_suffix(day), self.database)

    def remember(self, day: str) -> None:
        """Keep everything as it is now, under the name of ``day``: a suffix."""
        _copy(self.database, self.database.with_suffix(day))

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Read the server's database, as somebody with the key to the cupboard."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, parameters).fetchall()


def _copy(one: Path, other: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(one)) as source,
        contextlib.closing(sqlite3.connect(other, timeout=20)) as target,
    ):
        source.backup(target)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path) -> dict[str, str]:
    return os.environ | {
        "THUTO_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "for tests only",
        "CONTACT_KEYS": "VGVzdHMgb25seSwgbm90aGluZyBzZWNyZXQgaGVyZSE=",
        "BLIND_INDEX_KEY": "for tests only",
        "PIN_PEPPER": "for tests only",
        "SEALING_KEYS": "Rm9yIHRlc3RzIG9ubHksIG5vdGhpbmcgc2VjcmV0IC4",
        "ISSUER_KEY_SECRET": "for tests only",
        "DATABASE_URL": f"sqlite:///{var / DATABASE}",
        "VENDOR": os.environ.get("VENDOR", str(ROOT / "var/vendor")),
    }


def manage(var: Path, *arguments: str) -> str:
    """Run ``manage.py``; return what it printed, or fail with what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextlib.contextmanager
def staged(var: Path, shared: Path | None = None) -> Iterator[Stage]:
    """Build the demonstration in ``var`` (once) and serve it on loopback until the block ends.

    ``shared`` is the folder in which the workers of one run share what is dear to make.
    """
    if shared is None:
        directory = _demonstration(var, var)
    else:
        with (shared / "stage.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            directory = _demonstration(shared / "stage", shared)
        shutil.copytree(shared / "stage", var, dirs_exist_ok=True)
    port = free_port()
    log = (var / "server.log").open("w")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--threads",
            "4",
        ],
        cwd=ROOT,
        env=environment(var),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url, server, var / "server.log")
        yield Stage(url, directory["accounts"], directory["urls"], var / DATABASE)
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _demonstration(var: Path, schemas: Path) -> dict[str, Any]:
    """Make the demonstration in ``var``, or find it there; return what ``manage.py demo`` says of it."""
    said = var / "demo.json"
    if not said.exists():
        var.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(var / DATABASE)) as today:
            schema.fill(schemas, lambda: manage(var, "migrate", "--verbosity", "0"), lambda: today)
        manage(var, "collectstatic", "--noinput", "--verbosity", "0")
        answer = manage(var, "demo", "--json")
        _copy(var / DATABASE, (var / DATABASE).with_suffix(FIRST_DAY))
        said.write_text(answer)
    return dict(json.loads(said.read_text()))


def _wait_until_it_answers(url: str, server: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url + "/verify/", timeout=5):  # noqa: S310 -- our own server on loopback
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())
