"""Wiring that depends on the address only."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

KEPT_ANSWER = "answer"
ANSWER_WAITS_SECONDS = 120
NOT_KEPT = {"Content-Length", "Set-Cookie"}
PAGES_OF_OURS = re.compile(rf"/({'|'.join(code for code, _name in settings.LANGUAGES)})/")
"""With a language; the desk, programs and public checks have none."""

MICROPHONE_AT = "/admin/listening/"
POWERS = "camera=(), geolocation=(), microphone={}"
"""What a page of the desk may ask the browser for: nothing, but for the room where a trainer reads a lesson aloud.

Women's pages have neither frames nor any script but ours, which asks for nothing; 62 bytes each time they are spared.
"""


class PolicyMiddleware:
    """Give ``/admin/`` its own content policy: Wagtail's editor needs inline script, our pages never do.

    An answer that only leads elsewhere has none: nothing of it is shown. 232 bytes each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            # The attribute that ``csp_override`` sets.
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # noqa: SLF001
            may_listen = request.path.startswith(MICROPHONE_AT)
            response.headers["Permissions-Policy"] = POWERS.format("(self)" if may_listen else "()")
        if "Location" in response.headers and not response.streaming and not response.content:
            response._csp_config = {}  # type: ignore[attr-defined]  # noqa: SLF001
            response.xframe_options_exempt = True  # type: ignore[attr-defined]
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


class AnswerByGetMiddleware:
    """Whatever answers a form comes by a second request: what she typed stays with none of the pages of her browser.

    A browser notes the body of a request whose answer it shows, on the disk, to show it again after a crash: a
    work name, a PIN that was not right, what she chose in a quiz. Also nobody is asked to "send the form again".
    Innermost, so that the lock and everything else is asked before a kept answer is given, once, to its own session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A cookie says that there is one: no other page has to open its session to ask.
        if request.method == "GET" and KEPT_ANSWER in request.COOKIES:
            kept = request.session.pop(KEPT_ANSWER, None)
            if kept is not None and kept["address"] == request.get_full_path():
                answer = HttpResponse(kept["html"], status=kept["status"], headers=kept["headers"])
                answer.delete_cookie(KEPT_ANSWER, path=request.path)
                return answer
        response = self.get_response(request)
        if request.method != "POST" or not PAGES_OF_OURS.match(request.path):
            return response
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or "Location" in response.headers:
            return response
        request.session[KEPT_ANSWER] = {
            "address": request.get_full_path(),
            "html": response.content.decode(),
            "status": response.status_code,
            "headers": {name: value for name, value in response.headers.items() if name not in NOT_KEPT},
        }
        answer = HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": request.get_full_path()})
        answer.set_cookie(
            KEPT_ANSWER,
            "kept",
            max_age=ANSWER_WAITS_SECONDS,
            path=request.path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer
