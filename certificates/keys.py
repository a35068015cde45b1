"""The keys with which a programme signs its papers: made, rotated, retired, lost, and opened to sign. docs/keys.md.

The public half is a row (``IssuerKey``) and stays for ever. The private half is one file in ``settings.ISSUER_KEYS``,
locked with ``settings.ISSUER_KEY_SECRET``; it is deleted when the key signs nothing any more.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import IssuerKey
from programme.models import Installation, Programme

VALID_FOR = timedelta(days=25 * 365 + 7)
NAME_BYTES = 64
"""The longest name that a certificate may carry (RFC 5280, upper bound of a common name), as libraries count it."""

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (FIPS 186-4, D.1.2.3)."""


class NoSigningKey(Exception):
    """Nothing can be signed now. Its words are for whoever issues; ``detail`` is for whoever runs the site."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            _("Nothing was issued: the key that signs certificates is not ready. Please tell whoever runs this site.")
        )


class KeyStands(Exception):
    """The programme has a key that signs already, or the key has ended already."""


class KeyState(StrEnum):
    """What a key is worth. ``LOST`` wins: also a retired key may turn out to be in other hands."""

    ACTIVE = "active"
    RETIRED = "retired"
    LOST = "lost"


@dataclass(frozen=True)
class SigningKey:
    """A key that is open. Not to be kept: it may be retired in a moment."""

    key: IssuerKey
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """ES256 of ``message`` as 64 bytes, r and s; of the two signatures that are as good, the one with low s."""
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)


def signing_key(programme: Programme) -> SigningKey:
    """The key with which ``programme`` signs now. Raises ``NoSigningKey``.

    A demonstration makes its own when it has none that opens; real work never does that by itself.
    """
    try:
        return _opened_for(programme)
    except NoSigningKey:
        if not Installation.is_demo() or not settings.ISSUER_KEY_SECRET:
            raise
    try:
        with transaction.atomic():
            rotate(programme=programme, at=timezone.now())
    except IntegrityError:
        pass  # somebody else has just made it
    return _opened_for(programme)


@transaction.atomic
def make_key(*, programme: Programme, made_at: datetime) -> IssuerKey:
    """A new key for ``programme``: its file first, then its row.

    Raises ``KeyStands`` where one signs already, ``NoSigningKey`` where the file cannot be locked or written.
    """
    if active_key(programme) is not None:
        raise KeyStands(f"{programme.code} has a key that signs. To change it: issuer_key rotate {programme.code}")
    private = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(private, programme.issuing_name or str(settings.PUBLIC_NAME), made_at)
    fingerprint = fingerprint_of(private.public_key())
    path = file_of(fingerprint)
    _write(path, _locked(private))
    try:
        return IssuerKey.objects.create(
            programme=programme,
            fingerprint=fingerprint,
            certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
            made_at=made_at,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@transaction.atomic
def rotate(*, programme: Programme, at: datetime) -> IssuerKey:
    """Retire the key that signs, where there is one, and make another. What the old one signed stays good."""
    old = active_key(programme)
    if old is not None:
        retire(key=old, at=at)
    return make_key(programme=programme, made_at=at)


@transaction.atomic
def retire(*, key: IssuerKey, at: datetime) -> IssuerKey:
    """Let ``key`` sign nothing any more. Its private half is deleted. A repeat changes nothing."""
    return _end(key, "retired_at", at)


@transaction.atomic
def lose(*, key: IssuerKey, at: datetime) -> IssuerKey:
    """Say that somebody else may hold ``key``: from now on it proves only what this installation knows anyway.

    Its private half is deleted. A repeat changes nothing.
    """
    return _end(key, "lost_at", at)


def _end(key: IssuerKey, column: str, at: datetime) -> IssuerKey:
    if getattr(key, column) is None:
        setattr(key, column, at)
        key.save(update_fields=[column])
    transaction.on_commit(partial(file_of(key.fingerprint).unlink, missing_ok=True))
    return key


def active_key(programme: Programme) -> IssuerKey | None:
    """The one key with which ``programme`` signs now."""
    return IssuerKey.objects.filter(programme=programme, retired_at=None, lost_at=None).first()


def state_of(key: IssuerKey) -> KeyState:
    if key.lost_at is not None:
        return KeyState.LOST
    return KeyState.ACTIVE if key.retired_at is None else KeyState.RETIRED


def certificate_of(key: IssuerKey) -> x509.Certificate:
    """The X.509 certificate of ``key``. Its own dates do not matter: keys are known by their fingerprint."""
    return x509.load_pem_x509_certificate(key.certificate_pem.encode())


def public_key_of(key: IssuerKey) -> ec.EllipticCurvePublicKey:
    """The public half of ``key``. Raises ``ValueError`` where the row holds another kind of key, or another one."""
    public = certificate_of(key).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or fingerprint_of(public) != key.fingerprint:
        raise ValueError(f"{key} is not what its fingerprint says")
    return public


def fingerprint_of(public: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 (hex) of the public key as SubjectPublicKeyInfo."""
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def file_of(fingerprint: str) -> Path:
    """Where the private half lies."""
    return Path(settings.ISSUER_KEYS) / f"{fingerprint}.pem"


def problem_of(key: IssuerKey) -> str:
    """Why ``key`` cannot sign now, for whoever runs the site; empty when it can."""
    try:
        _open(key)
    except NoSigningKey as refusal:
        return refusal.detail
    return ""


def is_open_to_others(key: IssuerKey) -> bool:
    """Whether somebody else on this machine can read the private half, which is locked all the same."""
    path = file_of(key.fingerprint)
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _opened_for(programme: Programme) -> SigningKey:
    key = active_key(programme)
    if key is None:
        raise NoSigningKey(f"{programme.code} has no key. Do this: manage.py issuer_key make {programme.code}")
    return SigningKey(key, _open(key))


def _open(key: IssuerKey) -> ec.EllipticCurvePrivateKey:
    if not settings.ISSUER_KEY_SECRET:
        raise NoSigningKey("ISSUER_KEY_SECRET is not set (docs/settings.md).")
    path = file_of(key.fingerprint)
    try:
        changed = path.stat().st_mtime_ns
        private = _read(path, changed, settings.ISSUER_KEY_SECRET)
    except FileNotFoundError:
        raise NoSigningKey(f"{path} is not there. Put it back from your safe copy, or rotate the key.") from None
    except (OSError, ValueError, TypeError) as reason:
        raise NoSigningKey(f"{path} does not open with this ISSUER_KEY_SECRET ({type(reason).__name__}).") from None
    if fingerprint_of(private.public_key()) != key.fingerprint:
        raise NoSigningKey(f"{path} holds another key.")
    return private


@lru_cache(maxsize=32)
def _read(path: Path, changed: int, secret: str) -> ec.EllipticCurvePrivateKey:
    """Opening costs some milliseconds, and a cohort is signed with one key. ``changed``: a new file is read anew."""
    private = load_pem_private_key(path.read_bytes(), secret.encode())
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise TypeError(path)
    return private


def _locked(private: ec.EllipticCurvePrivateKey) -> bytes:
    if not settings.ISSUER_KEY_SECRET:
        raise NoSigningKey("ISSUER_KEY_SECRET is not set (docs/settings.md).")
    lock = BestAvailableEncryption(settings.ISSUER_KEY_SECRET.encode())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def _write(path: Path, data: bytes) -> None:
    """The whole file, on the disk and readable by us alone, or none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as out:
            beginning = Path(out.name)
            try:
                out.write(data)  # NamedTemporaryFile makes it 0600
                out.flush()
                os.fsync(out.fileno())
                beginning.rename(path)
            except BaseException:
                beginning.unlink(missing_ok=True)
                raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as reason:
        raise NoSigningKey(f"{path.parent} cannot be written: {reason.strerror}.") from reason


def _short(name: str) -> str:
    """As much of ``name`` as fits, never half a letter."""
    return name.encode()[:NAME_BYTES].decode(errors="ignore").strip()


def _self_signed(private: ec.EllipticCurvePrivateKey, name: str, made_at: datetime) -> x509.Certificate:
    """A certificate that names nobody but the issuer, in its neutral name."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _short(name))])
    begins = made_at.astimezone(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
