"""A cohort's certificates: who may have one now, all of them in one go, and how far the work is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import OperationalError, transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates import actions, batches
from certificates.award_page import title_note
from certificates.models import Award, Certificate, IssueBatch, IssueBatchItem
from certificates.own_views import as_file
from certificates.ready import Ready, ready, terms_for
from people.models import AccessKind, log_access
from programme.models import Cohort, OrganisationUnit, Programme, Term
from programme.scope import Act, Scope
from programme.views import desk_of
from programme.wording import words_of

MOST_LOOKED_THROUGH = 500
"""Above this many terms a site or a cohort has to be chosen first."""

MOST_OF_A_COHORT = 2_000
MOST_SHOWN = 100
"""Lines of one list on a page; "all of them" means those that are not shown too."""

MOST_SIGNED = 50
"""Sign-offs of one form. Each is somebody's word for one woman; nobody gives it for hundreds at once."""

LATEST = 5

SIGNS_OR_ISSUES = (Act.ISSUE_CERTIFICATE, Act.SIGN_OFF_AWARD)


def _hers(scope: Scope) -> Q:
    """The terms that she may sign or issue for, of any programme."""
    signs, issues = scope.terms(Act.SIGN_OFF_AWARD), scope.terms(Act.ISSUE_CERTIFICATE)
    return Q(pk__in=signs.values("pk")) | Q(pk__in=issues.values("pk"))


@require_safe
@login_required
def awards(request: HttpRequest) -> HttpResponse:
    """Every kind of certificate of the programmes in which she signs or issues; and what was made last."""
    scope = desk_of(request, *SIGNS_OR_ISSUES)
    programmes = Programme.objects.filter(terms__in=Term.objects.filter(_hers(scope))).distinct()
    kinds = Award.objects.filter(programme__in=programmes).select_related("programme").order_by("programme", "order")
    language = get_language() or "en"
    rows = [(award, award.title_in(language)) for award in kinds]
    made = [(batch, batch.award.title_in(language)) for batch in _batches(scope)[:LATEST]]
    has_many = len({award.programme_id for award, _title in rows}) > 1
    return render(request, "certificates/awards.html", {"rows": rows, "made": made, "has_many": has_many})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def eligible(request: HttpRequest, award: int) -> HttpResponse:
    """One award: who may have it now, who waits for a signature, and everything that the others lack."""
    scope = desk_of(request, *SIGNS_OR_ISSUES)
    kind = get_object_or_404(Award.objects.select_related("programme"), pk=award)
    terms = terms_for(kind, scope).select_related("learner", "programme", "cohort").order_by("learner__alias")
    asked = request.POST if request.method == "POST" else request.GET
    cohorts = list(Cohort.objects.filter(terms__in=terms_for(kind, scope)).distinct().order_by("-start_on", "code"))
    sites = _sites(kind, scope)
    if not sites:
        raise Http404
    cohort = next((each for each in cohorts if each.code == asked.get("cohort")), None)
    site = next((each for each in sites if each.short_code == asked.get("site")), None)
    terms = terms.filter(cohort=cohort) if cohort else terms
    terms = terms.placed_in([site.pk], scope.on) if site else terms
    most = MOST_OF_A_COHORT if cohort or site else MOST_LOOKED_THROUGH
    looked_through = list(terms[: most + 1])
    is_too_many = len(looked_through) > most
    found = Ready() if is_too_many else ready(kind, looked_through, scope)
    if request.method == "POST":
        return _do(request, scope, kind, found)
    words: dict[str, Any] = {
        "award": kind,
        "title": kind.title_in(get_language() or "en"),
        "cohorts": cohorts,
        "cohort": cohort,
        "sites": sites,
        "site": site,
        "ready": found,
        "title_note": title_note(kind, [row.term for row in found.to_issue]),
        "is_too_many": is_too_many,
        "shown": MOST_SHOWN,
        "shown_slice": f":{MOST_SHOWN}",
        "has_many_sites": len(sites) > 1,
    }
    return render(request, "certificates/eligible.html", words)


def _sites(award: Award, scope: Scope) -> list[OrganisationUnit]:
    units = scope.units(Act.ISSUE_CERTIFICATE) | scope.units(Act.SIGN_OFF_AWARD)
    here = OrganisationUnit.objects.filter(pk__in=units, level="facility", placements__term__in=terms_for(award, scope))
    return list(here.distinct().order_by("name"))


def _do(request: HttpRequest, scope: Scope, award: Award, found: Ready) -> HttpResponse:
    """Issue all or the chosen, or sign off the chosen; only of those who stand on the page for this person."""
    chosen = set(request.POST.getlist("term"))
    verb = request.POST.get("do", "")
    if verb == "sign-off":
        terms = [row.term for row in found.to_sign if str(row.term.uuid) in chosen][:MOST_SIGNED]
        signed = sum(_sign(award, term, scope) for term in terms)
        words = ngettext("%(number)s signed off.", "%(number)s signed off.", signed) % {"number": signed}
        messages.success(request, words if signed else _("Please choose somebody first. Nothing was changed."))
        return redirect(request.get_full_path())
    if verb not in ("issue", "issue-all"):
        raise Http404
    terms = [row.term for row in found.to_issue if verb == "issue-all" or str(row.term.uuid) in chosen]
    if not terms:
        messages.warning(request, _("Please choose somebody first. Nothing was changed."))
        return redirect(request.get_full_path())
    batch = batches.begin_batch(award=award, terms=terms, by=scope.user, on=scope.on)
    return redirect("award-batch", batch=batch.pk)


def _sign(award: Award, term: Term, scope: Scope) -> bool:
    """Whether it could be signed; somebody else may have changed something meanwhile."""
    try:
        actions.sign_off(term=term, award=award, signed_by=scope.user, on=scope.on)
    except (actions.NotEligible, actions.NotAllowed):
        return False
    return True


def _batches(scope: Scope) -> QuerySet[IssueBatch]:
    """What was asked for in one go, of women for whom she may issue; numbers are of these women alone."""
    hers = Q(items__term__in=scope.terms(Act.ISSUE_CERTIFICATE))
    results = {
        result.value: Count("items", filter=hers & Q(items__result=result), distinct=True)
        for result in IssueBatchItem.Result
    }
    return IssueBatch.objects.filter(hers).select_related("award", "asked_by").annotate(**results).distinct()


@require_safe
@login_required
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    """How far it is, who has hers, and why somebody has not. Looked at again, it has gone on."""
    scope = desk_of(request, *SIGNS_OR_ISSUES)
    found = get_object_or_404(_batches(scope), pk=batch)
    items = found.items.filter(term__in=scope.terms(Act.ISSUE_CERTIFICATE)).select_related("term__learner")
    items = items.select_related("certificate").prefetch_related("term__placements").order_by("term__learner__alias")
    lines = {
        name: [(item, scope.name_of(item.term)) for item in items.filter(result=name)[:MOST_SHOWN]]
        for name in ("not_yet", "stopped", "issued")
    }
    numbers = {result: getattr(found, result) for result in IssueBatchItem.Result.values}
    total = sum(numbers.values())
    words = {
        "batch": found,
        "title": found.award.title_in(get_language() or "en"),
        "lines": lines,
        "total": total,
        "finished": total - numbers[IssueBatchItem.Result.WAITING],
        "papers_left": batches.waiting_papers(found).filter(term__in=scope.terms(Act.ISSUE_CERTIFICATE)).count(),
    }
    return render(request, "certificates/batch.html", words)


@require_POST
@login_required
def batch_go_on(request: HttpRequest, batch: int) -> HttpResponse:
    """Go on where it stands. What is made already is not made again."""
    scope = desk_of(request, *SIGNS_OR_ISSUES)
    found = get_object_or_404(_batches(scope), pk=batch)
    # Where there is no room for this either, the page goes on saying why it stands.
    with suppress(OperationalError), transaction.atomic():
        batches.ask_again(found)
        messages.success(request, _("It goes on. You can leave this page."))
    return redirect("award-batch", batch=found.pk)


@require_safe
@login_required
def batch_cards(request: HttpRequest, batch: int) -> HttpResponse:
    """The sheet of cards to hand out together: of women whose name this person may read, and whose paper counts."""
    from certificates.render import cards_pdf  # noqa: PLC0415 -- slow import

    scope = desk_of(request, *SIGNS_OR_ISSUES)
    found = get_object_or_404(_batches(scope), pk=batch)
    made = Certificate.objects.live().filter(pk__in=found.items.values("certificate"), erased_at=None)
    made = made.filter(term__in=scope.terms(Act.ISSUE_CERTIFICATE)).with_state()
    made = made.select_related("term__learner", "award").prefetch_related("term__placements")
    shown = [each for each in made.order_by("printed_name", "pk") if scope.allows(Act.SEE_NAME, each.term)]
    if not shown:
        raise Http404
    for_log = {each.term.learner for each in shown}
    log_access(
        subjects=for_log, actor=request.user, kind=AccessKind.CERTIFICATE_CHECKED, actor_role=scope.roles[0].role
    )
    with words_of(found.programme_id):
        return as_file(cards_pdf(shown), f"{found.pk}-cards")
