"""How many hours and sessions a term is asked for. Certificates ask for them, and they stand above this app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from programme.models import Term


@dataclass(frozen=True)
class Asked:
    """Of one term: 0 where nothing asks for any."""

    hours: int = 0
    entries: int = 0

    def hours_left(self, shown: Decimal) -> Decimal:
        return max(Decimal(0), self.hours - shown)


_sources: list[Callable[[Term], Asked]] = []


def register(source: Callable[[Term], Asked]) -> None:
    """Let ``source`` say what a term is asked for. A higher app calls this in ``AppConfig.ready()``."""
    _sources.append(source)


def asked_of(term: Term) -> Asked:
    """The most that anything asks ``term`` for. As many queries as there are sources."""
    said = [source(term) for source in _sources]
    return Asked(
        hours=max((each.hours for each in said), default=0), entries=max((each.entries for each in said), default=0)
    )
