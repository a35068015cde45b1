"""The sheets of a cohort: which half-days there were, who was there, a blank one to print, and who joins late."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.discretion import kept_through_lock
from programme.actions.joining import join_cohort
from programme.actions.terms import Refused
from programme.models import Clock, Cohort
from programme.models.evidence import PayloadChanged
from programme.scope import Act, Scope
from programme.views import desk_of
from progress.actions import SheetHasChanged, take_sheet
from progress.attendance import cohorts_of, half_days, hours_last_time, sheet_of, women_of
from progress.attendance_forms import HalfDayForm, JoinForm, SheetForm

BLANK_LINES = 6
"""On a printed sheet, for those who come later."""


def _cohort_or_404(request: HttpRequest, cohort: int) -> tuple[Scope, Cohort]:
    scope = desk_of(request, Act.RECORD_ATTENDANCE)
    return scope, get_object_or_404(cohorts_of(scope), pk=cohort)


@require_safe
@login_required
def my_cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts of which she may note who was there."""
    scope = desk_of(request, Act.RECORD_ATTENDANCE)
    return render(request, "progress/sheets_of_cohorts.html", {"cohorts": cohorts_of(scope)})


@require_safe
@login_required
def days(request: HttpRequest, cohort: int) -> HttpResponse:
    """The half-days of one cohort; with a day and a half, on to its sheet."""
    scope, found = _cohort_or_404(request, cohort)
    asked = request.GET if "on" in request.GET else None
    form = HalfDayForm(asked, first=found.start_on, last=scope.on, initial={"on": max(scope.on, found.start_on)})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        return redirect("sheet", cohort=found.pk, on=said["on"].isoformat(), half=said["half"])
    return _days_page(request, scope, found, form, JoinForm(), status=422 if form.errors else 200)


def _days_page(
    request: HttpRequest, scope: Scope, cohort: Cohort, form: HalfDayForm, join: JoinForm, *, status: int = 200
) -> HttpResponse:
    words: dict[str, Any] = {
        "cohort": cohort,
        "form": form,
        "join": join,
        "half_days": half_days(cohort, scope),
        "women": women_of(cohort, scope).open_on(scope.on).select_related("learner").order_by("learner__alias"),
        "has_begun": cohort.start_on <= scope.on,
    }
    return render(request, "progress/days.html", words, status=status)


@require_safe
@login_required
def blank_sheet(request: HttpRequest, cohort: int) -> HttpResponse:
    """A sheet to print: work names and chosen names, boxes to tick, lines for those who come later."""
    scope, found = _cohort_or_404(request, cohort)
    women = women_of(found, scope).open_on(max(scope.on, found.start_on))
    words = {
        "cohort": found,
        "women": women.select_related("learner").order_by("learner__alias"),
        "blank_lines": range(BLANK_LINES),
    }
    return render(request, "progress/blank_sheet.html", words)


@require_POST
@login_required
def join(request: HttpRequest, cohort: int) -> HttpResponse:
    """Put somebody on the list who comes later than the others."""
    scope, found = _cohort_or_404(request, cohort)
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            _term, changed = join_cohort(
                cohort=found, work_name=form.cleaned_data["work_name"], by=scope.user, scope=scope
            )
        except Refused as refusal:
            form.add_error("work_name", str(refusal.words))
        else:
            messages.success(request, _("She is on the list now.") if changed else _("She is on the list already."))
            return redirect("days", cohort=found.pk)
    half_day = HalfDayForm(first=found.start_on, last=scope.on, initial={"on": max(scope.on, found.start_on)})
    return _days_page(request, scope, found, half_day, form, status=422)


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sheet(request: HttpRequest, cohort: int, on: str, half: str) -> HttpResponse:
    """Who was there on one half-day. Saving again corrects it; what somebody else saved meanwhile is shown first."""
    scope, found = _cohort_or_404(request, cohort)
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
    if not found.start_on <= day <= scope.on:
        raise Http404
    women = women_of(found, scope)
    state = sheet_of(found, day, half, women)
    terms = [line.term for line in state.lines]
    notice = ""
    if request.method == "POST":
        form = SheetForm(request.POST, women=terms)
        if form.is_valid():
            said = form.cleaned_data
            roles = {
                term.pk: scope.role_for(term, Act.RECORD_ATTENDANCE)
                for term in women.filter(pk__in=[term.pk for term in terms]).prefetch_related("placements")
            }
            try:
                take_sheet(
                    cohort=found,
                    held_on=day,
                    half=half,
                    hours=said["hours"],
                    there=form.there_now(),
                    women=women,
                    taken_by=scope.user,
                    roles=roles,
                    client_uuid=said["client_uuid"],
                    mark=said["mark"],
                    clock=Clock.here_and_now(),
                )
            except (SheetHasChanged, PayloadChanged):
                notice = _(
                    "This sheet was saved before with other ticks. They stand below beside yours. Save again, and "
                    "yours take their place."
                )
            else:
                number = len(said["there"])
                saved = ngettext(
                    "Saved: %(number)s woman was there.", "Saved: %(number)s women were there.", number
                ) % {"number": number}
                messages.success(request, saved)
                return redirect("days", cohort=found.pk)
        ticked = set(request.POST.getlist("there"))
        hours: Any = request.POST.get("hours", "")
        state = sheet_of(found, day, half, women)
    else:
        form = SheetForm(women=terms)
        ticked = {str(line.term.uuid) for line in state.lines if line.is_there}
        hours = state.hours or hours_last_time(found)
    words = {
        "cohort": found,
        "sheet": state,
        "form": form,
        "notice": notice,
        "hours": hours,
        # After a conflict what was saved stands beside what she ticked.
        "lines": [(line, str(line.term.uuid) in ticked, bool(notice)) for line in state.lines],
        "client_uuid": uuid4(),
        # What she has not seen she cannot mean to take back.
        "mark": request.POST.get("mark", "") if form.errors else state.mark,
    }
    return render(request, "progress/sheet.html", words, status=409 if notice else 422 if form.errors else 200)
