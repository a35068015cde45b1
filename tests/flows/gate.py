"""A way to the stage that can be closed and opened again, at one address: a server that is down for a while."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

from tests.flows.stage import free_port

PIECE = 65536


class Gate:
    """Passes everything on to ``url`` while it is open; shut, nobody answers and what was open is cut."""

    def __init__(self, url: str) -> None:
        self.port = free_port()
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
                for one, other in ((phone, site), (site, phone)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(PIECE):
            other.sendall(piece)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
