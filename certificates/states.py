"""In which state a certificate is: in full for staff and for her, in three words for everybody else."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificateEvent


class FullState(models.TextChoices):
    """What she and her staff see."""

    CURRENT = "current", _("current")
    EXPIRED = "expired", _("expired")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    REPLACED = "replaced", _("replaced")
    ERASED = "erased", _("erased")


class PublicState(models.TextChoices):
    """What somebody with the paper in hand sees: never why a certificate is not current."""

    CURRENT = "current", _("current")
    EXPIRED = "expired", _("expired")
    NOT_CURRENT = "not_current", _("not current")


STOPPED_BY = {
    CertificateEvent.State.SUSPENDED: FullState.SUSPENDED,
    CertificateEvent.State.REVOKED: FullState.REVOKED,
    CertificateEvent.State.REPLACED: FullState.REPLACED,
}


def full_state(last_event: str, until: date | None, on: date, *, is_gone: bool = False) -> FullState:
    """The state on ``on``, from the latest event and the last day it is current.

    ``is_gone``: she had it erased and did not choose that its number stays good.
    """
    if is_gone:
        return FullState.ERASED
    if last_event in STOPPED_BY:
        return STOPPED_BY[CertificateEvent.State(last_event)]
    return FullState.EXPIRED if until is not None and until < on else FullState.CURRENT


def public(full: FullState) -> PublicState:
    """What a stranger is told of ``full``."""
    return PublicState(full) if full in PublicState.values else PublicState.NOT_CURRENT


def is_gone(certificate: Certificate) -> bool:
    """Whether she had it erased, number and all."""
    return certificate.erased_at is not None and not certificate.stays_current


def full_state_on(certificate: Certificate, on: date) -> FullState:
    """The full state of ``certificate``. No query after ``with_state()``."""
    return full_state(certificate.last_event(), certificate.valid_until(), on, is_gone=is_gone(certificate))


def state_on(certificate: Certificate, on: date) -> PublicState:
    """The public state: ``current``, ``expired`` or ``not_current``."""
    return public(full_state_on(certificate, on))
