"""The one gate before every publication, and who has written a text since it was last approved.

Nothing at the top of this file imports a model: Wagtail reads ``publish_reviewed_revision`` while its
own models are still loading.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.blocked_words import blocked_words_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Revision, WorkflowState


class PublicationRefused(Exception):
    """This text may not be published as it is. ``reasons`` carries all of them, as sentences for the writer."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def cover_title_reason(text: str) -> str | None:
    """The sentence that says why ``text`` cannot be a cover title; ``None`` when it can."""
    words = blocked_words_in(text)
    if not words:
        return None
    # Translators: "words" is a list of words of the title, in quotation marks.
    return _(
        "The cover title is seen by strangers: on a certificate, in a message. Please say it without %(words)s."
    ) % {"words": ", ".join(f"“{word}”" for word in words)}


def has_written_since_approval(obj: Any, user: Any, countries: Iterable[str]) -> bool:
    """Whether ``user`` wrote, translated or sent in ``obj`` since it was last approved for any of ``countries``.

    Writing is a revision of hers, a translated sentence of hers, or a review that she asked for. A text
    never approved for a country counts from its first revision.
    """
    from wagtail.models import Revision, WorkflowState  # noqa: PLC0415 -- read while models load
    from wagtail_localize.models import StringTranslation  # noqa: PLC0415 -- read while models load

    approvals = apps.get_model("curriculum", "Approval").objects
    revisions = Revision.objects.for_instance(obj)
    written = revisions.filter(user=user)
    requested = WorkflowState.objects.for_instance(obj).filter(requested_by=user)
    translated = StringTranslation.objects.filter(
        last_translated_by=user, locale=obj.locale_id, context__object_id=obj.translation_key
    )
    for country in countries:
        last = approvals.given().filter(revision__in=revisions, country=country).order_by("-approved_at").first()
        if last is None:
            if written.exists() or requested.exists() or translated.exists():
                return True
        elif (
            written.filter(created_at__gt=last.revision.created_at).exists()
            or requested.filter(created_at__gt=last.approved_at).exists()
            or translated.filter(updated_at__gt=last.revision.created_at).exists()
        ):
            return True
    return False


def is_approved_by(revision: Revision, user: Any) -> bool:
    """Whether ``user`` approved exactly this revision, and it was not written over since."""
    approvals = apps.get_model("curriculum", "Approval").objects
    mine = approvals.given().filter(revision=revision, reviewer=user)
    return mine.filter(approved_at__gte=revision.created_at).exists()


def guard_publication(*, revision: Revision, obj: Any, user: Any, skip_permission_checks: bool = False) -> None:
    """Refuse what must never be published, whichever way it comes.

    The button, bulk publication, a schedule, the end of a review, an import and a translation all end in
    Wagtail's one publishing action; this stands before it, and what the change means is settled after it
    (``curriculum.meanings``). Raises ``PublicationRefused`` with all reasons:

    - a cover title with a word that tells a stranger about health;
    - a lesson that costs her more data than we promised (``curriculum.weights``);
    - a person whose language or country this is not (asked unless ``skip_permission_checks``);
    - a reviewer who would publish, as approved, what she wrote or sent in herself.
    """
    reasons = []
    if (title_reason := cover_title_reason(getattr(obj, "cover_title", "") or "")) is not None:
        reasons.append(title_reason)
    reasons += _too_heavy(obj)
    if user is not None:
        approval_of = apps.get_model("curriculum", "Approval").objects.given().filter(revision=revision, reviewer=user)
        if approval := approval_of.first():
            if _wrote_or_sent(revision, obj, user, approval.approved_at):
                reasons.append(_("You wrote or sent in this text. Somebody else must approve it."))
        elif not skip_permission_checks and not _may_publish(user, obj):
            reasons.append(_("This text is in a language or for a country that somebody else looks after."))
    if reasons:
        raise PublicationRefused(reasons)


def _too_heavy(obj: Any) -> list[str]:
    from curriculum.weights import reasons_against  # noqa: PLC0415 -- read while models load

    return reasons_against(obj)


def _wrote_or_sent(revision: Revision, obj: Any, user: Any, approved_at: Any) -> bool:
    """Whether the revision that ``user`` approved is her own, or a review of it that she asked for."""
    from wagtail.models import TaskState  # noqa: PLC0415 -- read while models load

    sent = TaskState.objects.filter(revision=revision, workflow_state__requested_by=user, started_at__lte=approved_at)
    return revision.user_id == user.pk or sent.exists()


def _may_publish(user: Any, obj: Any) -> bool:
    from wagtail.models import Page  # noqa: PLC0415 -- read while models load
    from wagtail.permissions import policy_registry  # noqa: PLC0415 -- read while models load

    if isinstance(obj, Page):
        from curriculum.policies import language_of, may_write  # noqa: PLC0415 -- read while models load

        return may_write(user, language_of(obj)) and obj.permissions_for_user(user).can_publish()
    return policy_registry.get(obj).user_has_permission_for_instance(user, "publish", obj)


def publish_reviewed_revision(workflow_state: WorkflowState, user: Any = None) -> None:
    """What happens when a review ends well: exactly the revision that was reviewed goes out.

    The reviewer needs no right to publish of her own: her approval of this very revision is the right.
    """
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)


def install() -> None:
    """Put the guard before Wagtail's publishing action. Called once when the app starts; safe to repeat."""
    from wagtail.actions.publish_revision import PublishRevisionAction  # noqa: PLC0415 -- read while models load

    unguarded = PublishRevisionAction.execute
    if getattr(unguarded, "is_guarded", False):
        return

    @wraps(unguarded)
    def execute(self: PublishRevisionAction, skip_permission_checks: bool = False) -> Any:
        guard_publication(
            revision=self.revision,
            obj=self.object,
            user=self.user,
            skip_permission_checks=skip_permission_checks,
        )
        from curriculum.meanings import settle  # noqa: PLC0415 -- it knows this module
        from curriculum.text_changes import following  # noqa: PLC0415 -- read while models load

        with transaction.atomic():
            settled = settle(revision=self.revision, obj=self.object, user=self.user)
            with following(settled, self.revision, self.object):
                return unguarded(self, skip_permission_checks=skip_permission_checks)

    execute.is_guarded = True  # type: ignore[attr-defined]
    PublishRevisionAction.execute = execute  # type: ignore[method-assign]
