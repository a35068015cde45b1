"""Her pages: today, all modules, one module, one lesson, and the one thing she does with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curriculum.models import Article
from offline.actions import keep_refused
from people.discretion import kept_through_lock
from programme.after_term import closed_words
from programme.models import Clock, Role
from programme.models.evidence import PayloadChanged
from programme.scope import Study, current_study, roles_of
from progress.actions import STUDY, study_lesson, study_payload
from progress.drawing import lesson_response, listening_words
from progress.forms import StudyForm
from progress.listening import sounds_of_lesson, sounds_of_module
from progress.pages import learn_words, today_words
from progress.reading import LessonToRead, find_lesson, find_module, lesson_address, reading_order
from progress.standing import standing_of

DESK = {
    Role.SUPERVISOR: "roster",
    Role.NURSE: "roster",
    Role.DISTRICT_MANAGER: "roster",
    Role.MONITORING: "roster",
    Role.COORDINATOR: "people-list",
    Role.PROGRAMME_MANAGER: "people-list",
}
"""Where somebody works who has no term of her own, by the name of the page."""

View = Callable[..., HttpResponse]


def for_learner(view: View) -> View:
    """Give the view her ``Study``; without an open term, a kind page that says whom to ask."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        study = current_study(request.user)
        if study is None:
            return _no_term(request)
        return view(request, study, **kwargs)

    return guarded


def _no_term(request: HttpRequest) -> HttpResponse:
    """Not begun yet, or over: each in its own words."""
    return render(request, "progress/no_term.html", closed_words(request.user))


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """Her first page; somebody who has no term goes on to her desk."""
    study = current_study(request.user)
    if study is None:
        held = {assignment.role for assignment in roles_of(request.user, timezone.now().date())}
        desk = next((page for role, page in DESK.items() if role in held), None)
        if desk:
            return redirect(desk)
        return redirect("/admin/") if request.user.is_staff else _no_term(request)
    languages = reading_order(request.user, get_language(), study.languages)
    standing = standing_of(study.term, study.today)
    return render(request, "progress/today.html", today_words(study, standing, languages))


@require_safe
@for_learner
def learn(request: HttpRequest, study: Study) -> HttpResponse:
    """All modules, strand by strand."""
    languages = reading_order(request.user, get_language(), study.languages)
    standing = standing_of(study.term, study.today)
    return render(request, "progress/learn.html", learn_words(study, standing, languages))


@require_safe
@for_learner
def module(request: HttpRequest, study: Study, module: str, hear: bool = False) -> HttpResponse:
    """One module, to read or to listen to: what it is for, its lessons as a path, then quiz and practice."""
    found = find_module(study, module, reading_order(request.user, get_language(), study.languages))
    if found is None:
        raise Http404
    rows = found.rows()
    now = next((row for row in rows if row.is_now), None)
    sounds = sounds_of_module(found)
    words = {"found": found, "rows": rows, "now": now, "can_hear": bool(sounds)}
    return render(request, "progress/module.html", words | ({"hear": True, "sounds": sounds} if hear else {}))


@require_safe
@login_required
def lesson(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    """One lesson to read. Three queries with session, person and term; four are the budget."""
    return _lesson_page(request, module, lesson)


def _lesson_page(request: HttpRequest, module: str, lesson: str, *, again: str = "", status: int = 200) -> HttpResponse:
    found = _find_or_404(request, module, lesson)
    if found is None:
        return _no_term(request)
    return lesson_response(request, found, again=again, status=status)


def _find_or_404(request: HttpRequest, module: str, lesson: str) -> LessonToRead | None:
    """The lesson in the best language she reads; ``None`` for somebody without a term, who is told so."""
    languages = reading_order(request.user, get_language())
    wanted = request.GET.get("in", request.POST.get("language", ""))
    found = find_lesson(request.user, f"{module}/{lesson}", languages, only=wanted)
    if found is None and current_study(request.user) is not None:
        raise Http404
    return found


@require_safe
@login_required
def listen(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    """One lesson to listen to, block after block, with its words beside each."""
    found = _find_or_404(request, module, lesson)
    if found is None:
        return _no_term(request)
    words = listening_words(found, sounds_of_lesson(found.article)) | {"client_uuid": uuid4()}
    return render(request, "progress/listen.html", words)


@kept_through_lock
@require_POST
@for_learner
def studied(request: HttpRequest, study: Study, module: str, lesson: str) -> HttpResponse:
    """She says that she studied the lesson; then the next one. A repeat is harmless."""
    article = (
        Article.objects.filter(
            path=f"{module}/{lesson}",
            country=study.country,
            kind=Article.Kind.LESSON,
            module__strand__curriculum=study.curriculum,
        )
        .select_related("lesson")
        .defer("html")
        .first()
    )
    if article is None:
        raise Http404
    form = StudyForm(request.POST)
    if not form.is_valid():
        again = _("That was not saved. Nothing is lost: please tap the button again.")
        return _lesson_page(request, module, lesson, again=again, status=400)
    read = {
        "lesson": article.lesson,
        "language": form.cleaned_data["language"],
        "country": study.country,
        "content_hash": form.cleaned_data["content_hash"],
    }
    client_uuid = form.cleaned_data["client_uuid"]
    try:
        study_lesson(term=study.term, client_uuid=client_uuid, clock=Clock.here_and_now(), **read)
    except PayloadChanged:
        keep_refused(
            sent_by=request.user,
            kind=STUDY,
            client_uuid=client_uuid,
            payload=study_payload(**read),
            reason="payload_changed",
        )
        again = _("This was sent before with other content. Both are kept, and a person will look. Tap again to go on.")
        return _lesson_page(request, module, lesson, again=again, status=409)
    listens = "listening" in request.POST
    if not article.next_path:
        return redirect("module-listen" if listens else "module", module=module)
    return redirect(lesson_address(article.next_path) + ("listen/" if listens else ""))
