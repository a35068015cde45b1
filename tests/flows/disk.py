"""Everything that a browser has written, in every form in which a patient person could read it.

``search`` takes the whole profile, file by file: as it lies there, taken out of its containers (LevelDB logs and
tables, the caches of pages, SQLite) and decompressed, again and again while something comes out. What it looks for
it looks for in every writing: UTF-8 and UTF-16, as in an address, in JSON, in HTML, in base64 and hexadecimal.

Formats: LevelDB's doc/log_format.md and doc/table_format.md; Chromium's net/disk_cache/simple/simple_entry_format.h
and third_party/blink/renderer/modules/indexeddb/idb_value_wrapping.h.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import shutil
import sqlite3
import struct
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import brotli
import cramjam
from ahocorasick_rs import BytesAhoCorasick

type Layer = tuple[str, bytes]

DEEPEST = 4
"""A pack in gzip in an entry in a table in a block: nothing real lies deeper."""

LOG_BLOCK, LOG_HEADER = 32768, 7
TABLE_END, TABLE_FOOTER, BLOCK_TRAILER = bytes.fromhex("57fb808b247547db"), 48, 5
CACHED_BEGINS, CACHED_ENDS = bytes.fromhex("305c72a71b6dfbfc"), bytes.fromhex("d8410d97456ffaf4")
CACHED_HEADER = 24
GZIP, ZSTD, WRAPPED = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", re.compile(rb"\xff\x11[\x01-\x04]")
ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
EMPTY = re.compile(rb"\x00{64,}")


def search(profile: Path, secrets: Iterable[str | bytes]) -> dict[str, list[str]]:
    """Where in ``profile`` each of ``secrets`` can be read; those that cannot are not named."""
    look = _Look(secrets)
    found: dict[str, set[str]] = {}
    for file in sorted(each for each in profile.rglob("*") if each.is_file() and not each.is_symlink()):
        place = str(file.relative_to(profile))
        for secret in look.at(place.encode()):
            found.setdefault(secret, set()).add(f"{place} (its name)")
        for how, content in layers(file):
            for secret in look.at(content):
                found.setdefault(secret, set()).add(f"{place} ({how})")
    return {secret: sorted(places) for secret, places in found.items()}


class _Look:
    """Looks for thousands of writings in one pass."""

    def __init__(self, secrets: Iterable[str | bytes]) -> None:
        wanted = list(secrets)
        # A number counts only where no other digit stands beside it: that needs a pattern.
        self.numbers = [(each, pattern_of(each)) for each in wanted if isinstance(each, str) and each.isdigit()]
        self.forms: list[tuple[bytes, str]] = []
        for each in wanted:
            if not (isinstance(each, str) and each.isdigit()):
                name = each if isinstance(each, str) else each.hex()
                self.forms += [(form, name) for form in writings(each)]
        self.search = BytesAhoCorasick([form for form, _name in self.forms])

    def at(self, content: bytes) -> set[str]:
        hits = {
            self.forms[form][1] for form, _begin, _end in self.search.find_matches_as_indexes(content, overlapping=True)
        }
        return hits | {number for number, pattern in self.numbers if pattern.search(content)}


# How a secret may be written


def pattern_of(secret: str | bytes) -> re.Pattern[bytes]:
    """Matches ``secret`` in every writing. Digits alone only where no other digit stands beside them."""
    forms = sorted(writings(secret), key=len, reverse=True)
    if isinstance(secret, str) and secret.isdigit():
        plain = [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")]
        alone = [rb"(?<![0-9])" + plain[0] + rb"(?![0-9])", rb"(?<![0-9]\0)" + re.escape(plain[1]) + rb"(?![0-9]\0)"]
        return re.compile(b"|".join([*alone, *(re.escape(form) for form in forms if form not in plain)]))
    return re.compile(b"|".join(re.escape(form) for form in forms))


def writings(secret: str | bytes) -> set[bytes]:
    """Every sequence of bytes that says ``secret``."""
    if isinstance(secret, bytes):
        ascii_forms = {secret.hex(), secret.hex().upper(), *_base64(secret)}
        # As a program prints bytes: "1,2,3".
        ascii_forms.add(",".join(str(byte) for byte in secret))
        return {secret} | _wide(ascii_forms)
    texts = {
        unicodedata.normalize(form, each) for form in ("NFC", "NFD") for each in (secret, secret.replace("'", "’"))
    }
    forms: set[bytes] = set()
    for text in texts:
        raw = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
        in_json = json.dumps(text)[1:-1]
        ascii_forms = {quote(text, safe=""), quote_plus(text), quote(text).lower(), in_json, html.escape(text)}
        ascii_forms |= {re.sub(r"\\u....", lambda match: match[0].upper().replace("U", "u", 1), in_json)}
        ascii_forms |= {form for each in raw for form in _base64(each)}
        ascii_forms |= {form for each in raw for form in (each.hex(), each.hex().upper())}
        forms |= {*raw, *_wide(ascii_forms)}
    return forms


def _wide(texts: Iterable[str]) -> set[bytes]:
    return {form for text in texts for form in (text.encode(), text.encode("utf-16-le"))}


def _base64(raw: bytes) -> set[str]:
    """What stands in base64 of anything that holds ``raw``, wherever it begins; both alphabets."""
    found = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + raw).decode()
        known = (before + len(raw)) // 3 * 4 + (before + len(raw)) % 3
        text = text[(0, 2, 3)[before] : known]
        found |= {text, text.replace("+", "-").replace("/", "_")}
    return {text for text in found if len(text) >= 6}


# How a file may hide it


def layers(file: Path) -> Iterator[Layer]:
    """``file`` as it lies there, and all that can be taken out of it."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return  # a browser that is open has just taken it away: nobody can read it any more
    yield from unpacked("as it lies", EMPTY.sub(bytes(16), content), 0)
    if file.suffix == ".log":
        for record in log_records(content):
            yield from unpacked("log", record, 1)
            for value in batch_values(record):
                yield from _of_value("log", value)
    if content.endswith(TABLE_END):
        for block in table_blocks(content):
            yield from unpacked("table", block, 1)
            for value in block_values(block):
                yield from _of_value("table", value)
    if content.startswith(CACHED_BEGINS):
        for how, body in cached_bodies(content):
            yield from unpacked(how, body, 1)
    if content.startswith(b"SQLite format 3\0"):
        for value in cells(file):
            yield from _of_value("cell", value)


def unpacked(how: str, content: bytes, depth: int) -> Iterator[Layer]:
    """``content``, and whatever is compressed anywhere in it."""
    yield how, content
    if depth >= DEEPEST:
        return
    for name, begins, decode in (("gzip", GZIP, _gunzip), ("zstd", ZSTD, _unzstd), ("zlib", ZLIB, _inflate)):
        for at in _places(content, begins):
            inner = decode(content[at:])
            if len(inner) > 16:
                yield from unpacked(f"{how}, {name}", inner, depth + 1)


def _places(content: bytes, begins: bytes | re.Pattern[bytes]) -> Iterator[int]:
    pattern = re.compile(re.escape(begins)) if isinstance(begins, bytes) else begins
    return (match.start() for match in pattern.finditer(content))


def _gunzip(content: bytes) -> bytes:
    return _zlib(content, 31)


def _inflate(content: bytes) -> bytes:
    return _zlib(content, 15)


def _zlib(content: bytes, bits: int) -> bytes:
    """As much as can be had, also of what is cut."""
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(bits).decompress(content)
    return b""


def _unzstd(content: bytes) -> bytes:
    with contextlib.suppress(cramjam.DecompressionError):
        return bytes(cramjam.zstd.decompress(content))
    return b""


def _unbrotli(content: bytes) -> bytes:
    with contextlib.suppress(brotli.error):
        return bytes(brotli.Decompressor().process(content))
    return b""


def _unsnappy(content: bytes) -> bytes:
    with contextlib.suppress(cramjam.DecompressionError):
        return bytes(cramjam.snappy.decompress_raw(content))
    return b""


def _of_value(how: str, value: bytes) -> Iterator[Layer]:
    """A value of a store: IndexedDB compresses the larger ones by themselves."""
    yield from unpacked(how, value, 2)
    for match in WRAPPED.finditer(value[:64]):
        inner = _unsnappy(value[match.end() :])
        if inner:
            yield from unpacked(f"{how}, snappy", inner, 2)


def cached_bodies(content: bytes) -> Iterator[Layer]:
    """The body of an entry of the page cache, of the Cache API or of the code cache, by every way to compress it."""
    (length,) = struct.unpack_from("<I", content, 12)
    begins = CACHED_HEADER + length
    for begin in (begins, begins - 4):  # the header has been written without its padding
        body = content[begin : content.find(CACHED_ENDS, begin)]
        yield "cached", body
        ways: list[tuple[str, Callable[[bytes], bytes]]] = [
            ("brotli", _unbrotli), ("zstd", _unzstd), ("gzip", _gunzip), ("deflate", lambda raw: _zlib(raw, -15)),
        ]  # fmt: skip
        for name, decode in ways:
            inner = decode(body)
            if inner:
                yield f"cached, {name}", inner


def log_records(content: bytes) -> Iterator[bytes]:
    """The records of a LevelDB log, put together again where a block has cut them."""
    record = b""
    for start in range(0, len(content), LOG_BLOCK):
        block, at = content[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER <= len(block):
            _checksum, length, part = struct.unpack_from("<IHB", block, at)
            if part not in (1, 2, 3, 4):
                break
            piece = block[at + LOG_HEADER : at + LOG_HEADER + length]
            record = piece if part in (1, 2) else record + piece
            if part in (1, 4):
                yield record
            at += LOG_HEADER + length
    yield record


def batch_values(record: bytes) -> Iterator[bytes]:
    """The values that one record of a log puts."""
    at = 12
    with contextlib.suppress(IndexError):
        while at < len(record):
            is_put, at = record[at] == 1, at + 1
            length, at = _varint(record, at)
            at += length
            if is_put:
                length, at = _varint(record, at)
                yield record[at : at + length]
                at += length


def table_blocks(content: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table, decompressed; those that nothing points to any more are raw bytes of the file."""
    footer = content[-TABLE_FOOTER:]
    _meta, at = _varint(footer, 0)
    _meta, at = _varint(footer, at)
    place, at = _varint(footer, at)
    length, at = _varint(footer, at)
    for handle in block_values(_block(content, place, length)):
        place, at = _varint(handle, 0)
        length, at = _varint(handle, at)
        yield _block(content, place, length)


def _block(content: bytes, place: int, length: int) -> bytes:
    raw, kind = content[place : place + length], content[place + length : place + length + BLOCK_TRAILER][:1]
    return _unsnappy(raw) if kind == b"\x01" else _unzstd(raw) if kind == b"\x02" else raw


def block_values(block: bytes) -> Iterator[bytes]:
    """The values in a block of a table."""
    (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    at, end = 0, len(block) - 4 * (restarts + 1)
    while at < end:
        _shared, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        at += unshared
        yield block[at : at + length]
        at += length


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def cells(file: Path) -> Iterator[bytes]:
    """Every value in a database, also one in pieces on several pages. What was deleted is raw bytes of the file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for suffix in ("", "-wal", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"{file}{suffix}", f"{copy}{suffix}")
        with contextlib.closing(sqlite3.connect(copy)) as connection, contextlib.suppress(sqlite3.Error):
            connection.text_factory = bytes
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in tables:
                with contextlib.suppress(sqlite3.Error):
                    rows = connection.execute(f'SELECT * FROM "{name.decode()}"')  # noqa: S608 -- a name from the file
                    for row in rows:
                        yield from (value for value in row if isinstance(value, bytes))
