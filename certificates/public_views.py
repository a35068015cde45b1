"""Checking a certificate without signing in: no name is shown, no list exists, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from certificates.checks import check
from certificates.forms import NameForm, NumberForm
from certificates.models import Certificate
from certificates.serials import typed_serial
from people.models import AccessKind, log_access
from programme.scope import Act, acting_role, may, staff_today
from progress.updates import told_at

TOO_MANY = 429
NOT_KNOWN = 404

View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """In the reader's language (``?language=`` before the browser's), in no index and no cache."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: str) -> HttpResponse:
        chosen = request.GET.get("language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        if not ratelimit.consume(request, action="verify"):
            response = render(request, "certificates/verify_pause.html", status=TOO_MANY)
        else:
            response = view(request, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return shown


@require_safe
@for_everybody
def verify(request: HttpRequest) -> HttpResponse:
    """Type the number, or the address, that is on the paper."""
    if "number" not in request.GET:
        return render(request, "certificates/verify.html", {"form": NumberForm()})
    serial = typed_serial(request.GET["number"])
    if serial:
        return _to_number(request, serial)
    form = NumberForm(request.GET)
    form.is_valid()
    return render(request, "certificates/verify.html", {"form": form, "is_unknown": True}, status=NOT_KNOWN)


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def verify_serial(request: HttpRequest, serial: str) -> HttpResponse:
    """The state of one certificate; with a name posted, whether it is the one on the paper."""
    number = typed_serial(serial)
    form = NameForm(request.POST) if request.method == "POST" else NameForm()
    typed_name = None
    if form.is_bound:
        if not ratelimit.consume(request, action="verify_name", key=number):
            return render(request, "certificates/verify_pause.html", status=TOO_MANY)
        typed_name = form.cleaned_data["name"] if form.is_valid() else None
    answer, certificate = check(number, timezone.now().date(), typed_name)
    if answer is None:
        context = {"form": NumberForm(initial={"number": number}), "is_unknown": True}
        return render(request, "certificates/verify.html", context, status=NOT_KNOWN)
    _tell_her(request, certificate)
    context = {"check": answer, "form": form, "update_pending": _update_pending(request, certificate)}
    return render(request, "certificates/verify_serial.html", context)


def _to_number(request: HttpRequest, serial: str) -> HttpResponse:
    response = redirect("verify-serial", serial=serial)
    if "language" in request.GET and request.GET["language"] in dict(settings.LANGUAGES):
        response.headers["Location"] += f"?language={request.GET['language']}"
    return response


def _update_pending(request: HttpRequest, certificate: Certificate | None) -> bool:
    """Whether an update waits for her, for somebody who may open her record; a stranger is told nothing of it."""
    if certificate is None or not request.user.is_authenticated:
        return False
    on = staff_today(request.user)
    return may(request.user, Act.OPEN_RECORD, certificate.term, on) and bool(told_at([certificate.term], on))


def _tell_her(request: HttpRequest, certificate: Certificate | None) -> None:
    """Somebody of the programme who looks it up leaves a line that she can read; a stranger has no name."""
    if certificate is None or not request.user.is_authenticated:
        return
    term = certificate.term
    role = acting_role(request.user, term, staff_today(request.user))
    log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.CERTIFICATE_CHECKED, actor_role=role)
