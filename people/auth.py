"""Signing in: alias or phone with a PIN, or a password for staff; peppered hashes; one message."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from people.addresses import in_language, is_own_page
from people.fields import blind_index
from people.models import User, alias_key
from people.phones import numbers_meant

ONE_MESSAGE = _(
    "That did not work. Check your work name and your PIN, and try again. "
    "After five tries there is a pause of 15 minutes. Your coordinator can print a new slip."
)
"""Whatever was wrong: the name, the PIN, the account or the pause. It gives nothing away."""

SLIP_MESSAGE = _(
    "That did not work. Check the work name and the code on your slip, and try again. "
    "After five tries there is a pause of 15 minutes. Your coordinator can print a new slip."
)
"""The same for a slip: another code, a used one, an old one, or no such account."""

SHARED_PHONE_LIMIT = 6
"""So many people may sign in with one phone number; where more share it, each uses her work name."""


Door = Callable[[HttpRequest | None, User], bool]

_doors: list[Door] = []


def register_door(door: Door) -> None:
    """Let only those in of whom ``door(request, user)`` says so. Apps above know to which place somebody belongs."""
    if door not in _doors:
        _doors.append(door)


def may_come_in(request: HttpRequest | None, user: User) -> bool:
    """Whether ``user`` may sign in where ``request`` came to. Anybody else is answered like a name that nobody has."""
    return all(door(request, user) for door in _doors)


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


def people_meant(typed: str) -> list[User]:
    """Everybody whose work name or phone number ``typed`` can be, in one query; oldest account first."""
    key, numbers = alias_key(typed), numbers_meant(typed)
    if not key:
        return []
    named = Q(alias_key=key)
    if numbers:
        named |= Q(phone_index__in=[blind_index(number) for number in numbers])
    return list(User.objects.filter(named).order_by("pk")[: SHARED_PHONE_LIMIT + 1])


def _account_key(user: User) -> str:
    return f"account:{user.pk}"


def attempts_key(typed: str) -> str:
    """What wrong tries are counted by: the account, however it was named.

    A phone number that several people share has a count of its own, or one of them could lock out
    the others; a name that nobody has is counted like any other.
    """
    people = people_meant(typed)
    if len(people) == 1:
        return _account_key(people[0])
    if people:
        return "phone:" + ",".join(sorted({user.phone_index for user in people}))
    return "nobody:" + blind_index(alias_key(typed))


class AliasBackend(AuthenticationBackend):
    """Work name or phone, with a PIN or password. The work depends on what was typed, not on who exists.

    A work name costs one hash, a phone number ``SHARED_PHONE_LIMIT`` hashes, known or unknown,
    active or closed. With a shared phone the secret decides; two people with the same one are
    both refused, as neither could be told from the other.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # type: ignore[override]
        typed, secret = credentials.get("username") or "", credentials.get("password") or ""
        if not typed or not secret:
            return None
        people: list[User | None] = [*people_meant(typed)]
        slots = SHARED_PHONE_LIMIT if numbers_meant(typed) else 1
        too_many = len(people) > slots
        matching = []
        for user in (people + [None] * slots)[:slots]:
            if user is None:
                self._mitigate_timing_attack(secret)
            elif user.check_password(secret) and self.user_can_authenticate(user) and may_come_in(request, user):
                matching.append(user)
        if too_many or len(matching) != 1:
            return None
        [user] = matching
        return None if len(people) > 1 and self._is_paused(request, user) else user

    @staticmethod
    def _is_paused(request: HttpRequest | None, user: User) -> bool:
        """Whether her own account is in its pause, which a shared phone number must not get round."""
        return request is not None and not ratelimit.consume(
            request, action="login_failed", key=_account_key(user), dry_run=True
        )


def has_to_consent(request: HttpRequest, user: User) -> bool:
    """Whether she must first say yes or no to her training record; asked by the session's own note."""
    return user.secret_kind == User.SecretKind.PIN and not request.session.get("has_consented")


def landing_address(request: HttpRequest, user: User, destination: str | None = None) -> str:
    """Where she goes after signing in, in her first language: consent, ``destination``, or her first page."""
    language = user.reading_languages[0]
    with override(language):
        if destination:
            address = in_language(destination, language)
        elif user.secret_kind == User.SecretKind.PIN:
            address = resolve_url(settings.LOGIN_REDIRECT_URL)
        else:
            address = resolve_url("wagtailadmin_home" if user.is_staff else "roster")
        if not has_to_consent(request, user):
            return address
        query = "?" + urlencode({"next": address}) if destination else ""
        return reverse("consent") + query


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up, and the same words for every failure."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": ONE_MESSAGE,
        "too_many_login_attempts": ONE_MESSAGE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a page of ours: not another host, not one that acts or hides."""
        return is_own_page(url)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """An account that was closed answers like one that never was."""
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any) -> HttpResponse:
        address = landing_address(request, user, redirect_url)
        return super().post_login(request, user, redirect_url=address, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_address(request, request.user)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "signed in as ...": somebody else may read the next page."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account and nothing else: allauth's own key would start anew for each way to type it."""
        return attempts_key(credentials.get("username", ""))
