"""A way to the stage that can be closed and opened again, at one address: a server that is down for a while."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from urllib.parse import urlsplit

from tests.flows.stage import free_port

PIECE = 65536


class Gate:
    """Passes everything on to ``url`` while it is open; shut, nobody answers and what was open is cut."""

    def __init__(self, url: str) -> None:
        self.port = free_port()
        self.seconds = 0.0
        """How long every answer of the site is under way."""
        self.url = f"http://127.0.0.1:{self.port}"
        self._behind = int(urlsplit(url).port or 80)
        self._listener: socket.socket | None = None
        self._lines: list[socket.socket] = []
        self.open()

    def open(self) -> None:
        if self._listener is not None:
            return
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._welcome, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        listener, self._listener = self._listener, None
        for line in [*([listener] if listener else []), *self._lines]:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def _welcome(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _address = listener.accept()
                site = socket.create_connection(("127.0.0.1", self._behind))
                self._lines += [phone, site]
                for way in ((phone, site, False), (site, phone, True)):
                    threading.Thread(target=self._pass_on, args=way, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if answers:
                    time.sleep(self.seconds)
                other.sendall(piece)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
