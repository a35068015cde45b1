"""Packs: what a phone may keep, made once for everybody who reads the same, and handed out as ciphertext.

A pack is the gzip of a JSON document, encrypted with a key of its own. It is named after its content, so that
it never changes and may lie in any cache on the way: whoever has it without the key has nothing. The key comes
down in her own state, and the phone keeps it among her cards. Name and key follow from the content alone: the
same text is the same pack on every installation, and stays readable whatever secret of ours is changed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from offline.models import Pack
from offline.sealing import to_text

NO_NONCE = bytes(12)
"""Each key encrypts one content only."""

log = logging.getLogger(__name__)


class MayNotLeave(Exception):
    """Building a pack found in it what must not be handed out: nobody is offered it."""


@dataclass(frozen=True)
class File:
    """A picture or a recording of a pack: kept apart, because it is dear. ``kind`` is ``picture`` or ``audio``."""

    src: str
    kind: str
    size_bytes: int


@dataclass(frozen=True)
class Offer:
    """A pack that somebody may keep.

    ``place`` is the first part of the addresses that it answers, such as ``m4``. ``signature`` changes with
    anything in it; ``build`` makes the JSON document and is called only for a new signature.
    """

    place: str
    language: str
    country: str
    title: str
    signature: str
    build: Callable[[], Any]
    files: Sequence[File] = ()


Source = Callable[[Any], list[Offer]]
"""What one person may keep; a constant number of queries."""

_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Offer what ``source(owner)`` gives."""
    if source not in _sources:
        _sources.append(source)


def offers_to(owner: Any) -> list[dict[str, Any]]:
    """Every pack that she may keep, as it stands today, with its key and its price in bytes.

    One that must not be handed out is left out, and an older one of it goes from her phone; the others stay.
    """
    offers = [offer for source in _sources for offer in source(owner)]
    stored = Pack.objects.filter(signature__in={offer.signature for offer in offers}).defer("body")
    known = {(pack.place, pack.language, pack.country, pack.signature): pack for pack in stored}
    listed = []
    for offer in offers:
        route = (offer.place, offer.language, offer.country, offer.signature)
        try:
            pack = known.get(route) or _make(offer)
        except MayNotLeave:
            log.exception("%s in %s is offered to nobody: it holds what must not leave", offer.place, offer.language)
            continue
        listed.append(
            {
                "place": offer.place,
                "language": offer.language,
                "title": offer.title,
                "name": pack.name,
                "key": to_text(bytes(pack.key)),
                "bytes": pack.size_bytes,
                "files": [{"src": file.src, "kind": file.kind, "bytes": file.size_bytes} for file in offer.files],
            }
        )
    return listed


@transaction.atomic
def _make(offer: Offer) -> Pack:
    text = json.dumps(offer.build(), cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    packed = gzip.compress(text.encode(), mtime=0)
    name = hashlib.sha256(packed).hexdigest()[:32]
    key = hashlib.sha256(b"thuto pack 1" + packed).digest()
    body = AESGCM(key).encrypt(NO_NONCE, packed, name.encode())
    return Pack.objects.get_or_create(
        place=offer.place,
        language=offer.language,
        country=offer.country,
        signature=offer.signature,
        defaults={"name": name, "key": key, "body": body, "size_bytes": len(body)},
    )[0]
