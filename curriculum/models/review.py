"""Who may write and approve what, and the review that two really different people make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, TaskState

from curriculum.models.fact_changes import Reopened
from curriculum.models.meanings import SaidMeaning, TypoLook


class EditorialRight(models.Model):
    """What the members of a group may do with content. Written by ``programme`` from the roles.

    An empty ``language`` or ``country`` means all of them; ``curriculum`` is always exactly one.
    """

    class Craft(models.TextChoices):
        AUTHOR = "author", _("writes")
        TRANSLATOR = "translator", _("translates")
        REVIEWER = "reviewer", _("approves")

    group = models.OneToOneField(Group, models.CASCADE, related_name="editorial_right")
    craft = models.CharField(max_length=12, choices=Craft.choices)
    language = models.CharField(max_length=12, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two groups with the same right would each need to be emptied to take it away.
            models.UniqueConstraint(fields=["craft", "language", "country", "curriculum"], name="one_group_per_right"),
        ]

    def __str__(self) -> str:
        return f"{self.craft} {self.language or '*'} {self.country or '*'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let the group's permissions in Wagtail follow: a right alone opens no door there."""
        from curriculum.policies import grant  # noqa: PLC0415 -- needs loaded models

        super().save(*args, **kwargs)
        grant(self)


class ReviewOutdated(Exception):
    """The text was written on after it was sent in: the review is cancelled, nothing is approved."""


class ClinicalReviewTask(GroupApprovalTask):
    """Approval by a clinical reviewer who neither wrote nor sent in what she approves.

    Who may decide follows from the editorial rights, for every single text; the groups of the task are
    there for Wagtail's own lists. Writers go on writing during a review: that cancels it.
    """

    class Meta:
        verbose_name = _("clinical review")

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Sent for review: whoever sends it says what it changes (``meanings.MeaningNotSaid`` while she has not)."""
        from curriculum.meanings import say_of  # noqa: PLC0415 -- needs loaded models
        from curriculum.review_actions import specific  # noqa: PLC0415 -- needs loaded models

        state = super().start(workflow_state, user=user)
        if state.revision is not None:
            say_of(state.revision, specific(state.revision.as_object()), by=user)
        return state

    def may_decide(self, obj: Any, user: Any) -> bool:
        """Whether ``user`` reviews this language for some country and has no part in the text herself."""
        from curriculum.policies import countries_reviewed_by, language_of  # noqa: PLC0415 -- needs loaded models
        from curriculum.separation import is_hers  # noqa: PLC0415 -- needs loaded models

        countries = countries_reviewed_by(user, language_of(obj))
        return bool(countries) and is_hers(user, obj) and not self.has_written_since_approval(obj, user, countries)

    def has_written_since_approval(self, obj: Any, user: Any, countries: Iterable[str]) -> bool:
        """Whether ``user`` edited or submitted ``obj`` since it was last approved for one of ``countries``."""
        from curriculum.four_eyes import has_written_since_approval  # noqa: PLC0415 -- needs loaded models

        return has_written_since_approval(obj, user, countries)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not self.may_decide(obj, user):
            return []
        return [("approve", str(_("Approve")), False), ("reject", str(_("Ask for changes")), True)]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Approve or ask for changes. Raises ``PermissionDenied`` for whoever may not decide here.

        The text is taken from the task state: the address that was posted to may name another one.
        """
        from curriculum.review_actions import decide  # noqa: PLC0415 -- needs loaded models

        return decide(
            task=self,
            task_state=task_state,
            reviewer=user,
            action_name=action_name,
            proceed=lambda: super(ClinicalReviewTask, self).on_action(task_state, user, action_name, **kwargs),
        )

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """A reviewer reads on her own page; what she would write she could not approve."""
        return False

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return False

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        """The reviews that wait for ``user``."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        mine = [
            state.pk
            for state in waiting
            if (obj := state.workflow_state.content_object) is not None and self.may_decide(obj, user)
        ]
        return TaskState.objects.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> str:
        return str(_("Somebody who neither wrote nor sent in the text approves it for her country."))


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def standing(self) -> ApprovalQuerySet:
        """Approvals whose revision was not written over since, and prints no rule that has changed since.

        Nor one that was carried over a typo which a second person found to be more than that.
        """
        again = Reopened.objects.filter(
            revision=models.OuterRef("revision"),
            country=models.OuterRef("country"),
            round__gt=models.OuterRef("round"),
        )
        no_typo = TypoLook.objects.filter(
            said=models.OuterRef("carried_over"), country=models.OuterRef("country"), is_typo=False
        )
        return self.filter(
            ~models.Exists(again), ~models.Exists(no_typo), approved_at__gte=models.F("revision__created_at")
        )

    def given(self) -> ApprovalQuerySet:
        """What a reviewer said herself of exactly this revision, not what was carried over a typo."""
        return self.filter(carried_from__isnull=True)


class Approval(models.Model):
    """A reviewer's yes to exactly one revision, in one language, for one country. Appended.

    It holds only while the revision is as it was: one written over after ``approved_at`` is another text. So is one
    that prints another value of the country: ``round`` says how often it had been reopened by then (``Reopened``).

    Over a typo it is carried to the new revision: ``carried_from`` is the approval she gave, ``carried_over`` what was
    said of the change, and ``approved_at`` when that went live. She did not read it again, and the row says so.
    """

    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, related_name="approvals")
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried")
    carried_over = models.ForeignKey(SaidMeaning, models.PROTECT, null=True, related_name="carried")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Carried from somewhere, over something: one without the other could not be looked at.
            models.CheckConstraint(
                condition=models.Q(carried_from__isnull=True, carried_over__isnull=True)
                | models.Q(carried_from__isnull=False, carried_over__isnull=False),
                name="a_carried_approval_names_the_typo",
            ),
            # A double click is one approval.
            models.UniqueConstraint(fields=["revision", "country", "round"], name="one_approval_per_round"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} for {self.country}"
