"""What this database is: a demonstration, or somebody's real work. Decided once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """The single row that says whether this database is a demonstration.

    The database refuses to change or delete it: a demonstration never becomes a real programme.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demonstration = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two rows could disagree about what this database is.
            models.CheckConstraint(condition=Q(id=1), name="one_installation"),
        ]

    def __str__(self) -> str:
        return "demonstration" if self.is_demonstration else "programme"

    @classmethod
    def is_demo(cls) -> bool:
        """Whether this database holds a demonstration; an undecided database does not."""
        return cls.objects.filter(is_demonstration=True).exists()
