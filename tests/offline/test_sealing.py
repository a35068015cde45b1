"""Only this installation opens what a phone sealed, and nothing that was touched on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline import sealing

NEWER, OLDER = sealing.new_private_key(), sealing.new_private_key()


@given(content=st.binary(max_size=300), bound_to=st.binary(min_size=16, max_size=16))
def test_open_envelope_gives_back_what_was_sealed(content: bytes, bound_to: bytes) -> None:
    assert sealing.open_envelope(sealing.seal(content, bound_to), bound_to) == content


@given(place=st.integers(min_value=0, max_value=sealing.HEAD_BYTES + 30), bit=st.integers(0, 7))
def test_envelope_with_one_changed_bit_does_not_open(place: int, bit: int) -> None:
    envelope = bytearray(sealing.seal(b"fourteen bytes", b"x" * 16))
    envelope[place % len(envelope)] ^= 1 << bit
    with pytest.raises(sealing.CannotOpen):
        sealing.open_envelope(bytes(envelope), b"x" * 16)


@given(st.binary(max_size=200))
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(sealing.CannotOpen):
        sealing.open_envelope(rubbish, b"x" * 16)


def test_envelope_of_another_entry_does_not_open() -> None:
    with pytest.raises(sealing.CannotOpen):
        sealing.open_envelope(sealing.seal(b"hers", b"x" * 16), b"y" * 16)


def test_envelope_to_an_older_key_opens_while_the_key_is_listed(settings) -> None:
    settings.SEALING_KEYS = [OLDER]
    envelope, name = sealing.seal(b"kept for a month", b"x" * 16), sealing.public_key()[0]
    settings.SEALING_KEYS = [NEWER, OLDER]
    assert sealing.open_envelope(envelope, b"x" * 16) == b"kept for a month"
    assert sealing.public_key()[0] != name
    settings.SEALING_KEYS = [NEWER]
    with pytest.raises(sealing.CannotOpen):
        sealing.open_envelope(envelope, b"x" * 16)


@given(st.binary(max_size=100))
def test_text_of_bytes_is_read_back(raw: bytes) -> None:
    assert sealing.from_text(sealing.to_text(raw)) == raw
