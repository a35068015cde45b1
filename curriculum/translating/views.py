"""The translators' room: how far everything is, and one part of a module to write in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from curriculum.separation import codes_of, curricula_of
from curriculum.translating import rights
from curriculum.translating.actions import (
    ChangedMeanwhile,
    WordsRefused,
    publish_all,
    sign_reading,
    write_words,
)
from curriculum.translating.forms import WordsForm
from curriculum.translating.originals import SHELVES, module_titles, originals
from curriculum.translating.report import report
from curriculum.translating.rooms import STATE_NAMES, Line, Part, line_of, parts_of
from curriculum.translating.segments import Segment, State, segments
from curriculum.translating.terms_beside import lists_at_the_desk

LANGUAGE_NAMES = dict(settings.LANGUAGES)
View = Callable[..., HttpResponse]
EVERY_PART = "all"
LEFT = "left"
"""A filter: what waits for a translator."""

WORDS = {
    "keeping": gettext_lazy("Keeping …"),
    "kept": gettext_lazy("Kept."),
    "not_sent": gettext_lazy("Not sent yet: no connection. Leave this page open; it tries again."),
    "locked": gettext_lazy("You are signed out. Sign in again in another tab; your words are still here."),
    "typing": gettext_lazy("Not kept yet."),
}
"""What the script of the room says."""


def for_translators(view: View) -> View:
    """Let only those in who have to do with the language of the address, to a module that there is; others get 404."""

    @wraps(view)
    def guarded(request: HttpRequest, language: str, folder: str, **kwargs: Any) -> HttpResponse:
        if language not in rights.languages_looked_at(request.user):
            raise Http404
        code = "" if folder == SHELVES else folder.upper()
        if code not in modules_of(request.user):
            raise Http404
        return view(request, language, code, **kwargs)

    return guarded


def for_writers(view: View) -> View:
    """The same, for those who write the language."""

    @wraps(view)
    def guarded(request: HttpRequest, language: str, folder: str, **kwargs: Any) -> HttpResponse:
        if not rights.may_write(request.user, language):
            raise Http404
        return for_translators(view)(request, language, folder, **kwargs)

    return guarded


def modules_of(user: Any) -> dict[str, str]:
    """``{code: title}`` of the modules whose translation ``user`` has to do with; the shelves are called ``""``."""
    hers = codes_of(user)
    titles = {code: title for code, title in module_titles().items() if hers is None or code in hers}
    return {"": str(_("Names of the library and its strands")), **titles}


def _segments(user: Any, code: str, language: str) -> list[Segment]:
    """The texts of one module, or of the shelves of her curricula."""
    found = originals({code}, curricula=curricula_of(user))
    return segments(None, [language], found)[language]


# ---------------------------------------------------------------- how far everything is


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Module by module and language by language: how much is there, how many words are left."""
    languages = rights.languages_looked_at(request.user)
    if not languages:
        raise Http404
    chosen = request.GET.get("language", languages[0] if len(languages) == 1 else "")
    if chosen and chosen not in languages:
        raise Http404
    modules = modules_of(request.user)
    found = report([chosen] if chosen else languages, codes=set(modules), curricula=curricula_of(request.user))
    shown = [language for language in found.languages if chosen or _is_begun(found.totals[language])] or languages
    return render(
        request,
        "wagtailadmin/desk/translations.html",
        {
            "languages": [(code, LANGUAGE_NAMES[code]) for code in languages],
            "chosen": chosen,
            "shown": [(code, LANGUAGE_NAMES[code], found.totals[code]) for code in shown],
            "modules": [
                (
                    code,
                    code.lower() or SHELVES,
                    modules[code] if not code else title,
                    [(one, rows[one]) for one in shown],
                )
                for code, title, rows in found.modules
            ],
            "states": [(state, STATE_NAMES[state]) for state in State],
            "header_title": _("Translations"),
        },
    )


def _is_begun(row: Any) -> bool:
    return bool(row.there)


# ---------------------------------------------------------------- the room


@require_GET
@for_translators
def room(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One part of a module: every text beside its words."""
    return _room(request, language, code)


def _room(
    request: HttpRequest,
    language: str,
    code: str,
    *,
    typed: tuple[str, str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = _segments(request.user, code, language)
    parts = parts_of(found)
    part = _chosen_part(request, parts, typed[0] if typed else "")
    show = request.GET.get("show", "")
    lists = lists_at_the_desk(curricula_of(request.user))
    lines = [
        line_of(segment, lists, may_sign=rights.may_sign(request.user, segment) and not segment.read_by)
        for segment in part.segments
        if _is_shown(segment, show) or (typed is not None and segment.mark == typed[0])
    ]
    if typed is not None:
        for line in lines:
            if line.segment.mark == typed[0]:
                line.typed, line.refusals = typed[1], typed[2]
    return render(
        request,
        "wagtailadmin/desk/translating.html",
        {
            "language": language,
            "language_name": LANGUAGE_NAMES[language],
            "code": code,
            "folder": code.lower() or SHELVES,
            "parts": parts,
            "part": part,
            "groups": _grouped(lines),
            "lines_total": len(lines),
            "show": show,
            "shows": [("", _("Everything")), (LEFT, _("What is left"))]
            + [(state.value, str(STATE_NAMES[state])) for state in State],
            "may_write": rights.may_write(request.user, language),
            "sign_count": sum(line.may_sign for line in lines),
            "is_draft": part.drafts > 0,
            "words": {name: str(text) for name, text in WORDS.items()},
            "has_files": bool(code),
            # Translators: "title" is a module; "language" a language in its own name.
            "header_title": _("%(title)s, %(language)s")
            % {"title": modules_of(request.user)[code], "language": LANGUAGE_NAMES[language]},
        },
        status=status,
    )


def _chosen_part(request: HttpRequest, parts: list[Part], mark: str) -> Part:
    """The part of the address; else the one with ``mark`` in it; else the first where something is left."""
    everything = Part(EVERY_PART, _("All parts"), [segment for part in parts for segment in part.segments])
    name = request.GET.get("part", "")
    if name == EVERY_PART or not parts:
        return everything
    for part in parts:
        if part.name == name or (mark and any(segment.mark == mark for segment in part.segments)):
            return part
    return next((part for part in parts if part.left), next((part for part in parts if part.drafts), parts[0]))


def _is_shown(segment: Segment, show: str) -> bool:
    if show == LEFT:
        return not segment.is_there
    return not show or segment.state.value == show


def _grouped(lines: list[Line]) -> list[tuple[Any, list[Line]]]:
    """By what goes live together: a lesson, a question."""
    found: dict[Any, list[Line]] = {}
    for line in lines:
        found.setdefault(line.segment.original.key, []).append(line)
    return [(group[0].segment.original, group) for group in found.values()]


def _back(request: HttpRequest, language: str, code: str, mark: str = "") -> HttpResponse:
    """To the page that she came from, at the text that she wrote."""
    address = reverse("desk_translating", args=[language, code.lower() or SHELVES])
    query = "&".join(
        f"{name}={request.POST[name]}" for name in ("part", "show") if request.POST.get(name, "").isalnum()
    )
    return redirect(f"{address}{f'?{query}' if query else ''}{f'#t{mark}' if mark else ''}")


@require_POST
@for_writers
def save(request: HttpRequest, language: str, code: str, mark: str) -> HttpResponse:
    """Keep the words of one text, as she goes on to the next. Learners read nothing of it before it is published."""
    segment = _segment(request.user, language, code, mark)
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    seen = form.cleaned_data.get("seen", "")
    if not form.is_valid():
        return _refused(request, language, code, segment, request.POST.get("words", ""), [_("This is too long.")], 400)
    try:
        write_words(segment=segment, words=words, written_by=request.user, seen=seen)
    except WordsRefused as refusal:
        return _refused(request, language, code, segment, words, refusal.reasons, 400)
    except ChangedMeanwhile:
        # Translators: "words" is what somebody else has written meanwhile.
        reason = _("Somebody changed this text or its English meanwhile. Here stands now: “%(words)s”") % {
            "words": segment.words or "–"
        }
        return _refused(request, language, code, segment, words, [reason], 409)
    if not _is_script(request):
        messages.success(request, _("Kept."))
        return _back(request, language, code, mark)
    line = line_of(_segment(request.user, language, code, mark), lists_at_the_desk(curricula_of(request.user)))
    return JsonResponse(
        {
            "kept": True,
            "state": line.segment.state.value,
            "state_name": line.state_name,
            "seen": line.segment.seen,
            "words": line.segment.words,
            "warnings": [*line.warnings, *(_avoided(each) for each in line.avoid)],
        }
    )


def _avoided(avoid: Any) -> str:
    said = _("“%(word)s” is better not used here.") % {"word": avoid.word}
    # Translators: "instead" is a word in the language of the translation.
    return f"{said} {_('Say: %(instead)s') % {'instead': avoid.instead}}" if avoid.instead else said


def _refused(
    request: HttpRequest, language: str, code: str, segment: Segment, words: str, reasons: list[str], status: int
) -> HttpResponse:
    """Her words stay where she typed them, with what is wrong."""
    if _is_script(request):
        return JsonResponse({"kept": False, "refusals": reasons, "seen": segment.seen}, status=status)
    request.GET = request.POST
    return _room(request, language, code, typed=(segment.mark, words, reasons), status=status)


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _segment(user: Any, language: str, code: str, mark: str) -> Segment:
    found = next((one for one in _segments(user, code, language) if one.mark == mark), None)
    if found is None:
        raise Http404
    return found


@require_POST
@for_writers
def publish(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """What is written of one part goes live, through the gate that every translation passes."""
    parts = parts_of(_segments(request.user, code, language))
    name = request.POST.get("part", "")
    chosen = [part for part in parts if name in (EVERY_PART, part.name)]
    found = list({segment.original.key: segment.original for part in chosen for segment in part.segments}.values())
    count, refused = publish_all(found=found, language=language, published_by=request.user)
    for original, reasons in refused:
        # Translators: "title" is a lesson or question; "reason" a whole sentence.
        sentence = _("%(title)s: %(reason)s") % {"title": original.title, "reason": " ".join(reasons)}
        messages.warning(request, sentence)
    if count:
        messages.success(
            request,
            ngettext("Published: %(count)s text.", "Published: %(count)s texts.", count) % {"count": count},
        )
    return _back(request, language, code)


@require_POST
@for_translators
def sign(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """She has read these texts beside the English, as one whose language it is. Exactly those that were before her."""
    if not rights.may_read(request.user, language):
        raise Http404
    shown = set(request.POST.getlist("shown" if "everything" in request.POST else "read"))
    found = [one for one in _segments(request.user, code, language) if f"{one.mark}:{one.seen}" in shown]
    name = request.user.get_full_name() or request.user.get_username()
    count = sign_reading(found=found, reader=request.user, read_by=name, read_on=timezone.localdate())
    if count < len(shown):
        messages.warning(request, _("Some texts were left out: they changed meanwhile, or you wrote them yourself."))
    messages.success(
        request,
        ngettext(
            "Noted with your name: %(count)s text is read.", "Noted with your name: %(count)s texts are read.", count
        )
        % {"count": count},
    )
    return _back(request, language, code)
