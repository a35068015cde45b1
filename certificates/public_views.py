"""Checking a certificate without signing in: no name is shown, no list of papers exists, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counted
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from certificates.checks import Check, answer_of_nobody, look_up, number_scanned
from certificates.forms import NameForm, NumberForm
from certificates.key_list import key_list, programmes_at
from certificates.models import Certificate
from certificates.serials import is_well_formed, typed_serial, typed_statement
from certificates.statements import as_text
from certificates.states import FullState
from people.models import AccessKind, log_access
from programme.doors import host_of
from programme.models import Term
from programme.scope import Act, scope_now
from progress.updates import told_at

TOO_MANY = 429
LIST_AGE_SECONDS = 60 * 60
"""How long a phone may go on with the list that it has without asking."""

View = Callable[..., HttpResponse]


def may_ask(request: HttpRequest) -> bool:
    """Whether this address may ask once more; counted. The library counts only forms, unless it is told otherwise."""
    return bool(counted.consume(request, app="allauth.account", action="verify", limit_get=True))


def for_everybody(view: View) -> View:
    """In the reader's language (``?language=`` before the browser's), in no index and no cache."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: str) -> HttpResponse:
        chosen = request.GET.get("language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        if not may_ask(request):
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
    typed = request.GET.get("number", "")
    statement = typed_statement(typed)
    if statement is not None:
        return _to(request, "verify-code", text=as_text(statement))
    serial = typed_serial(typed)
    if serial:
        return _to(request, "verify-serial", serial=serial)
    form = NumberForm(request.GET if "number" in request.GET else None)
    form.is_valid()
    return render(request, "certificates/verify.html", {"form": form, "is_no_number": "number" in request.GET})


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def verify_serial(request: HttpRequest, serial: str) -> HttpResponse:
    """The state of one certificate; with a name posted, whether it is the one on the paper.

    What is not current or expired is answered as a number is that nobody ever had.
    """
    number = typed_serial(serial)
    form = NameForm(request.POST) if request.method == "POST" else NameForm()
    typed_name = None
    if form.is_bound:
        # What cannot be a number has one count for all, so that rubbish does not push out the counts of others.
        if not ratelimit.consume(request, action="verify_name", key=number if is_well_formed(number) else "none"):
            return render(request, "certificates/verify_pause.html", status=TOO_MANY)
        typed_name = form.cleaned_data["name"] if form.is_valid() else None
    answer, certificate = look_up(number, timezone.now().date(), typed_name)
    more = _more_for(request, number, answer, certificate)
    return _answered(request, number, answer, form=form, more=more)


@require_safe
@for_everybody
def verify_code(request: HttpRequest, text: str) -> HttpResponse:
    """What a scanned code leads to: the answer to its number, where every bit of it is as we issued it.

    By way of the number's own address, so that the longer one stays in no history.
    """
    number = number_scanned(typed_statement(text))
    return _answered(request, "", None) if number is None else _to(request, "verify-serial", serial=number)


@require_safe
def verify_list(request: HttpRequest) -> HttpResponse:
    """The list for checking without network, the same for everybody who asks at this host."""
    if not may_ask(request):
        return JsonResponse({}, status=TOO_MANY)
    response = JsonResponse(key_list(programmes_at(host_of(request)), timezone.now()))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = f"public, max-age={LIST_AGE_SECONDS}"
    return response


@dataclass(frozen=True)
class More:
    """What somebody who may open her record reads beside the public answer."""

    name: str
    term: Term
    state: FullState
    until: date | None
    is_erased: bool
    update_pending: bool


def _answered(
    request: HttpRequest, number: str, answer: Check | None, *, form: NameForm | None = None, more: More | None = None
) -> HttpResponse:
    """The answer to ``number``, or to a code (no ``answer``): its own where it is public, else the one for all others.

    Both are written whichever is sent, so that the time does not tell them apart. The hints in the one for all others
    come from the number alone.
    """
    around = {"request": request, "csrf_token": get_token(request), "more": more}
    own = ""
    if answer is not None:
        written = answer if answer.is_public else answer_of_nobody(is_compared=form is not None and form.is_bound)
        title, language = written.title_in(translation.get_language() or "")
        told = around | {"check": written, "form": form, "title": title, "title_language": language}
        own = render_to_string("certificates/verify_own.html", told)
    none = render_to_string(
        "certificates/verify_none.html",
        around
        | {
            "number": " ".join(number[start : start + 4] for start in range(0, len(number), 4)),
            "form": NumberForm(initial={"number": number}),
            "is_slip": bool(number) and not is_well_formed(number),
            "is_code": answer is None,
        },
    )
    shown = own if answer is not None and answer.is_public else none
    return render(request, "certificates/verify_answer.html", {"answer": shown})


def _to(request: HttpRequest, name: str, **kwargs: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse(name, kwargs=kwargs))
    if "language" in request.GET and request.GET["language"] in dict(settings.LANGUAGES):
        response.headers["Location"] += f"?language={request.GET['language']}"
    return response


def _more_for(request: HttpRequest, number: str, answer: Check, certificate: Certificate | None) -> More | None:
    """More for those who may open her record. Whoever meets her in a role leaves a line that she can read.

    Anybody else, signed in or not, is told nothing and leaves nothing; and as much is asked for a number that she may
    not see as for one that nobody ever had.
    """
    if not request.user.is_authenticated:
        return None
    scope = scope_now(request.user)
    units = frozenset().union(*(scope.units(act) for act in Act))
    hers = Term.objects.placed_in(units, scope.on).exclude(learner=request.user).filter(certificates__serial=number)
    term = hers.select_related("learner", "programme").first()
    if term is None or certificate is None:
        return None
    role = scope.role_for(term)
    if role:
        log_access(subjects=[term.learner], actor=request.user, kind=AccessKind.CERTIFICATE_CHECKED, actor_role=role)
    if not scope.allows(Act.OPEN_RECORD, term):
        return None
    return More(
        name=scope.name_of(term),
        term=term,
        state=answer.full,
        until=answer.until,
        is_erased=certificate.erased_at is not None,
        update_pending=bool(told_at([term], scope.on)),
    )
