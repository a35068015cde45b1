"""A country's value changes: the old one ends, exactly that country's texts follow, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from curriculum.fact_prints import printers
from curriculum.fact_updates import draft_update
from curriculum.models import Approval, Country, Fact, FactChange, FactPrint, FactValue, OldText, Reopened


@dataclass(frozen=True)
class NewValue:
    """What a country's guideline says now, and how we know. ``value`` is typed as its fact says."""

    mark: str
    value: Any = None
    texts: dict[str, str] = field(default_factory=dict)
    source: str = ""
    version: str = ""
    reviewer: str = ""
    reviewed_on: date | None = None
    review_due_on: date | None = None


class NothingChanged(Exception):
    """The new value says what the one in force says: there is nothing to tell anybody."""


@transaction.atomic
def change_value(*, fact: Fact, country: Country, new: NewValue, on: date, by: Any = None) -> FactChange:
    """Put ``new`` in force in ``country`` from ``on``, and let everything follow; return the change.

    In one transaction: the old value ends on ``on`` and stays readable; the texts that print the fact are frozen
    again for this country and no other; every one of them is to be read again there (``Reopened``), and approvals of
    it do not stand any more; an update for the women of the country is drafted in all its languages, when a rule was
    printed that is none any more. Raises ``NothingChanged``.
    """
    # Two people at two desks: the second one finds the first one's value in force.
    Country.objects.select_for_update().get(pk=country.pk)
    old = FactValue.objects.filter(fact=fact, country=country, valid_to_on=None).first()
    if old is not None:
        if is_same_rule(old, new):
            raise NothingChanged
        old.valid_to_on = max(on, old.valid_from_on)
        old.save(update_fields=["valid_to_on"])
    value = FactValue.objects.create(fact=fact, country=country, valid_from_on=on, **asdict(new))
    change = FactChange.objects.create(
        fact=fact,
        country=country,
        old_value=old,
        new_value=value,
        changed_at=timezone.now(),
        changed_by=by,
        curriculum=fact.curriculum,
    )
    prints = list(FactPrint.objects.filter(fact=fact).select_related("content_type"))
    before = _hashes(prints, country)
    _reopen(change, prints)
    for printer in printers():
        printer.refreeze(prints, country.pk)
    # While an import holds freezing back nothing is frozen yet: then only the day tells who learned the old rule.
    old_texts = before - _hashes(prints, country)
    OldText.objects.bulk_create(OldText(change=change, content_hash=each) for each in sorted(old_texts))
    if prints and old is not None and old.is_sure:
        draft_update(change=change, now=change.changed_at)
    tell_of(change)
    return change


_concerned: list[Callable[[FactChange], None]] = []


def when_something_changes(concerned: Callable[[FactChange], None]) -> None:
    """``concerned(change)`` is called in the transaction of every change, and again when an import has frozen it.

    Registered once from ``AppConfig.ready``; to be called twice must do no harm.
    """
    if concerned not in _concerned:
        _concerned.append(concerned)


_early: ContextVar[tuple[FactChange, ...]] = ContextVar("told_before_anything_was_frozen", default=())


def tell_of(change: FactChange) -> None:
    """Tell whoever is concerned; while freezing is held back, once more when it is done (``tell_again``)."""
    if any(printer.is_paused() for printer in printers()):
        _early.set((*_early.get(), change))
    for concerned in _concerned:
        concerned(change)


def begin_to_wait() -> None:
    """Freezing is held back from here on. What an earlier attempt left behind was undone with it."""
    _early.set(())


def tell_again() -> None:
    """What was held back is frozen now."""
    changes = _early.get()
    _early.set(())
    for change in changes:
        tell_of(change)


def is_same_rule(old: FactValue, new: NewValue) -> bool:
    """Whether nothing that she reads, and nothing about how sure we are, would be different."""
    is_sure = new.mark != FactValue.Mark.UNSURE
    return old.is_sure == is_sure and (old.value, old.texts) == (new.value, new.texts)


def last_round(revision: models.F | Any, country: Any) -> int:
    """How often ``revision`` was reopened for ``country``: the round of an approval given now."""
    found = Reopened.objects.filter(revision=revision, country=country).aggregate(last=models.Max("round"))
    return found["last"] or 0


def _hashes(prints: Sequence[FactPrint], country: Country) -> set[str]:
    return set().union(*(printer.hashes(prints, country.pk) for printer in printers()))


def _reopen(change: FactChange, prints: Sequence[FactPrint]) -> None:
    """A row for each text, with what is published of it now. A handful of queries for each type of text."""
    live: dict[tuple[int, str], int | None] = {}
    for content_type in {row.content_type for row in prints}:
        wanted = [row.object_id for row in prints if row.content_type == content_type]
        live |= _live_revisions(content_type, wanted)
    country = change.country_id
    revisions = {revision for revision in live.values() if revision}
    rounds = dict(
        Reopened.objects.filter(revision__in=revisions, country=country)
        .values_list("revision")
        .annotate(last=models.Max("round"))
    )
    Reopened.objects.bulk_create(
        Reopened(
            change=change,
            country=country,
            revision_id=(revision := live.get((row.content_type_id, row.object_id))),
            round=rounds.get(revision, 0) + 1,
            **{name: getattr(row, name) for name in COPIED},
        )
        for row in prints
    )


COPIED = ("place", "language", "title", "module_id", "lesson_id", "quiz", "content_type_id", "object_id")


def _live_revisions(content_type: ContentType, keys: Sequence[str]) -> dict[tuple[int, str], int | None]:
    model = content_type.model_class()
    if model is None:
        return {}
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", "live_revision_id")  # noqa: SLF001 -- as Django
    return {(content_type.pk, str(pk)): revision for pk, revision in rows}


@dataclass(frozen=True)
class ToRead:
    """One text that printed the old value. ``is_read``: a reviewer of the country approved what is published now."""

    row: Reopened
    is_read: bool


def to_read_again(change: FactChange) -> list[ToRead]:
    """Every text that ``change`` reopened, with whether somebody has read it since. A few queries for each type."""
    every = change.reopened.select_related("content_type", "module")
    # What stands on the page of a module is reopened once for each of its lessons.
    rows = list({(row.content_type_id, row.object_id, row.place, row.quiz): row for row in every}.values())
    live: dict[tuple[int, str], int | None] = {}
    for content_type in {row.content_type for row in rows}:
        live |= _live_revisions(content_type, [row.object_id for row in rows if row.content_type == content_type])
    revisions = {revision for revision in live.values() if revision}
    standing = Approval.objects.standing().filter(country=change.country_id, revision__in=revisions)
    approved = set(standing.values_list("revision_id", flat=True))
    return [ToRead(row, live.get((row.content_type_id, row.object_id)) in approved) for row in rows]
