"""Clinical review: setting it up, deciding, and what follows from an approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail import hooks
from wagtail.models import (
    Page,
    Revision,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from curriculum import policies
from curriculum.fact_changing import last_round
from curriculum.models import Approval, ClinicalReviewTask, EditorialRight, LibraryPage
from curriculum.models.review import ReviewOutdated

WORKFLOW_NAME = "Clinical review"
AFTER_APPROVAL = "after_clinical_approval"
"""Functions registered under this hook get the approved object: they freeze what learners read."""


@transaction.atomic
def ensure_review_workflow() -> Workflow:
    """The workflow "Clinical review" for pages under every library and for questions. Safe to repeat.

    Also brings the permissions of all editorial groups up to date: a library made after the right was
    given would otherwise stay closed to its writers.
    """
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW_NAME, defaults={"active": True})
    task, _made = ClinicalReviewTask.objects.get_or_create(name=WORKFLOW_NAME)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for library in LibraryPage.objects.all():
        WorkflowPage.objects.update_or_create(page=library, defaults={"workflow": workflow})
    for model in policies.reviewed_models():
        content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
        WorkflowContentType.objects.update_or_create(content_type=content_type, defaults={"workflow": workflow})
    task.groups.set(Group.objects.filter(editorial_right__craft=EditorialRight.Craft.REVIEWER))
    for right in EditorialRight.objects.select_related("group"):
        policies.grant(right)
    return workflow


def specific(obj: Any) -> Any:
    """The page as what it is; anything else as it came."""
    return obj.specific if isinstance(obj, Page) else obj


def has_changed_since_sent(task_state: TaskState) -> bool:
    """Whether the text was written on after it was sent in, in a new revision or over the same one."""
    obj = task_state.workflow_state.content_object
    revision = Revision.objects.filter(pk=task_state.revision_id).first()
    return (
        obj is None
        or revision is None
        or (obj.latest_revision_id != revision.pk or revision.created_at > task_state.started_at)
    )


def cancel_if_changed(obj: Any, user: Any) -> bool:
    """Cancel the review of ``obj`` when it was written on meanwhile; say whether that happened."""
    obj = type(obj)._default_manager.get(pk=obj.pk)  # noqa: SLF001 -- Django documents it for this
    state: WorkflowState | None = obj.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state is None:
        return False
    if not has_changed_since_sent(state.current_task_state):
        return False
    state.cancel(user=user)
    return True


def decide(
    *, task: ClinicalReviewTask, task_state: TaskState, reviewer: Any, action_name: str, proceed: Callable[[], Any]
) -> Any:
    """Let ``proceed`` carry out the reviewer's decision, if it is hers to make.

    An approval is written for the very revision that was sent in, before it is published, for every
    country of her right; then what learners read is frozen again. Raises ``PermissionDenied`` when she
    may not decide, ``ReviewOutdated`` (after cancelling the review) when the text changed meanwhile.
    """
    obj = specific(task_state.workflow_state.content_object)
    if obj is None or not task.may_decide(obj, reviewer):
        raise PermissionDenied
    if cancel_if_changed(obj, reviewer):
        raise ReviewOutdated
    if action_name != "approve":
        return proceed()
    with transaction.atomic():
        record_approval(obj=obj, revision=task_state.revision, reviewer=reviewer, now=timezone.now())
        answer = proceed()
        for freeze in hooks.get_hooks(AFTER_APPROVAL):
            freeze(specific(type(obj)._default_manager.get(pk=obj.pk)))  # noqa: SLF001 -- Django documents it for this
    return answer


def record_approval(*, obj: Any, revision: Revision, reviewer: Any, now: datetime) -> list[Approval]:
    """One approval for each country that ``reviewer`` answers for; a repeat returns the same rows."""
    language = policies.language_of(obj)
    return [
        Approval.objects.get_or_create(
            revision=revision,
            country=country,
            round=last_round(revision, country),
            defaults={"language": language, "reviewer": reviewer, "approved_at": now},
        )[0]
        for country in sorted(policies.countries_reviewed_by(reviewer, language))
    ]


def is_approved(revision_id: int | None, country: str) -> bool:
    """Whether exactly this revision, as it stands, is approved for ``country``."""
    if revision_id is None:
        return False
    return Approval.objects.standing().filter(revision_id=revision_id, country=country).exists()
