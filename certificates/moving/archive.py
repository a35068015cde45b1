"""One file: a manifest, JSON lines for each kind of row, and the papers as they are. Sealed with a passphrase.

AES-256-GCM over the whole zip, with a key that scrypt makes of the passphrase. Without it the file tells only its size.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = b"thuto moves 1\n"
SALT_BYTES, NONCE_BYTES = 16, 12
SHORTEST_PASSPHRASE = 12
# 128 MiB and about half a second for each guess (RFC 7914 asks for 2^14 at least).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
MADE_IN = (1980, 1, 1, 0, 0, 0)
MANIFEST = "manifest.json"


class NotOpened(ValueError):
    """Not such a file, another passphrase, or a byte that was changed on the way: nobody can tell which."""


class TooShort(ValueError):
    """A passphrase that somebody could guess."""


def seal(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """``files`` as one sealed file. Raises ``TooShort``."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise TooShort(f"A passphrase has at least {SHORTEST_PASSPHRASE} letters.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, MADE_IN), data, zipfile.ZIP_DEFLATED)
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    return MARK + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, packed.getvalue(), MARK)


def unseal(data: bytes, passphrase: str) -> dict[str, bytes]:
    """The files that ``seal`` was given. Raises ``NotOpened``; also where a file is not what the manifest says."""
    if not data.startswith(MARK):
        raise NotOpened("This file was not made by export_programme.")
    salt = data[len(MARK) :][:SALT_BYTES]
    nonce = data[len(MARK) + SALT_BYTES :][:NONCE_BYTES]
    try:
        packed = AESGCM(_key(passphrase, salt)).decrypt(nonce, data[len(MARK) + SALT_BYTES + NONCE_BYTES :], MARK)
    except (InvalidTag, ValueError):
        raise NotOpened("It does not open: another passphrase, or the file was changed on the way.") from None
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files[MANIFEST])["sha256"]
    if told != {name: hashlib.sha256(part).hexdigest() for name, part in files.items() if name != MANIFEST}:
        raise NotOpened("A part of it is not what its manifest says.")
    return files


def lines(rows: list[dict[str, Any]]) -> bytes:
    """``rows`` as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def read_lines(data: bytes) -> list[dict[str, Any]]:
    # Not splitlines: a sentence may hold a sign that Python takes for the end of a line.
    return [json.loads(line) for line in data.decode().split("\n") if line]


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode())
