"""What women of a country are told about a changed rule: drafted from templates, completed by their trainer."""

from __future__ import annotations

import hashlib
import json
import tomllib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import UnknownLocaleError
from babel.dates import format_date
from django.db import transaction
from wagtail.models import Revision

from curriculum.facts import words_of
from curriculum.models import FactChange, FactUpdate, FactUpdateText, FactValue, SaidMeaning
from curriculum.translation.sentences import plain, sentences_of

WORDS_FILE = Path(__file__).with_name("update_words.toml")
OPTIONS = ("new", "old", "both")
"""The answers of a drafted question; the first is the right one."""


class NotComplete(Exception):
    """An update that is published would be silent in ``languages``: something she reads is missing there."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = languages


class AlreadyPublished(Exception):
    """Women have been asked these words: they stay. A mistake in them is a change of its own."""


@cache
def templates() -> Mapping[str, Mapping[str, str]]:
    with WORDS_FILE.open("rb") as file:
        return tomllib.load(file)


def draft_update(*, change: FactChange, now: datetime) -> FactUpdate:
    """The draft for ``change``, with words in every language of its country; those there are no words for are empty."""
    choices = [{"id": str(uuid.uuid4()), "is_right": name == "new"} for name in OPTIONS]
    update = FactUpdate.objects.create(change=change, choices=choices, drafted_at=now)
    FactUpdateText.objects.bulk_create(_text(update, language) for language in change.country.languages)
    return update


def _text(update: FactUpdate, language: str) -> FactUpdateText:
    change, template = update.change, templates().get(language)
    title, old, new, day = _of_text(change, language) if change.said else _of_fact(change, language)
    text = FactUpdateText(update=update, language=language, title=title[:120])
    if template is None or not old or not new:
        text.options = {one["id"]: {"text": "", "feedback": ""} for one in update.choices}
        return text
    holes = {"old": old, "new": new, "date": day_in_words(day, language)}
    said = {name: words.format_map(holes) for name, words in template.items()}
    text.was, text.now, text.means, text.question = said["was"], said["now"], said["means"], said["question"]
    text.options = {
        one["id"]: {"text": said[name], "feedback": said[f"{name}_feedback"]}
        for name, one in zip(OPTIONS, update.choices, strict=True)
    }
    return text


def _of_fact(change: FactChange, language: str) -> tuple[str, str, str, date]:
    """What a changed value is about, what it was, what it is, and since when."""
    if change.fact is None or change.new_value is None:
        raise ValueError(f"{change} is of no fact")
    title = change.fact.names.get(language, "")
    old, new = words_of(change.old_value, language), _new_words(change.new_value, language)
    return title, old, new, change.new_value.valid_from_on


def _of_text(change: FactChange, language: str) -> tuple[str, str, str, date]:
    """The same of a changed text: its sentences, in the language in which it changed. Others wait for their trainer."""
    said = change.said
    if said is None:
        raise ValueError(f"{change} is of no text")
    title = change.reopened.filter(language=language).values_list("title", flat=True).first() or ""
    old, new = ("", "") if said.language != language else changed_sentences(said)
    return title, old, new, change.changed_at.date()


def changed_sentences(said: SaidMeaning) -> tuple[str, str]:
    """What a text said where it changed, and what it says there now, as plain sentences."""
    before, after = (
        [plain(one.text) for one in sentences_of(revision.as_object())] if revision else []
        for revision in (Revision.objects.filter(pk=number).first() for number in (said.before_id, said.revision_id))
    )
    return tuple(  # type: ignore[return-value]
        " ".join(sentence for sentence in mine if sentence not in others).strip().rstrip(".")
        for mine, others in ((before, after), (after, before))
    )


def _new_words(value: FactValue, language: str) -> str:
    """A value that is not confirmed is never told as a rule: the trainer says what to do meanwhile."""
    return words_of(value, language) if value.is_sure else ""


def day_in_words(day: date, language: str) -> str:
    """``14 June 2026`` in ``language``, or the digits where its months are not known."""
    try:
        return format_date(day, "d MMMM y", locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


@transaction.atomic
def complete_update(*, update: FactUpdate, texts: Mapping[str, Mapping[str, Any]]) -> FactUpdate:
    """Write the words of a draft: ``{language: {"title", "was", "now", "means", "question", "options"}}``.

    Raises ``AlreadyPublished``.
    """
    if FactUpdate.objects.select_for_update().get(pk=update.pk).is_published:
        raise AlreadyPublished
    for text in update.texts.all():
        for name, words in texts.get(text.language, {}).items():
            setattr(text, name, words)
        text.save()
    return update


@transaction.atomic
def publish_update(*, update: FactUpdate, now: datetime, by: Any = None) -> FactUpdate:
    """Ask the women of the country from now on. Publishing again changes nothing.

    Raises ``NotComplete`` while something is missing in a language of the country.
    """
    stored = FactUpdate.objects.select_for_update().get(pk=update.pk)
    if stored.is_published:
        return stored
    texts = list(stored.texts.all())
    missing = [text.language for text in texts if not text.is_complete]
    missing += sorted(set(stored.change.country.languages) - {text.language for text in texts})
    if missing or not texts:
        raise NotComplete(missing)
    for text in texts:
        text.content_hash = text_hash(text)
        text.save(update_fields=["content_hash"])
    stored.published_at, stored.published_by = now, by
    stored.save(update_fields=["published_at", "published_by"])
    return stored


def text_hash(text: FactUpdateText) -> str:
    """The mark of everything she reads in an update."""
    read = [
        str(text.update.uuid), text.language, text.title, text.was, text.now, text.means, text.question,
        [text.options[one["id"]] for one in text.update.choices],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(read, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
