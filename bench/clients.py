"""Small clients: one page with what it loads, and several readers at once for a bounded time."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

ACCEPTS = "gzip, deflate, br"  # what every phone's browser says
TIMEOUT = 20
"""Seconds for one answer."""


@dataclass
class Reader:
    """One phone: its connection stays open, its cookies are kept."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def get(self, path: str) -> Answer:
        """Ask for ``path``; follows nothing."""
        headers = {"Accept-Encoding": ACCEPTS, "Accept": "*/*"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request("GET", path, headers=headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes a connection that was idle; a browser asks again, and so do we, once.
            self.connection.close()
            self.connection.request("GET", path, headers=headers)
            response = self.connection.getresponse()
        body = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        head = sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + len("HTTP/1.1 200 OK\r\n\r\n")
        return Answer(response.status, response.headers, body, head)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    head_bytes: int

    @property
    def wire_bytes(self) -> int:
        """What came over the wire: compressed body and headers."""
        return len(self.body) + self.head_bytes

    def text(self) -> str:
        import gzip  # noqa: PLC0415 -- never inside the measured loop

        import brotli  # noqa: PLC0415 -- the same

        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        return bytes(unpack(self.body)).decode()


@dataclass(frozen=True)
class Weight:
    """Bytes over the wire, headers included."""

    page: int
    styles: int
    scripts: int
    icons: int

    @property
    def total(self) -> int:
        return self.page + self.styles + self.scripts + self.icons


def weigh(reader: Reader, path: str) -> Weight:
    """A page opened for the first time with everything it loads, pictures of the text left out."""
    page = reader.get(path)
    if page.status != 200:
        raise SystemExit(f"{path} answered {page.status}")
    html = page.text()
    found = {
        "styles": re.findall(r'<link rel="stylesheet" href="([^"]+)"', html),
        "scripts": re.findall(r'<script[^>]* src="([^"]+)"', html),
        "icons": re.findall(r'<link rel="icon" href="([^"]+)"', html),
    }
    sums = {kind: sum(reader.get(address).wire_bytes for address in addresses) for kind, addresses in found.items()}
    return Weight(page=page.wire_bytes, **sums)


class Stream:
    """One open connection that asks for the same page again and again, and reads no more than it must.

    ``http.client`` takes its headers apart at a fifth of the cost of serving the page: with it, the bench
    would measure itself.
    """

    def __init__(self, reader: Reader, path: str) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in reader.cookies.items())
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{reader.port}\r\nAccept-Encoding: {ACCEPTS}\r\n"
            f"Cookie: {cookies}\r\n\r\n"
        ).encode()
        self.address = ("127.0.0.1", reader.port)
        self.connection = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=TIMEOUT)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def get(self) -> int:
        """One page; its status."""
        self.connection.sendall(self.request)
        data = self.connection.recv(65536)
        if not data:  # the server closes a connection after its last kept-alive answer
            self.connection = self._connect()
            return self.get()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        missing = end + 4 + length - len(data)
        while missing > 0:
            missing -= len(self._more())
        if b"connection: close" in head:
            self.connection.close()
            self.connection = self._connect()
        return int(head[9:12])

    def _more(self) -> bytes:
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError("the server closed in the middle of a page")
        return data


def pages_per_second(readers: Sequence[Reader], path: str, seconds: float) -> float:
    """All readers ask for ``path`` over and over. Anything but 200 ends the bench: it would be fast and empty."""
    counts, wrong = [0] * len(readers), []
    start = threading.Barrier(len(readers) + 1)
    ends: list[float] = [0.0]

    def read(place: int) -> None:
        try:
            stream = Stream(readers[place], path)
            start.wait(TIMEOUT)
            while time.monotonic() < ends[0]:
                if (status := stream.get()) != 200:
                    wrong.append(f"{path} answered {status}")
                    return
                counts[place] += 1
            stream.connection.close()
        except (OSError, ValueError, threading.BrokenBarrierError) as problem:
            wrong.append(f"{path}: {problem!r}")
            start.abort()

    threads = [threading.Thread(target=read, args=(place,), daemon=True) for place in range(len(readers))]
    for thread in threads:
        thread.start()
    ends[0] = time.monotonic() + seconds
    began = time.monotonic()
    with suppress(threading.BrokenBarrierError):  # the reason is in ``wrong``
        start.wait(TIMEOUT)
    for thread in threads:
        thread.join(seconds + TIMEOUT)
    if wrong:
        raise SystemExit(wrong[0])
    return sum(counts) / (time.monotonic() - began)
