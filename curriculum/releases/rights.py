"""Whose releases somebody sees: those of her countries and of her curriculum. Everything else is not there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from curriculum import policies
from curriculum.models import Country, Module, Release
from curriculum.separation import only_hers


def countries_of(user: Any) -> QuerySet[Country]:
    """The countries whose releases ``user`` prepares or reviews."""
    hers = policies.countries_valued_by(user)
    return Country.objects.all() if hers is None else Country.objects.filter(pk__in=hers)


def releases_of(user: Any) -> QuerySet[Release]:
    releases = Release.objects.filter(country__in=countries_of(user)).select_related("country")
    return only_hers(user, releases)


def modules_of(user: Any) -> QuerySet[Module]:
    return only_hers(user, Module.objects.order_by("code").select_related("strand"))


def has_releases(user: Any) -> bool:
    """Whether the room "Releases" is hers."""
    return policies.countries_valued_by(user) != set()
