"""Processes of the benches' own: their environment, what they use, their end. Linux tells what they use."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
ENDS_WITHIN = 15
"""Seconds, before a process that was asked to end is killed."""


def environment(folder: str) -> dict[str, str]:
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
        "ISSUER_KEY_SECRET": secrets.token_urlsafe(32),
        "SEALING_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
    }


def run_to_end(environment: dict[str, str], *command: str) -> str:
    """Run Python with ``command`` to its end; what it printed. Exits with its words where it did not work."""
    done = subprocess.run([sys.executable, *command], cwd=TOP, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} did not work:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def start(environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    """Begin Python with ``command``, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, *command], cwd=TOP, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    processes = list(processes)
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def family(pid: int) -> list[int]:
    """The process and everything it has started that still runs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def processor_seconds(pid: int) -> float | None:
    """Processor time of the process, of all that it has started, and of those that have ended; ``None`` if untold."""
    try:
        return sum(_processor_seconds(each) for each in family(pid))
    except OSError:
        return None


def memory_megabytes(pids: Iterable[int]) -> float | None:
    """Proportional memory of the processes with all that they have started; ``None`` where the system does not tell."""
    try:
        return sum(_memory(member) for pid in pids for member in family(pid)) / 1024
    except OSError:
        return None


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Kilobytes; memory shared by n processes counts one n-th in each."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
