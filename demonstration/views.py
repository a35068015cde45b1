"""The doors of a demonstration, and the neutral home page of everything else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_POST

from demonstration import actions, cast
from demonstration.doors import DOORS, SECOND_DOORS
from people.auth import may_come_in
from programme.models import Installation


@require_GET
def root(request: HttpRequest) -> HttpResponse:
    """``/``: the home page in the reader's language."""
    return redirect(f"/{translation.get_language_from_request(request)}/")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """In a demonstration, one door for each kind of work; otherwise a neutral word and the sign-in."""
    if Installation.is_demo():
        own = getattr(request, "own", None)
        doors = SECOND_DOORS if own is not None and own.code == cast.SECOND else DOORS
        return render(request, "demonstration/home.html", {"doors": doors})
    return render(request, "demonstration/neutral_home.html")


def _only_in_a_demonstration() -> None:
    if not Installation.is_demo():
        raise Http404


@require_POST
def sign_in(request: HttpRequest, account: str) -> HttpResponse:
    """One tap into a part; the demonstration is staged anew first when its day has passed."""
    _only_in_a_demonstration()
    actions.stage_if_stale(today=timezone.now().date())
    own = getattr(request, "own", None)
    find = actions.second_account if own is not None and own.code == cast.SECOND else actions.account
    part = find(account)
    if part is None or not may_come_in(request, part.user):
        raise Http404
    login(request, part.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    with translation.override(part.user.reading_languages[0]):
        return redirect(reverse(part.opens) if part.opens != "admin" else "/admin/")


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Everything as on the first day: terms, evidence, certificates. The lessons stay as they are."""
    _only_in_a_demonstration()
    actions.stage(today=timezone.now().date())
    request.session.flush()
    return redirect("home")
