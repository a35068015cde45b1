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
from people.models import LONGEST_NAME, UNAMBIGUOUS
from programme.models import Leave, Programme, Term

SERIAL_LENGTH = 12


def check_character(body: str) -> str:
    """The last character of a number whose others are ``body``.

    A weighted sum modulo 31, as ISBN-10 has it modulo 11. The alphabet has 31 characters, a prime number: every
    single wrong character, and any two that changed places, give another sum.
    """
    size = len(UNAMBIGUOUS)
    total = sum(weight * UNAMBIGUOUS.index(letter) for weight, letter in enumerate(body, start=2))
    return UNAMBIGUOUS[-total % size]


def new_serial() -> str:
    """Twelve characters without look-alikes: eleven unguessable ones (about 54 bits), and the check of them."""
    body = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(SERIAL_LENGTH - 1))
    return body + check_character(body)


class IssuerKey(models.Model):
    """The public half of a key with which a programme signs its papers. It stays for ever: old papers need it.

    The private half is no row: a file in ``settings.ISSUER_KEYS``, locked with ``settings.ISSUER_KEY_SECRET``.
    ``fingerprint``: SHA-256 (hex) of the public key in DER (SubjectPublicKeyInfo). ``retired_at``: it signs nothing
    any more, and what it signed is good. ``lost_at``: somebody else may hold it; a paper is genuine only when this
    installation knows it.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="issuer_keys")
    fingerprint = models.CharField(max_length=64, unique=True)
    certificate_pem = models.TextField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["made_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two keys at once would leave it to chance which one signs.
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(retired_at__isnull=True, lost_at__isnull=True),
                name="one_signing_key_per_programme",
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.fingerprint[:8]}"

    @property
    def short(self) -> str:
        """The first four bytes of the fingerprint, in hex: what a code on paper names it by."""
        return self.fingerprint[:8]


class Award(models.Model):
    """A kind of certificate of a programme, and what it asks for.

    ``gates``: the milestone gates that must all be met. ``titles``: the neutral public title per
    language. A record of training (``is_record``) asks for nothing and lists what there is. ``not_before_day``: the
    first day of the term on which a course of so many days can be over; 0 asks for nothing.
    ``attendance_hours`` and ``logbook_entries``: how many of each the term must show. ``needs``: codes of awards of
    which she must have held one each. ``after_end``: only when the term is over, or in its last days. ``two_people``:
    verbs ("suspend", "restore", "revoke") that one asks for and another carries out.
    """

    class Kind(models.TextChoices):
        """What an award is for; titles are the programme's own."""

        INDUCTION = "induction", _("induction")
        CERTIFIED = "certified", _("competence")
        REFRESHER = "refresher", _("yearly refresher")
        GRADUATION = "graduation", _("end of the term")
        RECORD = "record", _("record of training")
        TRAINER = "trainer", _("trainer")
        PASSPORT = "passport", _("career passport")
        OTHER = "other", _("other")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="awards")
    code = models.SlugField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    order = models.PositiveSmallIntegerField(default=0)
    titles = models.JSONField()
    gates = models.JSONField(default=list)
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_record = models.BooleanField(default=False)
    allows_work_alone = models.BooleanField(default=False)
    allows_work_supervised = models.BooleanField(default=False)
    not_before_day = models.PositiveSmallIntegerField(default=0)
    attendance_hours = models.PositiveSmallIntegerField(default=0)
    logbook_entries = models.PositiveSmallIntegerField(default=0)
    needs = models.JSONField(default=list, blank=True)
    after_end = models.BooleanField(default=False)
    two_people = models.JSONField(default=list, blank=True)

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
    """The supervisor's half of the two signatures a certificate needs. Appended.

    ``round``: how many certificates of this award the term had before; a renewal asks anew.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="award_sign_offs")
    award = models.ForeignKey(Award, models.PROTECT, related_name="sign_offs")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click is one signature.
            models.UniqueConstraint(fields=["term", "award", "signed_by", "round"], name="one_sign_off_per_supervisor"),
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
    ``languages``: hers first, then the working language where it is another; ``titles`` and each module's
    ``cover_titles`` are per language. ``statement``: the small signed statement that the code on the paper carries,
    made with ``key``; empty on papers from before there were keys. ``facts``: what else this kind of paper says
    (a passport: practices signed off and earlier papers). ``erased_at``: name and PDF are gone by her wish; the number
    answers "not current", or as before where she chose so (``stays_current``).
    Personal data: printed name. Kept: seven years or until she asks. Erased by: the erasure command.
    """

    serial = models.CharField(max_length=SERIAL_LENGTH, unique=True, default=new_serial, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="certificates")
    award = models.ForeignKey(Award, models.PROTECT, related_name="certificates")
    printed_name = models.CharField(max_length=LONGEST_NAME)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=12)
    languages = models.JSONField(default=list)
    titles = models.JSONField(default=dict)
    issuing_name = models.CharField(max_length=120)
    issuing_short_name = models.CharField(max_length=40)
    modules = models.JSONField()  # [{"code", "cover_title", "hours", "is_practised"}], cover titles only
    hours = models.PositiveSmallIntegerField()
    signatories = models.JSONField(default=list)
    letterhead = models.JSONField(default=list)
    curriculum_versions = models.JSONField(default=dict)
    pathway_version = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    key = models.ForeignKey(IssuerKey, models.PROTECT, null=True, blank=True, related_name="certificates")
    statement = models.BinaryField(default=bytes)
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
    erased_at = models.DateTimeField(null=True, blank=True)
    stays_current = models.BooleanField(default=False)

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
    """A change of state. Appended; the latest one is the state. ``asked_by``: the first of the two that it needed."""

    class State(models.TextChoices):
        ISSUED = "issued", _("issued")
        SUSPENDED = "suspended", _("suspended")
        RESTORED = "restored", _("restored")
        REVOKED = "revoked", _("revoked")
        REPLACED = "replaced", _("replaced")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.state}"


class CertificateProposal(models.Model):
    """One person asks for a change of state that two decide; another carries it out or takes it off the table."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=10, choices=CertificateEvent.State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same thing asked twice is one thing to decide.
            models.UniqueConstraint(
                fields=["certificate", "state"],
                condition=Q(closed_at__isnull=True),
                name="one_open_proposal_per_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} asked for {self.certificate}"


class CertificateFile(models.Model):
    """A PDF as it was made, with its digest. Removed only by erasure."""

    class Kind(models.TextChoices):
        """The paper itself; a card for the wallet; her own copy under the programme's full name."""

        PAPER = "paper", _("certificate")
        CARD = "card", _("card")
        NAMED = "named", _("copy with the full name")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PAPER)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A second one would be a second promise.
            models.UniqueConstraint(fields=["certificate", "kind"], name="one_file_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.certificate}"


class IssueBatch(models.Model):
    """A cohort's certificates of one award, asked for in one go and made in the background."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, models.PROTECT, related_name="batches")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    issue_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.award}"


class IssueBatchItem(models.Model):
    """One term in a batch, and what became of it. Done again, it gives the same certificate."""

    class Result(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ISSUED = "issued", _("issued")
        NOT_YET = "not_yet", _("not yet")
        STOPPED = "stopped", _("stopped")

    batch = models.ForeignKey(IssueBatch, models.CASCADE, related_name="items")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.WAITING)
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A woman stands in a batch once.
            models.UniqueConstraint(fields=["batch", "term"], name="once_in_a_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.result} in {self.batch}"
