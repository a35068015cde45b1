"""The few lines of style that a programme has of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from offline.ways import Ways
from programme import own, wording


@require_safe
def stylesheet(request: HttpRequest, mark: str) -> HttpResponse:
    """The look called ``mark``, for good: another look has another address. Nobody finds that of another door."""
    here = own.of_host(request.get_host())
    found = next((each for each in own.known() if each.mark == mark), None)
    if found is None or (found.host_name and (here is None or here.pk != found.pk)):
        raise Http404
    return HttpResponse(
        found.stylesheet,
        content_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def own_ways() -> Ways:
    """What the programme in force changes in the shell that a phone keeps."""
    here = wording.in_force()
    return Ways(here.mark, (reverse("own-look", args=[here.mark]),)) if here is not None else Ways()
