"""``python -m config.serve``: the site and its background worker, loaded once, until it is told to end.

Loading takes more time and memory than anything that is done afterwards. So it is done here, and the
two are forked from it: they share what they do not change.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import http.client
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def serve_site(address: str) -> None:
    """Answer requests; gunicorn reads ``config/gunicorn.py``."""
    from gunicorn.app.wsgiapp import run  # noqa: PLC0415 -- reads its arguments when it starts

    sys.argv = ["gunicorn", "--config", "config/gunicorn.py", "--bind", address, "config.wsgi:application"]
    run()


def work_in_background() -> None:
    """Do what was put into the queue."""
    from django.core.management import call_command  # noqa: PLC0415 -- needs the settings first

    queue = ["--queue-name", "background", "--backend", "background"]
    call_command("db_worker", *queue, "--no-startup-delay", "--verbosity", "0")


def fork(run: Callable[[], None]) -> int:
    """Start ``run`` in a process that ends when this one does, and hears no Ctrl-C of its own."""
    if child := os.fork():
        return child
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgrp()  # Ctrl-C reaches this group only through the parent: a second one would break off a task
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG, prctl(2)
    code = 1
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def refuse_taken(host: str, port: int) -> str:
    """Why nobody can listen there, or nothing."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as problem:
            return str(problem)
    return ""


def say_ready(shown: str, asked: str) -> None:
    """Print the one line as soon as a first page is there."""
    for _ in range(600):
        try:
            urllib.request.urlopen(asked, timeout=30).read(1)  # noqa: S310 -- our own address
            break
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                break
            return stop_with(f"the first page answers {answer.code}")
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    else:
        return stop_with("no answer after a minute")
    print(f"ready {shown}", flush=True)
    return None


def stop_with(reason: str) -> None:
    print(f"\nStopped: {reason}\nDo this: read the lines above, mend that, and start again", file=sys.stderr)
    os.kill(os.getpid(), signal.SIGUSR1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    if problem := refuse_taken(chosen.host, chosen.port):
        print(f"\nStopped: port {chosen.port} on {chosen.host} cannot be used ({problem})", file=sys.stderr)
        print(f"Do this: script/server --port {chosen.port + 1}", file=sys.stderr)
        return 1

    children: list[int] = []
    told: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        """Once: finish what you are doing. Twice: now."""
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL if told and number == signal.SIGINT else signal.SIGTERM)
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, stop)

    from django.db import connections  # noqa: PLC0415 -- the same

    from config import wsgi  # noqa: PLC0415 -- the slow part

    assert wsgi.application  # noqa: S101 -- loaded, for both
    connections.close_all()  # a connection must not be shared
    gc.collect()
    gc.freeze()
    named = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    if not told:
        children.append(fork(lambda: serve_site(f"{named}:{chosen.port}")))
        children.append(fork(work_in_background))
        reached = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(named, named)  # noqa: S104
        addresses = [f"http://{name}:{chosen.port}/" for name in (named, reached)]
        threading.Thread(target=say_ready, args=(addresses[0], addresses[1] + "verify/"), daemon=True).start()
    while children:
        ended, _status = os.waitpid(-1, 0)
        children.remove(ended)
        if not told:
            stop_with("the site or its worker has ended by itself")
    return 1 if signal.SIGUSR1 in told else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
