"""What other apps put into a release: each registers once how its frozen texts are taken, printed and replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from curriculum.models import FactChange, Release, ReleasedText


@dataclass(frozen=True)
class Line:
    """One numbered line of a document. ``level`` 1 to 3 is a heading; ``mark`` stands in front, such as a tick."""

    text: str
    level: int = 0
    mark: str = ""
    note: str = ""
    is_safety: bool = False


@dataclass(frozen=True)
class Replaced:
    """One text of a release gave way to what is published now. Without ``new_hash`` nothing is published instead."""

    kind: str
    path: str
    language: str
    old_hash: str
    new_hash: str


@dataclass(frozen=True)
class ReleasePart:
    """``take(release)`` stores what it needs and returns its rows, not yet stored; called again it begins anew.

    ``lines(release, text)``: the words of one of its rows. ``replace(release, change)``: put in place what a clinical
    change made of its texts; safe to repeat.
    """

    name: str
    take: Callable[[Release], list[ReleasedText]]
    kinds: frozenset[str]
    lines: Callable[[Release, ReleasedText], Iterable[Line]]
    replace: Callable[[Release, FactChange], list[Replaced]]


_parts: list[ReleasePart] = []


def register(part: ReleasePart) -> None:
    if part.name not in {one.name for one in _parts}:
        _parts.append(part)


def registered() -> Sequence[ReleasePart]:
    return tuple(_parts)


def part_of(kind: str) -> ReleasePart:
    return next(part for part in _parts if kind in part.kinds)
