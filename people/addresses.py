"""Which addresses somebody may be sent to, and the same page in another language."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_from_path, override

NOT_A_DESTINATION = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "quick-exit",
        "set-language",
        "lock",
        "start",
        "pause",
        "pin-check",
    }
)
"""Addresses that do something or hide something: nobody is sent there by a ``next``."""


def _language_of(path: str) -> str:
    return get_language_from_path(path) or get_language() or "en"


def _match(path: str) -> ResolverMatch | None:
    with override(_language_of(path)):
        try:
            return resolve(unquote(path))
        except Resolver404:
            return None


def is_here(address: str) -> bool:
    """Whether ``address`` is a path of this site that exists: no host, no scheme, no tricks."""
    return _own_match(address) is not None


def is_own_page(address: str) -> bool:
    """Whether somebody may be sent to ``address`` when she has signed in: a page of this site that shows something."""
    match = _own_match(address)
    return match is not None and match.url_name not in NOT_A_DESTINATION


def _own_match(address: str) -> ResolverMatch | None:
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return None
    return _match(urlsplit(address).path)


def in_language(address: str, language: str) -> str:
    """The same page in ``language``; ``address`` itself when it has no language."""
    with override(_language_of(urlsplit(address).path)):
        return translate_url(address, language)
