"""A phone as the protocol knows it: it seals entries, sends batches, and lets go of what a receipt names."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from offline import sealing
from people.models import User

BATCH = "/sync/v1/batch"
HELLO = "/sync/v1/hello"
STATE = "/sync/v1/state"
VAULT = "/sync/v1/vault"


@dataclass
class Phone:
    """One woman's outbox on one phone, whose clock may be wrong."""

    owner: User
    device: str = "phone-1"
    now: float = 1_780_000_000_000
    counter: int = 0
    outbox: dict[str, str] = field(default_factory=dict)
    heard: dict[str, str] = field(default_factory=dict)

    def act(self, kind: str, payload: dict[str, Any], *, client_uuid: uuid.UUID | None = None, **said: Any) -> str:
        """Write an act down; returns its uuid."""
        self.counter += 1
        name = client_uuid or uuid.uuid4()
        content = {
            "owner": str(self.owner.uuid),
            "kind": kind,
            "payload": payload,
            "device": self.device,
            "counter": self.counter,
            "acted_at": self.now,
        } | said
        self.outbox[str(name)] = seal(content, name)
        return str(name)

    def batch(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        chosen = list(self.outbox if names is None else names)
        return {
            "sent_at": self.now,
            "entries": [{"client_uuid": name, "envelope": self.outbox[name]} for name in chosen],
        }

    def send(self, client: Client, names: Iterable[str] | None = None) -> list[str]:
        """Send, hear every answer and let go; returns the results in the order of the batch."""
        answer = post(client, self.batch(names))
        assert answer.status_code == 200, answer.content
        return self.hear(answer.json())

    def hear(self, said: dict[str, Any]) -> list[str]:
        for receipt in said["receipts"]:
            if receipt["result"] != "later":
                self.heard[receipt["client_uuid"]] = receipt["result"]
                self.outbox.pop(receipt["client_uuid"], None)
        return [receipt["result"] for receipt in said["receipts"]]


def seal(content: Any, name: uuid.UUID) -> str:
    return sealing.to_text(sealing.seal(json.dumps(content).encode(), name.bytes))


def post(client: Client, data: Any, *, packed: bool = False, **headers: str) -> Any:
    body = json.dumps(data).encode()
    if packed:
        body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
    return client.post(BATCH, body, content_type="application/json", headers=headers)
