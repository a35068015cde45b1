"""Pictures and recordings of lessons, for whoever asks: their names say nothing and nobody's page is among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

PHONE_FILTER = "max-720x720|format-webp|webpquality-70"
"""A photograph as phones get it: 360 px wide at two dots each, the screen of a cheap phone, and no taller."""

YEAR = 365 * 24 * 60 * 60
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing may carry script that nobody looked at: opened by itself it can do nothing."""


@dataclass(frozen=True)
class PhonePicture:
    """A picture as it is sent to phones, online and in a pack alike."""

    url: str
    width: int
    height: int
    size_bytes: int


def for_phone(image: Any) -> PhonePicture:
    """A drawing as it is, a photograph made small; its sizes are those of the file that is sent."""
    if image.is_svg():
        return PhonePicture(image.file.url, image.width, image.height, image.get_file_size() or 0)
    made = image.get_rendition(PHONE_FILTER)
    return PhonePicture(made.url, made.width, made.height, made.file.size)


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file at ``path`` among the images; a changed picture has another name, so it is kept for a year."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if not isinstance(response, FileResponse) and response.status_code != 304:
        raise Http404
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
