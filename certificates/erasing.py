"""Erasing a certificate at her wish: name and paper go, a stub keeps answering for its number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from append_only import lifted
from certificates.actions import NotAllowed
from certificates.models import Certificate, CertificateFile
from certificates.states import FullState, full_state_on
from people.models import AccessKind, User, log_access
from programme.models import Term
from programme.scope import Act, scope_of

TABLE = "certificates_certificate"
KEPT_FACTS = ("kind", "round")


@transaction.atomic
def erase_certificate(*, certificate: Certificate, by: User, stays_current: bool, at: datetime) -> Certificate:
    """Take the name, the PDF and the statement out of ``certificate``, and out of what a correction replaced.

    Its number answers "not current" from now on; with ``stays_current`` it answers as if nothing had happened, until
    its end. The paper in her own hand is hers. She may do it herself, the privacy officer of her place, or whoever
    issues there; anybody else meets ``NotAllowed``. A repeat is harmless; what once answers "not current" stays so.
    """
    term = Term.objects.select_for_update(of=("self",)).select_related("learner").get(pk=certificate.term_id)
    role = _role_of(by, term, at)
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.erased_at is not None and (stays_current or not certificate.stays_current):
        return certificate
    corrected = list(_corrected(certificate))
    _check_what_was_postponed()
    with lifted("certificates_certificatefile"), _thawed():
        for each in (certificate, *corrected):
            _empty(each, at, stays_current=stays_current and each is certificate)
    log_access(subjects=[term.learner], actor=by, kind=AccessKind.CERTIFICATE_STATE, actor_role=role)
    return Certificate.objects.with_state().get(pk=certificate.pk)


def _role_of(by: User, term: Term, at: datetime) -> str:
    """Her own certificate is hers to erase; beside her it takes one of two roles, and she reads who it was."""
    if by.pk == term.learner_id:
        return ""
    placement = max(term.placements.all(), key=lambda placement: placement.from_on, default=None)
    scope = scope_of(by, placement.facility.date_of(at) if placement else at.date())
    for act in (Act.SEE_LOST_PHONES, Act.ISSUE_CERTIFICATE):
        if scope.allows(act, term):
            return scope.role_for(term, act)
    raise NotAllowed


def _corrected(certificate: Certificate) -> Iterator[Certificate]:
    """What ``certificate`` corrected: the same paper with a name written wrongly."""
    before = certificate.replaces
    while before is not None and full_state_on(before, before.issued_on) in (FullState.REPLACED, FullState.ERASED):
        yield before
        before = before.replaces


def _empty(certificate: Certificate, at: datetime, *, stays_current: bool) -> None:
    certificate.printed_name, certificate.statement = "", b""
    certificate.facts = {name: certificate.facts[name] for name in KEPT_FACTS if name in certificate.facts}
    certificate.erased_at = certificate.erased_at or at
    certificate.stays_current = stays_current
    if not stays_current:
        certificate.superseded_at = certificate.superseded_at or at  # it is no longer hers to renew or to stop
    certificate.save(
        update_fields=["printed_name", "statement", "facts", "erased_at", "stays_current", "superseded_at"]
    )
    CertificateFile.objects.filter(certificate=certificate).delete()
    certificate.proposals.filter(closed_at__isnull=True).delete()


def _check_what_was_postponed() -> None:
    """PostgreSQL changes no table whose rows still wait for a check."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def _thawed() -> Iterator[None]:
    """Let the block change frozen columns, in one transaction with the change itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [f"{TABLE}_frozen"])
            (made_by,) = cursor.fetchone()
            cursor.execute(f"DROP TRIGGER {TABLE}_frozen")
            yield
            cursor.execute(made_by)
        else:
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_frozen")
            yield
            _check_what_was_postponed()
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER {TABLE}_frozen")
