"""What a programme has of its own: its place to sign in, its name, its look, its words. Known without a query.

Every page asks for it, so the process remembers it and looks again every ten seconds; whoever changes a programme in
this process says so with ``learn``. A programme that has nothing of its own is not in it: most installations have
one programme, and no page of theirs pays for this.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.db import DatabaseError

LOOKED_AT_EVERY_SECONDS = 10

Words = Mapping[str, Mapping[str, str | list[str]]]
"""``{language: {phrase: words, or one for each plural form}}``."""


@dataclass(frozen=True)
class Own:
    """One programme's own ways. ``mark`` changes with any of them."""

    pk: int
    code: str
    host_name: str
    public_name: str
    wording: Words
    accent_colour: str
    accent_colour_dark: str
    has_larger_text: bool
    shows_names: bool
    works_in_pairs: bool
    curriculum: str
    languages: tuple[str, ...]
    mark: str

    @property
    def stylesheet(self) -> str:
        """What its look changes in ours: a few lines."""
        sizes = {"html": 131.25, "html.size-1": 150, "html.size-2": 175} if self.has_larger_text else {}
        return (
            f":root{{--accent:{self.accent_colour}}}"
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{self.accent_colour_dark}}}}}"
            f"@media print{{:root{{--accent:{self.accent_colour}}}}}"
            + "".join(f"{name}{{font-size:{size}%}}" for name, size in sizes.items())
        )


_known: tuple[Own, ...] = ()
_look_again_at = 0.0


def known() -> tuple[Own, ...]:
    """Every programme with ways of its own. No query but one every ten seconds."""
    if time.monotonic() >= _look_again_at:
        learn()
    return _known


def learn() -> None:
    """Look now; a database that does not answer is left alone."""
    global _known, _look_again_at
    from programme.models import Programme  # noqa: PLC0415 -- read by the translation of model labels

    _look_again_at = time.monotonic() + LOOKED_AT_EVERY_SECONDS
    with suppress(DatabaseError):
        rows = Programme.objects.order_by("pk").defer("complaint_contact", "signatories")
        _known = tuple(own for row in rows if (own := _own_of(row)) is not None)


def forget() -> None:
    """Know of none, and do not look until told: for tests, whose databases come and go in one process."""
    global _known, _look_again_at
    _known, _look_again_at = (), math.inf


def of_host(host: str) -> Own | None:
    """The programme whose people sign in at ``host`` (with or without a port)."""
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return next((own for own in known() if own.host_name and own.host_name == name.lower().rstrip(".")), None)


def of_programme(pk: int | None) -> Own | None:
    """What the programme ``pk`` has of its own."""
    return next((own for own in known() if own.pk == pk), None)


def _own_of(row: object) -> Own | None:
    """``None`` for a programme that has nothing of its own."""
    host_name, wording = getattr(row, "host_name", ""), getattr(row, "wording", {})
    shows_names = not getattr(row, "entry_is_health_data", True)
    if not (host_name or wording or shows_names or getattr(row, "public_name", "") or getattr(row, "curriculum", "")):
        return None
    fields = {
        name: getattr(row, name)
        for name in (
            "pk",
            "code",
            "public_name",
            "accent_colour",
            "accent_colour_dark",
            "has_larger_text",
            "works_in_pairs",
            "curriculum",
        )
    }
    said = json.dumps([fields, host_name, wording, shows_names, row.languages], sort_keys=True)  # type: ignore[attr-defined]
    return Own(
        **fields,
        host_name=host_name.lower(),
        wording=wording,
        shows_names=shows_names,
        languages=tuple(row.languages),  # type: ignore[attr-defined]
        mark=hashlib.sha256(said.encode()).hexdigest()[:12],
    )
