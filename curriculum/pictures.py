"""Pictures and recordings of lessons, for whoever asks: their names say nothing and nobody's page is among them."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

YEAR = 365 * 24 * 60 * 60
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing may carry script that nobody looked at: opened by itself it can do nothing."""


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
