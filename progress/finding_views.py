"""To look for something, and the words that lessons explain. The addresses say nothing, and keep nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from programme.scope import Study
from progress.finding import find, glossary
from progress.forms import FindForm
from progress.reading import reading_order
from progress.views import for_learner


@require_http_methods(["GET", "HEAD", "POST"])
@for_learner
def finding(request: HttpRequest, study: Study) -> HttpResponse:
    """What she typed comes in the body of a form: it stands in no address, no history and no log."""
    form = FindForm(request.POST if request.method == "POST" else None)
    answer = None
    if form.is_bound and form.is_valid():
        languages = reading_order(study.term.learner, get_language() or "", study.languages)
        answer = find(study, languages, form.cleaned_data["asked"])
    return render(request, "progress/find.html", {"form": form, "answer": answer})


@require_safe
@for_learner
def words(request: HttpRequest, study: Study) -> HttpResponse:
    """Every word that her lessons explain, by the alphabet."""
    languages = reading_order(study.term.learner, get_language() or "", study.languages)
    return render(request, "progress/words.html", {"words": glossary(study, languages)})
