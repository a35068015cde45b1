"""What somebody with the paper in hand may learn: never a name, never why, nothing from a number unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates.models import Certificate, CertificateEvent
from certificates.names import is_match
from certificates.states import PublicState, full_state, public
from programme.models import Leave

NOBODY = "Nobody Of This Name"
"""Compared with a typed name where there is no certificate, so that the work is the same."""


@dataclass(frozen=True)
class Check:
    """The public answer to one number. ``is_match`` is ``None`` when no name was typed."""

    number: str
    state: PublicState
    title: str
    language: str
    issued_on: date
    issuing_name: str
    is_demonstration: bool
    is_match: bool | None


def check(serial: str, on: date, typed_name: str | None = None) -> tuple[Check | None, Certificate | None]:
    """The public answer for ``serial`` and the row behind it; ``(None, None)`` when it is not known here.

    Three queries and one comparison of names whether it is known or not: the time tells nothing.
    """
    certificate = Certificate.objects.filter(serial=serial).select_related("term__learner").first()
    events = list(CertificateEvent.objects.filter(certificate__serial=serial))
    leaves = list(Leave.objects.filter(term__certificates__serial=serial).distinct())
    printed = certificate.printed_name if certificate else NOBODY
    match = None if typed_name is None else is_match(typed_name, printed)
    if certificate is None:
        return None, None
    last_event = events[-1].state if events else ""
    answer = Check(
        number=certificate.number,
        state=public(full_state(last_event, certificate.valid_until(leaves), on)),
        title=certificate.title,
        language=certificate.language,
        issued_on=certificate.issued_on,
        issuing_name=certificate.issuing_name,
        is_demonstration=certificate.is_demonstration,
        is_match=match,
    )
    return answer, certificate
