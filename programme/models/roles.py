"""Who holds which role, where and since when. The truth about rights; groups only follow it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programme.models.units import OrganisationUnit, valid_on


class Role(models.TextChoices):
    """The roles of the programme reference, section 2."""

    LEARNER = "learner", _("learner")
    TRAINER = "trainer", _("trainer")
    TRANSLATOR = "translator", _("translator")
    REVIEWER = "reviewer", _("clinical reviewer")
    SUPERVISOR = "supervisor", _("supervisor")
    COORDINATOR = "coordinator", _("coordinator")
    NURSE = "nurse", _("facility nurse")
    DISTRICT_MANAGER = "district_manager", _("district manager")
    PROGRAMME_MANAGER = "programme_manager", _("programme manager")
    MONITORING = "monitoring", _("monitoring")
    PRIVACY_OFFICER = "privacy_officer", _("privacy officer")


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def held_on(self, day: date) -> RoleAssignmentQuerySet:
        """Assignments in force on ``day``."""
        return self.filter(valid_on(day))


class RoleAssignment(models.Model):
    """One role of one person at one unit and everything below it; language for a translator."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="role_assignments")
    language = models.CharField(max_length=12, blank=True, default="")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same role twice would survive the ending of one.
            models.UniqueConstraint(
                fields=["user", "role", "unit", "language"], condition=Q(to_on__isnull=True), name="role_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} at {self.unit}"

    def is_held(self, on: date) -> bool:
        """Whether the role is in force on ``on``."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)
