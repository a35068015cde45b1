"""The room in which staff print: ask for a paper, see it being made, take it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from printing import actions
from printing.forms import AskForm, RouteForm
from printing.models import Paper
from printing.rights import Place, Rights, rights_to_print
from printing.shelf import Row, rows_of
from printing.sources import Route, source_of, sources_of

TOO_MANY = 429


def _rights(request: HttpRequest) -> Rights:
    """What she may print; 404 for somebody to whom the room is closed."""
    rights = rights_to_print(request.user)
    if not rights.places:
        raise Http404
    return rights


@require_safe
@login_required
def room(request: HttpRequest) -> HttpResponse:
    """Each module in one language with its papers: ready, under way, to be asked for, or why not."""
    return _room(request, _rights(request))


def _room(request: HttpRequest, rights: Rights, status: int = 200) -> HttpResponse:
    form = RouteForm(
        request.POST or request.GET, rights=rights, usual_language=get_language() or settings.LANGUAGE_CODE
    )
    place, language = form.chosen_place, form.chosen_language
    assert place is not None  # noqa: S101 -- who may print may do so somewhere
    kinds = rights.kinds(place)
    rows = rows_of(Route(place.programme, place.country.code, language), kinds, timezone.now())
    waiting = sum(cell.is_under_way for row in rows for cell in row.cells)
    return render(
        request,
        "printing/room.html",
        {
            "places": list(rights.places.values()),
            "has_programmes": len({each.programme.pk for each in rights.places.values()}) > 1,
            "place": place,
            "language": language,
            "languages": settings.LANGUAGES,
            "kinds": [(kind, _left(rows, index)) for index, kind in enumerate(kinds)],
            "rows": rows,
            "waiting": waiting,
            "here": "?" + urlencode({"place": place.code, "language": language}),
            "is_pausing": status == TOO_MANY,
        },
        status=status,
    )


def _left(rows: list[Row], index: int) -> int:
    """How many papers of one kind could be asked for."""
    return sum(row.cells[index].can_ask for row in rows)


@require_POST
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for one paper, or for all of a kind that are not there yet. What is there or under way is not made again."""
    rights, form = _rights(request), AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    place, kind = rights.places.get(form.cleaned_data["place"]), form.cleaned_data["kind"]
    if place is None or kind not in rights.kinds(place):
        raise Http404
    if not ratelimit.consume(request, action="paper", user=request.user):
        return _room(request, rights, status=TOO_MANY)
    language, module = form.cleaned_data["language"], form.cleaned_data["module"]
    route = Route(place.programme, place.country.code, language)
    found = sources_of(route, [module] if module else None)
    if module and not found:
        raise Http404
    asked = 0
    for source in found:
        if source.can_print(kind):
            asked += actions.ask_for(source=source, kind=kind).state != Paper.State.READY
    _tell(request, asked)
    return redirect(_address(place, language))


def _tell(request: HttpRequest, asked: int) -> None:
    if not asked:
        messages.warning(request, _("Nothing was asked for: it is there, or the table says what is still missing."))
        return
    said = ngettext(
        "Asked for: %(number)s paper. It is made now; you may go on with something else.",
        "Asked for: %(number)s papers. They are made now; you may go on with something else.",
        asked,
    )
    messages.success(request, said % {"number": asked})


@require_safe
@login_required
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF, under a neutral name. One whose texts have changed since is not handed out any more."""
    rights = _rights(request)
    found = get_object_or_404(Paper.objects.select_related("module", "programme"), uuid=uuid, state=Paper.State.READY)
    if not rights.allows(found.programme_id, found.country, found.kind):
        raise Http404
    source = source_of(Route(found.programme, found.country, found.language), found.module)
    if source is None or not source.can_print(found.kind) or source.mark(found.kind) != found.mark:
        messages.warning(request, _("A text in it has changed since. Make it anew, so that nobody reads the old one."))
        return redirect(_address_of(found))
    try:
        with actions.papers_storage().open(found.stored_as) as stored:
            data = stored.read()
    except FileNotFoundError:
        found.delete()
        messages.warning(request, _("It was put away meanwhile. Make it anew: it takes half a minute."))
        return redirect(_address_of(found))
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{found.file_name}"',
            "Cache-Control": "no-store",
        },
    )


def _address(place: Place, language: str) -> str:
    return f"{reverse('print')}?{urlencode({'place': place.code, 'language': language})}"


def _address_of(found: Paper) -> str:
    said = {"place": f"{found.programme.code}.{found.country}", "language": found.language}
    return f"{reverse('print')}?{urlencode(said)}"
