"""What the page of an update is told, and the line about it on her first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import prefetch_related_objects

from curriculum.models import FactUpdate, FactUpdateText
from programme.scope import Study
from progress.updates import waiting_updates


@dataclass(frozen=True)
class Option:
    """One answer. ``feedback`` is there once she has chosen it."""

    choice: str
    text: str
    is_chosen: bool


def update_words(told: FactUpdate, text: FactUpdateText, *, chosen: str = "") -> dict[str, Any]:
    """For ``progress/update.html``. ``chosen`` is an answer that was not the rule of today."""
    order = [one["id"] for one in told.choices]
    # The same for everybody and every time, and not as it was drafted: there the right one stands first.
    Random(told.uuid.int).shuffle(order)  # noqa: S311 -- an order, not a secret
    options = [Option(one, text.options[one]["text"], one == chosen) for one in order]
    right = next(one["id"] for one in told.choices if one["is_right"])
    explained = text.options[chosen]["feedback"] if chosen in text.options else ""
    return {
        "told": told,
        "text": text,
        "options": options,
        "explained": explained,
        "why": text.options[right]["feedback"],
    }


@dataclass(frozen=True)
class WaitingUpdate:
    """One update on her first page."""

    told: FactUpdate
    text: FactUpdateText


def waiting_for(study: Study, languages: Sequence[str]) -> list[WaitingUpdate]:
    """The updates that wait for her, the oldest first, in her words. One query; two where one waits."""
    updates = waiting_updates(study.term, study.country)
    prefetch_related_objects(updates, "texts")
    texts = ((told, told.text_in(languages)) for told in updates)
    return [WaitingUpdate(told, text) for told, text in texts if text is not None]
