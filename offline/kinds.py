"""Which kinds of entry there are, and who takes them. Apps register theirs in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One act of one person, as her phone wrote it down. ``payload`` is untrusted.

    ``contradicts_counter``: this phone's count of acts says one order, its clock another.
    """

    owner: Any
    client_uuid: UUID
    kind: str
    payload: Mapping[str, Any]
    device: str
    counter: int | None
    acted_at: datetime
    sent_at: datetime
    received_at: datetime
    contradicts_counter: bool = False

    def clock(self) -> dict[str, Any]:
        """What is known of when it happened, by name."""
        return {
            "acted_at": self.acted_at,
            "sent_at": self.sent_at,
            "received_at": self.received_at,
            "device": self.device,
            "counter": self.counter,
            "contradicts_counter": self.contradicts_counter,
        }


class Refused(Exception):
    """A handler does not accept an entry. ``reason`` is a registered word, such as ``no_term``.

    What the handler has written is undone. ``noting`` is called after that and stays, with the refusal itself:
    for a count of wrong tries.
    """

    def __init__(self, reason: str, *, noting: Callable[[], object] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.note = noting or (lambda: None)


Handler = Callable[[Entry], bool]
"""Stores the entry and says whether it was new. Must be safe to call again with the same entry.

Raises ``Refused``. Any other exception is a mistake of ours: the entry stays on the phone and comes again.
"""


@dataclass(frozen=True)
class Kind:
    """A kind of entry. ``label`` names it to the person who decides about a refused one."""

    name: str
    handler: Handler
    label: str | Promise


_kinds: dict[str, Kind] = {}
_words: dict[str, str | Promise] = {}


def register(name: str, handler: Handler, *, label: str | Promise) -> None:
    """Take entries of kind ``name``. Two apps cannot take the same kind."""
    known = _kinds.get(name)
    if known is not None and known.handler is not handler:
        raise ValueError(f"{name} is taken already")
    _kinds[name] = Kind(name, handler, label)


def register_reasons(words: Mapping[str, str | Promise]) -> None:
    """The sentence for each word that a handler refuses with: what happened, and whom to ask."""
    _words.update(words)


def kind_of(name: str) -> Kind | None:
    """The kind called ``name``; ``None`` when no app takes it."""
    return _kinds.get(name)


def label_of(name: str) -> str:
    """How people call that kind of entry."""
    kind = _kinds.get(name)
    return str(kind.label if kind else _("Something from a phone"))


def words_for(reason: str) -> str:
    """The sentence for ``reason``, in the language in force; empty for no reason."""
    return str(_words.get(reason, _("This could not be accepted. It is kept. Ask your coordinator."))) if reason else ""


def reasons() -> dict[str, str]:
    """Every word that something was refused with, and its sentence in the language in force."""
    return {reason: str(words) for reason, words in _words.items()}


register_reasons(
    {
        "cannot_open": _("This could not be opened here. It is kept. Tell your coordinator."),
        "not_hers": _("This belongs to somebody else who used this phone. It is kept. Tell your coordinator."),
        "unknown_kind": _("This phone's copy is older or newer than the site. It is kept. Tell your coordinator."),
        "payload_changed": _("This was sent before with other content. Both are kept, and a person will look."),
    }
)
