"""Whom a learner can turn to herself: numbers of her country, and a complaint outside the line of command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from curriculum.models import Country, FactValue
from programme.models import Programme
from programme.scope import Study

VIOLENCE, CRISIS = "gbv_services", "crisis_contacts"


@dataclass
class HelpLines:
    """What one country offers, in the reader's words; empty texts where nothing is known."""

    country: Country
    violence: str = ""
    crisis: str = ""
    is_sure: bool = field(default=True)

    @property
    def is_known(self) -> bool:
        return bool(self.violence or self.crisis)


def help_words(study: Study | None) -> dict[str, Any]:
    """For ``programme/help_for_me.html``, in the language in force. Two queries, and one more for a stranger."""
    codes = [code for code, _name in settings.LANGUAGES]
    languages = list(dict.fromkeys([get_language() or "en", *(study.languages if study else codes)]))
    lines = help_lines(languages, study.country if study else "")
    is_hers = bool(study and lines and lines[0].country.code == study.country)
    return {
        "own": lines[0] if is_hers else None,
        "others": lines[1:] if is_hers else lines,
        "complaints": complaint_routes(languages, study.term.programme if study else None),
    }


def help_lines(languages: Sequence[str], first: str = "") -> list[HelpLines]:
    """Every country with a number, ``first`` (her own) before the others. Two queries.

    Only values in force count. One that nobody has confirmed is shown, marked as not sure: a number
    to try is better than none, and no rule follows from it.
    """
    lines = {country.code: HelpLines(country) for country in Country.objects.all()}
    values = FactValue.objects.filter(Q(valid_to_on__isnull=True), fact__key__in=(VIOLENCE, CRISIS))
    for value in values.select_related("fact"):
        line = lines[value.country_id]
        text = in_best_language(value.texts, [*languages, *line.country.languages])
        if value.fact.key == VIOLENCE:
            line.violence = text
        else:
            line.crisis = text
        line.is_sure = line.is_sure and value.mark != FactValue.Mark.UNSURE
    known = [line for code, line in lines.items() if line.is_known or code == first]
    return sorted(known, key=lambda line: line.country.code != first)


def complaint_routes(languages: Sequence[str], programme: Programme | None) -> list[str]:
    """Where to complain: her programme's contact, or every programme's for somebody not signed in."""
    programmes = [programme] if programme else Programme.objects.order_by("pk")
    texts = (each.complaint_contact_in(languages) for each in programmes)
    return list(dict.fromkeys(text for text in texts if text))


def in_best_language(texts: dict[str, str], languages: Sequence[str]) -> str:
    """The text in the first of ``languages`` that has one, else in any: a number reads the same."""
    return next((texts[code] for code in languages if texts.get(code)), next(iter(texts.values()), ""))
