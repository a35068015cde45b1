"""Who was there on which half-day, and for how many hours. Only reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from programme.models import Cohort, Term
from programme.models.terms import TermQuerySet
from programme.scope import Act, Scope
from progress.models import Attendance, Half

USUAL_HOURS = Decimal(3)
"""Of a half-day, where the cohort has had none yet: ten days of two such halves are sixty hours."""

TERMS_AT_A_TIME = 5000


def hours_of(terms: Iterable[Term], until: date) -> dict[int, Decimal]:
    """Term -> the hours that she was there up to and including ``until``; 0 for none.

    One query for up to five thousand terms.
    """
    keys = [term.pk for term in terms]
    found = dict.fromkeys(keys, Decimal(0))
    for start in range(0, len(keys), TERMS_AT_A_TIME):
        rows = there().filter(term__in=keys[start : start + TERMS_AT_A_TIME], held_on__lte=until)
        found |= dict(rows.order_by().values_list("term").annotate(Sum("hours")))
    return found


def there() -> QuerySet[Attendance]:
    """Half-days on which somebody was there, as they stand after every correction."""
    return Attendance.objects.in_force().filter(was_there=True)


def half_days_of(term: Term) -> list[Attendance]:
    """The half-days on which she was there, the newest first. One query."""
    return list(there().filter(term=term).order_by("-held_on", "-half"))


def cohorts_of(scope: Scope) -> QuerySet[Cohort]:
    """The cohorts of which she may note who was there: of her units, or with somebody of hers; the newest first."""
    units = scope.units(Act.RECORD_ATTENDANCE)
    if not units:
        return Cohort.objects.none()
    hers = scope.terms(Act.RECORD_ATTENDANCE).values("cohort")
    cohorts = Cohort.objects.filter(Q(unit__in=units) | Q(pk__in=hers))
    return cohorts.select_related("unit", "programme").order_by("-start_on", "code")


def women_of(cohort: Cohort, scope: Scope) -> TermQuerySet:
    """The terms of ``cohort`` that stand on this reader's sheets."""
    return scope.terms(Act.RECORD_ATTENDANCE).filter(cohort=cohort)


@dataclass(frozen=True)
class HalfDay:
    """One sheet that was taken. ``number``: how many were there."""

    held_on: date
    half: str
    hours: Decimal
    number: int

    @property
    def half_label(self) -> str:
        return str(Half(self.half).label)


def half_days(cohort: Cohort, scope: Scope) -> list[HalfDay]:
    """The half-days of ``cohort`` on which somebody was there, the newest first. One query."""
    rows = there().filter(term__in=women_of(cohort, scope)).order_by("-held_on", "-half").values("held_on", "half")
    return [HalfDay(**row) for row in rows.annotate(hours=Max("hours"), number=Count("pk"))]


@dataclass(frozen=True)
class Line:
    """One woman on a sheet, by her work name and the name she chose."""

    term: Term
    row: Attendance | None

    @property
    def is_there(self) -> bool:
        return self.row is not None and self.row.was_there


@dataclass(frozen=True)
class Sheet:
    """A half-day of a cohort as it stands. ``mark`` changes with every row that is added to it."""

    cohort: Cohort
    held_on: date
    half: str
    lines: Sequence[Line]
    mark: int

    @property
    def half_label(self) -> str:
        return str(Half(self.half).label)

    @property
    def hours(self) -> Decimal | None:
        """How long it was, by the ticks on it; ``None`` while there is none."""
        return max((line.row.hours for line in self.lines if line.row and line.row.was_there), default=None)


def sheet_of(cohort: Cohort, held_on: date, half: str, women: QuerySet[Term]) -> Sheet:
    """The sheet of one half-day for those of ``women`` whose term ran on it. Two queries."""
    running = women.filter(Q(start_on__lte=held_on) & (Q(ended_on__isnull=True) | Q(ended_on__gte=held_on)))
    terms = list(running.select_related("learner").order_by("learner__alias", "pk"))
    rows = list(Attendance.objects.filter(term__in=terms, held_on=held_on, half=half).order_by("pk"))
    last = {row.term_id: row for row in rows}
    return Sheet(cohort, held_on, half, [Line(term, last.get(term.pk)) for term in terms], len(rows))


def hours_last_time(cohort: Cohort) -> Decimal:
    """How long the last half-day of ``cohort`` was. One query."""
    last = Attendance.objects.filter(cohort=cohort).order_by("-pk").values_list("hours", flat=True).first()
    return USUAL_HOURS if last is None else last
