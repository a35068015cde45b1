"""Whom a learner can turn to herself: numbers of her country, and a complaint outside the line of command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from curriculum.models import Country, FactValue
from programme.models import Programme

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
