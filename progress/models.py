"""What she studied, when she was there, what she noted. Where she stands is computed (``standing``), never stored."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import FactUpdate, Lesson
from programme.models import Cohort, Evidence, OrganisationUnit, Role, Term

MOST_HOURS = 8
"""Of one half-day: more is two of them."""


class LessonStudy(Evidence):
    """She says that she studied a lesson, in the language and country whose text she read."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="studies")

    def __str__(self) -> str:
        return f"study {self.client_uuid}"


class UpdateAnswer(Evidence):
    """She answered the safety question of an update right. A wrong answer is explained and leaves nothing."""

    update = models.ForeignKey(FactUpdate, models.PROTECT, related_name="answers")
    choice = models.UUIDField()

    def __str__(self) -> str:
        return f"update {self.client_uuid}"


class Half(models.TextChoices):
    """Which half of a day. The values sort as the day goes."""

    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def in_force(self) -> AttendanceQuerySet:
        """Rows whose place no later one about the same half-day has taken."""
        same = {name: OuterRef(name) for name in ("term", "held_on", "half")}
        return self.filter(~Exists(Attendance.objects.filter(**same, pk__gt=OuterRef("pk"))))


class Attendance(Evidence):
    """She was there on one half-day, for ``hours``; or, when ``was_there`` is false, a tick taken back.

    Of several rows about one half-day the last received takes the place of those before. That somebody was not
    there is written nowhere: without a row she was not. ``taken_by`` saw it; ``taken_as`` is her role on that day.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="attendances")
    held_on = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    hours = models.DecimalField(max_digits=3, decimal_places=1)
    was_there = models.BooleanField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_as = models.CharField(max_length=20, choices=Role.choices)

    objects = AttendanceQuerySet.as_manager()

    class Meta(Evidence.Meta):
        indexes: ClassVar[list[models.Index]] = [
            # Each row asks whether a later one took its place.
            models.Index(fields=["term", "held_on", "half"], name="attendance_of_a_half_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Evidence.Meta.constraints,
            # A slip of the finger must not make somebody's hours.
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="half_day_has_a_few_hours"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.client_uuid}"


class LogbookEntryQuerySet(models.QuerySet["LogbookEntry"]):
    def standing(self) -> LogbookEntryQuerySet:
        """Entries that she has not taken back."""
        back = LogbookEntry.objects.filter(term=OuterRef("term"), takes_back=OuterRef("client_uuid"))
        return self.filter(~Exists(back), takes_back__isnull=True)

    def signed(self) -> LogbookEntryQuerySet:
        """Standing entries that somebody has signed: those that count."""
        return self.standing().filter(_signature())

    def waiting(self) -> LogbookEntryQuerySet:
        """Standing entries that nobody has signed yet."""
        return self.standing().filter(~_signature())


def _signature() -> Exists:
    return Exists(LogbookSignature.objects.filter(term=OuterRef("term"), entry=OuterRef("client_uuid")))


class LogbookEntry(Evidence):
    """She notes that she watched a session, or led one and was watched: which of the two, and the day. Nothing else.

    There is no field for words, and none for whom the session was with. ``takes_back``: the entry (its ``client_uuid``)
    that she noted by mistake; it counts no more, and neither does this row.
    """

    class Kind(models.TextChoices):
        """Five of each in the weeks after induction (curriculum blueprint, section 2)."""

        # Translators: in a woman's logbook: she sat in while somebody else led a session.
        WATCHED = "watched", _("Watched a session")
        # Translators: in a woman's logbook: she led a session herself while somebody watched.
        LED = "led", _("Led a session, and somebody watched")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    held_on = models.DateField()
    takes_back = models.UUIDField(null=True, blank=True)

    objects = LogbookEntryQuerySet.as_manager()

    class Meta(Evidence.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Evidence.Meta.constraints,
            # Two taps take it back once.
            models.UniqueConstraint(
                fields=["term", "takes_back"], condition=Q(takes_back__isnull=False), name="entry_taken_back_once"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.client_uuid}"


class LogbookSignature(models.Model):
    """Her supervisor says that a session of her logbook took place. Appended.

    ``entry`` is the ``client_uuid`` of what was signed. ``unit``: where the woman worked when it was signed.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="logbook_signatures")
    entry = models.UUIDField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click, or two supervisors at once, is one signature.
            models.UniqueConstraint(fields=["term", "entry"], name="entry_signed_once"),
        ]

    def __str__(self) -> str:
        return f"signature of {self.entry}"
