"""One changed rule, in two minutes: what was, what is now, one safety question."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from curriculum.models import FactUpdate, FactUpdateText
from offline.actions import keep_refused
from people.discretion import kept_through_lock
from programme.models import Clock
from programme.models.evidence import PayloadChanged
from programme.scope import Study
from progress.actions import UPDATE, NotTheRule, answer_update, update_payload
from progress.forms import UpdateForm
from progress.models import UpdateAnswer
from progress.reading import reading_order
from progress.update_pages import update_words
from progress.views import for_learner


@kept_through_lock
@require_http_methods(["GET", "HEAD", "POST"])
@for_learner
def update(request: HttpRequest, study: Study, update: UUID) -> HttpResponse:
    """Read it; answer until the answer is right. A wrong one is explained, asked again, and kept nowhere."""
    found = FactUpdate.objects.published().filter(uuid=update, change__country=study.country)
    told = found.select_related("change").prefetch_related("texts").first()
    if told is None:
        raise Http404
    text = told.text_in(reading_order(study.term.learner, get_language(), study.languages))
    if text is None:
        raise Http404
    if request.method != "POST":
        is_known = UpdateAnswer.objects.filter(term=study.term, update=told).exists()
        return _page(request, told, text, is_known=is_known)
    return _answered(request, study, told, text)


def _answered(request: HttpRequest, study: Study, told: FactUpdate, text: FactUpdateText) -> HttpResponse:
    form = UpdateForm(request.POST)
    if not form.is_valid():
        if "choice" in form.errors and len(form.errors) == 1:
            return _page(request, told, text, again=_("Please choose one answer."), status=400)
        again = _("That was not saved. Nothing is lost: please tap the button again.")
        return _page(request, told, text, again=again, status=400)
    choice, client_uuid = form.cleaned_data["choice"], form.cleaned_data["client_uuid"]
    said = {
        "language": form.cleaned_data["language"],
        "country": study.country,
        "content_hash": form.cleaned_data["content_hash"],
    }
    try:
        answer_update(
            term=study.term, update=told, choice=choice, client_uuid=client_uuid, clock=Clock.here_and_now(), **said
        )
    except NotTheRule:
        return _page(request, told, text, chosen=str(choice))
    except PayloadChanged:
        payload = update_payload(update=told, choice=choice, **said)
        keep_refused(
            sent_by=request.user, kind=UPDATE, client_uuid=client_uuid, payload=payload, reason="payload_changed"
        )
        again = _("This was sent before with other content. Both are kept, and a person will look. Tap again to go on.")
        return _page(request, told, text, again=again, status=409)
    return redirect("update", update=told.uuid)


def _page(
    request: HttpRequest,
    told: FactUpdate,
    text: FactUpdateText,
    *,
    is_known: bool = False,
    chosen: str = "",
    again: str = "",
    status: int = 200,
) -> HttpResponse:
    words = update_words(told, text, chosen=chosen) | {"is_known": is_known, "again": again, "client_uuid": uuid4()}
    return render(request, "progress/update.html", words, status=status)
