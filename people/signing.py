"""The signing PIN: choosing it, and checking what came from a phone that is not hers. Nothing of it is ever on a phone.

A phone without network can check nothing. So a PIN that was typed there arrives sealed, once for each act, and is
counted here: after five wrong ones the PIN signs nothing more until she chooses another.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import AccessEntry, AccessKind, SigningPin, User, WrongSigning, alias_key
from people.pins import SecretRefused, check_pin, is_pin

WRONG_SIGNINGS = 5
"""Of a million PINs; more would be guessing, fewer would punish a cold finger."""


class NotConfirmed(Exception):
    """No such name, no signing PIN at that time, another PIN, or a paused one: whoever sent it is never told which.

    ``pin`` is the one that was tried, when one was: ``count_wrong_signing`` notes that.
    """

    def __init__(self, pin: SigningPin | None = None) -> None:
        super().__init__()
        self.pin = pin


@transaction.atomic
def choose_signing_pin(*, user: User, pin: str, now: datetime, was_seen: bool = False) -> SigningPin:
    """A new signing PIN for ``user``, who has just shown what she signs in with. Ends a pause.

    What she signed before with the one she had is still accepted when it arrives, five wrong tries of it
    aside; with ``was_seen`` nothing more of it is. Raises ``SecretRefused`` with a sentence.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    check_pin(user, pin)
    if user.check_password(pin):
        raise SecretRefused(_("This is what you sign in with. Choose six other digits for signing."))
    before = signing_pin_of(user)
    if before is not None:
        if check_password(pin, before.pin_hash):
            raise SecretRefused(_("You have this signing PIN already. Choose six other digits."))
        before.wrong_signings.update(counts=False)
        before.replaced_at, before.is_spoilt = now, was_seen
        before.save(update_fields=["replaced_at", "is_spoilt"])
    locked.signing_paused_at = None
    locked.save(update_fields=["signing_paused_at"])
    # Not ``log_access``, which leaves out one's own acts: if it was not her who chose, this is how she learns of it.
    AccessEntry.objects.create(subject=user, actor=user, kind=AccessKind.SIGNING_PIN_CHOSEN, at=now)
    return SigningPin.objects.create(user=user, pin_hash=make_password(pin), chosen_at=now)


def signing_pin_of(user: User) -> SigningPin | None:
    """The one in force; ``None`` when she has chosen none. One query."""
    return SigningPin.objects.filter(user=user, replaced_at__isnull=True).first()


def is_paused(pin: SigningPin) -> bool:
    """Whether five wrong ones have been tried since she last signed rightly. One query."""
    return pin.wrong_signings.filter(counts=True).count() >= WRONG_SIGNINGS


def wrong_signings_of(user: User) -> QuerySet[WrongSigning]:
    """What was tried in her name and did not match, the latest first."""
    tried = WrongSigning.objects.filter(pin__user=user)
    return tried.select_related("sent_by").order_by("-at", "-pk")


@transaction.atomic
def find_signer(*, alias: str, pin: str, at: datetime) -> User:
    """Who signed: the person called ``alias`` whose signing PIN was ``pin`` at ``at``. Forgives her wrong ones.

    Raises ``NotConfirmed``; the work is the same for a name that nobody has. The row is locked until the
    transaction ends, so that a hundred tries at once are not a hundred tries.
    """
    rows = SigningPin.objects.select_for_update(of=("self",)).select_related("user")
    in_force = Q(chosen_at__lte=at) & (Q(replaced_at__isnull=True) | Q(replaced_at__gt=at))
    found = rows.filter(in_force, user__alias_key=alias_key(alias), is_spoilt=False).order_by("-chosen_at").first()
    if found is None or is_paused(found):
        make_password(pin)
        raise NotConfirmed
    if not is_pin(pin) or not check_password(pin, found.pin_hash):
        raise NotConfirmed(found)
    found.wrong_signings.filter(counts=True).update(counts=False)
    return found.user


@transaction.atomic
def count_wrong_signing(*, pin: SigningPin, sent_by: User, client_uuid: UUID) -> bool:
    """Note a wrong try; return whether it was new. The fifth pauses the PIN, and she reads that in her log."""
    _noted, is_new = WrongSigning.objects.get_or_create(pin=pin, sent_by=sent_by, client_uuid=client_uuid)
    if is_new and pin.wrong_signings.filter(counts=True).count() == WRONG_SIGNINGS:
        if pin.replaced_at is None:
            # With the person, whom every page has: the roster says so without asking for it.
            User.objects.filter(pk=pin.user_id).update(signing_paused_at=timezone.now())
        paused = AccessKind.SIGNING_PAUSED
        AccessEntry.objects.create(subject=pin.user, actor=sent_by, actor_role="learner", kind=paused)
    return is_new
