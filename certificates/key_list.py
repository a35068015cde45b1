"""What a phone keeps to check papers without network: public keys, titles, and numbers no longer current. No names."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from certificates.checks import not_current_digests
from certificates.keys import public_key_of, state_of
from certificates.models import Award, IssuerKey
from programme import own
from programme.models import Programme

COORDINATE_BYTES = 32


def programmes_at(host: str) -> list[Programme]:
    """Whose papers are checked at ``host``: those of its own programme, else of all that have no host of their own.

    Nobody learns at one programme's door that there is another. One query.
    """
    here = own.of_host(host)
    programmes = Programme.objects.order_by("pk")
    return list(programmes.filter(pk=here.pk) if here is not None else programmes.filter(host_name=""))


def key_list(programmes: Iterable[Programme], made_at: datetime) -> dict[str, Any]:
    """The list as it stands in docs/verify.md. Three queries, however many keys, titles and numbers there are."""
    programmes = list(programmes)
    titles: dict[int, dict[str, Any]] = {programme.pk: {} for programme in programmes}
    for award in Award.objects.filter(programme__in=programmes).order_by("order", "pk"):
        titles[award.programme_id].setdefault(str(award.order), award.titles)
    names = {programme.pk: programme.issuing_name for programme in programmes}
    keys = IssuerKey.objects.filter(programme__in=programmes)
    return {
        "made_at": made_at.isoformat(timespec="seconds"),
        "keys": [_told(key, names[key.programme_id], titles[key.programme_id]) for key in keys],
        "not_current": not_current_digests(programmes),
    }


def _told(key: IssuerKey, issuing_name: str, titles: dict[str, Any]) -> dict[str, Any]:
    point = public_key_of(key).public_numbers()
    return {
        "short": key.short,
        "x": _base64url(point.x),
        "y": _base64url(point.y),
        "state": str(state_of(key)),
        "issuing_name": issuing_name,
        "titles": titles,
    }


def _base64url(coordinate: int) -> str:
    """As a JSON Web Key has it."""
    return base64.urlsafe_b64encode(coordinate.to_bytes(COORDINATE_BYTES)).decode().rstrip("=")
