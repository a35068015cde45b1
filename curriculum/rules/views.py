"""The rules of a country, one of them with who prints it, changing it, and the update that tells about a change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from curriculum import policies
from curriculum.fact_changing import NothingChanged, ToRead, change_value, to_read_again
from curriculum.fact_updates import AlreadyPublished, NotComplete, complete_update, publish_update
from curriculum.facts import words_in_best, words_of
from curriculum.models import Country, Fact, FactPrint, FactUpdate, FactValue
from curriculum.rules.forms import ChangeForm, UpdateTextForm, initial_times
from curriculum.separation import only_hers


def countries_of(user: Any) -> list[Country]:
    """The countries whose rules ``user`` looks at: her own, or all of them for somebody of the team without one."""
    hers = policies.countries_valued_by(user)
    countries = Country.objects.all()
    return list(countries if hers is None or not hers else countries.filter(pk__in=hers))


def may_change(user: Any, country: Country) -> bool:
    hers = policies.countries_valued_by(user)
    return hers is None or country.pk in hers


def name_of(fact: Fact) -> str:
    """What a fact is about, in the language of the desk; failing that its statement for the team."""
    return fact.names.get(get_language() or "en") or fact.names.get("en") or fact.statement


@dataclass(frozen=True)
class Rule:
    """One fact in one country."""

    fact: Fact
    name: str
    value: FactValue | None
    words: str
    is_due: bool
    prints: int


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every fact with what her country says. A fixed number of queries."""
    if not policies.may_read_all(request.user):
        raise Http404
    countries = countries_of(request.user)
    chosen = next((one for one in countries if one.pk == request.GET.get("country")), next(iter(countries), None))
    updates = only_hers(request.user, FactUpdate.objects.filter(change__country__in=countries)).select_related(
        "change__fact", "change__said", "change__country"
    )
    facts = only_hers(request.user, Fact.objects.all())
    found = _rules_in(chosen, timezone.localdate(), facts) if chosen else []
    return render(
        request,
        "wagtailadmin/rules/rules.html",
        {
            "countries": countries,
            "chosen": chosen,
            "rules": found,
            "missing": sum(rule.prints > 0 and (rule.value is None or not rule.value.is_sure) for rule in found),
            "updates": [(update, update.change.name_in(get_language() or "en")) for update in updates[:20]],
            "header_title": _("Rules of my country"),
        },
    )


def _rules_in(country: Country, on: date, facts: QuerySet[Fact]) -> list[Rule]:
    values = {value.fact_id: value for value in FactValue.objects.filter(country=country, valid_to_on=None)}
    prints = Counter(FactPrint.objects.values_list("fact_id", flat=True))
    found = []
    for fact in facts:
        value = values.get(fact.pk)
        due = bool(value and value.review_due_on and value.review_due_on <= on)
        words = words_in_best(value, get_language() or "en")
        found.append(Rule(fact, name_of(fact), value, words, due, prints[fact.pk]))
    # What texts print stands first: there somebody reads it, or reads "Ask your trainer".
    return sorted(found, key=lambda rule: (not rule.prints, rule.name))


@dataclass(frozen=True)
class InLanguages:
    """One value of a country with what is read in each of its languages."""

    value: FactValue
    words: list[tuple[str, str]]


@dataclass(frozen=True)
class InCountry:
    country: Country
    values: list[InLanguages]
    may_change: bool


@require_GET
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One fact: what each country says and said, with the dates, and every text that prints it, by its title."""
    if not policies.may_read_all(request.user):
        raise Http404
    fact = get_object_or_404(only_hers(request.user, Fact.objects.all()), key=key)
    countries = countries_of(request.user)
    rows = fact.values.filter(country__in=countries).select_related("country").order_by("-valid_from_on", "-pk")
    by_country: dict[str, list[InLanguages]] = {country.pk: [] for country in countries}
    for value in rows:
        words = [(code, words_of(value, code)) for code in value.country.languages]
        by_country[value.country_id].append(InLanguages(value, words))
    shown = [InCountry(each, by_country[each.pk], may_change(request.user, each)) for each in countries]
    prints = fact.prints.select_related("module", "content_type")
    return render(
        request,
        "wagtailadmin/rules/rule.html",
        {
            "fact": fact,
            "countries": shown,
            "prints": [(row, text_address(row)) for row in prints],
            "changes": fact.changes.filter(country__in=countries).select_related("country", "update"),
            "header_title": name_of(fact),
        },
    )


def text_address(row: Any) -> str:
    """Where a text that prints a fact is written; empty where there is no such page."""
    model = row.content_type.model_class()
    if model is None:
        return ""
    viewset = getattr(model, "snippet_viewset", None)
    try:
        return reverse(viewset.get_url_name("edit") if viewset else "wagtailadmin_pages:edit", args=[row.object_id])
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: str, country: str) -> HttpResponse:
    """A new rule. What follows is said before she saves it, with every text that will be read again."""
    facts = only_hers(request.user, Fact.objects.all())
    fact, of = get_object_or_404(facts, key=key), get_object_or_404(Country, pk=country)
    if not may_change(request.user, of):
        raise Http404
    in_force = FactValue.objects.filter(fact=fact, country=of, valid_to_on=None).first()
    form = ChangeForm(request.POST or None, fact=fact, country=of, initial=_initial(in_force))
    if form.times is not None and not form.is_bound:
        form.times.initial = initial_times(in_force)
    if form.is_bound and form.is_valid():
        try:
            made = change_value(fact=fact, country=of, new=form.new_value, on=timezone.localdate(), by=request.user)
        except NothingChanged:
            messages.warning(request, _("That is what it says already. Nothing was changed."))
            return redirect("desk_rule", key)
        told = FactUpdate.objects.filter(change=made).first()
        if told is None:
            messages.success(request, _("The new value is in force. Nobody had learned another rule from a text."))
            return redirect("desk_rule", key)
        messages.success(request, _("The new value is in force. Now complete what the women are told."))
        return redirect("desk_update", told.uuid)
    return render(
        request,
        "wagtailadmin/rules/change.html",
        {
            "fact": fact,
            "country": of,
            "form": form,
            "in_force": in_force,
            "words": words_in_best(in_force, get_language() or "en"),
            "prints": fact.prints.select_related("module"),
            "header_title": name_of(fact),
        },
    )


def _initial(value: FactValue | None) -> dict[str, Any]:
    """The typed value to begin from. Words and source are those of the old rule, and are written anew."""
    number = value.value if value is not None and isinstance(value.value, dict) else {}
    return {"mark": "sourced", **number}


@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the women of a country are told: complete it in each language, look what is to be read again, publish it."""
    rows = FactUpdate.objects.select_related(
        "change__fact", "change__said", "change__country", "change__old_value__country"
    )
    told = get_object_or_404(only_hers(request.user, rows).prefetch_related("texts"), uuid=uuid)
    if not may_change(request.user, told.change.country):
        raise Http404
    data = request.POST if request.method == "POST" else None
    forms = [UpdateTextForm(data, text=text, update=told) for text in told.texts.all()]
    if data is not None and all([form.is_valid() for form in forms]):  # noqa: C419 -- every form says what it lacks
        try:
            complete_update(update=told, texts={form.text.language: form.words for form in forms})
            if "publish" in data:
                publish_update(update=told, now=timezone.now(), by=request.user)
                messages.success(request, _("Published. Whoever learned the old rule finds it on her first page."))
            else:
                messages.success(request, _("Saved. Nobody sees it before you publish it."))
            return redirect("desk_update", told.uuid)
        except AlreadyPublished:
            messages.warning(request, _("It was published meanwhile. What women have read stays as it is."))
            return redirect("desk_update", told.uuid)
        except NotComplete as missing:
            names = dict(settings.LANGUAGES)
            languages = ", ".join(str(names.get(code, code)) for code in missing.languages)
            # Translators: "languages" is a list such as "Kiswahili, English".
            messages.error(
                request,
                _("Saved, not yet published. Something is missing in: %(languages)s.") % {"languages": languages},
            )
            return redirect("desk_update", told.uuid)
    to_read: list[ToRead] = to_read_again(told.change)
    return render(
        request,
        "wagtailadmin/rules/update.html",
        {
            "told": told,
            "forms": forms,
            "to_read": [(one, text_address(one.row)) for one in to_read],
            "read_count": sum(one.is_read for one in to_read),
            "header_title": told.change.name_in(get_language() or "en"),
        },
    )
