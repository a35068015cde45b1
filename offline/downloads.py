"""What comes down to a phone: a part of her state from each app that registered one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

Part = Callable[[Any], Any]
"""Plain JSON values about one person, for her own eyes; a constant number of queries."""

_parts: dict[str, Part] = {}


def register_part(name: str, part: Part) -> None:
    """Send ``part(owner)`` down as ``name``."""
    _parts[name] = part


def state_of(owner: Any) -> tuple[dict[str, Any], str]:
    """Every part by its name, and a tag that changes with any of them."""
    parts = {name: part(owner) for name, part in sorted(_parts.items())}
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True)
    return json.loads(text), hashlib.sha256(text.encode()).hexdigest()[:16]
