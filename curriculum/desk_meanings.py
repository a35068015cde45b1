"""What kind of change is this? Asked at the desk before anything that learners read changes; and typos looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from curriculum import policies
from curriculum.meanings import MoreThanATypo
from curriculum.models import Approval, Country, FactUpdate, Meaning, SaidMeaning
from curriculum.separation import is_hers
from curriculum.typos_looked_at import look_at_typo, text_of, typos_to_look_at

FIELD = "kind_of_change"
"""What a form of the desk calls it."""

NOT_AGAIN = frozenset({FIELD, "csrfmiddlewaretoken"})


def what_it_does() -> list[tuple[str, str, str]]:
    """Each kind of change in words, with what it does to a learner."""
    return [
        (
            Meaning.TYPO,
            _("A typo"),
            _(
                "A slip of the pen, and nothing else. Nobody loses anything, the approval stays, and a reviewer looks "
                "at it afterwards. Numbers and answers are never a typo."
            ),
        ),
        (
            Meaning.WORDING,
            _("Other words, the same meaning"),
            _("Nobody loses anything she has done. Your clinical reviewer reads it again, and translations follow."),
        ),
        (
            Meaning.CLINICAL,
            _("Something she does changes"),
            _(
                "Another number, another rule, another answer. It is reviewed again, and everyone who learned the old "
                "text is told in two minutes, with a safety question. You complete that update next."
            ),
        ),
    ]


def ask(request: HttpRequest, title: str, *, more_than_a_typo: bool = False) -> HttpResponse:
    """The one question, with everything that was sent behind it: nothing that she wrote is lost."""
    sent = [(name, value) for name, values in request.POST.lists() if name not in NOT_AGAIN for value in values]
    return render(
        request,
        "wagtailadmin/desk/meaning.html",
        {
            "title": title,
            "field": FIELD,
            "kinds": what_it_does(),
            "sent": sent,
            "address": request.get_full_path(),
            "more_than_a_typo": more_than_a_typo,
            "header_title": _("What kind of change is this?"),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if more_than_a_typo else HTTPStatus.OK,
    )


def asked_again(request: HttpRequest, refusal: Any) -> HttpResponse | None:
    """The question, where somebody can answer it; ``None`` for a program, or for files that cannot be sent again."""
    if "application/json" in request.headers.get("Accept", "") or request.FILES:
        return None
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return None
    return ask(request, refusal.title, more_than_a_typo=isinstance(refusal, MoreThanATypo))


def tell_of_updates(request: HttpRequest, *, since: datetime) -> None:
    """Lead whoever has just published something clinical to the update that she has to complete."""
    if request.POST.get(FIELD) != Meaning.CLINICAL:
        return
    drafts = FactUpdate.objects.filter(
        published_at=None, change__said__said_by=request.user.pk, change__changed_at__gte=since
    ).select_related("change__country", "change__said", "change__fact")
    for draft in drafts:
        messages.warning(
            request,
            # Translators: "title" is a lesson or a question.
            _("Now complete what women in %(country)s are told about “%(title)s”.")
            % {"country": draft.change.country.name, "title": draft.change.name_in("en")},
            buttons=[messages.button(reverse("desk_update", args=[draft.uuid]), _("Complete it"))],
        )


# ---------------------------------------------------------------- looking at typos


@dataclass(frozen=True)
class TypoToLookAt:
    said: SaidMeaning
    country: Country
    language: str
    before: str
    after: str


def typos_for(user: Any) -> list[TypoToLookAt]:
    """What went live as a typo under an approval of a country that ``user`` reviews, the oldest first."""
    names = dict(settings.LANGUAGES)
    countries = {country.pk: country for country in Country.objects.all()}
    return [
        TypoToLookAt(one.said, countries[one.country], names.get(one.said.language, one.said.language), *one.sentences)
        for one in typos_to_look_at(user)
        if one.country in countries
    ]


@require_GET
def typos(request: HttpRequest) -> HttpResponse:
    if not policies.is_reviewer(request.user):
        raise Http404
    return render(
        request,
        "wagtailadmin/desk/typos.html",
        {"typos": typos_for(request.user), "header_title": _("Typos to look at")},
    )


@require_POST
def typo_looked_at(request: HttpRequest, said: int, country: str) -> HttpResponse:
    """It is a typo, and the approval stays; or it is more, and the text is to be reviewed."""
    found = get_object_or_404(SaidMeaning, pk=said, meaning=Meaning.TYPO)
    if not Approval.objects.filter(carried_over=found, country=country).exists():
        raise Http404
    if not is_hers(request.user, text_of(found)):
        raise Http404
    if (
        country not in policies.countries_reviewed_by(request.user, found.language)
        or found.said_by_id == request.user.pk
    ):
        raise Http404
    is_typo = request.POST.get("answer") == "typo"
    look_at_typo(said=found, country=country, is_typo=is_typo, by=request.user)
    if is_typo:
        messages.success(request, _("Thank you. The approval stays."))
    else:
        messages.warning(
            request, _("The approval stands no more. The text carries “not approved” until it is reviewed.")
        )
    return redirect("desk_typos")
