"""Who learned a rule or a text that has changed since, and was not yet told. Asked of the evidence, never stored.

She learned the old rule when, for that country, she studied a lesson or passed a quiz that printed it: before the day
of the change, or later on a phone that still had the old text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from assessments.models import Attempt
from curriculum.models import FactUpdate, OldText, Reopened
from programme.models import Placement, Term
from programme.models.terms import TermQuerySet
from programme.models.units import valid_on
from progress.models import LessonStudy, UpdateAnswer

TOLD_AT = "update_told_at"
"""On a term that was asked together with it: since when the oldest update waits, or ``None``."""


def asked_now() -> QuerySet[FactUpdate]:
    """The updates that are asked today: of a rule or a text that changed twice only the last one."""
    later = FactUpdate.objects.published().filter(
        _of_the_same("change__"),
        change__country=OuterRef("change__country"),
        change__changed_at__gt=OuterRef("change__changed_at"),
    )
    return FactUpdate.objects.published().filter(~Exists(later))


def waiting_updates(term: Term, country: str) -> list[FactUpdate]:
    """The updates that wait for one woman in ``country``, the oldest first. One query."""
    updates = asked_now().filter(_has_learned(term.pk), ~Exists(_answers(term.pk)), change__country=country)
    return list(updates.order_by("published_at", "pk"))


def with_updates(terms: TermQuerySet, on: date) -> TermQuerySet:
    """``terms``, each with ``update_told_at``: since when an update waits for it where it is on ``on``.

    For a list of people, so that it costs no query of its own.
    """
    here = Placement.objects.filter(valid_on(on), term=OuterRef(OuterRef("pk")))
    updates = asked_now().filter(
        _has_learned(None), ~Exists(_answers(None)), Exists(here.filter(facility__country=OuterRef("change__country")))
    )
    return terms.annotate(**{TOLD_AT: Subquery(updates.order_by("published_at").values("published_at")[:1])})


def told_at(terms: Iterable[Term], on: date) -> dict[int, datetime]:
    """Term -> since when an update waits for it; terms that are not open, or wait for none, are not in it.

    No query for terms that were asked ``with_updates``, one for all others together.
    """
    is_open = [term for term in terms if term.is_open(on)]
    unknown = [term.pk for term in is_open if not hasattr(term, TOLD_AT)]
    found = {term.pk: getattr(term, TOLD_AT) for term in is_open if hasattr(term, TOLD_AT)}
    if unknown:
        found |= dict(with_updates(Term.objects.filter(pk__in=unknown), on).values_list("pk", TOLD_AT))
    return {term: at for term, at in found.items() if at is not None}


def who_learned(update: FactUpdate, terms: TermQuerySet) -> Any:
    """Those of ``terms`` that learned what ``update`` changes, each with ``knows_new``: whether it has been told."""
    of_update = FactUpdate.objects.filter(pk=update.pk)
    answers = UpdateAnswer.objects.filter(update=update, term=OuterRef("pk"))
    return terms.filter(Exists(of_update.filter(_has_learned(None)))).annotate(knows_new=Exists(answers))


def _answers(term: int | None) -> QuerySet[UpdateAnswer]:
    """For a query of updates: the right answers of ``term``, or of the term around it."""
    return UpdateAnswer.objects.filter(update=OuterRef("pk"), term=_term(term, 2))


def _has_learned(term: int | None) -> Exists:
    """For a query of updates: whether ``term``, or the term around it, learned what the update changes.

    A change of the same rule before that counts as well: she may know an older rule still.
    """
    rows = Reopened.objects.filter(
        _of_the_same("change__"),
        change__country=OuterRef("change__country"),
        change__changed_at__lte=OuterRef("change__changed_at"),
    )
    # A rule is printed in every language; what a text says was read in its own.
    rows = rows.alias(read_in=Case(When(change__fact__isnull=False, then=Value("")), default=F("language")))
    studies = LessonStudy.objects.filter(lesson=OuterRef("lesson"))
    passes = Attempt.objects.passed().filter(quiz_version__quiz__uuid=OuterRef("quiz"))
    return Exists(rows.filter(Exists(_on_old_text(studies, term)) | Exists(_on_old_text(passes, term))))


def _of_the_same(change: str) -> Q:
    """Changes of the same rule, or of the same text, as that of the query around. ``change`` leads to it."""
    text = {f"{change}said__{name}": OuterRef(f"change__said__{name}") for name in ("content_type", "object_id")}
    return Q(**{f"{change}fact": OuterRef("change__fact")}) | Q(**text)


def _on_old_text(evidence: Any, term: int | None) -> Any:
    """Of the evidence around a reopened text: that of ``term``, in its country, on words of the old rule."""
    old = OldText.objects.filter(change=OuterRef(OuterRef("change")), content_hash=OuterRef("content_hash"))
    read_in = ExpressionWrapper(OuterRef("read_in"), CharField())
    return evidence.alias(read_in=read_in).filter(
        Q(read_in="") | Q(language=F("read_in")),
        Q(happened_at__lt=OuterRef("change__changed_at")) | Exists(old),
        term=_term(term, 3),
        country=OuterRef("country"),
    )


def _term(term: int | None, depth: int) -> Any:
    """``term``, or the key of the term that stands ``depth`` queries further out."""
    if term is not None:
        return term
    outer: Any = "pk"
    for _ in range(depth):
        outer = OuterRef(outer)
    return outer
