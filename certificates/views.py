"""Her certificates; and for staff the page of one award of one woman: sign off, issue, stop, replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates import actions
from certificates.cards import Card, card_of, cards_of
from certificates.eligibility import Unmet, eligibility
from certificates.models import Award, AwardSignOff, Certificate
from certificates.states import FullState
from people.models import AccessKind, log_access
from programme.models import Term
from programme.scope import Act, Scope, current_study, scope_of, staff_today

REFUSED = 409


@require_safe
@login_required
def my_certificates(request: HttpRequest) -> HttpResponse:
    """Every certificate of hers, each with its state, its paper and a code to show."""
    study = current_study(request.user)
    today = study.today if study else timezone.now().date()
    return render(request, "certificates/my_certificates.html", {"cards": cards_of(request.user, today)})


@require_safe
@login_required
def certificate_pdf(request: HttpRequest, serial: str) -> HttpResponse:
    """The paper: for herself, and for staff who may sign or issue it and know her name. The file name is the number."""
    certificate = get_object_or_404(
        Certificate.objects.with_state().select_related("term__learner", "award"), serial=serial
    )
    term = certificate.term
    today = staff_today(request.user)
    if term.learner_id != request.user.pk:
        scope = scope_of(request.user, today)
        if not (scope.allows(Act.SEE_NAME, term) and _may_print(scope, term)):
            raise Http404
        role = scope.role_for(term)
        log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.CERTIFICATE_CHECKED, actor_role=role)
    if not card_of(certificate, today).can_be_shown:
        raise Http404
    pdf = bytes(actions.pdf_of(certificate).pdf)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{certificate.serial}.pdf"'},
    )


@dataclass(frozen=True)
class AwardPage:
    """What the page of one award shows to one member of staff."""

    term: Term
    award: Award
    title: str
    who: str
    live: Card | None
    earlier: list[Card]
    sign_offs: list[AwardSignOff]
    unmet: list[Unmet]
    can_sign_off: bool
    can_issue: bool
    may_issue: bool
    may_print: bool
    may_see_name: bool
    new_name: str

    @property
    def can_suspend(self) -> bool:
        return self.may_issue and self.live is not None and self.live.can_be_shown

    @property
    def can_restore(self) -> bool:
        return self.may_issue and self.live is not None and self.live.state == FullState.SUSPENDED

    @property
    def can_revoke(self) -> bool:
        return self.can_suspend or self.can_restore

    @property
    def name_has_changed(self) -> bool:
        return self.live is not None and self.new_name != self.live.certificate.printed_name


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def award(request: HttpRequest, term: UUID, award: str) -> HttpResponse:
    """Eligible, or everything that is still missing; and the one thing this person may do about it."""
    today = staff_today(request.user)
    scope = scope_of(request.user, today)
    record = get_object_or_404(
        scope.terms(Act.OPEN_RECORD)
        .select_related("learner", "programme", "pathway_version")
        .prefetch_related("leaves", "placements__facility"),
        uuid=term,
    )
    kind = get_object_or_404(Award, programme=record.programme, code=award)
    placement = record.placement_on(today)
    on = placement.facility.today() if placement else today
    if request.method == "POST":
        return _do(request, scope, record, kind, on)
    return _show(request, scope, record, kind, on)


def _show(
    request: HttpRequest, scope: Scope, term: Term, award: Award, on: date, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page, which is a look at her record: also after a refusal."""
    role = scope.role_for(term, Act.OPEN_RECORD)
    log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.RECORD_OPENED, actor_role=role)
    cards = [
        card_of(certificate, on)
        for certificate in Certificate.objects.filter(term=term, award=award)
        .with_state()
        .select_related("term", "award")
        .order_by("-issued_at", "-pk")
    ]
    live = next((card for card in cards if card.certificate.superseded_at is None), None)
    sign_offs = list(AwardSignOff.objects.filter(term=term, award=award).select_related("signed_by").order_by("pk"))
    answer = eligibility(term, award, on)
    may_issue, may_sign = scope.allows(Act.ISSUE_CERTIFICATE, term), scope.allows(Act.SIGN_OFF_AWARD, term)
    has_signed = any(signed.signed_by_id == scope.user.pk for signed in sign_offs)
    lacking = actions.unmet_for_issue(answer, sign_offs, scope.user)
    page = AwardPage(
        term=term,
        award=award,
        title=award.title_in(get_language() or "en"),
        who=scope.name_of(term),
        live=live,
        earlier=[card for card in cards if card.certificate.superseded_at is not None],
        sign_offs=sign_offs,
        unmet=lacking if may_issue else answer.unmet,
        can_sign_off=may_sign and not has_signed and live is None and answer.is_eligible,
        can_issue=may_issue and live is None and not lacking,
        may_issue=may_issue,
        may_print=_may_print(scope, term),
        may_see_name=scope.allows(Act.SEE_NAME, term),
        new_name=term.learner.display_name,
    )
    return render(request, "certificates/award.html", {"page": page, "refusal": refusal}, status=status)


def _do(request: HttpRequest, scope: Scope, term: Term, award: Award, on: date) -> HttpResponse:
    """One of the verbs, then the page again; a refusal says why, keeps the page, and changes nothing."""
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    try:
        said = verb(term, award, scope, on)
    except actions.NotAllowed:
        raise Http404 from None
    except actions.NotEligible:
        said, refusal = "", _("Not yet. This is still missing:")
    except actions.TwoPeopleNeeded:
        said, refusal = "", _("Two people are needed for this, and you were the first. Ask somebody else to do it.")
    except actions.StateDoesNotAllow as stopped:
        said = ""
        refusal = _("Nothing was changed. This certificate is now: %(state)s.") % {"state": stopped.state.label}
    if not said:
        return _show(request, scope, term, award, on, refusal, REFUSED)
    messages.success(request, said)
    return redirect("award", term=term.uuid, award=award.code)


def _sign_off(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.sign_off(term=term, award=award, signed_by=scope.user, on=on)
    return _("Signed off. A coordinator can issue it now.")


def _issue(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.issue_certificate(term=term, award=award, issued_by=scope.user, on=on)
    return _("Issued. She sees it on her page, and you can print it here.")


def _suspend(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.suspend(certificate=_live(term, award), by=scope.user, on=on)
    return _("Suspended. Whoever checks the number sees “not current”. Somebody else than you can restore it.")


def _restore(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.restore(certificate=_live(term, award), by=scope.user, on=on)
    return _("Restored. The certificate counts again.")


def _revoke(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.revoke(certificate=_live(term, award), by=scope.user, on=on)
    return _("Withdrawn for good. Whoever checks the number sees “not current”.")


def _replace(term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.replace(certificate=_live(term, award), by=scope.user, on=on)
    return _("Replaced. The new paper has a new number; the old number says “not current”.")


VERBS: dict[str, Callable[[Term, Award, Scope, date], str]] = {
    "sign-off": _sign_off,
    "issue": _issue,
    "suspend": _suspend,
    "restore": _restore,
    "revoke": _revoke,
    "replace": _replace,
}


def _live(term: Term, award: Award) -> Certificate:
    return get_object_or_404(Certificate.objects.live().select_related("term__learner"), term=term, award=award)


def _may_print(scope: Scope, term: Term) -> bool:
    return scope.allows(Act.ISSUE_CERTIFICATE, term) or scope.allows(Act.SIGN_OFF_AWARD, term)
