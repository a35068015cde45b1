"""Who may write and approve what, and the review that two really different people make."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask


class EditorialRight(models.Model):
    """What the members of a group may do with content. Written by ``programme`` from the roles.

    An empty ``language`` or ``country`` means all of them.
    """

    class Craft(models.TextChoices):
        AUTHOR = "author", _("writes")
        TRANSLATOR = "translator", _("translates")
        REVIEWER = "reviewer", _("approves")

    group = models.OneToOneField(Group, models.CASCADE, related_name="editorial_right")
    craft = models.CharField(max_length=12, choices=Craft.choices)
    language = models.CharField(max_length=12, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two groups with the same right would each need to be emptied to take it away.
            models.UniqueConstraint(fields=["craft", "language", "country"], name="one_group_per_right"),
        ]

    def __str__(self) -> str:
        return f"{self.craft} {self.language or '*'} {self.country or '*'}"


class ClinicalReviewTask(GroupApprovalTask):
    """Approval by a clinical reviewer who neither wrote nor submitted what she approves."""

    class Meta:
        verbose_name = _("clinical review")

    def has_written_since_approval(self, obj: Any, user: Any) -> bool:
        """Whether ``user`` edited or submitted ``obj`` since it was last approved."""
        from curriculum.four_eyes import has_written_since_approval  # noqa: PLC0415 -- models import this file

        return has_written_since_approval(obj, user)


class Approval(models.Model):
    """A reviewer's yes to exactly one revision, in one language, for one country. Appended."""

    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, related_name="approvals")
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click is one approval.
            models.UniqueConstraint(fields=["revision", "country"], name="one_approval_per_revision_and_country"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} for {self.country}"
