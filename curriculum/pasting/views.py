"""Pasting at the desk: what an editor asks of a pasted text, and a page for a whole lesson from Word."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from curriculum import policies
from curriculum.models import ModulePage
from curriculum.pasting.actions import draft_lesson
from curriculum.pasting.cleaning import cleaned
from curriculum.pasting.forms import MOST_LETTERS, NewLessonForm, PastedForm
from curriculum.pasting.telling import told

View = Callable[..., HttpResponse]


def writes(user: Any) -> bool:
    """Whether ``user`` writes or translates anything."""
    return bool(policies.languages_written_by(user))


def modules_open_to(user: Any) -> Any:
    """The modules to which ``user`` may add a lesson, in the language they are written in."""
    pages = ModulePage.objects.filter(locale__language_code=policies.source_language()).order_by("module__code")
    open_to = [page.pk for page in pages if page.permissions_for_user(user).can_add_subpage()]
    return pages.filter(pk__in=open_to)


def makes_lessons(user: Any) -> bool:
    """Whether ``user`` writes new lessons; who translates pastes into what is there."""
    return policies.is_author(user) and policies.may_write(user, policies.source_language())


def _for(may: Callable[[Any], bool]) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


@require_POST
@_for(writes)
def clean(request: HttpRequest) -> JsonResponse:
    """What a lesson can hold of a pasted text, and what it cannot, in a sentence or two."""
    form = PastedForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"told": [_("This text is too long to paste at once. Paste it in parts.")]}, status=413)
    pasted = cleaned(form.cleaned_data["html"])
    return JsonResponse({"html": pasted.html, "told": told(pasted.changed)})


@require_http_methods(["GET", "POST"])
@_for(makes_lessons)
def from_word(request: HttpRequest) -> HttpResponse:
    """Paste a whole text, see what is left of it, and make a draft of it."""
    modules = modules_open_to(request.user)
    is_look = "look" in request.POST
    data = request.POST if request.method == "POST" else None
    form = NewLessonForm(data, modules=modules)
    if data is not None and not is_look and form.is_valid():
        page = draft_lesson(
            title=form.cleaned_data["title"],
            module=form.cleaned_data["module"],
            pasted=cleaned(form.cleaned_data["html"]),
            by=request.user,
        )
        messages.success(request, _("A draft is there. Nobody reads it before it is published."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    pasted = cleaned(data.get("html", "")[:MOST_LETTERS]) if data is not None else None
    if pasted is not None and is_look:
        first = next((one.text for one in pasted.paragraphs), "")
        # The second time her text is the clean one: what it was is not sent to and fro.
        form = NewLessonForm(initial={"html": pasted.html, "title": first[:120]}, modules=modules)
    words = {
        "form": form,
        "pasted": pasted if pasted and pasted.paragraphs else None,
        "is_empty": pasted is not None and not pasted.paragraphs,
        "parts": len(pasted.parts()) if pasted else 0,
        "told": told(pasted.changed) if pasted else [],
        "header_title": _("From Word"),
    }
    return render(request, "wagtailadmin/desk/from_word.html", words, status=200 if is_look or data is None else 422)
