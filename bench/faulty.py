"""A network that misbehaves: a proxy that cuts, answers wrongly, repeats and kills, and counts what it did."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

STATUSES = (400, 401, 403, 408, 413, 422, 429, 500, 502, 503)
BEFORE = ["closed", "request cut", *(f"answered {status}" for status in STATUSES), "welcome page", "other json"]
"""The site hears nothing of it."""

AFTER = ["answer lost", "answer cut", "stored, then 500", "stored, then 502", "sent twice", "old batch again"]
"""The site has it; the phone does not know."""

FAULTS = [*BEFORE, *AFTER]
KILL = "server killed"
BATCH = b"/sync/v1/batch"

type Reader = asyncio.StreamReader
type Writer = asyncio.StreamWriter


@dataclass
class FaultyNetwork:
    """Listens on the loopback and forwards to ``target``; every ``share``-th batch on average meets a fault.

    ``kill`` is called for a killed server and returns when the next one answers.
    """

    target: int
    share: float
    seed: int
    kill: Callable[[], None]
    kills: int = 0
    done: Counter[str] = field(default_factory=Counter)
    acts_hit: set[str] = field(default_factory=set)
    requests: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._old: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        self._killing = asyncio.Lock()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _connection(self, reader: Reader, writer: Writer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            await self._handle(_closing(head) + body, head, body, writer)
        with contextlib.suppress(OSError):
            writer.close()

    async def _handle(self, request: bytes, head: bytes, body: bytes, writer: Writer) -> None:
        if BATCH not in head.split(b"\r\n", 1)[0]:
            async with self._killing:  # so that the phones do not do all their work while the site is away
                pass
            await self._pass(request, writer)
            return
        self.requests += 1
        fault = self._choose()
        if fault:
            self.done[fault] += 1
            self.acts_hit |= _acts(head, body)
        if fault == KILL:
            await self._kill_during(request)
        elif fault == "request cut":
            await self._ask(request[: len(request) - len(body) // 2], whole=False)
        elif fault.startswith("answered "):
            writer.write(_answer(int(fault.split()[1])))
        elif fault == "welcome page":
            writer.write(_answer(200, b"<html>Welcome to our Wi-Fi</html>", b"text/html"))
        elif fault == "other json":
            writer.write(_answer(200, b'{"receipts": []}'))
        elif fault in ("", "sent twice", "old batch again"):
            if fault == "sent twice":
                await self._ask(request)
            if fault == "old batch again" and self._old:
                await self._ask(self._random.choice(self._old))
            await self._pass(request, writer)
        elif fault != "closed":
            await self._after(fault, request, writer)
        if len(self._old) < 500:
            self._old.append(request)

    async def _after(self, fault: str, request: bytes, writer: Writer) -> None:
        answer = await self._ask(request)
        if fault == "answer cut":
            writer.write(answer[: len(answer) - len(answer) // 4])
        elif fault.startswith("stored, then "):
            writer.write(_answer(int(fault.split()[-1])))

    def _choose(self) -> str:
        if self.done[KILL] < self.kills and self._random.random() < self.share / 12:
            return KILL
        if self._random.random() >= self.share:
            return ""
        # One of those that came least often so far: a thousand faults are enough for fifty of each.
        least = min(self.done[fault] for fault in FAULTS)
        return self._random.choice([fault for fault in FAULTS if self.done[fault] == least])

    async def _pass(self, request: bytes, writer: Writer) -> None:
        writer.write(await self._ask(request))
        with contextlib.suppress(OSError):
            await writer.drain()

    async def _ask(self, request: bytes, *, whole: bool = True) -> bytes:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return _answer(502)
        writer.write(request)
        await writer.drain()
        if not whole:
            await asyncio.sleep(self._random.random() / 20)
        answer = await reader.read(-1) if whole else b""
        writer.close()
        return answer

    async def _kill_during(self, request: bytes) -> None:
        """Somewhere between the first byte and the answer."""
        async with self._killing:
            asking = asyncio.ensure_future(self._ask(request))
            await asyncio.sleep(self._random.random() / 25)
            await asyncio.get_running_loop().run_in_executor(None, self.kill)
            with contextlib.suppress(OSError):
                await asking


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _closing(head: bytes) -> bytes:
    lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n"


def _answer(status: int, body: bytes = b'{"detail": "no"}', kind: bytes = b"application/json") -> bytes:
    head = b"HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return head % (status, kind, len(body)) + body


def _acts(head: bytes, body: bytes) -> set[str]:
    text = gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
    return {entry["client_uuid"] for entry in json.loads(text)["entries"]}
