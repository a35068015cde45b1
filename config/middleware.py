"""Wiring that depends on the address only."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

MICROPHONE_AT = "/admin/listening/"
POWERS = "camera=(), geolocation=(), microphone={}"
"""What a page of the desk may ask the browser for: nothing, but for the room where a trainer reads a lesson aloud.

Women's pages have neither frames nor any script but ours, which asks for nothing; 62 bytes each time they are spared.
"""


class AdminPolicyMiddleware:
    """Give ``/admin/`` its own content policy: Wagtail's editor needs inline script, our pages never do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            # The attribute that ``csp_override`` sets.
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # noqa: SLF001
            may_listen = request.path.startswith(MICROPHONE_AT)
            response.headers["Permissions-Policy"] = POWERS.format("(self)" if may_listen else "()")
        return response


class KeptForGoodMiddleware:
    """What never changes is the same whoever asks: a recording that was paid for once is not fetched again.

    Middlewares further in say that every answer differs by cookie and language; after her next sign-in the
    browser would take what it holds for somebody else's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if {"public", "immutable"} <= set(response.headers.get("Cache-Control", "").split(", ")):
            response.headers["Vary"] = "Accept-Encoding"
        return response


class CsrfOnceMiddleware(CsrfViewMiddleware):
    """Django's own guard of forms, which sends its cookie once and not with every page: 135 bytes each time.

    A cookie that is there lasts a year from the day on which it was given; then the next page gives a new one.
    """

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.COOKIES.get(settings.CSRF_COOKIE_NAME) != request.META["CSRF_COOKIE"]:
            super()._set_csrf_cookie(request, response)  # type: ignore[misc]
