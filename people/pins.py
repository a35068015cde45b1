"""Which PIN or password may be chosen. Plain rules: no request, no writing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from people.models import User

PIN_LENGTH = 6

# Ways over the key pad of a phone: columns, diagonals, rows.
WAYS_OVER_THE_KEYS = frozenset(
    {"147258", "147852", "258147", "258369", "369258", "159753", "159357", "753159", "357159", "789456", "456789"}
)


class SecretRefused(Exception):
    """A PIN or password that would be guessed; ``reason`` is a sentence for her who chose it."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def is_easy_to_guess(pin: str) -> bool:
    """Whether ``pin`` is one of those tried first: 000000, 123456, 987654, 123123, 121212, 112233."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_run = len(steps) == 1 and steps <= {0, 1, 9}
    half = len(pin) // 2
    is_repeat = pin[:half] == pin[half:] or pin == pin[:2] * half
    is_pairs = pin[::2] == pin[1::2]
    return is_run or is_repeat or is_pairs or pin in WAYS_OVER_THE_KEYS


def check_secret(user: User, secret: str) -> None:
    """Accept a PIN or password of the kind that ``user`` has; raise ``SecretRefused`` otherwise."""
    if user.secret_kind == user.SecretKind.PASSWORD:
        try:
            validate_password(secret, user)
        except ValidationError:
            raise SecretRefused(
                _("Choose a longer password: at least 12 characters, and not one that many people use.")
            ) from None
        return
    check_pin(user, secret)


def check_pin(user: User, pin: str) -> None:
    """Accept a PIN that ``user`` may choose, for whatever it is used; raise ``SecretRefused`` otherwise."""
    if not is_pin(pin):
        raise SecretRefused(_("Choose a PIN of six digits, numbers only."))
    if is_easy_to_guess(pin):
        raise SecretRefused(_("This PIN is easy to guess. Choose six digits that are not in a row and not repeated."))
    if user.phone.endswith(pin):
        raise SecretRefused(_("These are the last digits of your phone number. Choose six other digits."))


def is_pin(typed: str) -> bool:
    """Whether ``typed`` has the shape of a PIN: six digits."""
    return len(typed) == PIN_LENGTH and typed.isascii() and typed.isdigit()
