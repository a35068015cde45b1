"""What the code on a paper says by itself: 95 signed bytes that can be checked without network and without us.

The format stands in docs/verify.md; papers carry it for ever, so that a change is a new version beside this one.
It names nobody: of her name it holds a salted digest, which somebody with the paper in hand can compare.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hmac import compare_digest
from struct import Struct
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.addresses import site_address
from certificates.keys import fingerprint_of
from certificates.models import SERIAL_LENGTH, Certificate, IssuerKey
from certificates.names import words_of
from people.models import UNAMBIGUOUS

VERSION = 1
SIGNED_AS = b"thuto statement 1\0"
"""Stands before what is signed: a signature for anything else of ours is none for a statement."""

LAYOUT = Struct(">B4sQBHHB4s8s")
"""Version, key, number, award, issued, expires, flags, salt, name: 31 bytes."""

SIGNATURE_BYTES = 64
STATEMENT_BYTES = LAYOUT.size + SIGNATURE_BYTES
TEXT_LENGTH = 152
"""Letters of base32: 95 bytes fill them without a bit to spare, so that a statement has one spelling."""

FIRST_DAY = date(2020, 1, 1)
NO_END = 0
IS_DEMONSTRATION = 1
SALT_BYTES = 4
DIGEST_BYTES = 8
SERIALS = len(UNAMBIGUOUS) ** SERIAL_LENGTH


class NotAStatement(ValueError):
    """These bytes or letters are no statement of a version that is known here."""


class NotSayable(ValueError):
    """A fact that has no place in a statement: a day before 2020 or after 2199, an award beyond the 255th."""


class Signer(Protocol):
    """What signs: ``certificates.keys.SigningKey``. ``sign`` gives the 64 raw bytes of ES256, r before s."""

    @property
    def key(self) -> IssuerKey: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True)
class Statement:
    """The facts in a statement, before its signature. ``key`` is the ``short`` of the key that signs it.

    ``award`` is the place of the award in its programme (``Award.order``); its title is in the list of keys.
    ``expires_on`` is what the paper says, ``None`` for no end.
    """

    key: str
    serial: str
    award: int
    issued_on: date
    expires_on: date | None
    is_demonstration: bool
    salt: bytes
    name_digest: bytes

    def is_of(self, name: str) -> bool:
        """Whether ``name``, typed in full, has the words of the name on the paper."""
        return compare_digest(self.name_digest, name_digest(name, self.salt))


def statement_of(certificate: Certificate, key: IssuerKey) -> Statement:
    """What the code on ``certificate`` is to say, with a salt of its own. The row need not be stored yet."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Statement(
        key=key.short,
        serial=certificate.serial,
        award=certificate.award.order,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        is_demonstration=certificate.is_demonstration,
        salt=salt,
        name_digest=name_digest(certificate.printed_name, salt),
    )


def signed_for(certificate: Certificate, signing_key: Signer) -> bytes:
    """The statement that goes into ``Certificate.statement``. Raises ``NotSayable``."""
    return encoded(statement_of(certificate, signing_key.key), signing_key)


def name_digest(name: str, salt: bytes) -> bytes:
    """The first eight bytes of SHA-256 over the salt and the sorted words of ``name``."""
    return hashlib.sha256(salt + " ".join(sorted(words_of(name))).encode()).digest()[:DIGEST_BYTES]


def encoded(statement: Statement, signing_key: Signer) -> bytes:
    """``statement`` as its 95 bytes, signed. Raises ``NotSayable``; ``ValueError`` where it names another key."""
    if statement.key != signing_key.key.short:
        raise ValueError(f"the statement names the key {statement.key}, not {signing_key.key.short}")
    facts = _packed(statement)
    signature = signing_key.sign(SIGNED_AS + facts)
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("a signature has 64 bytes, r before s")
    return facts + signature


def read(raw: bytes) -> Statement:
    """The facts in ``raw``. Nothing is checked but the form: ask ``is_genuine`` first. Raises ``NotAStatement``."""
    if len(raw) != STATEMENT_BYTES or raw[0] != VERSION:
        raise NotAStatement
    _version, key, number, award, issued, expires, flags, salt, digest = LAYOUT.unpack(raw[: LAYOUT.size])
    if number >= SERIALS:
        raise NotAStatement
    return Statement(
        key=key.hex(),
        serial=_serial(number),
        award=award,
        issued_on=FIRST_DAY + timedelta(days=issued),
        expires_on=None if expires == NO_END else FIRST_DAY + timedelta(days=expires),
        is_demonstration=bool(flags & IS_DEMONSTRATION),
        salt=salt,
        name_digest=digest,
    )


def is_genuine(raw: bytes, public_key: ec.EllipticCurvePublicKey) -> bool:
    """Whether ``raw`` was signed with the private half of ``public_key``, and names that key. Never raises."""
    if len(raw) != STATEMENT_BYTES or raw[0] != VERSION:
        return False
    facts, signature = raw[: LAYOUT.size], raw[LAYOUT.size :]
    half = SIGNATURE_BYTES // 2
    pair = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    try:
        public_key.verify(pair, SIGNED_AS + facts, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return facts[1:5].hex() == fingerprint_of(public_key)[:8]


def as_text(raw: bytes) -> str:
    """``raw`` in 152 letters and digits that a QR code takes as such (base32 without padding)."""
    return base64.b32encode(raw).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The bytes in ``text``, in any case and with gaps. Raises ``NotAStatement``."""
    letters = "".join(text.split()).upper()
    if len(letters) != TEXT_LENGTH:
        raise NotAStatement
    try:
        return base64.b32decode(letters)
    except (binascii.Error, ValueError) as refused:
        raise NotAStatement from refused


def address(raw: bytes) -> str:
    """The address that the code on the paper opens. In capitals throughout, so that a QR code of it is small."""
    return f"{site_address()}/V/{as_text(raw)}".upper()


def _packed(statement: Statement) -> bytes:
    flags = IS_DEMONSTRATION if statement.is_demonstration else 0
    expires = NO_END if statement.expires_on is None else _days(statement.expires_on)
    if not 0 <= statement.award <= 0xFF:
        raise NotSayable(f"award {statement.award}")
    if statement.expires_on == FIRST_DAY:
        raise NotSayable("a paper that ends on the first day would be one without an end")
    return LAYOUT.pack(
        VERSION,
        bytes.fromhex(statement.key),
        _number(statement.serial),
        statement.award,
        _days(statement.issued_on),
        expires,
        flags,
        statement.salt,
        statement.name_digest,
    )


def _days(day: date) -> int:
    """Days since the first of 2020, as two bytes hold them."""
    days = (day - FIRST_DAY).days
    if not 0 <= days <= 0xFFFF:
        raise NotSayable(day.isoformat())
    return days


def _number(serial: str) -> int:
    """The serial as digits to the base of the alphabet, the first the weightiest."""
    if len(serial) != SERIAL_LENGTH or set(serial) - set(UNAMBIGUOUS):
        raise NotSayable(serial)
    number = 0
    for letter in serial:
        number = number * len(UNAMBIGUOUS) + UNAMBIGUOUS.index(letter)
    return number


def _serial(number: int) -> str:
    letters = []
    for _place in range(SERIAL_LENGTH):
        number, digit = divmod(number, len(UNAMBIGUOUS))
        letters.append(UNAMBIGUOUS[digit])
    return "".join(reversed(letters))
