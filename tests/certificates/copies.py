"""Certificates in states that take others a long way to reach: rows as those ways leave them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from certificates.models import Award, Certificate, CertificateEvent

AT = datetime(2026, 6, 15, 6, tzinfo=UTC)


def copy_of(certificate: Certificate, **fields: Any) -> Certificate:
    """Another certificate like ``certificate``, of an award and with a number of its own."""
    award = Award.objects.get(pk=certificate.award_id)
    award.pk, award.code = None, f"copy-{Award.objects.count()}"
    award.save()
    skipped = {"id", "serial", "award", "issued_at", "superseded_at"}
    kept = {
        field.attname: getattr(certificate, field.attname)
        for field in Certificate._meta.concrete_fields
        if field.name not in skipped
    }
    made = Certificate.objects.create(**(kept | {"award": award} | fields))
    CertificateEvent.objects.create(certificate=made, state="issued", by_id=certificate.issued_by_id, at=AT)
    return made


def erased_copy(certificate: Certificate, *, stays_current: bool = False) -> Certificate:
    """What erasure leaves: the number and what it answers, and no name."""
    return copy_of(certificate, printed_name="", statement=b"", erased_at=AT, stays_current=stays_current)
