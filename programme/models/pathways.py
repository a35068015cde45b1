"""A programme and what it asks for: numbered pathway versions with their milestones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programme.models.units import OrganisationUnit


class Programme(models.Model):
    """An employer's training programme: its words, its look, and the neutral name it issues under.

    Filled from ``programme.toml`` by ``manage.py set_up_programme`` (docs/programmes.md). ``host_name``: where its
    people sign in; empty: where everybody does who has no other place. ``public_name`` stands in titles and beside the
    mark. ``wording`` says phrases of the interface in its own words: ``{language: {phrase: words, or one a plural}}``.
    ``allows_named_copy``: she may choose, for herself, a copy of her certificate under ``named_copy_name``.
    ``working_language``: stands on a certificate beside hers. ``after_term_months``: how long after her term she still
    signs in to what is hers. ``curriculum`` is the one its people learn from. ``term_months``: how long terms may be;
    0 is open-ended.
    """

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    issuing_name = models.CharField(_("neutral issuing name"), max_length=120)
    issuing_short_name = models.CharField(max_length=40)
    peer_title = models.CharField(max_length=60)
    peer_titles = models.JSONField(default=dict, blank=True)
    level_names = models.JSONField(default=dict, blank=True)
    accent_colour = models.CharField(max_length=7, default="#1f5d4c")
    accent_colour_dark = models.CharField(max_length=7, default="#93d0b4")
    has_larger_text = models.BooleanField(default=False)
    public_name = models.CharField(max_length=30, blank=True, default="")
    curriculum = models.CharField(max_length=30, blank=True, default="")
    languages = models.JSONField(default=list, blank=True)
    wording = models.JSONField(default=dict, blank=True)
    term_months = models.JSONField(default=list, blank=True)
    works_in_pairs = models.BooleanField(default=False)
    retention_years = models.PositiveSmallIntegerField(default=7)
    letterhead = models.JSONField(default=dict, blank=True)
    allows_named_copy = models.BooleanField(default=False)
    named_copy_name = models.CharField(max_length=120, blank=True, default="")
    working_language = models.CharField(max_length=12, default="en")
    after_term_months = models.PositiveSmallIntegerField(default=12)
    host_name = models.CharField(max_length=120, blank=True, default="")
    entry_is_health_data = models.BooleanField(_("whether being in it says something about health"), default=True)
    root_unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="programmes")
    signatories = models.JSONField(default=list, blank=True)
    complaint_contact = models.JSONField(
        _("where to complain, per language"),
        default=dict,
        blank=True,
        help_text=_("Somebody outside the line of command. Every learner can read it without signing in."),
    )

    def __str__(self) -> str:
        return self.name

    def complaint_contact_in(self, languages: Sequence[str]) -> str:
        """Where to complain, in the best of ``languages`` that has a text; empty when none has."""
        return next((self.complaint_contact[code] for code in languages if self.complaint_contact.get(code)), "")


class Pathway(models.Model):
    """A named way through a programme; its content lives in numbered versions."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pathways")
    code = models.SlugField(max_length=30)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A term names its pathway by code in exports.
            models.UniqueConstraint(fields=["programme", "code"], name="one_pathway_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}/{self.code}"


class PathwayVersion(models.Model):
    """What a term that runs under it must show, and under which rules. Frozen once a term uses it.

    ``pass_mark_percent`` 80 and ``certifying_tries`` 2 are choices of the blueprint, not findings
    (curriculum blueprint, section 6).
    """

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    pass_mark_percent = models.PositiveSmallIntegerField(
        default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    certifying_tries = models.PositiveSmallIntegerField(default=2)
    practice_pass_percent = models.PositiveSmallIntegerField(default=70)
    long_leave_days = models.PositiveSmallIntegerField(default=183)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Terms and attempts name the version they ran under.
            models.UniqueConstraint(fields=["pathway", "number"], name="one_pathway_version_per_number"),
            models.CheckConstraint(
                condition=Q(pass_mark_percent__gte=1, pass_mark_percent__lte=100), name="pass_mark_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pathway} {self.number}"


class Milestone(models.Model):
    """One thing a pathway asks for, by a day of the term (day 1 is the first; leave is not counted).

    ``gate`` names the award that needs it. Kinds to come (test, logbook count, attendance, talk held)
    are new values here and new rules in ``progress``; the row stays as it is.
    """

    class Kind(models.TextChoices):
        MODULE = "module", _("lessons studied and quiz passed")
        PRACTICE = "practice", _("practice signed off")

    version = models.ForeignKey(PathwayVersion, models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    module = models.ForeignKey("curriculum.Module", models.PROTECT, related_name="+")
    due_day = models.PositiveSmallIntegerField()
    gate = models.SlugField(max_length=30)

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same thing asked twice could never be told apart on her page.
            models.UniqueConstraint(fields=["version", "kind", "module"], name="milestone_asked_once"),
            models.UniqueConstraint(fields=["version", "order"], name="one_milestone_per_order"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind} {self.module_id}"
