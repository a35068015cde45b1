"""One woman's engagement, the places she worked in, and the pauses of its clock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programme.models.pathways import PathwayVersion, Programme
from programme.models.units import OrganisationUnit, valid_on


class Cohort(models.Model):
    """Women who start induction together.

    ``release``: what they read, until their coordinator moves them; without one, what is published today.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cohorts")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="cohorts")
    code = models.SlugField(max_length=30)
    start_on = models.DateField()
    release = models.ForeignKey(
        "curriculum.Release", models.PROTECT, null=True, blank=True, editable=False, related_name="cohorts"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The code is written on the attendance sheet.
            models.UniqueConstraint(fields=["programme", "code"], name="one_cohort_per_code"),
        ]

    def __str__(self) -> str:
        return self.code


class CohortMove(models.Model):
    """A cohort came to read another release, or what is published today (no release). Appended."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="moves")
    from_release = models.ForeignKey("curriculum.Release", models.PROTECT, null=True, related_name="+")
    to_release = models.ForeignKey("curriculum.Release", models.PROTECT, null=True, related_name="+")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.to_release or '-'}"


class TermQuerySet(models.QuerySet["Term"]):
    def open_on(self, day: date) -> TermQuerySet:
        """Terms that have begun and not ended on ``day``."""
        return self.filter(Q(start_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gte=day)))

    def placed_in(self, units: Iterable[int], on: date) -> TermQuerySet:
        """Terms whose place of work on ``on`` is one of ``units`` (``Term.placement_on`` as a query).

        The last place for a term that had ended before, the first for one that has not begun.
        """
        here = Placement.objects.filter(facility__in=list(units)).filter(
            valid_on(on)
            | Q(term__ended_on__lt=on, to_on=F("term__ended_on"))
            | Q(term__start_on__gt=on, from_on=F("term__start_on"))
        )
        return self.filter(pk__in=here.values("term"))


class Term(models.Model):
    """One engagement of one person in one programme. Everything she does hangs here.

    Personal data: that she is in the programme, which is itself health data where the entry
    criterion is. Kept: evidence seven years or until she asks. Erased by: the erasure command.
    """

    class EndClass(models.TextChoices):
        """Five neutral classes: seen by the coordinator who ends the term, by nobody else."""

        COMPLETED = "completed", _("term completed")
        NEW_WORK = "new_work", _("other work")
        MOVED = "moved", _("moved away")
        EMPLOYER = "employer", _("ended by the employer")
        OTHER = "other", _("other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="terms")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="terms")
    pathway_version = models.ForeignKey(PathwayVersion, models.PROTECT, related_name="terms")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="terms")
    start_on = models.DateField()
    planned_end_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_class = models.CharField(max_length=10, choices=EndClass.choices, blank=True, default="")

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Evidence must have one home: two open terms in one programme would split it.
            models.UniqueConstraint(
                fields=["learner", "programme"], condition=Q(ended_on__isnull=True), name="one_open_term_per_programme"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__isnull=True) | Q(planned_end_on__gt=F("start_on")),
                name="term_planned_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("start_on")), name="term_end_after_start"
            ),
            # An end without a class, or a class without an end, is half a decision.
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_class="") | Q(ended_on__isnull=False) & ~Q(end_class=""),
                name="term_end_has_its_class",
            ),
        ]

    def __str__(self) -> str:
        return f"term {self.uuid}"

    def is_open(self, on: date) -> bool:
        """Whether the term runs on ``on``."""
        return self.start_on <= on and (self.ended_on is None or on <= self.ended_on)

    def leave_days(self, until: date) -> int:
        """Days of leave before and including ``until``; uses prefetched leaves."""
        return sum(leave.days(until) for leave in self.leaves.all())

    def day_of_term(self, on: date) -> int:
        """Which working day of the term ``on`` is: 1 on the first, leave not counted."""
        return (on - self.start_on).days + 1 - self.leave_days(on)

    def date_of_day(self, day: int) -> date:
        """The date of day ``day`` of the term, moved on by every leave that begins before it."""
        due = self.start_on + timedelta(days=day - 1)
        for leave in sorted(self.leaves.all(), key=lambda leave: leave.from_on):
            if leave.from_on <= due:
                due += timedelta(days=leave.length_days())
        return due

    def end_with_leave(self) -> date | None:
        """The planned end, moved on by the leave taken; ``None`` for an open-ended term."""
        if self.planned_end_on is None:
            return None
        return self.planned_end_on + timedelta(days=sum(leave.length_days() for leave in self.leaves.all()))

    def is_on_leave(self, on: date) -> bool:
        return any(leave.from_on <= on <= leave.to_on for leave in self.leaves.all())

    def placement_on(self, on: date) -> Placement | None:
        """Where she works on ``on``. Uses prefetched rows.

        The last place for a term that had ended before, the first for one that has not begun;
        ``None`` in a gap, when nobody answers for her.
        """
        rows = sorted(self.placements.all(), key=lambda placement: placement.from_on, reverse=True)
        for placement in rows:
            if placement.from_on <= on and (placement.to_on is None or on <= placement.to_on):
                return placement
        for placement in rows:
            if self.ended_on is not None and self.ended_on < on and placement.to_on == self.ended_on:
                return placement
            if self.start_on > on and placement.from_on == self.start_on:
                return placement
        return None


class Placement(models.Model):
    """Where she works within a term, from the first to the last day."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="placements")
    facility = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="placements")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two open places would show her record to two supervisors.
            models.UniqueConstraint(
                fields=["term"], condition=Q(to_on__isnull=True), name="one_open_placement_per_term"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="placement_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} at {self.facility}"


class Leave(models.Model):
    """A pause of the term's clock: two dates, no type, no reason. The reason is nobody's business."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="leaves")
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="leave_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.from_on} to {self.to_on}"

    def length_days(self) -> int:
        return (self.to_on - self.from_on).days + 1

    def days(self, until: date) -> int:
        """Days of this leave that lie on or before ``until``."""
        return max(0, (min(self.to_on, until) - self.from_on).days + 1)


class Extension(models.Model):
    """A decision to let a term run longer. Appended; the term's ``planned_end_on`` follows."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="extensions")
    old_end_on = models.DateField()
    new_end_on = models.DateField()
    decided_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(new_end_on__gt=F("old_end_on")), name="extension_goes_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.term} to {self.new_end_on}"
