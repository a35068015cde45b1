"""Taking a programme out: everything that somebody needs to go on with it elsewhere, in one sealed file."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from certificates.models import CertificateFile
from certificates.moving import archive, rows
from certificates.moving.what import KINDS, choose
from people.models import User
from programme.models import Installation, Programme

FORM = 1
PAPERS = "papers"


class NothingToGive(ValueError):
    """There is no such programme, or nobody of it works in that country."""


@dataclass(frozen=True)
class GivenOut:
    """The sealed file, and how many rows of each kind are in it."""

    data: bytes
    counts: dict[str, int]


def give_out(*, code: str, country: str = "", passphrase: str, now: datetime) -> GivenOut:
    """The programme ``code``, or its part in ``country``. Changes nothing here; all of it is of one moment.

    Raises ``NothingToGive`` or ``archive.TooShort``.
    """
    if len(passphrase) < archive.SHORTEST_PASSPHRASE:
        raise archive.TooShort(f"A passphrase has at least {archive.SHORTEST_PASSPHRASE} letters.")
    # Inside another transaction its own moment holds, and PostgreSQL would refuse to change it.
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        files, counts = _collected(code, country, now)
    return GivenOut(archive.seal(files, passphrase), counts)


def _collected(code: str, country: str, now: datetime) -> tuple[dict[str, bytes], dict[str, int]]:
    programme = Programme.objects.filter(code=code).first()
    if programme is None:
        raise NothingToGive(f"There is no programme {code}.")
    chosen = choose(programme, country, now.date())
    if country and not chosen.keys["programme.Term"]:
        raise NothingToGive(f"Nobody of {code} works in {country}.")
    files: dict[str, bytes] = {}
    counts: dict[str, int] = {}
    for kind in KINDS:
        found = [rows.plain(row) for row in chosen.rows(kind).iterator(chunk_size=500)]
        counts[kind.label] = len(found)
        for row in found:
            _shape(kind.model, row, files)
        files[f"rows/{kind.label}.jsonl"] = archive.lines(found)
    manifest = {
        "form": FORM,
        "programme": code,
        "country": country,
        "given_out_at": now.isoformat(),
        "is_demonstration": Installation.is_demo(),
        "pepper": pepper_mark(),
        "counts": counts,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files[archive.MANIFEST] = json.dumps(manifest, indent=2, sort_keys=True).encode()
    return files, counts


def _shape(model: type[Any], row: rows.Plain, files: dict[str, bytes]) -> None:
    """What does not travel as it stands: rights of this site, and papers, which are files."""
    if model is User:
        row |= {"is_superuser": False, "is_staff": False, "last_login": None, "phone_index": "", "email_index": ""}
    if model is CertificateFile:
        name = f"{PAPERS}/{row['sha256']}.pdf"
        files[name] = base64.b64decode(row.pop("pdf")["base64"])


def pepper_mark() -> str:
    """Whether two installations mix the same secret into PINs, without saying what it is."""
    return hmac.new(settings.PIN_PEPPER.encode(), b"which pepper", hashlib.sha256).hexdigest()[:16]
