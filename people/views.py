"""Pages about oneself: signing in, the slip, consent, the lock, settings, my data; and a calendar."""

from __future__ import annotations

import calendar
import json
from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import actions, discretion, my_data
from people.addresses import in_language, is_here, is_own_page
from people.auth import ONE_MESSAGE, SLIP_MESSAGE, landing_address, may_come_in
from people.consent import QUESTIONS
from people.forms import (
    ChangeSecretForm,
    ConsentForm,
    FirstSecretForm,
    LanguagesForm,
    OneConsentForm,
    SignInForm,
    SlipForm,
    TextSizeForm,
    UnlockForm,
)
from people.models import Consent, ConsentPart, User, alias_key
from people.pins import SecretRefused

LOOKS_ON_THE_PAGE = 50

LONGEST_SECRET = 4096
"""More than anybody types; what is longer is not hashed."""


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SignInView(LoginView):
    """allauth's sign-in; with ``?with=password`` the keyboard of letters, for those who have a password."""

    form_class = SignInForm
    template_name = "account/login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Too many tries from one address read like one that did not work: the same sentence."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return response
        return render(request, "people/wait.html", {"message": ONE_MESSAGE}, status=response.status_code)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"has_password": self._has_password}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"has_password": self._has_password}

    @property
    def _has_password(self) -> bool:
        return self.request.GET.get("with") == "password"


class SignOutView(LogoutView):
    """Ends the session, asking first when opened as a page. What waits on the phone to be sent stays there."""

    template_name = "account/logout.html"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Work name and code from the slip, then a PIN of her own; signs her in.

    One message for an unknown name and for a wrong, used, replaced or old code. Five of them for
    one account, and it waits for 15 minutes.
    """
    if request.method == "GET":
        return _slip_page(request, SlipForm())
    slip = SlipForm(request.POST)
    if not slip.is_valid():
        return _slip_page(request, slip)
    key = alias_key(slip.cleaned_data["alias"])
    try:
        if not ratelimit.consume(request, action="start", key=key):
            raise actions.SlipRefused
        invitation = actions.find_invitation(now=timezone.now(), **slip.cleaned_data)
        if not may_come_in(request, invitation.user):
            raise actions.SlipRefused
        ratelimit.clear(request, action="start", key=key)
        is_second_step = "pin" in request.POST
        form = FirstSecretForm(
            request.POST if is_second_step else None,
            initial=slip.cleaned_data,
            kind=invitation.user.secret_kind,
        )
        if is_second_step and form.is_valid():
            pin = form.cleaned_data["pin"]
            user = actions.use_invitation(pin=pin, now=timezone.now(), **slip.cleaned_data)
            return _signed_in(request, user)
    except actions.SlipRefused:
        slip.add_error(None, SLIP_MESSAGE)
        return _slip_page(request, slip)
    except SecretRefused as refusal:
        form.add_error("pin", refusal.reason)
    is_pin = invitation.user.secret_kind == User.SecretKind.PIN
    return render(request, "people/choose_secret.html", {"form": form, "is_pin": is_pin})


def _slip_page(request: HttpRequest, form: SlipForm) -> HttpResponse:
    return render(request, "people/start.html", {"form": form})


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(0)
    return redirect(landing_address(request, user))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The five questions. A no to the first is stored too; it ends her sign-in with a page of whom to ask."""
    destination = request.GET.get("next", "")
    if not is_own_page(destination):
        destination = ""
    if request.method == "GET" and Consent.objects.has_agreed(request.user):
        return redirect("my-data")
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.record_consent(
            user=request.user,
            answers=form.answers(),
            language=get_language() or settings.LANGUAGE_CODE,
            witness=form.cleaned_data["witness"],
            now=timezone.now(),
        )
        if not form.answers()[ConsentPart.TRAINING_RECORD]:
            logout(request)
            return render(request, "people/consent_refused.html")
        request.session["has_consented"] = True
        return redirect(destination or landing_address(request, request.user))
    questions = [(question, form[f"part_{question.part}"]) for question in QUESTIONS]
    return render(request, "people/consent.html", {"form": form, "questions": questions})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Asks for the PIN and shows nothing else, not even whose session it is."""
    user, now = request.user, timezone.now()
    if not user.is_authenticated:
        return redirect("account_login")
    if not discretion.is_locked(request.session, now):
        return redirect(landing_address(request, user))
    form = UnlockForm(request.POST if request.method == "POST" else None, kind=user.secret_kind)
    if request.method == "POST" and form.is_valid():
        if discretion.try_secret(request, user, form.cleaned_data["pin"]):
            then = discretion.unlock(request.session, now)
            return redirect(then if is_own_page(then) else landing_address(request, user))
        if not request.user.is_authenticated:
            return redirect("account_login")
        form.add_error(None, _("That did not match. Try again. After ten tries you must sign in anew."))
    context = {
        "form": form,
        "is_pin": user.secret_kind == User.SecretKind.PIN,
        "was_kept": request.session.get("was_kept", False),
        "user": discretion.Nobody(user.text_size),
    }
    return render(request, "people/lock.html", context)


# Without a token: this must work from a page that is hours old, and all it can do is hide.
@csrf_exempt
@require_POST
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Away from here at once: locks with ``how=lock``, signs out otherwise; then a page that shows nothing."""
    if request.user.is_authenticated:
        if request.POST.get("how") == "lock":
            discretion.lock(request.session, timezone.now())
        else:
            logout(request)
    return redirect("pause")


@require_safe
def pause(request: HttpRequest) -> HttpResponse:
    """A calendar of this month, as a thousand other sites show it."""
    today = timezone.localdate()
    weeks = calendar.Calendar(firstweekday=calendar.MONDAY).monthdatescalendar(today.year, today.month)
    context = {
        "month": date_format(today, "YEAR_MONTH_FORMAT"),
        "weekdays": [date_format(day, "D") for day in weeks[0]],
        "weeks": [[day.day if day.month == today.month else "" for day in week] for week in weeks],
    }
    return render(request, "people/pause.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The page ``next`` in ``language``. Her own order of languages, on her settings page, stays as it is."""
    language, page = request.POST.get("language", ""), request.POST.get("next", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    if is_here(page):
        return redirect(in_language(page, language))
    with override(language):
        return redirect("settings" if request.user.is_authenticated else "account_login")


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """Languages in her order, size of the letters, a new PIN; each a form of its own, told apart by ``what``."""
    user = request.user
    what = request.POST.get("what", "")
    data = {name: request.POST if what == name else None for name in ("languages", "text_size", "pin")}
    languages = LanguagesForm(data["languages"], user=user)
    text_size = TextSizeForm(data["text_size"], initial={"text_size": user.text_size})
    secret = ChangeSecretForm(data["pin"], kind=user.secret_kind)
    if languages.is_bound and languages.is_valid():
        actions.choose_languages(user=user, languages=languages.languages(), at=timezone.now())
        return _saved(request, in_language(reverse("settings"), user.reading_languages[0]))
    if text_size.is_bound and text_size.is_valid():
        actions.choose_text_size(user=user, text_size=text_size.cleaned_data["text_size"], at=timezone.now())
        return _saved(request, reverse("settings"))
    if secret.is_bound and secret.is_valid() and _change_secret(request, secret):
        return _saved(request, reverse("settings"))
    if not request.user.is_authenticated:
        return redirect("account_login")
    context = {"languages": languages, "text_size_form": text_size, "secret": secret}
    return render(request, "people/settings.html", context)


@sensitive_post_parameters()
@never_cache
@require_POST
def check_pin(request: HttpRequest) -> HttpResponse:
    """For a program on her phone: 204 when ``{"pin"}`` is hers, 403 and ``{"detail": "wrong"}`` otherwise.

    The tries are those of the lock: after ten wrong ones the session is over, and every answer is 401. A locked
    session, or one without consent, is answered before this (``people.middleware``).
    """
    user = request.user
    if not user.is_authenticated:
        return JsonResponse({"detail": "Unauthorized"}, status=401)
    try:
        sent = json.loads(request.body)
        pin = sent["pin"]
    except (ValueError, TypeError, KeyError, RecursionError):
        pin = None
    if not isinstance(pin, str) or len(pin) > LONGEST_SECRET:
        return JsonResponse({"detail": "not_a_pin"}, status=422)
    if discretion.try_secret(request, user, pin):
        return HttpResponse(status=204)
    return JsonResponse({"detail": "wrong"}, status=403)


def _change_secret(request: HttpRequest, form: ChangeSecretForm) -> bool:
    """Change it when the current one is right; otherwise put the reason into ``form``."""
    user = request.user
    if not discretion.try_secret(request, user, form.cleaned_data["current"]):
        form.add_error("current", _("That did not match. Nothing was changed."))
        return False
    try:
        actions.change_secret(user=user, secret=form.cleaned_data["pin"], now=timezone.now())
    except SecretRefused as refusal:
        form.add_error("pin", refusal.reason)
        return False
    update_session_auth_hash(request, user)
    return True


def _saved(request: HttpRequest, address: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(address)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept about her, who looked at it, what she agreed to; a POST changes one of parts 2 to 5."""
    closed = my_data.closing_page(request)
    if closed is not None:
        return closed
    if request.method == "POST":
        form = OneConsentForm(request.POST)
        if form.is_valid():
            actions.record_consent(
                user=request.user,
                answers={form.cleaned_data["part"]: form.cleaned_data["given"]},
                language=get_language() or settings.LANGUAGE_CODE,
                now=timezone.now(),
            )
            return _saved(request, reverse("my-data") + "#answers")
    context = {
        "sections": [(section, list(section.rows(request.user))) for section in my_data.sections()],
        "looks": my_data.looks(request.user, LOOKS_ON_THE_PAGE),
        "answers": my_data.answers(request.user),
    }
    return render(request, "people/my_data.html", context)


@never_cache
@login_required
@require_safe
def own_record(request: HttpRequest) -> HttpResponse:
    """Everything of ``own_data`` as a file that she can take away; its name says nothing."""
    closed = my_data.closing_page(request)
    if closed is not None:
        return closed
    response = JsonResponse(my_data.as_file(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="record.json"'
    return response
