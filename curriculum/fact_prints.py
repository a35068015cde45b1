"""Where facts are printed: noted when a text is frozen, and asked when a value changes.

Lessons are frozen here, questions and checklists above. Whoever freezes texts registers a ``Printer``: how the marks
of its frozen texts are found, and how they are frozen again for one country.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models

from curriculum.facts import keys_in
from curriculum.models import Fact, FactPrint, Reopened
from curriculum.models.fact_changes import Printed


@dataclass(frozen=True)
class Printing:
    """One published text in one language, and the words in which facts may stand as ``{keys}``.

    ``keys`` are facts that it uses without printing them: the right number of a question.
    """

    place: str
    language: str
    title: str
    text: models.Model
    words: str
    lesson_id: int | None = None
    quiz: UUID | None = None
    keys: tuple[str, ...] = ()


Frozen = set[tuple[str, str]]
"""Frozen texts, each as its language and its mark."""


@dataclass(frozen=True)
class Printer:
    """Whoever freezes texts.

    ``frozen(prints, country)``: the frozen texts of ``prints``; ``refreeze(prints, country)``. ``rows_of(text)``:
    where a page or snippet is read, as rows that say nothing of a fact; empty for what is another's.
    """

    frozen: Callable[[Sequence[Printed], str], Frozen]
    refreeze: Callable[[Sequence[FactPrint], str], None]
    rows_of: Callable[[Any], list[Reopened]]
    is_paused: Callable[[], bool]

    def hashes(self, prints: Sequence[FactPrint], country: str) -> set[str]:
        """The marks of the frozen texts of ``prints``."""
        return {mark for _language, mark in self.frozen(prints, country)}


_printers: list[Printer] = []


def register_printer(printer: Printer) -> None:
    """Called once from ``AppConfig.ready``."""
    if printer not in _printers:
        _printers.append(printer)


def printers() -> Sequence[Printer]:
    return tuple(_printers)


def note_prints(*, module: Any, places: Iterable[str], printings: Iterable[Printing], quiz: UUID | None = None) -> None:
    """Leave exactly the facts that ``printings`` print in ``places`` of ``module`` (and of ``quiz``).

    To be called in the transaction that freezes them. Two queries when nothing changed.
    """
    facts = dict(Fact.objects.values_list("key", "pk"))
    wanted: dict[tuple[Any, ...], FactPrint] = {}
    for one in printings:
        # Not ``keys()`` of some form: a key that is no fact prints "Ask your trainer" and is nobody's to change.
        for key in sorted((keys_in(one.words) | set(one.keys)) & facts.keys()):
            row = FactPrint(
                fact_id=facts[key],
                place=one.place,
                language=one.language,
                title=one.title[:255],
                module=module,
                lesson_id=one.lesson_id,
                quiz=one.quiz,
                content_type=ContentType.objects.get_for_model(one.text),
                object_id=str(one.text.pk),
            )
            wanted[_identity(row)] = row
    present = FactPrint.objects.filter(module=module, place__in=list(places), quiz=quiz)
    surplus = [row.pk for row in present if wanted.pop(_identity(row), None) is None]
    if surplus:
        FactPrint.objects.filter(pk__in=surplus).delete()
    if wanted:
        FactPrint.objects.bulk_create(wanted.values())


def _identity(row: FactPrint) -> tuple[Any, ...]:
    return (
        row.fact_id, row.place, row.language, row.title, row.lesson_id, row.quiz, row.content_type_id, row.object_id
    )  # fmt: skip
