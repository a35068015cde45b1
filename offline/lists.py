"""Lists about other people that somebody may keep on her own phone for a few days. Apps register theirs.

Apart from the state (``offline/downloads.py``): a list has an end, goes only to a phone on which she asked for it,
and whom it names is noted (``offline/phones.py``), so that it can be told what was on a phone that is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

KEPT_FOR = timedelta(days=7)
"""Without contact for this long, a list goes from the phone (programme reference, SU11)."""


@dataclass(frozen=True)
class KeptList:
    """What the phone draws (plain JSON), and the people it names."""

    parts: Any
    about: Sequence[Any]


Source = Callable[[Any], KeptList | None]
"""One person's list, as she may see it today; ``None`` when there is none for her. A constant number of queries."""

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Offer the list ``name``, which is also the address that it is opened under, such as ``roster``."""
    _sources[name] = source


def list_of(name: str, owner: Any) -> KeptList | None:
    """The list ``name`` of ``owner``; ``None`` when it is not for her, or no app has it."""
    source = _sources.get(name)
    return source(owner) if source else None


def tag_of(parts: Any) -> tuple[Any, str]:
    """``parts`` as the phone reads them, and a tag that changes with any of it."""
    text = json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True)
    return json.loads(text), hashlib.sha256(text.encode()).hexdigest()[:16]
