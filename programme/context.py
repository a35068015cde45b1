"""What every template may ask about this installation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from programme.models import Installation


def installation(request: HttpRequest) -> dict[str, Any]:
    """``is_demonstration``: whether every page must say that this is not real."""
    return {"is_demonstration": SimpleLazyObject(Installation.is_demo)}
