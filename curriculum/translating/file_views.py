"""A module and language as a file: out of the room, and in again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from curriculum.translating import brought_in, given_out
from curriculum.translating.forms import FileForm, decisions
from curriculum.translating.views import LANGUAGE_NAMES, for_translators, for_writers, modules_of


@require_GET
@for_translators
def give_out(request: HttpRequest, language: str, code: str, kind: str) -> HttpResponse:
    """The module as a file to work on elsewhere."""
    if not code:
        raise Http404
    found, now = given_out.room_of(code, language), timezone.now()
    if kind == "po":
        response = HttpResponse(given_out.as_po(found, now), content_type="text/x-gettext-translation; charset=utf-8")
    else:
        response = HttpResponse(
            given_out.as_sheet(found, now),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    # Neutral: on a shared computer the name of a file is read by others.
    response["Content-Disposition"] = f'attachment; filename="texts-{code.lower()}-{language}.{kind}"'
    return response


@require_http_methods(["GET", "POST"])
@for_writers
def bring_in(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """A file that comes back; then what of it was refused, and what somebody has to decide."""
    if not code:
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    result, problems, status = None, [], 200
    if request.method == "POST" and (decided := decisions(request.POST.dict())):
        result = _decided(request, language, code, decided)
        form = FileForm()
    elif request.method == "POST" and form.is_valid():
        try:
            result = _taken(request, language, code, form.cleaned_data["file"])
        except brought_in.NotReadable as refusal:
            problems, status = refusal.reasons, 400
    elif request.method == "POST":
        status = 400
    return render(
        request,
        "wagtailadmin/desk/translating_bring_in.html",
        {
            "form": form,
            "result": result,
            "problems": problems,
            "language": language,
            "language_name": LANGUAGE_NAMES[language],
            "folder": code.lower(),
            "header_title": _("A file comes back: %(title)s, %(language)s")
            % {"title": modules_of(request.user)[code], "language": LANGUAGE_NAMES[language]},
        },
        status=status,
    )


def _taken(request: HttpRequest, language: str, code: str, file: Any) -> brought_in.Brought:
    found, data = given_out.room_of(code, language), file.read()
    if str(file.name).lower().endswith(".po"):
        try:
            offered, at = brought_in.offered_in_po(data.decode("utf-8-sig").replace("\r\n", "\n"), found)
        except UnicodeDecodeError:
            raise brought_in.NotReadable([_("This file is not UTF-8. Save it again as UTF-8.")]) from None
    else:
        offered, at = brought_in.offered_in_sheet(data, found)
    return brought_in.bring_in(offered, found, brought_by=request.user, given_out_at=at)


def _decided(request: HttpRequest, language: str, code: str, decided: dict[str, Any]) -> brought_in.Brought:
    """What she decided, unless the text has changed once more since she looked: then she is asked again."""
    found = given_out.room_of(code, language)
    offered = [
        brought_in.Offered("", key, found.keyed[key].string.text, words)
        for key, (_decision, words, _seen) in decided.items()
        if key in found.keyed
    ]

    def decide(key: str) -> brought_in.Decision | None:
        decision, _words, seen = decided[key]
        answer: brought_in.Decision | None = decision if seen == found.keyed[key].segment.seen else None
        return answer

    return brought_in.bring_in(offered, found, brought_by=request.user, given_out_at=None, decide=decide)
