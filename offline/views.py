"""What a phone keeps of the site itself: the shell, which draws what is kept, the worker, and the manifest."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from offline import ways
from offline.kinds import reasons

SHELL = "offline/kept-shell.js"
WORKER = "offline/kept-worker.js"
LIST = "offline/kept-list.js"
HEARING = "offline/kept-hearing.js"
SHEETS = "offline/kept-sheets.js"
"""Joined from their parts as ``settings.JOINED_FILES`` says."""

SHELL_CSP = settings.SECURE_CSP | {
    "media-src": [CSP.SELF, "data:"],
    "manifest-src": [CSP.SELF],
}
"""Recordings that were kept are played from memory, in the shell only. Not as blobs: browsers write those to disk."""


@require_safe
@cache_control(public=True, no_cache=True)
@csp_override(SHELL_CSP)
def shell(request: HttpRequest) -> HttpResponse:
    """The document that opens what is kept on this phone: the same for everybody, and it holds nothing of anybody."""
    words = {
        "script": static(SHELL),
        "release": _release(ways.here()),
        "reasons": reasons(),
        "list": static(LIST),
        "hearing": static(HEARING),
        "sheets": static(SHEETS),
    }
    return render(request, "offline/shell.html", words)


@require_safe
@cache_control(public=True, no_cache=True)
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone shows of it on its first screen: a name and a leaf."""
    icon = {"src": static("leaf.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "id": "/",
            "name": str(settings.PUBLIC_NAME),
            "short_name": str(settings.PUBLIC_NAME),
            "start_url": reverse("kept"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf6ee",
            "theme_color": "#faf6ee",
            "icons": [icon | {"purpose": "any"}, icon | {"purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(public=True, no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """The worker. Its text changes with every release, which is how a phone notices one."""
    lines = [
        f"const RELEASE = {json.dumps(_release(ways.here()))};",
        f"const KEPT = {json.dumps(_files())};",
        f"const LIST = {json.dumps(static(LIST))};",
        f"const HEARING = {json.dumps(static(HEARING))};",
        f"importScripts({json.dumps(static(WORKER))});",
    ]
    return HttpResponse("\n".join(lines), content_type="text/javascript")


def _files() -> list[str]:
    """The addresses of what the shell, a sheet of questions in it, and the page behind "Exit" are made of."""
    own = [static(name) for name in [SHELL, SHEETS, "thuto.css", "leaf.svg", "people/calendar.css"]]
    return [*own, *ways.here().files]


@cache
def _release(_ways: ways.Ways) -> str:
    """The name of what a phone keeps of the site: another one when any of it, or the shell's own text, changes."""
    parts = [json.dumps([*_files(), static(LIST), static(HEARING)])]
    for code, _name in settings.LANGUAGES:
        with override(code):
            parts.append(render_to_string("offline/shell.html", {"reasons": reasons()}))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:12]
