"""Recordings for whoever asks: the name says nothing, and the same name is always the same sound."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from curriculum.pictures import YEAR

ONE_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


@require_safe
def recording(request: HttpRequest, name: str) -> HttpResponse:
    """The sound called ``name``, or the part of it that a player asks for when somebody moves on in it."""
    try:
        with default_storage.open(f"sound/{name}.opus") as stored:
            data = stored.read()
    except (FileNotFoundError, OSError):
        raise Http404 from None
    # Sound is packed as it is; packed again on the way, its parts would be of something else.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    tag = f'"{name}"'
    is_known = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if is_known else _part(request, data, tag)
    if request.method == "HEAD":
        response.content = b""
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _part(request: HttpRequest, data: bytes, tag: str) -> HttpResponse:
    wanted = ONE_RANGE.match(request.headers.get("Range", ""))
    is_current = request.headers.get("If-Range", tag) == tag
    if wanted is None or not is_current or wanted[0] == "bytes=-":
        return _sound(data)
    first, last = wanted.groups()
    if first:
        begin, end = int(first), min(int(last) if last else len(data) - 1, len(data) - 1)
    else:
        begin, end = max(0, len(data) - int(last)), len(data) - 1
    if begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    response = _sound(data[begin : end + 1], status=206)
    response.headers["Content-Range"] = f"bytes {begin}-{end}/{len(data)}"
    return response


def _sound(data: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(data, status=status, content_type="audio/ogg", headers={"Content-Length": str(len(data))})
