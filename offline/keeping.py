"""What an app does when she keeps a place on her phone. Apps register theirs in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Handler = Callable[[Any, Sequence[str]], None]
"""Makes ready what one person needs at ``places`` (such as ``m4``) without network.

Must be safe to call again. A place that is unknown, or not for her, is passed over without a word.
"""

_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    """Tell ``handler(owner, places)`` what is kept."""
    if handler not in _handlers:
        _handlers.append(handler)


def keep(owner: Any, places: Sequence[str]) -> None:
    """She keeps ``places`` on a phone: every app makes its part ready."""
    for handler in _handlers:
        handler(owner, places)
