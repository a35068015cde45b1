"""A slow line between a browser and a site on the loopback, and a site that speaks TLS 1.3.

The browser's own emulation delays the answer to each request and nothing else: it knows no connection that has
to be opened, and no handshake. Here bytes themselves are slow: whatever crosses the line waits for its turn at
the rate of the line and then half a round trip, and a new connection costs a whole round trip before its first
byte. What is left out: the slow start of TCP (all that a lesson needs fits one first window of 14 kB), lost
packets, and 3 % of headers of packets.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import hashlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PACKET = 1400
"""Bytes that cross the line together, so that several connections share it fairly."""

type Reader = asyncio.StreamReader
type Writer = asyncio.StreamWriter


class _Background:
    """A server on the loopback in a thread of its own; ``port`` is where it listens."""

    port: int = 0

    def _start(self, serve: Callable[[], Coroutine[Any, Any, asyncio.Server]]) -> None:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            server = self._loop.run_until_complete(serve())
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()
            server.close()

            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            # Whoever is told to stop gets a moment to do so.
            self._loop.run_until_complete(asyncio.sleep(0.05))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


class SlowLine(_Background):
    """Passes on to ``target`` at ``kilobits`` a second each way, with ``milliseconds`` for a round trip."""

    def __init__(self, target: int, *, kilobits: float, milliseconds: float) -> None:
        self._target, self._rate, self._trip = target, kilobits * 1000 / 8, milliseconds / 1000
        self._free = {"up": 0.0, "down": 0.0}
        self._start(lambda: asyncio.start_server(self._connection, "127.0.0.1", 0))

    async def _connection(self, reader: Reader, writer: Writer) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            await asyncio.sleep(self._trip)
            site_reader, site_writer = await asyncio.open_connection("127.0.0.1", self._target)
            with contextlib.closing(site_writer):
                ways = self._carry("up", reader, site_writer), self._carry("down", site_reader, writer)
                await asyncio.gather(*ways, return_exceptions=True)

    async def _carry(self, way: str, reader: Reader, writer: Writer) -> None:
        """Half a round trip after its last bit has left; packets that are under way do not wait for each other."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                at, packet = await under_way.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not packet:
                    return
                writer.write(packet)

        arriving = asyncio.ensure_future(arrive())
        with contextlib.suppress(OSError):
            while packet := await reader.read(PACKET):
                self._free[way] = max(self._free[way], loop.time()) + len(packet) / self._rate
                await under_way.put((self._free[way] + self._trip / 2, packet))
                await asyncio.sleep(max(0.0, self._free[way] - loop.time()))
        await under_way.put((self._free[way] + self._trip / 2, b""))
        with contextlib.suppress(OSError):
            await arriving
            writer.close()


class TlsFront(_Background):
    """TLS 1.3 before ``target``, with a certificate that it signs itself; ``folder`` keeps it for the while.

    A browser trusts it by ``flag``. To let it ignore the fault instead would open each connection twice.
    """

    def __init__(self, target: int, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        path, self.key_hash = _own_certificate(folder)
        context.load_cert_chain(path)
        self._target = target
        self._start(lambda: asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=context))

    @property
    def flag(self) -> str:
        return f"--ignore-certificate-errors-spki-list={self.key_hash}"

    async def _connection(self, reader: Reader, writer: Writer) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            site_reader, site_writer = await asyncio.open_connection("127.0.0.1", self._target)
            with contextlib.closing(site_writer):
                ways: list[Awaitable[None]] = [_pass(reader, site_writer), _pass(site_reader, writer)]
                await asyncio.gather(*ways, return_exceptions=True)


async def _pass(reader: Reader, writer: Writer) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.close()


def _own_certificate(folder: Path) -> tuple[Path, str]:
    """One file with a fresh key and its certificate for the loopback, and the mark of the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return path, base64.b64encode(hashlib.sha256(public).digest()).decode()
