"""``manage.py check_certificate FILE``: whether a PDF is a paper of ours, unchanged, and current. docs/keys.md."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates import keys
from certificates.genuine import Finding, KeyOf, Verdict, examine
from certificates.models import IssuerKey

ENDS_WITH = {
    Verdict.CURRENT: 0,
    Verdict.UNKNOWN_HERE: 0,
    Verdict.EXPIRED: 2,
    Verdict.NOT_CURRENT: 2,
    Verdict.NOT_YET: 3,
}
"""Everything else ends with 1: not to be relied on."""


class Command(BaseCommand):
    help = (
        "Say whether a certificate as PDF is genuine: signed with a key of this installation, unchanged to the last "
        "byte, the file that was issued, and current. Asks no network. Ends with 0 when it is genuine, 1 when it is "
        "not to be relied on, 2 when it is genuine and not current any more, 3 when it begins later than today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key",
            type=Path,
            metavar="PEM",
            help="take only the keys in this file for good, and ask no table: for a machine without the database "
            "(issuer_key list --pem makes it)",
        )
        parser.add_argument("--json", action="store_true", help="what was found as one JSON object")

    def handle(self, *args: Any, file: Path, key: Path | None, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as reason:
            raise CommandError(f"{file} cannot be read: {reason.strerror}.") from None
        found = examine(data, on=timezone.localdate(), key_of=_keys_in(key) if key else None)
        if options["json"]:
            self.stdout.write(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        else:
            for line in sentences(found):
                self.stdout.write(line)
        ends_with = ENDS_WITH.get(found.verdict, 1)
        if ends_with:
            sys.exit(ends_with)


def sentences(found: Finding) -> list[str]:
    """What was found, the verdict first."""
    told = [found.verdict.sentence]
    if found.is_demonstration:
        told.append("It is from a demonstration: not a real certificate.")
    if found.verdict.is_genuine:
        record = found.record
        if record:
            until = f", until {record['expires_on']}" if record.get("expires_on") else ""
            told.append(f"Number {found.number}, {record.get('issued_by', '')}, {record.get('issued_on', '')}{until}.")
        elif found.number:
            told.append(f"Number {found.number}.")
        if found.is_kept:
            told.append("It is, byte for byte, the file that this installation keeps.")
    if found.key is not None:
        at = f" on {found.signed_at:%Y-%m-%d}" if found.signed_at else ""
        told.append(f"Signed{at} with {found.key} ({keys.state_of(found.key).value}).")
    if found.time_stamped_at is not None:
        told.append(f"Time-stamped {found.time_stamped_at:%Y-%m-%d %H:%M} by {found.time_stamped_by}.")
    return told


def _plain(found: Finding) -> dict[str, Any]:
    return {
        "verdict": found.verdict.code,
        "is_genuine": found.verdict.is_genuine,
        "sentences": sentences(found),
        "number": found.number,
        "record": found.record,
        "key": found.key.fingerprint if found.key else None,
        "key_state": str(keys.state_of(found.key)) if found.key else None,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "time_stamped_at": found.time_stamped_at.isoformat() if found.time_stamped_at else None,
        "is_kept": found.is_kept,
        "is_demonstration": found.is_demonstration,
    }


def _keys_in(path: Path) -> KeyOf:
    """The keys whose certificates stand in ``path``, one below the other."""
    found: dict[str, IssuerKey] = {}
    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise CommandError(f"{path} holds no key in PEM. Make it with: manage.py issuer_key list --pem") from None
    for certificate in certificates:
        public = certificate.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            fingerprint = keys.fingerprint_of(public)
            pem = certificate.public_bytes(Encoding.PEM).decode()
            found[fingerprint] = IssuerKey(
                fingerprint=fingerprint, certificate_pem=pem, made_at=certificate.not_valid_before_utc
            )
    return found.get
