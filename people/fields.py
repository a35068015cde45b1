"""Contacts are kept encrypted; a keyed blind index finds a phone number without reading any."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):
    """Text that is ciphertext in the database (Fernet, key list in ``CONTACT_KEYS``, newest first).

    Raises ``cryptography.fernet.InvalidToken`` when a stored value was made with a key that is no
    longer listed: better a loud failure than ciphertext shown as a phone number. Cannot be searched
    or sorted by; keep a ``blind_index`` beside it.
    """

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        return _box(tuple(settings.CONTACT_KEYS)).encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return _box(tuple(settings.CONTACT_KEYS)).decrypt(value.encode()).decode() if value else value


def blind_index(value: str) -> str:
    """Keyed digest (HMAC-SHA256, hex) of a normalised contact; empty for an empty value."""
    if not value:
        return ""
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()
