"""Everything that changes who can sign in, with what, and what she agreed to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from people.consent import WORDING_VERSION
from people.models import (
    UNAMBIGUOUS,
    AccessEntry,
    AccessKind,
    Consent,
    Invitation,
    User,
    alias_key,
    log_access,
    normalise_alias,
)
from people.pins import check_secret

SLIP_IS_VALID = timedelta(days=14)
CODE_LENGTH = 8


class SlipRefused(Exception):
    """No such account, another code, a used or replaced slip, or one past its days: never said which."""


def _digest(user: User, code: str) -> str:
    """Keyed: a code has 39 bits, which a stolen table of plain digests would give away."""
    return hmac.new(settings.PIN_PEPPER.encode(), f"slip:{user.uuid}:{code}".encode(), hashlib.sha256).hexdigest()


def normalise_code(typed: str) -> str:
    """A slip's code as it was made, from what was typed: upper case, no spaces, no dashes."""
    return alias_key(typed)


@transaction.atomic
def invite(*, user: User, purpose: str, by: User, now: datetime, actor_role: str = "") -> tuple[Invitation, str]:
    """Make a slip for ``user``; return it with its code, which is shown once and kept nowhere.

    It works for 14 days and replaces an older one that was not used. Nothing of hers changes until
    she uses it: her PIN works on, her sign-ins stay. She can read on her page that it was made.
    """
    User.objects.select_for_update().get(pk=user.pk)
    user.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)
    code = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(CODE_LENGTH))
    invitation = Invitation.objects.create(
        user=user,
        purpose=purpose,
        code_hash=_digest(user, code),
        created_by=by,
        created_at=now,
        expires_at=now + SLIP_IS_VALID,
    )
    kind = AccessKind.INVITATION_MADE if purpose == Invitation.Purpose.FIRST else AccessKind.PIN_SLIP_MADE
    log_access(subjects=[user], actor=by, kind=kind, actor_role=actor_role)
    return invitation, code


def find_invitation(*, alias: str, code: str, now: datetime) -> Invitation:
    """The open slip of ``alias`` with ``code``; raises ``SlipRefused`` when there is none, never saying why."""
    user = User.objects.filter(alias_key=alias_key(alias)).first()
    digest = _digest(user or User(), normalise_code(code))
    invitation = Invitation.objects.select_related("user").filter(code_hash=digest, user=user).first()
    if user is None or invitation is None or not user.is_active or not invitation.is_open(now):
        raise SlipRefused
    return invitation


@transaction.atomic
def use_invitation(*, alias: str, code: str, pin: str, now: datetime) -> User:
    """Let the woman who holds the slip choose her PIN (staff: a password); return her.

    Ends all her sign-ins, as sessions follow the secret. Raises ``SlipRefused``, or
    ``SecretRefused`` with a sentence; the slip then stays open. A slip works once.
    """
    invitation = find_invitation(alias=alias, code=code, now=now)
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    check_secret(user, pin)
    still_open = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True)
    if not still_open.update(used_at=now):
        raise SlipRefused
    _set_secret(user, pin, now)
    return user


@transaction.atomic
def change_secret(*, user: User, secret: str, now: datetime) -> User:
    """A new PIN or password, chosen by ``user`` who has just shown the old one. Ends her other sign-ins.

    Raises ``SecretRefused``.
    """
    check_secret(user, secret)
    _set_secret(user, secret, now)
    return user


def _set_secret(user: User, secret: str, now: datetime) -> None:
    kinds = [AccessKind.PIN_CHOSEN]
    if user.has_usable_password():
        kinds.append(AccessKind.SESSIONS_ENDED)
    user.set_password(secret)
    user.save(update_fields=["password"])
    # Not ``log_access``, which leaves out what somebody does with her own record: if it was not
    # her who chose, this line is how she learns of it.
    AccessEntry.objects.bulk_create(AccessEntry(subject=user, actor=user, kind=kind, at=now) for kind in kinds)


@transaction.atomic
def record_consent(
    *, user: User, answers: dict[int, bool], language: str, now: datetime, witness: str = ""
) -> list[Consent]:
    """Append her answers (part: yes or no) in the words of today; return what was new.

    Answers that already stand in the same wording are not written again, so a form sent twice
    is harmless. ``witness`` is the work name of whoever read the questions to her.
    """
    User.objects.select_for_update().get(pk=user.pk)
    standing = Consent.objects.current_for(user)
    new = [
        Consent(
            user=user,
            part=part,
            is_given=is_given,
            wording_version=WORDING_VERSION,
            language=language,
            witness_code=normalise_alias(witness),
            answered_at=now,
        )
        for part, is_given in sorted(answers.items())
        if part not in standing
        or (standing[part].is_given, standing[part].wording_version) != (is_given, WORDING_VERSION)
    ]
    return Consent.objects.bulk_create(new)


def choose_languages(*, user: User, languages: list[str], at: datetime) -> bool:
    """Her languages, the best first; repeats are left out. Chosen ``at``: an older choice changes nothing.

    Return whether this choice is new. Phones hand over what was chosen in any order.
    """
    return _choose(user, "languages", list(dict.fromkeys(languages)), at)


def choose_text_size(*, user: User, text_size: int, at: datetime) -> bool:
    """0, 1 or 2 for A, A+ and A++. Chosen ``at``: an older choice changes nothing; return whether it is new."""
    return _choose(user, "text_size", text_size, at)


@transaction.atomic
def _choose(user: User, name: str, value: Any, at: datetime) -> bool:
    noted = f"{name}_chosen_at"
    stored = User.objects.select_for_update().get(pk=user.pk)
    chosen, chosen_at = getattr(stored, name), getattr(stored, noted)
    # Of two choices of one moment the greater stands, whichever comes first.
    if chosen_at is None or (chosen_at, chosen) < (at, value):
        chosen, chosen_at, is_new = value, at, True
        setattr(stored, name, value)
        setattr(stored, noted, at)
        stored.save(update_fields=[name, noted])
    else:
        is_new = chosen_at > at
    setattr(user, name, chosen)
    setattr(user, noted, chosen_at)
    return is_new
