"""Whether this is real work, for rules about texts that hold only then. Whoever knows it says so once, from above."""

from __future__ import annotations

from collections.abc import Callable

_answers: list[Callable[[], bool]] = []


def say_whether_real(answer: Callable[[], bool]) -> None:
    """Called once from ``AppConfig.ready``."""
    _answers[:] = [answer]


def is_real_work() -> bool:
    """Whether this database was decided to be for real work. A demonstration is not, nor one not yet decided."""
    return any(answer() for answer in _answers)
