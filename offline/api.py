"""The address that phones sync with, version 1. The protocol is in ``docs/sync.md``.

Errors are JSON with a word: the phone decides by the word and the code, never by a page.
"""

from __future__ import annotations

import json
import re
import zlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import override
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.security import SessionAuth
from pydantic import Field, ValidationError

from offline import downloads, keeping, lists, phones, sealing
from offline.batches import MOST_BYTES, MOST_ENTRIES, Sealed, instant, take_batch
from offline.kinds import words_for
from offline.models import Pack

PROTOCOL = 1

MOST_PLACES = 100
"""Of one request to keep: more than any pathway has modules."""


api = NinjaAPI(
    title="Sync",
    version="1",
    description="How a phone hands over what was done without network. See docs/sync.md.",
    auth=SessionAuth(csrf=True),
    urls_namespace="sync",
    docs_url=None,
)


class EntryIn(Schema):
    """One entry: its uuid, and the envelope as base64url (``offline/sealing.py``)."""

    client_uuid: UUID
    envelope: str = Field(max_length=64 * 1024)


class BatchIn(Schema):
    """A batch. ``sent_at``: the phone's clock as it sends, in milliseconds since 1970."""

    sent_at: float
    entries: list[EntryIn]


class ReceiptOut(Schema):
    """What became of an entry: ``stored``, ``repeated``, ``refused`` or ``later``; ``words`` is for her."""

    client_uuid: UUID
    result: str
    received_at: datetime
    reason: str
    words: str


class BatchOut(Schema):
    """``protocol`` and ``owner`` tell this answer from anything else that answers 200."""

    protocol: int = PROTOCOL
    owner: UUID
    receipts: list[ReceiptOut]


class KeyOut(Schema):
    """The public key to seal to."""

    name: str
    public: str


class HelloOut(Schema):
    """Whose session this is, and what to seal to. ``now``: the server's clock, in milliseconds since 1970.

    ``token`` goes into the header ``X-CSRFToken`` of a batch. A worker in the background sees no cookie.
    """

    protocol: int = PROTOCOL
    owner: UUID
    key: KeyOut
    now: int
    token: str
    most_entries: int = MOST_ENTRIES
    most_bytes: int = MOST_BYTES


class VaultIn(Schema):
    """The vault on her phone, by the tag it gave itself."""

    tag: str = Field(max_length=64)


class VaultOut(Schema):
    """What opens that vault while she is signed in, and which PIN is in force. Never kept by the phone.

    ``round`` counts the lives of the vault: after her sign-ins were ended it begins another. ``letters``: she signs
    in with a password, which needs another keyboard than a PIN.
    """

    protocol: int = PROTOCOL
    owner: UUID
    secret: str
    pin_tag: str
    alias: str
    round: int
    letters: bool


Place = Annotated[str, Field(max_length=20)]
Tag = Annotated[str, Field(max_length=64)]
Round = Annotated[int, Field(ge=0, le=2_000_000_000)]


class KeepIn(Schema):
    """The places that she keeps on this phone, such as ``m4``; ``tag`` and ``round`` of her vault there."""

    places: list[Place] = Field(max_length=MOST_PLACES)
    tag: Tag = ""
    round: Round = 0


class ListIn(Schema):
    """Which list (``what``, such as ``roster``) for which vault; ``held``: the tag of the one that is there.

    ``keep``: she has just tapped to keep it on this phone. Without that it goes to no phone for the first time.
    """

    what: Place
    tag: Tag
    round: Round = 0
    held: Tag = ""
    keep: bool = False


class ListOut(Schema):
    """``until``: when the phone lets go of it unless it has asked again; both clocks are ours, in milliseconds.

    ``list`` is null when it is the one that is held. ``none``: there is no such list for her on this phone (any more).
    """

    protocol: int = PROTOCOL
    owner: UUID
    now: int
    until: int
    held: str
    list: Any
    none: bool


class VaultNamed(Schema):
    """A vault on a phone by its own name, and which life of it."""

    tag: Tag
    round: Round = 0


class EndedIn(Schema):
    """Every vault on this phone, whosever it is."""

    vaults: list[VaultNamed] = Field(max_length=MOST_PLACES)


class EndedOut(Schema):
    """Those that are to go. Nobody's session is asked: ``owner`` is empty."""

    protocol: int = PROTOCOL
    owner: str = ""
    ended: list[str]


class KeepOut(Schema):
    """Heard. What was made ready stands in the next state."""

    protocol: int = PROTOCOL
    owner: UUID


class StateOut(Schema):
    """What she has done, on whichever phone, and what is next: a part from each app. ``tag`` names this state."""

    protocol: int = PROTOCOL
    owner: UUID
    tag: str
    parts: dict[str, Any]


@api.get("hello", response=HelloOut)
def hello(request: HttpRequest) -> dict[str, Any]:
    """Whose session is this? Asked before anything is sent: phones are shared."""
    name, public = sealing.public_key()
    return {
        "owner": _owner(request).uuid,
        "key": {"name": name, "public": public},
        "now": _milliseconds(timezone.now()),
        "token": get_token(request),
    }


BATCH_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": BatchIn.model_json_schema()}}}
}


@api.post("batch", response=BatchOut, openapi_extra=BATCH_BODY)
def batch(request: HttpRequest) -> dict[str, Any]:
    """Take up to fifty entries; an answer for each. Safe to send again, in any order, any number of times.

    The body may be packed (``Content-Encoding: gzip``). 400: cut or not JSON; 413: too much for one batch,
    send less; 422: not a batch. Each of these has stored nothing.
    """
    owner = _owner(request)
    sealed, sent_at = _batch_in(_unpacked(request))
    answers = take_batch(owner=owner, entries=sealed, sent_at=sent_at, received_at=timezone.now())
    with override(owner.reading_languages[0]):
        receipts = [
            {
                "client_uuid": answer.client_uuid,
                "result": answer.result.value,
                "received_at": answer.received_at,
                "reason": answer.reason,
                "words": words_for(answer.reason),
            }
            for answer in answers
        ]
    return {"owner": owner.uuid, "receipts": receipts}


@api.post("vault", response=VaultOut)
def vault(request: HttpRequest, wanted: VaultIn) -> dict[str, Any]:
    """The secret that opens one vault of hers. Only for her own session, and only while it is unlocked."""
    owner = _owner(request)
    phone = phones.phone_of(owner=owner, tag=wanted.tag, now=timezone.now())
    life = f" {phone.round}" if phone.round else ""
    return {
        "owner": owner.uuid,
        "secret": _secret("vault", f"{owner.uuid} {wanted.tag}{life}"),
        "pin_tag": _secret("pin", f"{owner.uuid} {owner.password}")[:16],
        "alias": owner.alias,
        "round": phone.round,
        "letters": owner.secret_kind == "password",  # noqa: S105 -- which kind it is
    }


@api.post("keep", response=KeepOut)
def keep(request: HttpRequest, wanted: KeepIn) -> dict[str, Any]:
    """She keeps these places: what she needs there is made ready, such as her try at a quiz. Safe to send again.

    A place that is unknown, or not for her, is passed over.
    """
    owner, now = _owner(request), timezone.now()
    places = list(dict.fromkeys(wanted.places))
    keeping.keep(owner, places)
    phone = phones.living(owner=owner, tag=wanted.tag, number=wanted.round, now=now) if wanted.tag else None
    if phone is not None:
        phones.note(phone=phone, what=places, about=[], now=now)
    return {"owner": owner.uuid}


@api.post("list", response=ListOut)
def kept_list(request: HttpRequest, wanted: ListIn) -> dict[str, Any]:
    """A list about other people, for the phone on which she asked for it, for ``lists.KEPT_FOR`` from now.

    Whom it names is noted before it leaves. Safe to send again; nothing new is sent when ``held`` is the newest.
    """
    owner, now = _owner(request), timezone.now()
    until = now + lists.KEPT_FOR
    answer = {"owner": owner.uuid, "now": _milliseconds(now), "until": _milliseconds(until), "held": "", "list": None}
    phone = phones.living(owner=owner, tag=wanted.tag, number=wanted.round, now=now)
    if phone is None or not (wanted.keep or phones.was_given(phone, wanted.what)):
        return answer | {"none": True}
    with override(owner.reading_languages[0]):
        found = lists.list_of(wanted.what, owner)
    if found is None:
        return answer | {"none": True}
    phones.note(phone=phone, what=[wanted.what], about=found.about, now=now, until=until)
    parts, tag = lists.tag_of(found.parts)
    return answer | {"none": False, "held": tag, "list": None if tag == wanted.held else parts}


@api.post("ended", response=EndedOut, auth=None)
def ended(request: HttpRequest, sent: EndedIn) -> dict[str, Any]:
    """Which vaults of this phone are to go, because their owner's sign-ins were ended. Nobody needs to be signed in.

    A tag is random and stands only on that phone: whoever knows it has the phone. 429 to who tries many.
    """
    if not ratelimit.consume(request, action="ended"):
        raise HttpError(429, "too_often")
    vaults = {vault.tag: vault.round for vault in sent.vaults}
    return {"ended": phones.ended_among(vaults, timezone.now())}


@api.get("state", response={200: StateOut, 304: None})
def state(request: HttpRequest, response: HttpResponse, tag: str = "") -> Any:
    """What another phone did comes down here. 304 when nothing has changed since ``tag``."""
    owner = _owner(request)
    with override(owner.reading_languages[0]):
        parts, newest = downloads.state_of(owner)
    if tag == newest:
        return 304, None
    return {"owner": owner.uuid, "tag": newest, "parts": parts}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _secret(purpose: str, about: str) -> str:
    """A secret that follows from the installation's key: nothing has to be stored, and nobody can guess it."""
    return sealing.to_text(salted_hmac(f"offline.{purpose}", about, algorithm="sha256").digest())


@api.get("pack/{name}", auth=None, include_in_schema=True)
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """A pack by its name: ciphertext, the same for everybody and for ever. ``Range: bytes=N-`` goes on at N."""
    found = Pack.objects.filter(name=name).order_by("pk").first()
    if found is None:
        raise HttpError(404, "gone")
    body, start = bytes(found.body), 0
    asked = re.fullmatch(r"bytes=(\d{1,9})-", request.headers.get("Range", ""))
    if asked:
        start = int(asked[1])
        if start >= len(body):
            raise HttpError(416, "nothing_there")
    response = HttpResponse(body[start:], content_type="application/octet-stream", status=206 if asked else 200)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable, no-transform"
    response.headers["Accept-Ranges"] = "bytes"
    if asked:
        response.headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return response


def _unpacked(request: HttpRequest) -> bytes:
    """The body, never more than ``MOST_BYTES`` of it, whatever it was packed to."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise HttpError(413, "too_much")
    if request.headers.get("Content-Encoding") != "gzip":
        return request.body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        body = unpacking.decompress(request.body, MOST_BYTES)
    except zlib.error as problem:
        raise HttpError(400, "not_unpacked") from problem
    if unpacking.unconsumed_tail:
        raise HttpError(413, "too_much")
    if not unpacking.eof:
        raise HttpError(400, "not_unpacked")  # cut on its way
    return body


def _batch_in(body: bytes) -> tuple[list[Sealed], datetime]:
    """The entries of a batch and when the phone says it sent them."""
    try:
        sent = BatchIn.model_validate(json.loads(body))
        if len(sent.entries) > MOST_ENTRIES:
            raise HttpError(413, "too_much")
        entries = [Sealed(entry.client_uuid, sealing.from_text(entry.envelope)) for entry in sent.entries]
        return entries, instant(sent.sent_at)
    except ValidationError as problem:
        raise HttpError(422, "not_a_batch") from problem
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise HttpError(400, "not_json") from problem
    except ValueError as problem:
        raise HttpError(422, "not_a_batch") from problem


def _owner(request: HttpRequest) -> Any:
    return request.user
