"""A PDF as it was drawn in, the same PDF signed, with its facts as JSON inside. PAdES B-B; B-T with a time-stamp.

Everything is written as one more revision: the attachment, an invisible field for the signature, and the signature over
the whole file. What the drawn PDF says of itself (PDF/A-3a, PDF/UA-1, version 1.7, its metadata) stays as it was.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.pem import unarmor
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from certificates.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD = "record.json"
FIELD = "Signature"
DIGEST = "sha256"
RESERVED = 2 * 1536
"""Hexadecimal digits for a signature: about 830 bytes with its certificate, 1 400 with the longest name there is."""

RESERVED_WITH_TIME = 2 * 8_192
"""With a time-stamp, which brings the certificates of its service along."""

TIMESTAMP_WITHIN = 10
"""Seconds that a time-stamp may take before the paper waits for another try."""


class CannotSign(Exception):
    """The file would not be what it must be, or no time-stamp came. Nothing was made."""


def signed(pdf: bytes, *, signing_key: SigningKey, record: Mapping[str, Any], at: datetime) -> bytes:
    """``pdf`` with ``record`` attached as ``record.json``, signed with ``signing_key``.

    The signature certifies: nothing may be added to the file afterwards. ``at`` is the moment that it claims; a
    time-stamp proves it where ``settings.TIMESTAMP_ADDRESS`` names a service. Raises ``CannotSign``.
    """
    timestamper = _timestamper(settings.TIMESTAMP_ADDRESS)
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(
        FIELD,
        readable_field_name=FIELD,
        # Outside the page, so that no reader of screens stumbles over it (PDF/UA-1, 7.18.4).
        invis_sig_settings=InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True),
    )
    signer = _PdfSigner(about, _Signer(signing_key), timestamper=timestamper, new_field_spec=field)
    signer.at = at
    out = BytesIO()
    try:
        writer = _Writer(BytesIO(pdf))
        _attach(writer, record_bytes(record), at.astimezone(UTC))
        signer.sign_pdf(writer, output=out, bytes_reserved=RESERVED if timestamper is None else RESERVED_WITH_TIME)
    except Exception as reason:  # whatever goes wrong between here and another's server, there is no paper
        raise CannotSign(f"{type(reason).__name__}: {reason}") from reason
    return out.getvalue()


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """``record`` as it is attached: one form for the same facts."""
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class _Writer(IncrementalPdfFileWriter):
    """Adds a revision and claims nothing new for the file: no PDF 2.0, no other metadata.

    pyHanko raises the version for PAdES, for P-256 and for associated files; PDF/A-3 is a kind of PDF 1.7, which has
    all three by extension (ISO 19005-3, ETSI EN 319 142-1).
    """

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave it as it is."""

    def register_extension(self, ext: DeveloperExtension) -> None:
        """Name those that extend PDF 1.7."""
        if ext.base_version == pdf_name("/1.7"):
            super().register_extension(ext)

    def _update_meta(self) -> None:
        """Leave Info and XMP as they are: they agree, and they say nothing."""


class _Signer(Signer):
    """Signs with one of our keys, which gives r and s."""

    def __init__(self, signing_key: SigningKey) -> None:
        super().__init__(
            signing_cert=_x509(signing_key.key.certificate_pem),
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            embed_roots=False,
        )
        self._key = signing_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != DIGEST:
            raise CannotSign(digest_algorithm)
        if dry_run:
            return bytes(72)
        raw = self._key.sign(data)
        return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


class _PdfSigner(PdfSigner):
    """Signs as of ``at``; by itself the library asks the clock."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at.astimezone(UTC).replace(microsecond=0)
        return session


def _attach(writer: _Writer, data: bytes, at: datetime) -> None:
    params = embed.EmbeddedFileParams(creation_date=at, modification_date=at)
    file = embed.EmbeddedFileObject.from_file_data(writer, data, mime_type="application/json", params=params)
    relation = pdf_name("/Data")
    embed.embed_file(
        writer,
        embed.FileSpec(RECORD, file_name=RECORD, embedded_data=file, description=RECORD, af_relationship=relation),
    )


@lru_cache(maxsize=32)
def _x509(pem: str) -> x509.Certificate:
    return x509.Certificate.load(unarmor(pem.encode())[2])


def _timestamper(address: str) -> TimeStamper | None:
    return HTTPTimeStamper(address, timeout=TIMESTAMP_WITHIN) if address else None
