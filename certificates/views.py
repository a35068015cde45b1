"""For staff the page of one award of one woman: sign off, issue, stop, decide together, replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates import actions
from certificates.award_page import page_of
from certificates.eligibility import Unmet
from certificates.keys import NoSigningKey
from certificates.models import Award, Certificate, CertificateEvent, CertificateProposal
from people.models import AccessKind, log_access
from programme.models import Term
from programme.scope import Act, Scope, scope_of, staff_today

REFUSED = 409
Event = CertificateEvent.State


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def award(request: HttpRequest, term: UUID, award: str) -> HttpResponse:
    """Eligible, or everything that is still missing; and what this person may do about it."""
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
    request: HttpRequest,
    scope: Scope,
    term: Term,
    award: Award,
    on: date,
    refusal: str = "",
    status: int = 200,
    unmet: Sequence[Unmet] = (),
) -> HttpResponse:
    """The page, which is a look at her record: also after a refusal."""
    role = scope.role_for(term, Act.OPEN_RECORD)
    log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.RECORD_OPENED, actor_role=role)
    page = page_of(scope, term, award, on)
    # What the page itself lists below is not said twice.
    shown = page.unmet if page.is_about_the_next or page.live is None else ()
    words = {"page": page, "refusal": refusal, "reasons": [reason for reason in unmet if reason not in shown]}
    return render(request, "certificates/award.html", words, status=status)


def _do(request: HttpRequest, scope: Scope, term: Term, award: Award, on: date) -> HttpResponse:
    """One of the verbs, then the page again; a refusal says why, keeps the page, and changes nothing."""
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    said = refusal = ""
    unmet: Sequence[Unmet] = ()
    try:
        said = verb(request, term, award, scope, on)
    except actions.NotAllowed:
        raise Http404 from None
    except actions.NotEligible as stopped:
        unmet = stopped.unmet
        refusal = _("Not yet. This is still missing:")
    except actions.TwoPeopleNeeded:
        refusal = _("Two people are needed for this, and you were the first. Ask somebody else to do it.")
    except actions.StateDoesNotAllow as other:
        refusal = _("Nothing was changed. This certificate is now: %(state)s.") % {"state": other.state.label}
    except NoSigningKey as no_key:
        refusal = str(no_key)
    if not said:
        return _show(request, scope, term, award, on, refusal, REFUSED, unmet)
    messages.success(request, said)
    return redirect("award", term=term.uuid, award=award.code)


def _sign_off(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.sign_off(term=term, award=award, signed_by=scope.user, on=on)
    return _("Signed off. A coordinator can issue it now.")


def _issue(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.issue_certificate(term=term, award=award, issued_by=scope.user, on=on)
    return _("Issued. She sees it on her page, and you can print it here.")


def _suspend(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.suspend(certificate=_live(term, award), by=scope.user, on=on)
    return _("Suspended. Whoever checks the number sees “not current”. Somebody else than you can restore it.")


def _restore(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.restore(certificate=_live(term, award), by=scope.user, on=on)
    return _("Restored. The certificate counts again.")


def _revoke(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.revoke(certificate=_live(term, award), by=scope.user, on=on)
    return _("Withdrawn for good. Whoever checks the number sees “not current”.")


def _replace(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.replace(certificate=_live(term, award), by=scope.user, on=on)
    return _("Replaced. The new paper has a new number; the old number says “not current”.")


def _ask(state: CertificateEvent.State) -> Verb:
    def ask(_request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
        actions.propose(certificate=_live(term, award), state=state, by=scope.user, on=on)
        return _("Asked. Nothing has changed yet: somebody else than you decides.")

    return ask


def _confirm(request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.confirm(proposal=_proposal(request, term, award), by=scope.user, on=on)
    return _("Done. Both names are kept with it.")


def _take_back(request: HttpRequest, term: Term, award: Award, scope: Scope, on: date) -> str:
    actions.withdraw(proposal=_proposal(request, term, award), by=scope.user, on=on)
    return _("Taken off the table. Nothing was changed.")


Verb = Callable[[HttpRequest, Term, Award, Scope, date], str]
"""Returns what is said afterwards."""

VERBS: dict[str, Verb] = {
    "sign-off": _sign_off,
    "issue": _issue,
    "suspend": _suspend,
    "restore": _restore,
    "revoke": _revoke,
    "replace": _replace,
    "ask-suspend": _ask(Event.SUSPENDED),
    "ask-restore": _ask(Event.RESTORED),
    "ask-revoke": _ask(Event.REVOKED),
    "confirm": _confirm,
    "take-back": _take_back,
}


def _live(term: Term, award: Award) -> Certificate:
    return get_object_or_404(
        Certificate.objects.live().select_related("award", "term__learner"), term=term, award=award
    )


def _proposal(request: HttpRequest, term: Term, award: Award) -> CertificateProposal:
    """One about a paper of this woman and award; anybody else's is not found."""
    pk = request.POST.get("proposal", "")
    hers = CertificateProposal.objects.filter(certificate__term=term, certificate__award=award)
    hers = hers.select_related("certificate__term__learner", "certificate__award")
    return get_object_or_404(hers, pk=int(pk) if pk.isascii() and pk.isdigit() else 0)
