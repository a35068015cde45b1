"""Signing in: alias or phone with a PIN, or a password for staff; peppered hashes; one message."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from people.models import User

ONE_MESSAGE = _(
    "That did not work. Check your work name and your PIN, and try again. "
    "After five tries there is a pause of 15 minutes. Your coordinator can print a new slip."
)
"""Whatever was wrong: the name, the PIN, the account or the pause. It gives nothing away."""


class PepperedArgon2Hasher(Argon2PasswordHasher):
    """Argon2 over an HMAC with a key kept outside the database.

    A PIN has a million values: a stolen database alone would give it away within hours. With the
    pepper in the environment the hashes say nothing.
    """

    algorithm = "peppered_argon2"
    time_cost = 2
    memory_cost = 19456  # OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, t=2, p=1
    parallelism = 1

    def _peppered(self, password: str) -> str:
        return hmac.new(settings.PIN_PEPPER.encode(), password.encode(), hashlib.sha256).hexdigest()

    def encode(self, password: str, salt: str) -> str:
        return super().encode(self._peppered(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(self._peppered(password), encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: all hashes are made with one cost."""


class AliasBackend(AuthenticationBackend):
    """allauth's backend; a username is our alias. Its dummy hash keeps unknown names as slow as known ones."""


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up, and the same words for every failure."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": ONE_MESSAGE,
        "too_many_login_attempts": ONE_MESSAGE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """An account that was closed answers like one that never was."""
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return super().get_login_redirect_url(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "signed in as ...": somebody else may read the next page."""
