"""What was answered and what was observed. Appended, never changed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.authored import Quiz
from assessments.models.frozen import ChecklistVersion, QuizVersion
from curriculum.models import Module
from programme.models import Evidence, OrganisationUnit, Role, Term


class Ticket(models.Model):
    """One certifying try, made by the server: which items, in which order, until when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="tickets")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="tickets")
    version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="tickets")
    ordinal = models.PositiveSmallIntegerField()
    items = models.JSONField()
    seed = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two taps on "start" must not use up two tries.
            models.UniqueConstraint(fields=["term", "quiz", "ordinal"], name="one_ticket_per_try"),
        ]

    def __str__(self) -> str:
        return f"try {self.ordinal} of {self.quiz}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def counted(self) -> AttemptQuerySet:
        """Certifying attempts that count, one per ticket."""
        return self.filter(counts=True)

    def passed(self) -> AttemptQuerySet:
        """Attempts at or above the pass mark in force, with every critical item right."""
        return self.filter(critical_missed=0, points_earned__gte=F("points_needed"))


class Attempt(Evidence):
    """One sitting of one quiz version, marked on the server with that version's key.

    ``points_needed`` is copied from the pathway version in force. ``item_points`` is
    ``{question uuid: [earned, possible]}``; the answers themselves are in ``AttemptAnswers``.
    """

    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="attempts")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="attempts")  # null: practice
    counts = models.BooleanField()  # decided once, at insertion
    item_points = models.JSONField()
    points_earned = models.PositiveIntegerField()
    points_needed = models.PositiveIntegerField()
    points_possible = models.PositiveIntegerField()
    critical_missed = models.PositiveIntegerField()

    objects = AttemptQuerySet.as_manager()

    class Meta(Evidence.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Evidence.Meta.constraints,
            # Two phones may hold the same ticket; only one sitting of it counts.
            models.UniqueConstraint(fields=["ticket"], condition=Q(counts=True), name="one_counted_attempt_per_ticket"),
            # A practice sitting has no ticket and never certifies.
            models.CheckConstraint(
                condition=Q(counts=False) | Q(ticket__isnull=False), name="counted_attempt_has_a_ticket"
            ),
            models.CheckConstraint(
                condition=Q(points_possible__gt=0, points_earned__lte=F("points_possible")),
                name="attempt_points_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.client_uuid}"

    @property
    def is_passed(self) -> bool:
        return self.critical_missed == 0 and self.points_earned >= self.points_needed


class AttemptAnswers(models.Model):
    """What she answered, apart from the result: may be purged, the result stays.

    Personal data: answers. Kept: twelve months after the term. Erased by: the retention command.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="attempt_answers")
    client_uuid = models.UUIDField()
    answers = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One sheet of answers per sitting.
            models.UniqueConstraint(fields=["term", "client_uuid"], name="answers_once_per_client_uuid"),
        ]

    def __str__(self) -> str:
        return f"answers {self.client_uuid}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def signed_off(self) -> ObservationQuerySet:
        """Observations in which every rule of the checklist was met."""
        return self.filter(is_signed_off=True)


class Observation(Evidence):
    """A practice watched with its checklist and signed by a second person.

    ``steps``: ``{step uuid: outcome}``. ``observer_role`` is the role in which she signed, on that
    day. No client is ever named; the unit is where it happened. ``signed_with`` says how we know the observer:
    signed in here, on her own phone, or by her signing PIN on the learner's phone, where the learner has
    also confirmed that she saw it.
    """

    class Outcome(models.TextChoices):
        DONE_WELL = "done_well", _("done well")
        WITH_HELP = "with_help", _("done with help")
        NOT_DONE = "not_done", _("not done")
        NOT_APPLICABLE = "not_applicable", _("not applicable")

    class Setting(models.TextChoices):
        ROLE_PLAY = "role_play", _("role play")
        REAL_SESSION = "real_session", _("real session")

    class SignedWith(models.TextChoices):
        SESSION = "session", _("signed in here")
        OWN_PHONE = "own_phone", _("signed on her own phone")
        PIN = "pin", _("signed with a signing PIN on the learner’s phone")

    module = models.ForeignKey(Module, models.PROTECT, related_name="observations")
    checklist_version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="observations")
    observer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    observer_role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    setting = models.CharField(max_length=14, choices=Setting.choices)
    steps = models.JSONField()
    is_signed_off = models.BooleanField()
    signed_with = models.CharField(max_length=10, choices=SignedWith.choices, default=SignedWith.SESSION)

    objects = ObservationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"observation {self.client_uuid}"


class ObservationComment(models.Model):
    """Two lines of feedback, apart from the observation: may be purged, the sign-off stays.

    Personal data: words about her work. Kept: twenty-four months. Erased by: the retention command.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="observation_comments")
    client_uuid = models.UUIDField()
    went_well = models.CharField(max_length=160)
    next_step = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One pair of lines per observation.
            models.UniqueConstraint(fields=["term", "client_uuid"], name="comment_once_per_client_uuid"),
        ]

    def __str__(self) -> str:
        return f"comment {self.client_uuid}"


class TalkHeld(models.Model):
    """After the last certifying try somebody talked with her, and one more try opens. Appended.

    Only that they talked and when: no reason, no result, no words. ``after_tries``: how many tries of the quiz had
    counted by then.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="talks")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="talks")
    after_tries = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_as = models.CharField(max_length=20, choices=Role.choices)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click, or a trainer and a coordinator at once, is one talk and one more try.
            models.UniqueConstraint(fields=["term", "quiz", "after_tries"], name="one_talk_after_so_many_tries"),
        ]

    def __str__(self) -> str:
        return f"talk after {self.after_tries} tries of {self.quiz}"
