"""Whether a PDF is a paper of ours, to the last byte. Asks no network; asks the tables only where they are at hand.

A key is known by its fingerprint, never by a chain of trust, and the dates of its X.509 certificate do not matter: a
certificate is good for as long as it says, whatever became of the site. A file of ours has exactly one form, so that
also a changed byte that no reader of PDF would notice is found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256, sha384, sha512
from io import BytesIO
from typing import Any

from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from certificates.keys import ORDER, KeyState, certificate_of, fingerprint_of, public_key_of, state_of
from certificates.models import Certificate, CertificateFile, IssuerKey
from certificates.paper_record import record_of
from certificates.serials import typed_serial
from certificates.signing import RECORD, RESERVED_WITH_TIME, record_bytes
from certificates.states import PublicState, state_on

BIGGEST = 5_000_000
"""Bytes. A paper of ours is a hundredth of that."""

HASHES = {"sha256": sha256, "sha384": sha384, "sha512": sha512}
"""With which services for time-stamps may speak."""

A_DAY = timedelta(days=1)
"""By how much two clocks of ours may differ."""

KeyOf = Callable[[str], IssuerKey | None]
"""The key of a fingerprint, where it is known."""


class Verdict(Enum):
    """What a file is: (its name in JSON, whether it is ours, the sentence)."""

    CURRENT = ("current", True, "It is genuine and current.")
    UNKNOWN_HERE = (
        "genuine",
        True,
        "It is genuine. This installation does not know its number: whether it is still current is told at the address "
        "on the paper.",
    )
    EXPIRED = ("expired", True, "It is genuine, and its time is over.")
    NOT_CURRENT = ("not_current", True, "It is genuine, and not current any more.")
    NOT_YET = (
        "not_yet",
        True,
        "It is signed, and begins on a day that has not come yet. Look at the clock of this machine first.",
    )
    UNREADABLE = ("unreadable", False, "It cannot be read: not a PDF, or a damaged one.")
    UNSIGNED = ("unsigned", False, "It carries no signature of ours, and it is not a file that was made here.")
    CHANGED = ("changed", False, "It was changed after it was signed. Do not rely on anything in it.")
    ADDED_TO = ("added_to", False, "Something was added after it was signed. Do not rely on anything in it.")
    NOT_OURS = ("not_ours", False, "It is signed with a key that is not known here. Anybody can make such a signature.")
    LOST_KEY = (
        "lost_key",
        False,
        "It is signed with a key that was lost: somebody else may have made it, and it is not a file that was made "
        "here.",
    )
    AFTER_RETIREMENT = (
        "after_retirement",
        False,
        "It says that it was signed after its key was retired, and it is not a file that was made here.",
    )
    BEFORE_ITS_KEY = (
        "before_its_key",
        False,
        "It says that it was signed before its key was made, and it is not a file that was made here.",
    )
    OTHER_FILE = ("other_file", False, "It is not the file that was issued under this number.")
    OTHER_FACTS = ("other_facts", False, "What is attached to it does not say what was issued under this number.")

    def __init__(self, code: str, is_genuine: bool, sentence: str) -> None:
        self.code, self.is_genuine, self.sentence = code, is_genuine, sentence


@dataclass
class Finding:
    """The verdict and everything that was found on the way. ``is_kept``: byte for byte a file that was made here."""

    verdict: Verdict
    number: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    key: IssuerKey | None = None
    signed_at: datetime | None = None
    time_stamped_at: datetime | None = None
    time_stamped_by: str = ""
    is_kept: bool = False
    is_demonstration: bool = False


class _Stop(Exception):
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


def examine(data: bytes, *, on: date, key_of: KeyOf | None = None) -> Finding:
    """What ``data`` is on ``on``. Changes nothing, and raises nothing whatever it is given.

    With ``key_of`` only that says which keys are good, and no table is asked: for a machine without the database.
    """
    finding = Finding(Verdict.UNREADABLE)
    try:
        finding.verdict = _verdict(data, finding, on, key_of)
    except _Stop as stop:
        finding.verdict = stop.verdict
    return finding


def known_here(fingerprint: str) -> IssuerKey | None:
    """The key of this installation with ``fingerprint``."""
    return IssuerKey.objects.filter(fingerprint=fingerprint).select_related("programme").first()


def _verdict(data: bytes, finding: Finding, on: date, key_of: KeyOf | None) -> Verdict:
    if not data.startswith(b"%PDF-") or len(data) > BIGGEST:
        return Verdict.UNREADABLE
    ours = OURS.search(data, max(0, data.rfind(b"/Contents <")))
    if ours is None:
        return _unsigned(data, finding, on, asks_tables=key_of is None)
    _whole_and_ours(data, ours, finding, key_of or known_here)
    # Only now is it read: until here it may be anybody's, made to break a reader.
    _read(data, finding)
    certificate = None if key_of else _kept(finding, data)
    if not finding.is_kept:
        _trust_the_key_alone(finding)
    if certificate is None:
        return _dates(finding.record, on) or Verdict.UNKNOWN_HERE
    _compare(certificate, finding)
    return _state(certificate, finding, on)


def _unsigned(data: bytes, finding: Finding, on: date, *, asks_tables: bool) -> Verdict:
    """A paper from before there were keys is known by its bytes alone; nothing in it is read."""
    files = CertificateFile.objects.filter(sha256=sha256(data).hexdigest())
    kept = Certificate.objects.with_state().filter(files__in=files).first() if asks_tables else None
    if kept is None:
        return Verdict.UNSIGNED if ENDS.search(data, max(0, len(data) - 100)) else Verdict.UNREADABLE
    finding.number, finding.is_kept = kept.serial, True
    return _state(kept, finding, on)


ENDS = re.compile(rb"startxref\s+[0-9]+\s+%%EOF\s*\Z")
"""How a PDF ends that has come whole."""


# The signature


OURS = re.compile(rb"/Contents <([0-9A-F]+)>\s+/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\]")
"""How a signature of ours stands in the file, and where it says that it covers it."""


def _whole_and_ours(data: bytes, ours: re.Match[bytes], finding: Finding, key_of: KeyOf) -> None:
    """Stop unless the signature is ours and holds for every byte of ``data`` but its own."""
    before, after, rest = (int(number) for number in ours.groups()[1:])
    if (before, after) != (ours.start(1) - 1, ours.end(1) + 1):
        raise _Stop(Verdict.CHANGED)
    if after + rest < len(data):
        raise _Stop(Verdict.ADDED_TO)
    if after + rest > len(data):
        raise _Stop(Verdict.CHANGED)
    try:
        contents = _without_room(bytes.fromhex(ours[1].decode()))
        signed = cms.ContentInfo.load(contents, strict=True)["content"]
        (info,) = signed["signer_infos"]
        (embedded,) = signed["certificates"]
        public = load_der_x509_certificate(embedded.chosen.dump()).public_key()
    except _Stop:
        raise
    except Exception:
        raise _Stop(Verdict.CHANGED) from None
    key = key_of(fingerprint_of(public)) if isinstance(public, ec.EllipticCurvePublicKey) else None
    if key is None:
        raise _Stop(Verdict.NOT_OURS)
    finding.key = key
    try:
        _holds(info, contents, data[:before] + data[after:], key)
        _time_stamp(info, finding, is_asked=len(ours[1]) >= RESERVED_WITH_TIME)
    except _Stop:
        raise
    except Exception:  # InvalidSignature, or a part that is not there: it is no signature of ours
        raise _Stop(Verdict.CHANGED) from None


def _without_room(raw: bytes) -> bytes:
    """The signature without the empty room behind it, in which nothing may hide."""
    length = len(cms.ContentInfo.load(raw).dump())
    if any(raw[length:]):
        raise _Stop(Verdict.CHANGED)
    return raw[:length]


def _holds(info: cms.SignerInfo, contents: bytes, covered: bytes, key: IssuerKey) -> None:
    """Stop or raise unless ``info`` is what ``key`` says of ``covered``, in the one form in which we write it."""
    pinned = certificate_of(key).public_bytes(Encoding.DER)
    said = {attribute["type"].native: attribute["values"][0] for attribute in info["signed_attrs"]}
    raw = info["signature"].native
    if (
        contents != _as_we_write_it(info, pinned)
        or said["content_type"].native != "data"
        or said["message_digest"].native != sha256(covered).digest()
        or said["signing_certificate_v2"].native["certs"][0]["cert_hash"] != sha256(pinned).digest()
        or decode_dss_signature(raw)[1] > ORDER // 2
    ):
        raise _Stop(Verdict.CHANGED)
    # The attributes are signed under the tag of a SET (RFC 5652, 5.4).
    public_key_of(key).verify(raw, info["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))


def _as_we_write_it(info: cms.SignerInfo, certificate: bytes) -> bytes:
    """The one form of a signature of ours with these signed attributes: nothing else may stand in it."""
    subject = cms.Certificate.load(certificate)
    made: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": subject.issuer, "serial_number": subject.serial_number}
                )
            }
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signed_attrs": info["signed_attrs"],
        "signature": info["signature"].native,
    }
    if info["unsigned_attrs"] is not core.VOID and len(info["unsigned_attrs"]):
        made["unsigned_attrs"] = info["unsigned_attrs"]
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices(name="certificate", value=subject)],
        "signer_infos": [cms.SignerInfo(made)],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()


def _time_stamp(info: cms.SignerInfo, finding: Finding, *, is_asked: bool) -> None:
    """What a service for time-stamps says, where one was asked; whom to believe is for the reader to judge.

    No signature covers it, but the room for it is covered: none is put in, or taken out, afterwards.
    """
    attributes = info["unsigned_attrs"]
    has_one = attributes is not core.VOID and len(attributes) > 0
    if has_one != is_asked:
        raise _Stop(Verdict.CHANGED)
    if not has_one:
        return
    (attribute,) = attributes
    (token,) = attribute["values"]
    signed = token["content"]
    (service,) = signed["signer_infos"]
    told = signed["encap_content_info"]["content"].parsed
    imprint = told["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if imprint["hashed_message"].native != HASHES[algorithm](info["signature"].native).digest():
        raise _Stop(Verdict.CHANGED)
    serial = service["sid"].chosen["serial_number"].native
    certificate = next(one.chosen for one in signed["certificates"] if one.chosen.serial_number == serial)
    content = HASHES[service["digest_algorithm"]["algorithm"].native](bytes(signed["encap_content_info"]["content"]))
    if validate_sig_integrity(service, certificate, "tst_info", content.digest()) != (True, True):
        raise _Stop(Verdict.CHANGED)
    finding.time_stamped_at = told["gen_time"].native
    finding.time_stamped_by = certificate.subject.human_friendly


# What it says


def _read(data: bytes, finding: Finding) -> None:
    """The facts of a file that we signed. Stop where it is one that we do not make."""
    try:
        reader = PdfFileReader(BytesIO(data), strict=True)
        (signature,) = reader.embedded_signatures
        finding.signed_at = signature.self_reported_timestamp
        finding.number = typed_serial(str(reader.trailer["/Info"]["/Title"]))
        (name, spec) = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        attached = bytes(spec.get_object()["/EF"]["/F"].data)
        record = json.loads(attached)
        is_ours = str(name) == RECORD and record_bytes(record) == attached
        if not is_ours or typed_serial(str(record["number"])) != finding.number:
            raise _Stop(Verdict.OTHER_FACTS)
    except _Stop:
        raise
    except Exception:
        raise _Stop(Verdict.OTHER_FACTS) from None
    finding.record = record
    finding.is_demonstration = bool(record.get("is_demonstration"))


def _trust_the_key_alone(finding: Finding) -> None:
    key = finding.key
    if key is None:
        return
    if state_of(key) is KeyState.LOST:
        raise _Stop(Verdict.LOST_KEY)
    if finding.signed_at is None:
        return
    if finding.signed_at < key.made_at - A_DAY:
        raise _Stop(Verdict.BEFORE_ITS_KEY)
    if key.retired_at is not None and finding.signed_at > key.retired_at:
        raise _Stop(Verdict.AFTER_RETIREMENT)


# The row


def _kept(finding: Finding, data: bytes) -> Certificate | None:
    """The certificate of the number, where it is known here; says whether ``data`` is a file of it."""
    certificate = Certificate.objects.with_state().filter(serial=finding.number).first()
    if certificate is None:
        return None
    finding.is_kept = _is_file_of(certificate, data)
    if not finding.is_kept and certificate.files.exists():
        raise _Stop(Verdict.OTHER_FILE)
    return certificate


def _is_file_of(certificate: Certificate, data: bytes) -> bool:
    return certificate.files.filter(sha256=sha256(data).hexdigest()).exists()


def _compare(certificate: Certificate, finding: Finding) -> None:
    """Stop where the record says something else than the row, in anything of which both speak.

    A later release may record more. Of a row that was erased there is nothing to compare.
    """
    if finding.key is not None and finding.key.programme_id != certificate.term.programme_id:
        raise _Stop(Verdict.OTHER_FACTS)
    if certificate.erased_at is not None:
        return
    frozen = json.loads(record_bytes(record_of(certificate)))
    if any(frozen[name] != finding.record[name] for name in frozen.keys() & finding.record.keys()):
        raise _Stop(Verdict.OTHER_FACTS)


def _state(certificate: Certificate | None, finding: Finding, on: date) -> Verdict:
    if certificate is None:
        return Verdict.UNKNOWN_HERE
    finding.is_demonstration = certificate.is_demonstration
    if certificate.issued_on > on:
        return Verdict.NOT_YET
    return {
        PublicState.CURRENT: Verdict.CURRENT,
        PublicState.EXPIRED: Verdict.EXPIRED,
        PublicState.NOT_CURRENT: Verdict.NOT_CURRENT,
    }[state_on(certificate, on)]


def _dates(record: Mapping[str, Any], on: date) -> Verdict | None:
    """What its own days say, where no row is at hand."""
    issued, expires = _day(record, "issued_on"), _day(record, "expires_on")
    if issued is not None and issued > on:
        return Verdict.NOT_YET
    return Verdict.EXPIRED if expires is not None and expires < on else None


def _day(record: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(record.get(name) or "")
    except (TypeError, ValueError):
        return None
