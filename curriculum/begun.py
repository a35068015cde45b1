"""The languages that are only beginning and have something to read, country by country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from babel.languages import get_territory_language_info
from django.conf import settings
from django.core.cache import cache

from curriculum.models import Article, Country

KEY, SECONDS = "languages-begun", 600


def begun_in(country: str = "") -> frozenset[str]:
    """Those of ``country``, or of all countries together. Two queries now and then: every page with a chooser asks."""
    known = cache.get(KEY)
    if known is None:
        rows = Article.objects.filter(language__in=settings.BEGINNING_LANGUAGES)
        by_country: dict[str, set[str]] = defaultdict(set)
        usual = dict(Country.objects.values_list("code", "languages"))
        for language, where in rows.order_by().values_list("language", "country").distinct():
            if is_offered(language, where, usual.get(where)):
                by_country[where].add(language)
        known = dict(by_country)
        cache.set(KEY, known, SECONDS)
    return frozenset(known.get(country, ()) if country else set().union(*known.values()))


def is_offered(language: str, country: str, usual: Collection[str] | None) -> bool:
    """Whether a text in ``language`` is worth a link in ``country``: articles are there for every country."""
    if language not in settings.BEGINNING_LANGUAGES:
        return True
    return language in (usual or ()) or language in get_territory_language_info(country)


def forget() -> None:
    """What is to be read has changed."""
    cache.delete(KEY)
