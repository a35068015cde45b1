"""Checking a paper by camera, without network after one visit: the page, and the worker that opens it then.

The page is the same for everybody and holds nothing of anybody; what is scanned never leaves the phone
(``docs/verify.md``). The work is done by ``static/verify/``.
"""

from __future__ import annotations

import json
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.models import UNAMBIGUOUS

WORKER = "offline/kept-check.js"
DECODER = ("qr/decode.js", "qr/index.js")
"""Fetched by ``script/setup.sh``; the first is loaded, the second by it. Absent where the set-up could not fetch it."""

SAMPLE_DAY, SAMPLE_YEAR = 22, 2001
"""In the pattern of a day these stand where the phone puts day and year."""


@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """The page that looks at a paper. In the reader's language: ``?language=`` before the browser's."""
    chosen = request.GET.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
    decoder = decoder_files()
    context = {
        "letters": UNAMBIGUOUS,
        "days": json.dumps(day_patterns(), ensure_ascii=False),
        "decoder": decoder[0] if decoder else "",
        "decoder_files": " ".join(decoder),
    }
    response = render(request, "certificates/scan.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@cache_control(public=True, no_cache=True)
def scan_worker(_request: HttpRequest) -> HttpResponse:
    """The worker of the public checks, apart from that of the learner's pages: it keeps nothing of theirs."""
    text = f"importScripts({json.dumps(static(WORKER))});\n"
    response = HttpResponse(text, content_type="text/javascript")
    # It also answers for /V/ and /v/, which the code on a paper opens.
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def decoder_files() -> list[str]:
    """The addresses of the decoder for browsers that read no codes themselves; none where it was not fetched."""
    if not settings.HAS_DECODER:
        return []
    try:
        return [static(name) for name in DECODER]
    except ValueError:  # fetched after the files were collected
        return []


def day_patterns() -> list[str]:
    """A day of each month in the language in force, for the phone to put its own day and year into."""
    return [date_format(date(SAMPLE_YEAR, month, SAMPLE_DAY), "DATE_FORMAT") for month in range(1, 13)]
