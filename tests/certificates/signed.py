"""Signed papers for tests: drawn once, signed as often as asked, with or without a row behind them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from certificates import keys, signing
from certificates.models import Certificate, IssuerKey
from certificates.paper_record import record_of
from certificates.render import certificate_pdf

SERIAL = "K7M2QXAB9TRE"
ISSUED_ON = date(2026, 3, 3)
EXPIRES_ON = date(2027, 3, 3)
AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
KEY_MADE_AT = datetime(2020, 1, 1, tzinfo=UTC)
NAME = "Wanjikũ Amélia"


def certificate(**fields: Any) -> Certificate:
    """A certificate in no table."""
    values = {
        "serial": SERIAL,
        "printed_name": NAME,
        "title": "Certificate of Competence: Peer Health Educator",
        "language": "en",
        "languages": ["en"],
        "titles": {"en": "Certificate of Competence: Peer Health Educator"},
        "issuing_name": "Family Learning Programme",
        "issuing_short_name": "FLP",
        "modules": [{"code": "M4", "cover_title": "Family health at home", "hours": 6, "is_practised": True}],
        "hours": 6,
        "signatories": [{"name": "Lerato M.", "title": "Programme manager"}],
        "country": "KE",
        "pathway_version": 1,
        "is_demonstration": False,
        "issued_on": ISSUED_ON,
        "expires_on": EXPIRES_ON,
    }
    return Certificate(**values | fields)


@cache
def drawn() -> bytes:
    """The paper of ``certificate()`` as it comes from the printer, not signed."""
    return certificate_pdf(certificate())


def loose_key(name: str = "Family Learning Programme") -> keys.SigningKey:
    """A key in no table and no file."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = keys._self_signed(private, name, KEY_MADE_AT).public_bytes(Encoding.PEM).decode()
    fingerprint = keys.fingerprint_of(private.public_key())
    return keys.SigningKey(IssuerKey(fingerprint=fingerprint, certificate_pem=pem, made_at=KEY_MADE_AT), private)


def signed(signing_key: keys.SigningKey, at: datetime = AT, **changed: Any) -> bytes:
    """The drawn paper, signed; ``changed`` are other words in its record."""
    return signing.signed(drawn(), signing_key=signing_key, record=record_of(certificate()) | changed, at=at)
