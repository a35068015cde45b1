"""Who may record, and who may say "not this one"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings

from curriculum import policies
from curriculum.separation import codes_of


def may_record(user: Any, language: str) -> bool:
    """Whoever writes or translates a language reads it aloud."""
    return policies.may_write(user, language)


def may_withdraw(user: Any, language: str) -> bool:
    """Whoever may record it, and whoever approves texts in it: a reviewer hears what a learner hears."""
    return may_record(user, language) or bool(policies.countries_reviewed_by(user, language))


def languages_heard_by(user: Any) -> list[str]:
    """The languages whose recordings ``user`` has to do with, in the order of the product."""
    return [code for code, _name in settings.LANGUAGES if may_withdraw(user, code)]


class Keyed(Protocol):
    """Something whose ``key`` begins with the address of a module: ``m4/l2``."""

    key: str


def of_hers[K: Keyed](user: Any, found: Sequence[K]) -> list[K]:
    """What of ``found`` is in a curriculum of hers."""
    hers = codes_of(user)
    return [one for one in found if hers is None or one.key.partition("/")[0].upper() in hers]
