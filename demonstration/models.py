"""When the demonstration was last staged: its dates are told from that day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Staging(models.Model):
    """The single row that says for which day the demonstration's dates were made."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    staged_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two rows could disagree about which day it is on stage.
            models.CheckConstraint(condition=Q(id=1), name="one_staging"),
        ]

    def __str__(self) -> str:
        return f"staged for {self.staged_on}"
