"""After the last try: who waits for a talk, and noting that it was held."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import NothingToTalkAbout, record_talk
from assessments.talks import quiz_of, waiting_for_a_talk
from people.discretion import kept_through_lock
from programme.forms import DayField, PlainForm
from programme.scope import Act
from programme.views import desk_of


class TalkForm(PlainForm):
    """The day of the talk, and nothing about it."""

    held_on = DayField(label=gettext_lazy("On which day did you talk?"))

    def __init__(self, *args: Any, first: date, last: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.first, self.last = first, last
        self.fields["held_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if held_on > self.last:
            raise forms.ValidationError(_("That day is still to come. Note the talk when it was held."))
        if held_on < self.first:
            raise forms.ValidationError(_("That was before her last try. Choose a later day."))
        return held_on


@require_safe
@login_required
def talks(request: HttpRequest) -> HttpResponse:
    """Who waits for a talk, the longest first."""
    scope = desk_of(request, Act.RECORD_TALK)
    return render(request, "assessments/talks.html", {"waiting": waiting_for_a_talk(scope)})


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def talk(request: HttpRequest, term: UUID, module: str) -> HttpResponse:
    """Note that the talk was held. One more try opens for her with it."""
    scope = desk_of(request, Act.RECORD_TALK)
    terms = scope.terms(Act.RECORD_TALK).exclude(ended_on__lt=scope.on)
    terms = terms.select_related("learner", "programme", "pathway_version")
    found = get_object_or_404(terms.prefetch_related("placements__facility"), uuid=term)
    quiz = quiz_of(module, found.programme.curriculum)
    if quiz is None:
        raise Http404
    waiting = next((each for each in waiting_for_a_talk(scope, term=found) if each.quiz == quiz.pk), None)
    placement = found.placement_on(scope.on)
    first = found.start_on if waiting is None or placement is None else placement.facility.date_of(waiting.last_at)
    last = max(first, scope.on)
    form = TalkForm(request.POST or None, first=first, last=last, initial={"held_on": scope.on})
    if request.method == "POST" and form.is_valid():
        try:
            record_talk(
                term=found,
                quiz=quiz,
                held_on=form.cleaned_data["held_on"],
                recorded_by=scope.user,
                recorded_as=scope.role_for(found, Act.RECORD_TALK),
                now=timezone.now(),
            )
        except NothingToTalkAbout:
            messages.warning(request, _("She does not need a talk for this quiz: she has a try left, or has passed."))
        else:
            messages.success(request, _("Noted. One more try is open for her."))
        return redirect("talks")
    if waiting is None and request.method != "POST":
        raise Http404
    who = f"{found.learner.display_name} ({found.learner.alias})"
    words = {"form": form, "who": who, "module": quiz.module}
    return render(request, "assessments/talk.html", words, status=422 if form.errors else 200)
