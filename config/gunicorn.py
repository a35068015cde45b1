"""How the site is served. ``script/server`` adds the address to listen on."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

# Threads wait for the network and the disk, processes use the cores; memory decides how many.
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True
keepalive = 15
timeout = 60
graceful_timeout = 10
# The heartbeat file must be in memory: a slow disk would look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Addresses and pages together tell who learns what: they are written nowhere.
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Leave what is loaded now out of every later collection, so that the workers go on sharing its memory."""
    gc.collect()
    gc.freeze()
