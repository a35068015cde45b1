"""Quiz, result and practice: guard, form, verb, answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import (
    AlreadyPassed,
    NothingToAnswer,
    NoTriesLeft,
    ValueMissing,
    open_ticket,
    record_attempt,
    record_observation,
)
from assessments.actions.observing import observation_payload
from assessments.actions.sitting import attempt_payload
from assessments.changed_rules import why_not_counted
from assessments.forms import AttemptForm, ObservationForm
from assessments.hearing import heard, said_of_result, said_while_answering, words_to_hear
from assessments.models import Attempt, Observation, QuizText, Ticket
from assessments.practice import checklist_text, observations_of, steps_of
from assessments.reading import language_note, sheet_words
from assessments.results import result_of
from assessments.sheets import asked_of, sheet
from assessments.signing import right_in
from assessments.tries import tries_of
from offline.actions import keep_refused
from people.discretion import kept_through_lock
from people.models import AccessKind, log_access
from programme.after_term import closed_words
from programme.models import Clock
from programme.models.evidence import PayloadChanged
from programme.scope import Act, Study, current_study, release_of, scope_of, staff_today

View = Callable[..., HttpResponse]

WAITS_FOR_A_VALUE = gettext_lazy(
    "This quiz cannot count yet: a safety question needs a rule of your country that is not written down yet. Your "
    "trainer knows. Until then, practise as often as you like."
)


def for_learner(view: View) -> View:
    """Give the view her ``Study``; without an open term, a kind page that says whom to ask."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        study = current_study(request.user)
        if study is None:
            return render(request, "assessments/no_term.html", closed_words(request.user), status=404)
        return view(request, study, **kwargs)

    return guarded


def languages_of(study: Study) -> list[str]:
    """The language of the address when it is one of hers, then her own order."""
    return _page_language_first(study.languages, study.term.learner.languages)


def _page_language_first(languages: list[str], own: list[str]) -> list[str]:
    page = get_language()
    return list(dict.fromkeys([page, *languages])) if page in own else languages


def _find_text(study: Study, module: str) -> QuizText | None:
    """The published quiz of ``module`` in her best language. One query."""
    texts = QuizText.objects.read_on(study.release).in_best_language(languages_of(study), study.country)
    texts = texts.filter(version__quiz__module__strand__curriculum=study.curriculum)
    return texts.filter(version__quiz__module__code=module.upper()).select_related("version__quiz__module").first()


def _closed(request: HttpRequest, *, kept: bool = False) -> HttpResponse:
    """The quiz is not published, or there is none: a clear sentence, and nothing changes."""
    return render(request, "assessments/quiz_closed.html", {"kept": kept}, status=404)


@require_safe
@for_learner
def quiz(request: HttpRequest, study: Study, module: str) -> HttpResponse:
    """What the quiz is, the practice, and how many tries she has."""
    text = _find_text(study, module)
    return _closed(request) if text is None else _intro(request, study, text)


def _intro(request: HttpRequest, study: Study, text: QuizText, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {
        "text": text,
        "module": text.version.quiz.module,
        "tries": tries_of(study.term, text.version.quiz, timezone.now()),
        "questions": len(asked_of(text, "certifying")),
        "is_closed": text.is_closed,
        "waits_for_a_value": WAITS_FOR_A_VALUE,
        "practice_questions": len(asked_of(text, "practice")),
        "language_note": language_note(text.language, languages_of(study)),
        "notice": notice,
    } | words_to_hear(request, text.language, [text.title])
    return render(request, "assessments/quiz.html", context, status=status)


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@for_learner
def quiz_practice(request: HttpRequest, study: Study, module: str) -> HttpResponse:
    """Practice as often as she likes; the result explains every answer."""
    text = _find_text(study, module)
    if text is None:
        return _closed(request)
    items = asked_of(text, "practice")
    if not items:
        return redirect(heard(request, "quiz"), module=module)
    if request.method != "POST":
        client_uuid = uuid.uuid4()
        form = AttemptForm(sheet=sheet(text, items, str(client_uuid)), client_uuid=client_uuid)
        return _sheet_page(request, study, form, None)
    if sent := _sent_text(request, text):
        text, items = sent, asked_of(sent, "practice")
    laid_out = sheet(text, items, request.POST.get("client_uuid", ""))
    return _answer(request, study, AttemptForm(request.POST, sheet=laid_out), None)


def _sent_text(request: HttpRequest, shown: QuizText) -> QuizText | None:
    """The older words she had before her when they are not the newest any more: they are marked by their own key."""
    sent = request.POST.get("text", "")
    if sent == shown.content_hash:
        return shown
    texts = QuizText.objects.filter(version__quiz=shown.version.quiz_id, content_hash=sent)
    return texts.select_related("version__quiz__module").order_by("edition").first()


@require_POST
@for_learner
def quiz_start(request: HttpRequest, study: Study, module: str) -> HttpResponse:
    """Open a certifying try, or the one that is already open."""
    text = _find_text(study, module)
    if text is None:
        return _closed(request)
    try:
        ticket = open_ticket(term=study.term, quiz=text.version.quiz, now=timezone.now(), text=text)
    except NoTriesLeft:
        notice = _("You have used your tries. Ask your trainer: after a talk you can try again.")
    except AlreadyPassed:
        notice = _("You have passed this quiz. You can still practise as often as you like.")
    except ValueMissing:
        notice = str(WAITS_FOR_A_VALUE)
    except NothingToAnswer:
        notice = _("This quiz has only practice questions for now.")
    else:
        return redirect(heard(request, "quiz-try"), module=module, ticket=ticket.uuid)
    return _intro(request, study, text, notice=notice, status=409)


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@for_learner
def quiz_try(request: HttpRequest, study: Study, module: str, ticket: str) -> HttpResponse:
    """One certifying try: its questions, and her answers."""
    found = get_object_or_404(
        Ticket.objects.select_related("version__quiz__module"),
        uuid=ticket,
        term=study.term,
        quiz__module__code=module.upper(),
    )
    texts = QuizText.objects.filter(version=found.version_id).in_best_language(languages_of(study), study.country)
    if request.method == "POST":
        return _answer_try(request, study, found, texts)
    answered = Attempt.objects.counted().filter(ticket=found).first()
    if answered:
        return redirect(heard(request, "quiz-result"), module=module, client_uuid=answered.client_uuid)
    text = texts.read_on(study.release).first()
    if text is None:
        return _closed(request)
    text.version = found.version
    if found.expires_at <= timezone.now():
        notice = _("That try was open for thirty days. It is over, and it does not count. Start again when you like.")
        return _intro(request, study, text, notice=notice, status=410)
    if text.is_closed or not text.asks(found.items):
        return _intro(request, study, text, notice=str(WAITS_FOR_A_VALUE), status=409)
    return _sheet_page(request, study, AttemptForm(sheet=sheet(text, found.items, found.seed)), found)


def _answer_try(request: HttpRequest, study: Study, ticket: Ticket, texts: Any) -> HttpResponse:
    sent = QuizText.objects.filter(version=ticket.version_id, content_hash=request.POST.get("text", ""))
    text = sent.read_on(study.release).order_by("edition").first()
    is_closed = False
    if text is None:
        # Either the page was tampered with, or the quiz was withdrawn while she was answering.
        text = sent.order_by("edition").first()
        is_closed = text is not None
        text = text or texts.read_on(study.release).first()
        if text is None:
            return _closed(request)
    text.version = ticket.version
    form = AttemptForm(request.POST, sheet=sheet(text, ticket.items, ticket.seed))
    if is_closed:
        if form.is_valid():
            _refuse_attempt(request, form, ticket, "not_published")
        return _closed(request, kept=form.is_valid())
    return _answer(request, study, form, ticket)


def _answer(request: HttpRequest, study: Study, form: AttemptForm, ticket: Ticket | None) -> HttpResponse:
    if not form.is_valid():
        return _sheet_page(request, study, form, ticket, status=422)
    text = form.sheet.text
    module = text.version.quiz.module.slug
    try:
        attempt, _created = record_attempt(
            term=study.term,
            ticket=ticket,
            quiz_version=text.version,
            quiz_text=text,
            client_uuid=form.cleaned_data["client_uuid"],
            answers=form.answers(),
            clock=Clock.here_and_now(),
        )
    except PayloadChanged:
        _refuse_attempt(request, form, ticket, "payload_changed")
        first = reverse("quiz-result", kwargs={"module": module, "client_uuid": form.cleaned_data["client_uuid"]})
        return render(request, "assessments/already_sent.html", {"first": first}, status=409)
    return redirect(heard(request, "quiz-result"), module=module, client_uuid=attempt.client_uuid)


def _refuse_attempt(request: HttpRequest, form: AttemptForm, ticket: Ticket | None, reason: str) -> None:
    keep_refused(
        sent_by=request.user,
        kind="attempt",
        client_uuid=form.cleaned_data["client_uuid"],
        payload=attempt_payload(ticket, form.sheet.text, form.answers()),
        reason=reason,
    )


def _sheet_page(
    request: HttpRequest, study: Study, form: AttemptForm, ticket: Ticket | None, *, status: int = 200
) -> HttpResponse:
    words = sheet_words(form, ticket, languages_of(study))
    words |= words_to_hear(request, form.sheet.text.language, said_while_answering(form.sheet))
    return render(request, "assessments/quiz_sheet.html", words, status=status)


@require_safe
@for_learner
def quiz_result(request: HttpRequest, study: Study, module: str, client_uuid: str) -> HttpResponse:
    """What she knows already, then what to look at again."""
    attempt = get_object_or_404(
        Attempt.objects.select_related("quiz_version__quiz__module", "ticket", "term"),
        term=study.term,
        client_uuid=client_uuid,
        quiz_version__quiz__module__code=module.upper(),
    )
    quiz_module = attempt.quiz_version.quiz.module
    if attempt.ticket_id and not attempt.counts:
        words = {"attempt": attempt, "module": quiz_module, "rule_changed_on": why_not_counted(attempt)}
        return render(request, "assessments/quiz_not_counted.html", words)
    result = result_of(attempt, languages_of(study))
    context: dict[str, Any] = {"result": result, "module": quiz_module}
    context |= words_to_hear(request, result.text.language, said_of_result(result))
    if attempt.counts:
        context["tries"] = tries_of(study.term, attempt.quiz_version.quiz, timezone.now())
    return render(request, "assessments/quiz_result.html", context)


@require_safe
@for_learner
def practice(request: HttpRequest, study: Study, module: str) -> HttpResponse:
    """Her practice: what an observer looks for, and what was seen so far."""
    languages = languages_of(study)
    text = checklist_text(module, languages, study.country, study.curriculum, study.release)
    if text is None:
        raise Http404
    context = {
        "text": text,
        "module": text.version.module,
        "steps": steps_of(text),
        "seen": observations_of(study.term, text.version.module, languages),
        "language_note": language_note(text.language, languages),
    }
    return render(request, "assessments/practice.html", context)


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def observe(request: HttpRequest, term: uuid.UUID, module: str) -> HttpResponse:
    """The observer's checklist for one woman. Whoever may not sign her practice finds nothing here."""
    today = staff_today(request.user)
    scope = scope_of(request.user, today)
    # A practice is watched while she works here: a term that is over takes no more evidence.
    running = scope.terms(Act.SIGN_PRACTICE).exclude(ended_on__lt=today)
    terms = running.select_related("learner", "programme", "pathway_version")
    found = get_object_or_404(terms.prefetch_related("placements__facility"), uuid=term)
    right = right_in(scope, found)
    if right is None:
        raise Http404
    unit = right.unit
    languages = _page_language_first(request.user.reading_languages, request.user.languages)
    release = release_of(found, unit.country)
    text = checklist_text(module, languages, unit.country, found.programme.curriculum, release)
    if text is None:
        raise Http404
    form = ObservationForm(request.POST if request.method == "POST" else None, text=text)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            observed = form.observed()
            client_uuid = form.cleaned_data["client_uuid"]
            try:
                record_observation(
                    term=found,
                    observer=request.user,
                    observer_role=right.role,
                    text=text,
                    unit=unit,
                    client_uuid=client_uuid,
                    clock=Clock.here_and_now(),
                    **observed,
                )
            except PayloadChanged:
                payload = observation_payload(text, **observed) | {"term": str(found.uuid)}
                keep_refused(
                    sent_by=request.user,
                    kind="observation",
                    client_uuid=client_uuid,
                    payload=payload,
                    reason="payload_changed",
                )
                return render(request, "assessments/already_sent.html", {"first": request.path}, status=409)
            return redirect(f"{request.path}?saved={client_uuid}")
    if not form.is_bound:
        # The page shows what was seen before, and what was said of it: that is her record.
        seen_by = {"actor": request.user, "actor_role": right.role}
        log_access(subjects=[found.learner], kind=AccessKind.RECORD_OPENED, **seen_by)
    context = {
        "form": form,
        "term": found,
        "name": scope.name_of(found),
        "text": text,
        "module": text.version.module,
        "outcomes": Observation.Outcome.choices,
        "settings_of_practice": Observation.Setting.choices,
        "seen": observations_of(found, text.version.module, languages),
        "saved": request.GET.get("saved", ""),
        "language_note": language_note(text.language, languages),
    }
    return render(request, "assessments/observe.html", context, status=status)
