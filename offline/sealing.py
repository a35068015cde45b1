"""Envelopes that a phone seals to this installation, and that only this installation opens.

A phone keeps unsent work for weeks, and may be held by somebody else when it is sent. So each entry is
sealed on the phone to the installation's public key: what stands there can be sent by the phone, and read
by nobody who holds it.

An envelope is, in this order: one byte version (1), 8 bytes of the key's name, 65 bytes of a P-256 public
key made for this envelope alone (uncompressed), 12 bytes nonce, then AES-256-GCM ciphertext with its tag.
The AES key is HKDF-SHA256 of the ECDH secret, salt = both public keys, info = ``thuto sync 1``. What an
envelope is bound to (the uuid of its entry) is authenticated with it and is not in it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

VERSION = 1
NAME_BYTES, PUBLIC_BYTES, NONCE_BYTES, TAG_BYTES = 8, 65, 12, 16
HEAD_BYTES = 1 + NAME_BYTES + PUBLIC_BYTES + NONCE_BYTES
INFO = b"thuto sync 1"


class CannotOpen(Exception):
    """The envelope is broken, bound to something else, or sealed to a key that is not ours."""


@dataclass(frozen=True)
class OpeningKey:
    """One private key of the installation, by the name that phones know its public half by."""

    private: ec.EllipticCurvePrivateKey
    public: bytes
    name: bytes


def public_key() -> tuple[str, str]:
    """``(name, key)`` that phones seal to now, base64url: the first of ``SEALING_KEYS``."""
    newest = next(iter(_keys(tuple(settings.SEALING_KEYS)).values()))
    return to_text(newest.name), to_text(newest.public)


def open_envelope(envelope: bytes, bound_to: bytes) -> bytes:
    """What the phone sealed; ``bound_to`` must be what it was bound to. Raises ``CannotOpen``."""
    if len(envelope) < HEAD_BYTES + TAG_BYTES or envelope[0] != VERSION:
        raise CannotOpen("not an envelope of this version")
    name, public, nonce, sealed = _parts(envelope)
    key = _keys(tuple(settings.SEALING_KEYS)).get(name)
    if key is None:
        raise CannotOpen("sealed to a key that is not listed")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        secret = key.private.exchange(ec.ECDH(), theirs)
        return AESGCM(_message_key(secret, public, key.public)).decrypt(nonce, sealed, bound_to)
    except (ValueError, InvalidTag) as problem:
        raise CannotOpen("broken, or bound to something else") from problem


def seal(content: bytes, bound_to: bytes) -> bytes:
    """An envelope as a phone makes it: for tests, and for whoever writes another client."""
    ours = next(iter(_keys(tuple(settings.SEALING_KEYS)).values()))
    once = ec.generate_private_key(ec.SECP256R1())
    public = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = _message_key(once.exchange(ec.ECDH(), ours.private.public_key()), public, ours.public)
    return bytes([VERSION]) + ours.name + public + nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def new_private_key() -> str:
    """A new entry for ``SEALING_KEYS``: a P-256 private key as base64url of its 32 bytes."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return to_text(number.to_bytes(32, "big"))


def to_text(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of base64url with or without padding. Raises ``ValueError``."""
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


@cache
def _keys(texts: tuple[str, ...]) -> dict[bytes, OpeningKey]:
    """Name -> key, the newest first."""
    keys = {}
    for text in texts:
        private = ec.derive_private_key(int.from_bytes(from_text(text), "big"), ec.SECP256R1())
        public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        name = hashlib.sha256(public).digest()[:NAME_BYTES]
        keys[name] = OpeningKey(private, public, name)
    return keys


def _parts(envelope: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    start = 1 + NAME_BYTES
    return (
        envelope[1:start],
        envelope[start : start + PUBLIC_BYTES],
        envelope[start + PUBLIC_BYTES : HEAD_BYTES],
        envelope[HEAD_BYTES:],
    )


def _message_key(secret: bytes, public: bytes, recipient: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=public + recipient, info=INFO).derive(secret)
