"""Organisation units: country, county, district, facility, and who stood under whom on which day."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UnitLevel(models.TextChoices):
    """How high a unit stands; a programme chooses the words (``Programme.level_names``)."""

    ROOT = "root", _("programme")
    COUNTRY = "country", _("country")
    REGION = "region", _("region")
    DISTRICT = "district", _("district")
    FACILITY = "facility", _("site")


def valid_on(day: date) -> Q:
    """Rows whose ``from_on``..``to_on`` span holds ``day``; ``to_on`` is the last day, or open."""
    return Q(from_on__lte=day) & (Q(to_on__isnull=True) | Q(to_on__gte=day))


class OrganisationUnit(models.Model):
    """A place in the programme's tree. ``short_code`` is neutral: a site's name can give status away."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    short_code = models.CharField(max_length=12, unique=True)
    level = models.CharField(max_length=10, choices=UnitLevel.choices)
    country = models.CharField(max_length=2, blank=True, default="")
    time_zone = models.CharField(max_length=40, default="Africa/Nairobi")
    dhis2_id = models.CharField(max_length=11, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The date at this unit now; only views, actions and commands ask."""
        return self.date_of(timezone.now())

    def date_of(self, moment: datetime) -> date:
        """Which date it is here at ``moment``."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


class UnitParent(models.Model):
    """Under which unit a unit stood, from when to when. A move ends one row and starts another."""

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="children")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two open parents would count one site in two districts.
            models.UniqueConstraint(fields=["unit"], condition=Q(to_on__isnull=True), name="one_open_parent_per_unit"),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="unit_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="unit_parent_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} under {self.parent}"


@dataclass(frozen=True)
class Tree:
    """Who stood under whom on one day: unit -> the units directly under it."""

    children: Mapping[int, Sequence[int]]

    @classmethod
    def on(cls, day: date) -> Tree:
        """The tree as it stood on ``day``. One query."""
        children: dict[int, list[int]] = defaultdict(list)
        for unit, parent in UnitParent.objects.filter(valid_on(day)).values_list("unit_id", "parent_id"):
            children[parent].append(unit)
        return cls(children)

    def below(self, roots: Iterable[int]) -> set[int]:
        """``roots`` and every unit under them. A loop in the tree ends where it began."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            unit = waiting.pop()
            if unit not in found:
                found.add(unit)
                waiting += self.children.get(unit, ())
        return found


def units_below(roots: Iterable[int], on: date) -> set[int]:
    """Primary keys of ``roots`` and of every unit under them on ``on``. One query."""
    return Tree.on(on).below(roots)
