"""Answers packed with Brotli, where a browser takes it: browsers offer it over https, to the site's own machine too."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

WORTH_IT = 200
"""Bytes; as Django's own middleware for gzip."""

MOST_PADDING = 32
"""Bytes."""

QUALITY, SHARED_QUALITY = 5, 11
"""A third of a millisecond for a page of hers; what is the same for everybody is asked for rarely."""

KINDS = re.compile(r"text/|application/(?:json|javascript|manifest\+json)|image/svg")
OFFERED = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class BrotliMiddleware:
    """Pack what nobody has packed yet. Stands inside ``GZipMiddleware``, which takes the rest.

    A page of hers gets up to ``MOST_PADDING`` random bytes, so that its length does not tell what is in it (BREACH).
    Django gives gzip 100; what would be guessed at here, the token of forms, is another on each page anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.streaming
            or response.status_code == 206  # a part of something that is counted in its own bytes
            or response.has_header("Content-Encoding")
            or not KINDS.match(response.headers.get("Content-Type", ""))
            or len(response.content) < WORTH_IT
        ):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not OFFERED.search(request.headers.get("Accept-Encoding", "")):
            return response
        is_shared = "public" in response.headers.get("Cache-Control", "")
        padding = b"" if is_shared else secrets.token_bytes(1 + secrets.randbelow(MOST_PADDING))
        packed = pack(response.content, quality=SHARED_QUALITY if is_shared else QUALITY, padding=padding)
        if len(packed) < len(response.content):
            if tag := response.headers.get("ETag"):
                response.headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
            response.content = packed
            response.headers["Content-Length"] = str(len(packed))
            response.headers["Content-Encoding"] = "br"
        return response


def pack(content: bytes, *, quality: int, padding: bytes = b"") -> bytes:
    """``content`` compressed, with up to 256 bytes of ``padding`` that every reader passes over.

    They stand in a metadata block (RFC 7932, section 9.2): not last, no nibbles of length, one byte for the count.
    """
    if not padding:
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=quality)
    body = compressor.process(content) + compressor.flush()  # ends on a whole byte
    count = len(padding) - 1
    return body + bytes([0x16 | (count & 3) << 6, count >> 2]) + padding + compressor.finish()
