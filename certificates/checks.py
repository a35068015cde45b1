"""What somebody with the paper in hand may learn: never a name, never why, nothing from a number unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import Exists, OuterRef, Q

from certificates import statements
from certificates.keys import public_key_of
from certificates.models import SERIAL_LENGTH, Certificate, CertificateEvent, IssuerKey
from certificates.names import is_match
from certificates.states import STOPPED_BY, FullState, PublicState, full_state, public
from programme.models import Leave, Programme

NOBODY = "Nobody Of This Name"
"""Compared with a typed name where there is no certificate, or none is kept, so that the work is the same."""

NO_STATEMENT = bytes([statements.VERSION]) + bytes(statements.STATEMENT_BYTES - 1)
"""Checked in the place of what is no statement, so that the work is the same. No key signed it."""

LIST_BYTES = 6
"""Of the digest of a number, in the list for checking without network. By chance it has one in 280 million million."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Check:
    """The answer to one number. Only ``is_public`` ones are told to everybody.

    ``is_match`` is ``None`` when no name was typed, or none is kept that it could be compared with.
    ``title`` and ``language`` are those of the paper, ``titles`` the same title in the languages it was frozen in.
    """

    number: str
    full: FullState
    state: PublicState
    title: str
    language: str
    titles: Mapping[str, str]
    issued_on: date
    until: date | None
    issuing_name: str
    is_demonstration: bool
    is_match: bool | None
    has_name: bool
    is_clock_behind: bool

    @property
    def is_public(self) -> bool:
        """Whether a stranger gets an answer of its own: current or expired. All else is one with an unknown number."""
        return self.state != PublicState.NOT_CURRENT

    def title_in(self, language: str) -> tuple[str, str]:
        """The title for somebody who reads ``language``, and the language that it is in."""
        said = self.titles.get(language)
        if said:
            return said, language
        # The paper may have been given in a language in which its title is not written.
        return self.title, next((code for code, words in self.titles.items() if words == self.title), self.language)


def check(serial: str, on: date, typed_name: str | None = None) -> tuple[Check | None, Certificate | None]:
    """What is known of ``serial`` on ``on``, and the row behind it; ``(None, None)`` when it is not known here."""
    answer, certificate = look_up(serial, on, typed_name)
    return (None, None) if certificate is None else (answer, certificate)


def look_up(serial: str, on: date, typed_name: str | None = None) -> tuple[Check, Certificate | None]:
    """What is known of ``serial``, and its row; of a number unknown what nobody's paper would say, and ``None``.

    Three queries, one comparison of names and one answer whether it is known or not: the time tells nothing.
    """
    certificate = Certificate.objects.filter(serial=serial).only(*READ).first()
    events = list(CertificateEvent.objects.filter(certificate__serial=serial).values_list("state", flat=True))
    leaves = list(Leave.objects.filter(term__certificates__serial=serial).distinct())
    row = certificate or _paper_of_nobody()
    match = None if typed_name is None else is_match(typed_name, row.printed_name or NOBODY)
    until = row.valid_until(leaves)
    is_gone = row.erased_at is not None and not row.stays_current
    full = full_state(events[-1] if events else "", until, on, is_gone=is_gone)
    answer = Check(
        number=row.number,
        full=full,
        state=PublicState.NOT_CURRENT if is_gone or certificate is None else public(full),
        title=row.title,
        language=row.language,
        titles=row.titles,
        issued_on=row.issued_on,
        until=until,
        issuing_name=row.issuing_name,
        is_demonstration=row.is_demonstration,
        is_match=match if row.erased_at is None else None,
        has_name=row.erased_at is None,
        # In the east a new day has begun before it has here; a clock that is behind by more is wrong.
        is_clock_behind=on < row.issued_on - A_DAY,
    )
    return answer, certificate


READ = (
    "serial",
    "printed_name",
    "title",
    "titles",
    "language",
    "issued_on",
    "expires_on",
    "leave_days_counted",
    "issuing_name",
    "is_demonstration",
    "erased_at",
    "stays_current",
    "term",
)
"""What an answer needs of a row. The more is read of one that is there, the longer it takes than one that is not."""


@lru_cache(maxsize=1)
def _paper_of_nobody() -> Certificate:
    """Stands where there is no row, so that the same is done with it."""
    return Certificate(
        serial="A" * SERIAL_LENGTH,
        printed_name=NOBODY,
        title="Certificate",
        titles={"en": "Certificate"},
        language="en",
        issuing_name="Nobody",
        issued_on=date(2026, 1, 1),
        expires_on=date(2027, 1, 1),
        is_demonstration=False,
    )


@lru_cache(maxsize=2)
def answer_of_nobody(*, is_compared: bool) -> Check:
    """What is written, and thrown away, beside the answer for all that is not public: one for all of them.

    Written from its own row, a paper without a name, with two titles or from a demonstration takes another time.
    """
    row = _paper_of_nobody()
    return Check(
        number=row.number,
        full=FullState.CURRENT,
        state=PublicState.NOT_CURRENT,
        title=row.title,
        language=row.language,
        titles=row.titles,
        issued_on=row.issued_on,
        until=row.expires_on,
        issuing_name=row.issuing_name,
        is_demonstration=False,
        is_match=False if is_compared else None,
        has_name=True,
        is_clock_behind=False,
    )


def number_scanned(raw: bytes | None) -> str | None:
    """The number in a statement as it was issued; ``None`` where a bit of it is another, or it is none of ours.

    A key of ours must have signed it, and where the row of its number keeps a statement it must be this one: with a
    lost key others can be signed. Two queries and one signature checked, whatever was scanned.
    """
    scanned = raw if raw is not None else NO_STATEMENT
    try:
        said = statements.read(scanned)
    except statements.NotAStatement:
        scanned = NO_STATEMENT
        said = statements.read(scanned)
    key = IssuerKey.objects.filter(fingerprint__startswith=said.key).first()
    kept = Certificate.objects.filter(serial=said.serial).values_list("statement", flat=True).first()
    is_genuine = statements.is_genuine(scanned, public_key_of(key) if key else _key_of_nobody())
    is_kept = compare_digest(bytes(kept or NO_STATEMENT), scanned)
    if key is None or not is_genuine:
        return None
    if kept:
        return said.serial if is_kept else None
    return said.serial if key.lost_at is None else None


def not_current_digests(programmes: Iterable[Programme] | None = None) -> list[str]:
    """The list for checking without network: every number that is suspended, revoked, replaced or erased.

    The first six bytes (hex, sorted) of SHA-256 of each number, of ``programmes`` or of all. What has merely expired
    is not in it, as the paper says its date, nor what she had erased with the wish that it stays current.
    One query.
    """
    stopped = CertificateEvent.objects.filter(certificate=OuterRef("pk"), state__in=STOPPED_BY)
    is_gone = Q(erased_at__isnull=False, stays_current=False)
    found = Certificate.objects.filter(Q(Exists(stopped)) | is_gone).with_latest_event()
    found = found.filter(Q(latest_event__in=list(STOPPED_BY)) | is_gone)
    if programmes is not None:
        found = found.filter(term__programme__in=programmes)
    return sorted(digest_of(serial) for serial in found.values_list("serial", flat=True))


def digest_of(serial: str) -> str:
    """What stands for ``serial`` in the list."""
    return hashlib.sha256(serial.encode()).digest()[:LIST_BYTES].hex()


@lru_cache(maxsize=1)
def _key_of_nobody() -> ec.EllipticCurvePublicKey:
    """A key that signed nothing, for the work of checking with it."""
    return ec.generate_private_key(ec.SECP256R1()).public_key()
