"""Who somebody is, how she signs in, what she agreed to, and who looked at her record."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.fields import EncryptedTextField, blind_index

UNAMBIGUOUS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody mistakes for another on paper: no 0/O, 1/I/L."""

LONGEST_NAME = 90
"""Letters of a chosen name. A certificate prints as many, and cuts none off."""


def new_alias() -> str:
    """A fresh login alias such as ``K7M-2QX``: says nothing about the person, easy to type."""
    first, second = ("".join(secrets.choice(UNAMBIGUOUS) for _ in range(3)) for _ in range(2))
    return f"{first}-{second}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, alias: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Make a person; without ``password`` she cannot sign in until she uses an invitation."""
        user = self.model(alias=normalise_alias(alias or new_alias()), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, alias: str, password: str, **fields: Any) -> User:
        fields = {"secret_kind": User.SecretKind.PASSWORD, "is_staff": True, "is_superuser": True} | fields
        return self.create_user(alias, password, **fields)

    def get_by_natural_key(self, alias: str | None) -> User:
        return self.get(alias=normalise_alias(alias or ""))


def normalise_alias(typed: str) -> str:
    """The alias as stored, from what was typed: upper case, no spaces."""
    return "".join(typed.split()).upper()


def alias_key(typed: str) -> str:
    """What an alias is found by: ``k7m 2qx``, ``K7M-2QX`` and ``k7m2qx`` are one."""
    typed = normalise_alias(unicodedata.normalize("NFKC", typed))
    return "".join(character for character in typed if character not in "-\u2010\u2011\u2012\u2013\u2014\x00")


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Her identity is the alias; there is no legal name.

    Personal data: chosen name, phone, e-mail. Kept: contacts until 30 days after her last term.
    Erased by: the retention command. Never here: health, family, address, number of an identity card.
    """

    class SecretKind(models.TextChoices):
        PIN = "pin", _("six-digit PIN")
        PASSWORD = "password", _("password")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alias = models.CharField(_("work name"), max_length=24, unique=True)
    # Unique as well: two aliases that differ by a dash would be one to whoever types them.
    alias_key = models.GeneratedField(
        expression=Replace(Upper("alias"), Value("-"), Value("")),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        unique=True,
    )
    display_name = models.CharField(_("chosen name"), max_length=LONGEST_NAME)
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    email_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    languages = models.JSONField(_("languages, the best first"), default=list)
    languages_chosen_at = models.DateTimeField(null=True, editable=False)
    text_size = models.PositiveSmallIntegerField(_("text size"), default=0)
    text_size_chosen_at = models.DateTimeField(null=True, editable=False)
    secret_kind = models.CharField(max_length=8, choices=SecretKind.choices, default=SecretKind.PIN)
    signing_paused_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the writing desk"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "alias"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A to A++; a fourth size would have no style.
            models.CheckConstraint(condition=Q(text_size__lte=2), name="text_size_is_one_of_three"),
        ]

    def __str__(self) -> str:
        """The alias: safe in a log line, which a name is not."""
        return self.alias

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def first_name(self) -> str:
        """What Wagtail's side bar shows."""
        return self.display_name

    def set_phone(self, number: str) -> None:
        """Keep ``number`` (E.164) encrypted with its index; does not save."""
        self.phone, self.phone_index = number, blind_index(number)

    def set_email(self, address: str) -> None:
        """Keep ``address`` encrypted with its index; does not save."""
        self.email, self.email_index = address, blind_index(address.lower())

    @property
    def reading_languages(self) -> list[str]:
        """Her languages in order, then the rest of the product's, so that a list is never empty."""
        known = [code for code, _name in settings.LANGUAGES]
        own = [code for code in self.languages if code in known]
        return own + [code for code in known if code not in own]


class Invitation(models.Model):
    """A one-time code on a printed slip, with which only the woman herself can choose her PIN.

    The code is shown once, to print; only its digest is kept. A newer one replaces the older.
    """

    class Purpose(models.TextChoices):
        FIRST = "first", _("first sign-in")
        FORGOTTEN = "forgotten", _("new PIN")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two live slips for one woman would let a lost one work.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.purpose}"

    def is_open(self, at: datetime) -> bool:
        """Whether the slip still works at ``at``."""
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at


class SigningPin(models.Model):
    """With which somebody signs, on another's phone, what she has watched. Apart from what she signs in with.

    An act is checked with the one that was in force when it happened: what waited on a phone while she chose a
    new one still counts. ``is_spoilt``: somebody else may know it, so nothing more is accepted with it.
    Personal data: none that can be read. Kept: thirteen months after it was replaced. Erased by: the retention command.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="signing_pins")
    pin_hash = models.CharField(max_length=200, editable=False)
    chosen_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    is_spoilt = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two in force would be two chances for whoever guesses.
            models.UniqueConstraint(
                fields=["user"], condition=Q(replaced_at__isnull=True), name="one_signing_pin_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: signing PIN of {self.chosen_at:%Y-%m-%d}"


class WrongSigning(models.Model):
    """An act signed in somebody's name whose PIN was not hers; the same act is one, however often it comes.

    ``counts`` ends when she signs rightly or chooses a new PIN.
    Personal data: who sent it. Kept: thirteen months. Erased by: the retention command.
    """

    pin = models.ForeignKey(SigningPin, models.CASCADE, related_name="wrong_signings")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    client_uuid = models.UUIDField(editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    counts = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A phone resends until it hears back, and a person may try again what was kept.
            models.UniqueConstraint(fields=["pin", "sent_by", "client_uuid"], name="one_wrong_signing_per_act"),
        ]

    def __str__(self) -> str:
        return f"{self.pin}: wrong, from {self.sent_by}"


class ConsentPart(models.IntegerChoices):
    """The five separate things that are asked (programme reference, 9.6). Only the first is needed."""

    TRAINING_RECORD = 1, _("my training record")
    MESSAGES = 2, _("messages to my phone")
    NAME_ON_CERTIFICATE_PAGE = 3, _("my name on the page that checks a certificate")
    PHOTO_OR_STORY = 4, _("my photo or story")
    STATISTICS = 5, _("statistics without my name")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def current_for(self, user: User) -> dict[int, Consent]:
        """The latest answer of ``user`` to each part she was asked."""
        return {consent.part: consent for consent in self.filter(user=user).order_by("answered_at", "pk")}

    def has_agreed(self, user: User, part: int = ConsentPart.TRAINING_RECORD) -> bool:
        """Whether the latest answer of ``user`` to ``part`` is yes; no answer is no."""
        answers = self.filter(user=user, part=part).order_by("answered_at", "pk")
        return bool(answers.values_list("is_given", flat=True).last())


class Consent(models.Model):
    """One answer to one part, in the words she saw. Appended: a withdrawal is a new row.

    Personal data: what she agreed to. Kept: five years. Erased by: the retention command.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    part = models.PositiveSmallIntegerField(choices=ConsentPart.choices)
    is_given = models.BooleanField()
    wording_version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    witness_code = models.CharField(max_length=24, blank=True, default="")
    answered_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user}: {self.part} {'yes' if self.is_given else 'no'}"


class AccessKind(models.TextChoices):
    """What happened to a record; each is a sentence that its owner can read."""

    RECORD_OPENED = "record_opened", _("opened your record")
    CERTIFICATE_CHECKED = "certificate_checked", _("looked up your certificate")
    KEPT_SEEN = "kept_seen", _("saw that something you sent was not accepted")
    KEPT_DECIDED = "kept_decided", _("decided about something you sent that was not accepted")
    PRACTICE_SIGNED = "practice_signed", _("signed a practice")
    INVITATION_MADE = "invitation_made", _("printed a slip for your first sign-in")
    PIN_SLIP_MADE = "pin_slip_made", _("printed a slip for a new PIN")
    PIN_CHOSEN = "pin_chosen", _("chose a new PIN")
    SESSIONS_ENDED = "sessions_ended", _("ended the sign-in on other phones")
    TERM_CHANGED = "term_changed", _("changed your dates or place of work")
    SIGNING_PIN_CHOSEN = "signing_pin_chosen", _("chose a new signing PIN")
    SIGNING_PAUSED = "signing_paused", _("typed five wrong signing PINs in your name, so signing is paused")
    CERTIFICATE_SIGNED_OFF = "certificate_signed_off", _("signed off your certificate")
    CERTIFICATE_ISSUED = "certificate_issued", _("issued your certificate")
    CERTIFICATE_STATE = "certificate_state", _("changed the state of a certificate")


class AccessEntry(models.Model):
    """One look at, or act on, somebody's record. She can read every one of them.

    Personal data: who looked at whom. Kept: five years. Erased by: the retention command.
    """

    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_role = models.CharField(max_length=24, blank=True, default="")
    kind = models.CharField(max_length=24, choices=AccessKind.choices)
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.actor} {self.kind} {self.subject}"


def log_access(*, subjects: Iterable[User], actor: User, kind: AccessKind, actor_role: str = "") -> list[AccessEntry]:
    """Write one entry per subject; looking at one's own record is not logged."""
    return AccessEntry.objects.bulk_create(
        AccessEntry(subject=subject, actor=actor, kind=kind, actor_role=actor_role)
        for subject in subjects
        if subject.pk != actor.pk
    )
