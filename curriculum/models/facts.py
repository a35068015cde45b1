"""Guideline facts: one place for each value that differs by country."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    """A country whose values lessons can print. ``code`` is ISO 3166-1 alpha-2."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    languages = models.JSONField(_("languages offered, the usual one first"), default=list)

    class Meta:
        verbose_name_plural = "countries"
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """A guideline fact that lessons and questions print by its key: ``{bf_duration}``."""

    key = models.SlugField(max_length=60, unique=True)
    statement = models.CharField(max_length=240)

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.key


class FactValue(models.Model):
    """A country's value of a fact, in words per language. A missing one prints "Ask your trainer".

    ``mark`` tells how sure we are; an ``unsure`` value never prints as a rule.
    """

    class Mark(models.TextChoices):
        SOURCED = "sourced", _("read in its source")
        RECALLED = "recalled", _("recalled, to be checked")
        UNSURE = "unsure", _("not confirmed")

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="values")
    country = models.ForeignKey(Country, models.PROTECT, related_name="fact_values")
    texts = models.JSONField(_("the value in words, per language"), default=dict)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    source = models.CharField(max_length=200, blank=True, default="")
    valid_from_on = models.DateField()
    valid_to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two values in force would print one rule on one phone and another on the next.
            models.UniqueConstraint(
                fields=["fact", "country"],
                condition=models.Q(valid_to_on__isnull=True),
                name="one_value_in_force_per_country",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.country_id}"
