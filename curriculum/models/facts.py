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


class Mark(models.TextChoices):
    """How sure we are of a fact or of a country's value."""

    SOURCED = "sourced", _("read in its source")
    RECALLED = "recalled", _("recalled, to be checked")
    UNSURE = "unsure", _("not confirmed")


class Fact(models.Model):
    """A guideline fact that lessons and questions print by its key: ``{bf_duration}``.

    ``statement`` is for the team. ``names`` says per language what it is about, in words for a learner:
    ``{"en": "When the baby is tested"}``. ``register`` is its number in the register of facts (``F48``), with the
    source and mark of what is taught everywhere; what a country's guideline says is in its values.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("words")
        NUMBER = "number", _("a number with its unit")
        TIMES = "times", _("a list of times")

    key = models.SlugField(max_length=60, unique=True)
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)
    statement = models.CharField(max_length=400)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    names = models.JSONField(_("what it is about, per language"), default=dict, blank=True)
    register = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=240, blank=True, default="")
    mark = models.CharField(max_length=10, choices=Mark.choices, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.key


class FactValue(models.Model):
    """A country's value of a fact. A missing one prints "Ask your trainer".

    ``value`` is typed as the fact's ``kind`` says and is printed in every language (``curriculum.typed_values``);
    ``texts`` are its words per language, which stand before what would be printed. ``mark`` tells how sure we are; an
    ``unsure`` value never prints as a rule. A value that has ended keeps its dates and stays readable.
    """

    Mark = Mark

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="values")
    country = models.ForeignKey(Country, models.PROTECT, related_name="fact_values")
    value = models.JSONField(_("the typed value"), null=True, blank=True)
    texts = models.JSONField(_("the value in words, per language"), default=dict, blank=True)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    source = models.CharField(max_length=200, blank=True, default="")
    version = models.CharField(_("edition of the source"), max_length=60, blank=True, default="")
    reviewer = models.CharField(_("who confirmed it"), max_length=120, blank=True, default="")
    reviewed_on = models.DateField(null=True, blank=True)
    valid_from_on = models.DateField()
    review_due_on = models.DateField(null=True, blank=True)
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

    @property
    def is_in_force(self) -> bool:
        return self.valid_to_on is None

    @property
    def is_sure(self) -> bool:
        """Whether it prints as a rule."""
        return self.mark != Mark.UNSURE
