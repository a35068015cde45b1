"""What keeps a signed-in page from being read by the next person who holds the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_path, override

from people import discretion
from people.auth import has_to_consent
from people.models import Consent

WORK_WITHOUT_CONSENT = frozenset(
    {"consent", "lock", "account_logout", "quick-exit", "set-language", "pause", "account_login"}
)
WORK_WHILE_LOCKED = WORK_WITHOUT_CONSENT - {"consent", "account_login"}

SYNC_WHILE_LOCKED = frozenset({"hello", "batch"})
"""Handing over what was done says a random number about her, and nothing else."""


class DiscretionMiddleware:
    """Signed-in pages are in no cache; a locked session shows the lock and nothing else.

    A woman who has not yet agreed that her training record is kept is asked that first. All of it
    is read from the session: a request of a woman who has agreed costs no query here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A view that says "public" hands out what is the same for everybody, such as a recording.
        is_shared = "public" in response.headers.get("Cache-Control", "")
        # The first for a page that has just signed her out, the second for one that no view answered.
        is_signed_in = getattr(request, "is_signed_in", False) or request.user.is_authenticated
        if is_signed_in and not is_shared:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        request.is_signed_in = True  # type: ignore[attr-defined]
        # With its namespace: the writing desk has addresses called "lock" too, and they lock a text.
        name, now = request.resolver_match.view_name, timezone.now()
        if request.resolver_match.namespace == "sync" or name == "pin-check":
            return self._for_a_phone(request, request.resolver_match.url_name, now)
        if discretion.is_locked(request.session, now):
            if name in discretion.OPEN_TO_ALL:
                request.user = discretion.Nobody(user.text_size)
                return None
            return None if name in WORK_WHILE_LOCKED else self._locked(request, view, args, kwargs)
        if name in discretion.OPEN_TO_ALL:
            return None
        discretion.touch(request.session, now)
        if name not in WORK_WITHOUT_CONSENT and self._has_to_consent(request):
            return self._to(request, "consent", **self._destination(request))
        return None

    def _for_a_phone(self, request: HttpRequest, name: str, now: datetime) -> HttpResponse | None:
        """A word instead of a page, because nobody looks. Sending is no sign that she is there.

        A locked session still hands over what was done: it is sealed, and the answer says nothing of it.
        """
        if discretion.is_locked(request.session, now) and name not in SYNC_WHILE_LOCKED:
            return JsonResponse({"detail": "locked"}, status=423)
        if self._has_to_consent(request):
            return JsonResponse({"detail": "consent"}, status=403)
        return None

    def _locked(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        """The lock, with the way back; a form of hers that took long is stored first, unseen."""
        then = request.get_full_path() if request.method == "GET" else ""
        if self._is_kept(request, view):
            stored = view(request, *args, **kwargs)
            then = stored.headers.get("Location", "")
            request.session["was_kept"] = 300 <= stored.status_code < 400
        discretion.lock(request.session, timezone.now(), then=then)
        return self._to(request, "lock")

    def _is_kept(self, request: HttpRequest, view: Callable[..., Any]) -> bool:
        """Whether this is a form that the lock overtook; never evidence of somebody who has not agreed to it.

        Views say so themselves; at the writing desk, which has none of ours, every form is kept.
        """
        if request.method != "POST" or "locked_at" in request.session:
            return False
        is_marked = getattr(view, "kept_through_lock", False) or request.resolver_match.route.startswith("admin/")
        return is_marked and not self._has_to_consent(request)

    @staticmethod
    def _has_to_consent(request: HttpRequest) -> bool:
        if not has_to_consent(request, request.user):
            return False
        if Consent.objects.has_agreed(request.user):
            request.session["has_consented"] = True
            return False
        return True

    @staticmethod
    def _destination(request: HttpRequest) -> dict[str, str]:
        return {"next": request.get_full_path()} if request.method == "GET" else {}

    @staticmethod
    def _to(request: HttpRequest, name: str, **query: str) -> HttpResponse:
        """To one of our pages, in the language of this address or else in her first."""
        language = get_language_from_path(request.path_info) or request.user.reading_languages[0]
        with override(language):
            address = reverse(name)
        return redirect(address + ("?" + urlencode(query) if query else ""))
