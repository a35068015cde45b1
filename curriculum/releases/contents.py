"""What a release is made of: taken from what is published now, and known by one mark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from curriculum.facts import words_of
from curriculum.models import Country, FactPrint, FactValue, Module, Release
from curriculum.releases import parts


class ReleaseClosed(Exception):
    """It is approved, or a cohort reads it: what is in it stays. Prepare another release."""


class NothingPublished(Exception):
    """None of the modules is published in any of the languages: there is nothing to release."""


@transaction.atomic
def prepare_release(
    *, name: str, country: Country, languages: Sequence[str], modules: Iterable[Module], by: Any, curriculum: str = ""
) -> Release:
    """Take what is published now of ``modules`` in ``languages`` with the values of ``country``.

    Raises ``NothingPublished``.
    """
    release = Release.objects.create(
        name=name, country=country, curriculum=curriculum, languages=list(languages), prepared_by=by,
        prepared_at=timezone.now(),
    )  # fmt: skip
    release.modules.set(modules)
    _take(release)
    return release


@transaction.atomic
def take_again(release: Release, *, by: Any) -> Release:
    """Take what is published now in the place of what was. Who does it has prepared it. Raises ``ReleaseClosed``."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.is_closed:
        raise ReleaseClosed
    release.prepared_by, release.prepared_at = by, timezone.now()
    _take(release)
    return release


@transaction.atomic
def close_release(release: Release) -> None:
    """From now on only clinical updates reach it. Safe to repeat."""
    Release.objects.filter(pk=release.pk, closed_at=None).update(closed_at=timezone.now())


def _take(release: Release) -> None:
    release.texts.all().delete()
    texts = [text for part in parts.registered() for text in part.take(release)]
    if not texts:
        raise NothingPublished
    for text in texts:
        text.release = release
    release.texts.bulk_create(texts)
    release.values = values_of(release)
    release.content_hash = content_hash(release)
    release.save()


def values_of(release: Release) -> list[dict[str, Any]]:
    """Every value of the country that the modules print, with its source and mark; a missing one is named too."""
    prints = FactPrint.objects.filter(module__in=release.modules.all(), language__in=release.languages)
    facts = {row.fact_id: row.fact for row in prints.select_related("fact")}
    in_force = {
        value.fact_id: value
        for value in FactValue.objects.filter(country=release.country_id, fact__in=facts, valid_to_on=None)
    }
    return [
        {
            "key": fact.key,
            "statement": fact.statement,
            "register": fact.register,
            **_value(in_force.get(pk), release.languages),
        }
        for pk, fact in sorted(facts.items(), key=lambda item: item[1].key)
    ]


def _value(value: FactValue | None, languages: Sequence[str]) -> dict[str, Any]:
    if value is None:
        return {"mark": "", "words": {}, "source": ""}
    return {
        "mark": value.mark,
        "words": {code: words_of(value, code) for code in languages},
        "source": ", ".join(filter(None, (value.source, value.version))),
        "reviewer": value.reviewer,
        "reviewed_on": value.reviewed_on.isoformat() if value.reviewed_on else "",
        "since": value.valid_from_on.isoformat(),
        "look_again": value.review_due_on.isoformat() if value.review_due_on else "",
    }


def content_hash(release: Release) -> str:
    """The mark of everything that a meeting reads: texts, languages and values. Its name is not part of it."""
    texts = release.texts.values_list("kind", "path", "language", "content_hash")
    read = [release.country_id, sorted(release.languages), sorted(map(list, texts)), release.values]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
