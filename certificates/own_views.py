"""Her own certificates: what each says and to whom, the papers of it, and the address that she may hand on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from certificates import actions
from certificates.cards import card_of, own_words
from certificates.erasing import erase_certificate
from certificates.forms import TakeOffForm
from certificates.keys import NoSigningKey
from certificates.models import Certificate, CertificateFile, CertificateQuerySet
from paper.engine import CannotPrint
from people.discretion import try_secret
from people.models import AccessKind, User, log_access
from programme.after_term import over_page
from programme.models import Term
from programme.scope import Act, Scope, scope_now, staff_today

NOT_NOW = 503
REFUSED = 409

COPIES = {"card": CertificateFile.Kind.CARD, "full": CertificateFile.Kind.NAMED}
"""Beside the paper itself; the words of the address are also those of the file."""


@require_safe
@login_required
def my_certificates(request: HttpRequest) -> HttpResponse:
    """Every certificate of hers: its state, its paper, a code to show, and what it says to whom."""
    words = own_words(request.user)
    if words["after"] is not None and words["after"].is_over:
        return over_page(request) or render(request, "no_term.html")
    return render(request, "certificates/my_certificates.html", words)


@require_safe
@login_required
def certificate_pdf(request: HttpRequest, serial: str) -> HttpResponse:
    """The paper: for herself, and for staff who may sign or issue it and know her name. The file name is the number."""
    certificate = _hers(request).filter(serial=serial).first()
    if certificate is None:
        scope = scope_now(request.user)  # type: ignore[arg-type]
        # Narrowed before it is looked for: of a number that is nobody of hers she learns nothing, by no clock either.
        certificate = get_object_or_404(_papers().filter(term__in=scope.terms(Act.OPEN_RECORD)), serial=serial)
        term = certificate.term
        if not (scope.allows(Act.SEE_NAME, term) and may_print(scope, term)):
            raise Http404
        role = scope.role_for(term)
        log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.CERTIFICATE_CHECKED, actor_role=role)
    elif (closed := over_page(request)) is not None:
        return closed
    return _sent(request, certificate, CertificateFile.Kind.PAPER, certificate.serial)


@require_safe
@login_required
def certificate_copy(request: HttpRequest, serial: str, copy: str) -> HttpResponse:
    """A card for her wallet, or the copy with the full name of the programme: for herself alone."""
    kind = COPIES.get(copy)
    certificate = get_object_or_404(_hers(request), serial=serial)
    if kind is None:
        raise Http404
    closed = over_page(request)
    if closed is not None:
        return closed
    if kind == CertificateFile.Kind.NAMED and not card_of(certificate, timezone.now().date()).can_be_named:
        raise Http404
    return _sent(request, certificate, kind, f"{certificate.serial}-{copy}")


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_name_off(request: HttpRequest, serial: str) -> HttpResponse:
    """Her name and her paper go for ever, and she says what the number answers then. Asks for her PIN."""
    terms = Term.objects.filter(learner_id=request.user.pk)
    hers = Certificate.objects.filter(term__in=terms, erased_at=None).select_related("term")
    certificate = get_object_or_404(hers, serial=serial)
    closed = over_page(request)
    if closed is not None:
        return closed
    said = _("Your name is off. The paper is not kept here any more.")
    return _take_off(request, certificate, reverse("my-certificates"), said)


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_her_name_off(request: HttpRequest, term: UUID, award: str) -> HttpResponse:
    """The same for a woman who asks her coordinator to do it beside her. Asks for the password of whoever does it."""
    scope = scope_now(request.user)  # type: ignore[arg-type]
    hers = _papers().live().filter(term__in=scope.terms(Act.ISSUE_CERTIFICATE), erased_at=None)
    certificate = get_object_or_404(hers, term__uuid=term, award__code=award)
    said = _("Her name is off. The paper is not kept here any more.")
    return _take_off(request, certificate, reverse("award", kwargs={"term": term, "award": award}), said)


def _take_off(request: HttpRequest, certificate: Certificate, back: str, said: str) -> HttpResponse:
    """The form and what becomes of it; ``said`` is told at ``back`` when it is done."""
    form = TakeOffForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and not form.is_valid():
        refusal = _("Please choose what the number answers, and type your PIN or password. Nothing was changed.")
    elif form.is_bound:
        if try_secret(request, request.user, form.cleaned_data["pin"]):
            stays = form.cleaned_data["answers"] == TakeOffForm.STAYS
            erase_certificate(certificate=certificate, by=request.user, stays_current=stays, at=timezone.now())
            messages.success(request, said)
            return redirect(back)
        if not request.user.is_authenticated:
            return redirect("account_login")
        refusal = _("That did not match. Nothing was changed. After ten tries you must sign in anew.")
    words = {
        "certificate": certificate,
        "is_hers": certificate.term.learner_id == request.user.pk,
        "back": back,
        "refusal": refusal,
        "chosen": request.POST.get("answers", ""),
        "is_pin": request.user.secret_kind == User.SecretKind.PIN,
    }
    return render(request, "certificates/take_off.html", words, status=REFUSED if refusal else 200)


def _papers() -> CertificateQuerySet:
    return Certificate.objects.with_state().select_related("term__learner", "term__programme", "award")


def _hers(request: HttpRequest) -> CertificateQuerySet:
    """The papers of whoever asks."""
    return _papers().filter(term__learner_id=request.user.pk)


def _sent(request: HttpRequest, certificate: Certificate, kind: CertificateFile.Kind, file_name: str) -> HttpResponse:
    from certificates.signing import CannotSign  # noqa: PLC0415 -- slow import

    if not card_of(certificate, staff_today(request.user)).can_be_shown:
        raise Http404
    try:
        pdf = bytes(actions.pdf_of(certificate, kind).pdf)
    except actions.PaperIsErased:
        raise Http404 from None  # in this very moment
    except (NoSigningKey, CannotSign, CannotPrint):
        # Made for good, or not at all: a paper without its signature would be worth nothing.
        return render(request, "certificates/no_paper_now.html", status=NOT_NOW)
    return as_file(pdf, file_name)


def as_file(pdf: bytes, file_name: str) -> HttpResponse:
    """A PDF to keep, under a name that says nothing."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def may_print(scope: Scope, term: Term) -> bool:
    """Whether this member of staff may hand out papers of ``term``."""
    return scope.allows(Act.ISSUE_CERTIFICATE, term) or scope.allows(Act.SIGN_OFF_AWARD, term)
