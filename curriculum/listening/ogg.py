"""What an Ogg Opus file says of itself, read without any program beside us (RFC 3533, RFC 7845)."""

from __future__ import annotations

import hashlib

SAMPLES_A_MS = 48
"""Opus counts 48 000 a second, whatever was recorded."""


def duration_ms(data: bytes) -> int:
    """How long ``data`` plays; 0 when it is not one whole Ogg Opus stream."""
    if data[:4] != b"OggS" or data[28:36] != b"OpusHead":
        return 0
    last = data.rfind(b"OggS")
    is_end = len(data) >= last + 27 and bool(data[last + 5] & 4)
    if not is_end:
        return 0
    skipped = int.from_bytes(data[38:40], "little")
    reached = int.from_bytes(data[last + 6 : last + 14], "little")
    return max(0, reached - skipped) // SAMPLES_A_MS


def name_of(data: bytes) -> str:
    """The name of a file: the mark of its content, so that it never changes and says nothing."""
    return hashlib.sha256(data).hexdigest()[:32]
