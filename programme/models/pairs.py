"""Two who make their visits together."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from programme.models.terms import Term
from programme.models.units import valid_on


class PairingQuerySet(models.QuerySet["Pairing"]):
    def on(self, day: date) -> PairingQuerySet:
        """Pairs in force on ``day``."""
        return self.filter(valid_on(day))

    def of(self, term: Term) -> PairingQuerySet:
        """Pairs that ``term`` is one half of."""
        return self.filter(Q(one=term) | Q(other=term))


class Pairing(models.Model):
    """Two terms of one programme that visit together, from the first to the last day. A new pair ends the old one."""

    one = models.ForeignKey(Term, models.PROTECT, related_name="+")
    other = models.ForeignKey(Term, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The lower number first: the same pair cannot stand here twice, the other way round.
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_is_written_one_way"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="pair_dates_in_order"
            ),
            # Nobody visits with two at once; ``actions.pairs`` sees to one and other together.
            models.UniqueConstraint(fields=["one"], condition=Q(to_on__isnull=True), name="one_open_pair_of_one"),
            models.UniqueConstraint(fields=["other"], condition=Q(to_on__isnull=True), name="one_open_pair_of_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one} with {self.other}"

    def partner_of(self, term: Term) -> Term:
        """The other half."""
        return self.other if self.one_id == term.pk else self.one
