"""The coordinator's page of cohorts: what each reads, and moving it to another release."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from programme.actions.cohorts import move_cohort, releases_for
from programme.actions.terms import Refused
from programme.models import Cohort, Term
from programme.scope import Act, Scope
from programme.views import desk_of


def cohorts_of(scope: Scope) -> QuerySet[Cohort]:
    """The cohorts whose running terms she runs, every one of them, the newest first.

    A cohort of which one woman works with somebody else's coordinator is moved by who answers for both.
    """
    hers = scope.terms(Act.MANAGE_TERM)
    running = Term.objects.filter(cohort=OuterRef("pk"), ended_on=None)
    cohorts = Cohort.objects.filter(Exists(running.filter(pk__in=hers.values("pk"))))
    cohorts = cohorts.exclude(Exists(running.exclude(pk__in=hers.values("pk"))))
    women = Count("terms", filter=Q(terms__ended_on=None))
    return cohorts.select_related("unit", "programme", "release").annotate(women=women).order_by("-start_on", "code")


@require_safe
@login_required
def cohorts(request: HttpRequest) -> HttpResponse:
    """Each cohort with what it reads, and what it could read instead."""
    scope = desk_of(request, Act.MANAGE_TERM)
    found = list(cohorts_of(scope))
    offered = releases_for(found)
    rows = [(cohort, offered[cohort.pk]) for cohort in found]
    takes_sheets = bool(scope.units(Act.RECORD_ATTENDANCE))
    return render(request, "programme/cohorts.html", {"rows": rows, "takes_sheets": takes_sheets})


@require_POST
@login_required
def cohort_move(request: HttpRequest, cohort: int) -> HttpResponse:
    """Let the cohort read the release that was chosen, or what is published today."""
    scope = desk_of(request, Act.MANAGE_TERM)
    found = get_object_or_404(cohorts_of(scope), pk=cohort)
    wanted = request.POST.get("release", "")
    release = next((one for one in releases_for([found])[found.pk] if str(one.uuid) == wanted), None)
    if release is None and wanted != "published":
        messages.warning(request, _("Please choose what they should read."))
        return redirect("cohorts")
    try:
        move = move_cohort(cohort=found, release=release, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal.words))
    else:
        if move is not None:
            messages.success(request, _("Moved. What they have done stays theirs; their pages change at once."))
    return redirect("cohorts")
