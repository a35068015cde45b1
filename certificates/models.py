"""Qualifications: by which rule, to whom, frozen at issue, with their states beside them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from certificates.dates import moved_by_leave
from people.models import UNAMBIGUOUS
from programme.models import Leave, Programme, Term

SERIAL_LENGTH = 12


def new_serial() -> str:
    """Twelve unguessable characters without look-alikes (about 59 bits)."""
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(SERIAL_LENGTH))


class Award(models.Model):
    """A kind of certificate of a programme, and what it asks for.

    ``gates``: the milestone gates that must all be met. ``titles``: the neutral public title per
    language. A record of training (``is_record``) asks for nothing and lists what there is. ``not_before_day``: the
    first day of the term on which a course of so many days can be over; 0 asks for nothing.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="awards")
    code = models.SlugField(max_length=30)
    order = models.PositiveSmallIntegerField(default=0)
    titles = models.JSONField()
    gates = models.JSONField(default=list)
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_record = models.BooleanField(default=False)
    allows_work_alone = models.BooleanField(default=False)
    allows_work_supervised = models.BooleanField(default=False)
    not_before_day = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The code is named in exports and in the public address of nothing.
            models.UniqueConstraint(fields=["programme", "code"], name="one_award_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}/{self.code}"

    def title_in(self, language: str) -> str:
        """The neutral title in ``language``, or in English when it has none."""
        return self.titles.get(language) or self.titles["en"]


class AwardSignOff(models.Model):
    """The supervisor's half of the two signatures a certificate needs. Appended."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="award_sign_offs")
    award = models.ForeignKey(Award, models.PROTECT, related_name="sign_offs")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click is one signature.
            models.UniqueConstraint(fields=["term", "award", "signed_by"], name="one_sign_off_per_supervisor"),
        ]

    def __str__(self) -> str:
        return f"{self.award} for {self.term}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def live(self) -> CertificateQuerySet:
        """Certificates that no later one has taken the place of."""
        return self.filter(superseded_at__isnull=True)

    def with_state(self) -> CertificateQuerySet:
        """With everything its state needs: award, latest event and the leave of its term."""
        return self.with_latest_event().prefetch_related("term__leaves")

    def with_latest_event(self) -> CertificateQuerySet:
        """With its award and what its latest event says, in the one query; leave is left to the caller."""
        events = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by("-at", "-pk")
        return self.select_related("award").annotate(latest_event=Subquery(events.values("state")[:1]))


class Certificate(models.Model):
    """What was promised to her, frozen at issue. Nothing here is read again from live tables.

    Its state stands beside it (``CertificateEvent``); ``superseded_at`` only marks that a later
    certificate of the same award took its place. The database refuses a change of any other column.
    ``expires_on`` is what the paper says; ``leave_days_counted`` of it are leave known at issue.
    Leave taken later moves ``valid_until``, never the paper.
    Personal data: printed name. Kept: seven years or until she asks. Erased by: the erasure command.
    """

    serial = models.CharField(max_length=SERIAL_LENGTH, unique=True, default=new_serial, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="certificates")
    award = models.ForeignKey(Award, models.PROTECT, related_name="certificates")
    printed_name = models.CharField(max_length=80)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=12)
    issuing_name = models.CharField(max_length=120)
    issuing_short_name = models.CharField(max_length=40)
    modules = models.JSONField()  # [{"code", "cover_title", "hours", "is_practised"}], cover titles only
    hours = models.PositiveSmallIntegerField()
    signatories = models.JSONField(default=list)
    letterhead = models.JSONField(default=list)
    curriculum_versions = models.JSONField(default=dict)
    pathway_version = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    is_record = models.BooleanField(default=False)
    is_demonstration = models.BooleanField()
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    leave_days_counted = models.PositiveSmallIntegerField(default=0)
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    issued_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two coordinators at once make one certificate.
            models.UniqueConstraint(
                fields=["term", "award"], condition=Q(superseded_at__isnull=True), name="one_live_certificate_per_award"
            ),
            # Four eyes: the supervisor's sign-off and the coordinator's issue are two people.
            models.CheckConstraint(
                condition=~Q(signed_off_by=models.F("issued_by")), name="certificate_has_two_signers"
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.serial}"

    def last_event(self) -> str:
        """What happened to it last; empty when nothing has. No query after ``with_latest_event()``."""
        if "latest_event" in self.__dict__:
            return self.__dict__["latest_event"] or ""
        return self.events.values_list("state", flat=True).last() or ""

    def valid_until(self, leaves: Iterable[Leave] | None = None) -> date | None:
        """The last day it is current: the printed one, or later where leave has moved it since.

        ``None``: it has no end. ``leaves`` are those of its term, prefetched or handed in.
        """
        if self.expires_on is None:
            return None
        without_leave = self.expires_on - timedelta(days=self.leave_days_counted)
        taken = self.term.leaves.all() if leaves is None else leaves
        moved = moved_by_leave(without_leave, self.issued_on, [(leave.from_on, leave.to_on) for leave in taken])
        # Never earlier than the paper: what was promised holds, even when a leave is taken back.
        return max(self.expires_on, moved)

    def is_expired(self, on: date) -> bool:
        """Whether its last day is over on ``on``."""
        until = self.valid_until()
        return until is not None and until < on

    @property
    def number(self) -> str:
        """The serial as people read it: ``K7M2 QXAB 9TRE``."""
        return " ".join(self.serial[start : start + 4] for start in range(0, len(self.serial), 4))


class CertificateEvent(models.Model):
    """A change of state. Appended; the latest one is the state."""

    class State(models.TextChoices):
        ISSUED = "issued", _("issued")
        SUSPENDED = "suspended", _("suspended")
        RESTORED = "restored", _("restored")
        REVOKED = "revoked", _("revoked")
        REPLACED = "replaced", _("replaced")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.state}"


class CertificateFile(models.Model):
    """The PDF as it was made, with its digest. Removed only by erasure."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="file")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"file of {self.certificate}"
