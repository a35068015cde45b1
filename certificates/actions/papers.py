"""The paper of a certificate: drawn and signed once, kept with its digest, never made a second time."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from certificates.actions.refusals import PaperIsErased
from certificates.models import Certificate, CertificateFile
from programme.wording import words_of


def pdf_of(certificate: Certificate, kind: str = CertificateFile.Kind.PAPER) -> CertificateFile:
    """The kept PDF of ``kind``; made now when the background has not come to it yet.

    Raises ``PaperIsErased``, ``keys.NoSigningKey`` or ``signing.CannotSign``; then nothing is kept.
    """
    kept = CertificateFile.objects.filter(certificate=certificate, kind=kind).first()
    if kept is not None:
        return kept
    if certificate.erased_at is not None:
        raise PaperIsErased
    return keep(certificate, kind, drawn_and_signed(certificate, kind))


def drawn_and_signed(certificate: Certificate, kind: str = CertificateFile.Kind.PAPER) -> bytes:
    """The PDF as it will be kept. Writes nothing, so that another process can do it."""
    from certificates import render, signing  # noqa: PLC0415 -- slow import
    from certificates.keys import signing_key  # noqa: PLC0415 -- with them

    key = signing_key(certificate.term.programme)
    with words_of(certificate.term.programme_id):
        pdf = render.certificate_pdf(certificate, CertificateFile.Kind(kind))
        record = render.record_of(certificate)
    return signing.signed(pdf, signing_key=key, record=record, at=timezone.now())


@transaction.atomic
def keep(certificate: Certificate, kind: str, pdf: bytes) -> CertificateFile:
    """Keep ``pdf`` with its digest, or return the one that somebody else kept meanwhile.

    Drawing takes a moment: whoever had her name taken off in it keeps no paper. Raises ``PaperIsErased`` then.
    """
    as_it_is = Certificate.objects.select_for_update(of=("self",)).only("erased_at").get(pk=certificate.pk)
    if as_it_is.erased_at is not None:
        raise PaperIsErased
    kept, _created = CertificateFile.objects.get_or_create(
        certificate=certificate,
        kind=kind,
        defaults={"pdf": pdf, "sha256": hashlib.sha256(pdf).hexdigest()},
    )
    return kept


@task(backend="background", queue_name="background")
def make_pdf(certificate_pk: int) -> None:
    """Keep the PDF of a certificate; nothing to do when it has been erased or downloaded meanwhile."""
    certificate = Certificate.objects.select_related("term__programme").filter(pk=certificate_pk).first()
    if certificate is not None:
        with suppress(PaperIsErased):
            pdf_of(certificate)
