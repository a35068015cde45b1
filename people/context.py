"""What every template may ask about the screen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def discretion(request: HttpRequest) -> dict[str, Any]:
    """``lock_after_minutes`` and ``text_size`` (0, 1, 2 for A, A+, A++)."""
    user = getattr(request, "user", None)
    return {"lock_after_minutes": settings.LOCK_AFTER_MINUTES, "text_size": getattr(user, "text_size", 0)}
