"""The slow line of the benches is as slow as it says."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.line import SlowLine

BODY = bytes(20_000)


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    """A thread for each connection: one that stays open does not keep the server from ending."""

    daemon_threads = True
    block_on_close = False


@pytest.fixture
def site() -> Iterator[int]:
    with _Server(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def seconds_for(phone: http.client.HTTPConnection) -> float:
    began = time.monotonic()
    phone.request("GET", "/")
    assert phone.getresponse().read() == BODY
    return time.monotonic() - began


def test_a_connection_and_each_answer_cost_a_round_trip_and_bytes_their_rate(site: int) -> None:
    line = SlowLine(site, kilobits=800, milliseconds=200)
    phone = http.client.HTTPConnection("127.0.0.1", line.port, timeout=10)
    try:
        first, second = seconds_for(phone), seconds_for(phone)
    finally:
        phone.close()
        line.close()

    # 20 kB at 100 kB a second, and a round trip; the first one opened the connection.
    # Never faster; slower on a busy machine.
    assert 0.4 <= second < 2
    assert 0.6 <= first < 2
