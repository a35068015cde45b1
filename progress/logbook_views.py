"""Her hours and her logbook; and the page on which her supervisor signs what stands in it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.discretion import kept_through_lock
from people.models import AccessKind, log_access
from programme.forms import DayField, PlainForm
from programme.models import Clock
from programme.models.evidence import PayloadChanged
from programme.scope import Act, Study, scope_now
from progress.actions import AlreadySigned, note_session, sign_sessions, take_back_session
from progress.asked import asked_of
from progress.attendance import half_days_of
from progress.logbook import sessions_of, tallies
from progress.models import LogbookEntry
from progress.views import for_learner


class SessionForm(PlainForm):
    """Which kind of session, and on which day of her term. There is no field for anything else."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What did you do?"), choices=LogbookEntry.Kind.choices, widget=forms.RadioSelect
    )
    held_on = DayField(label=gettext_lazy("On which day?"))

    def __init__(self, *args: Any, study: Study, **options: Any) -> None:
        super().__init__(*args, **options)
        self.first, self.last = study.term.start_on, study.today
        self.fields["held_on"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if held_on > self.last:
            raise forms.ValidationError(_("That day is still to come. Note it afterwards."))
        if held_on < self.first:
            began = {"date": date_format(self.first, "DATE_FORMAT")}
            raise forms.ValidationError(_("Your term began on %(date)s. Choose that day or a later one.") % began)
        return held_on


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@for_learner
def logbook(request: HttpRequest, study: Study) -> HttpResponse:
    """Her hours together, her sessions, and a form to note one more."""
    if request.method != "POST":
        return _page(request, study, _empty(study))
    form = SessionForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, study, form, status=422)
    said = form.cleaned_data
    try:
        note_session(
            term=study.term,
            kind=said["kind"],
            held_on=said["held_on"],
            client_uuid=said["client_uuid"],
            clock=Clock.here_and_now(),
        )
    except PayloadChanged:
        again = SessionForm(study=study, initial={**said, "client_uuid": uuid4()})
        notice = _("What you noted before is saved. To note this one as well, tap the button again.")
        return _page(request, study, again, notice=notice, status=409)
    messages.success(request, _("Noted. It counts when your supervisor has signed it."))
    return redirect("logbook")


def _empty(study: Study) -> SessionForm:
    return SessionForm(study=study, initial={"client_uuid": uuid4(), "held_on": study.today})


def _page(
    request: HttpRequest, study: Study, form: SessionForm, *, notice: str = "", status: int = 200
) -> HttpResponse:
    attended, noted, asked = half_days_of(study.term), sessions_of(study.term), asked_of(study.term)
    words = {
        "attended": attended,
        "hours": sum(row.hours for row in attended),
        "asked": asked,
        "noted": noted,
        "signed": sum(each.signed_at is not None for each in noted),
        "tallies": tallies(noted),
        "keeps_a_logbook": bool(asked.entries or noted),
        "form": form,
        "notice": notice,
    }
    return render(request, "progress/logbook.html", words, status=status)


@require_POST
@for_learner
def logbook_back(request: HttpRequest, study: Study, entry: UUID) -> HttpResponse:
    """She noted it by mistake. What is signed stands."""
    try:
        was_there = take_back_session(term=study.term, entry=entry, clock=Clock.here_and_now())
    except AlreadySigned:
        messages.warning(request, _("This one is signed already. If it is not right, tell your supervisor."))
        return redirect("logbook")
    if was_there:
        messages.success(request, _("Taken out of your logbook."))
    return redirect("logbook")


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def logbook_signing(request: HttpRequest, term: UUID) -> HttpResponse:
    """What waits in one woman's logbook. Whoever may not sign it finds nothing here."""
    scope = scope_now(request.user)  # type: ignore[arg-type]
    terms = scope.terms(Act.SIGN_LOGBOOK).exclude(ended_on__lt=scope.on).select_related("learner")
    found = get_object_or_404(terms.prefetch_related("placements__facility"), uuid=term)
    placement, role = found.placement_on(scope.on), scope.role_for(found, Act.SIGN_LOGBOOK)
    if placement is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        wanted = _uuids(request.POST.getlist("shown" if "all" in request.POST else "entry"))
        if wanted:
            number = sign_sessions(
                term=found,
                entries=wanted,
                signed_by=scope.user,
                signed_as=role,
                unit=placement.facility,
                now=timezone.now(),
            )
            saved = ngettext("Signed: %(number)s session.", "Signed: %(number)s sessions.", number)
            messages.success(request, saved % {"number": number} if number else _("These were signed already."))
            return redirect("logbook-signing", term=found.uuid)
        problem = _("Tick the sessions that you know took place.")
    else:
        log_access(subjects=[found.learner], actor=scope.user, kind=AccessKind.RECORD_OPENED, actor_role=role)
    noted = sessions_of(found)
    words = {
        "term": found,
        "name": scope.name_of(found),
        "waiting": [each for each in noted if each.signed_at is None],
        "signed": [each for each in noted if each.signed_at is not None],
        "tallies": tallies(noted),
        "problem": problem,
    }
    return render(request, "progress/logbook_signing.html", words, status=422 if problem else 200)


def _uuids(sent: list[str]) -> list[UUID]:
    found = []
    for each in sent:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found
