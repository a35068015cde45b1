"""The supervisor's pages: who needs me, everybody, and one woman's record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from certificates.models import SERIAL_LENGTH, Certificate
from people.models import AccessKind, alias_key, log_access
from programme.models import OrganisationUnit, Placement
from programme.models.terms import TermQuerySet
from programme.scope import Act, Scope
from programme.views import desk_of
from progress.updates import with_updates
from supervision.counts import counts
from supervision.kept import may_keep
from supervision.record import record_of
from supervision.rows import most_pressing, rows_of

LINES = 10
"""How many women the first page names."""

ROWS_A_PAGE = 50
MOST_LOOKED_THROUGH = 500
"""Above this many terms "who needs me" first asks for a site: nobody is needed by thousands."""


@require_safe
@login_required
def roster(request: HttpRequest) -> HttpResponse:
    """Who needs me today and why; then everybody; or one woman by her work name or certificate number."""
    scope = desk_of(request)
    if not (scope.units(Act.OPEN_RECORD) or scope.units(Act.SEE_COHORT)):
        return _numbers(request, scope)
    terms = with_updates(scope.visible_terms(), scope.on)
    terms = terms.select_related("learner", "programme").order_by("learner__alias")
    running = terms.exclude(ended_on__lt=scope.on)
    asked = "".join(request.GET.get("q", "").split())[:24]
    sites = _sites(scope)
    site = next((each for each in sites if each.short_code == request.GET.get("site")), None)
    if site is not None:
        terms, running = (found.placed_in([site.pk], scope.on) for found in (terms, running))
    show = request.GET.get("show", "needs")
    context: dict[str, Any] = {
        "asked": asked,
        "sites": sites,
        "site": site,
        "show": show,
        "has_many_sites": len(sites) > 1,
        "may_keep": may_keep(scope),
        "may_end": bool(scope.units(Act.END_SIGN_INS)),
        "may_sign": bool(scope.units(Act.SIGN_OFF_AWARD) or scope.units(Act.ISSUE_CERTIFICATE)),
        "takes_sheets": bool(scope.units(Act.RECORD_ATTENDANCE)),
        "holds_talks": bool(scope.units(Act.RECORD_TALK)),
    }
    if asked:
        found = _search(request, scope, terms, asked)
        return render(request, "supervision/roster.html", context | {"rows": rows_of(found[:ROWS_A_PAGE], scope)})
    if show in ("all", "ended"):
        listed = terms.filter(ended_on__lt=scope.on) if show == "ended" else running
        page = _page(request)
        lines = list(listed[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE + 1])  # one more says that there is more
        context |= {"page": page, "before": page - 1, "after": page + 1 if len(lines) > ROWS_A_PAGE else 0}
        return render(request, "supervision/roster.html", context | {"rows": rows_of(lines[:ROWS_A_PAGE], scope)})
    looked_through = list(running[: MOST_LOOKED_THROUGH + 1])
    if len(looked_through) > MOST_LOOKED_THROUGH:
        return render(request, "supervision/roster.html", context | {"show": "needs", "is_too_many": True})
    waiting = most_pressing(rows_of(looked_through, scope))
    context |= {"show": "needs", "rows": waiting[:LINES], "more": len(waiting) - LINES, "total": len(looked_through)}
    return render(request, "supervision/roster.html", context)


@require_safe
@login_required
def record(request: HttpRequest, term: UUID) -> HttpResponse:
    """One woman's record. Every opening is written where she can read it."""
    scope = desk_of(request)
    places = Prefetch("placements", Placement.objects.select_related("facility"))
    terms = with_updates(scope.terms(Act.OPEN_RECORD), scope.on).select_related("learner", "programme")
    found = get_object_or_404(terms.prefetch_related("leaves", places), uuid=term)
    log_access(
        subjects=[found.learner],
        actor=request.user,
        kind=AccessKind.RECORD_OPENED,
        actor_role=scope.role_for(found, Act.OPEN_RECORD),
    )
    return render(request, "supervision/record.html", {"record": record_of(found, scope, get_language() or "en")})


def _page(request: HttpRequest) -> int:
    typed = request.GET.get("page", "")
    return max(1, min(int(typed), 1_000_000)) if typed.isascii() and typed.isdigit() else 1


def _sites(scope: Scope) -> list[OrganisationUnit]:
    units = scope.units(Act.OPEN_RECORD) | scope.units(Act.SEE_COHORT)
    if units == {held.unit_id for held in scope.roles} and len(units) == 1:
        return [scope.roles[0].unit]
    return list(OrganisationUnit.objects.filter(pk__in=units, level="facility"))


def _search(request: HttpRequest, scope: Scope, terms: TermQuerySet, asked: str) -> TermQuerySet:
    """Terms among ``terms`` by work name, or the one with that certificate, whose look-up is logged."""
    key = alias_key(asked)
    if len(key) == SERIAL_LENGTH:
        certificate = Certificate.objects.filter(serial=key, term__in=terms).select_related("term__learner").first()
        if certificate is not None:
            log_access(
                subjects=[certificate.term.learner],
                actor=request.user,
                kind=AccessKind.CERTIFICATE_CHECKED,
                actor_role=scope.role_for(certificate.term),
            )
            return terms.filter(pk=certificate.term_id)
    return terms.filter(Q(learner__alias_key__contains=key)) if key else terms.none()


def _numbers(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Counts only, for those who see no person."""
    terms = scope.terms(Act.SEE_COUNTS).open_on(scope.on)
    may_count = bool(scope.units(Act.SEE_COUNTS))
    context = {"rows": counts(terms, scope) if may_count else [], "may_count": may_count, "on": scope.on}
    context["may_end"] = bool(scope.units(Act.END_SIGN_INS))
    return render(request, "supervision/numbers.html", context)
