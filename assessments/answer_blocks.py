"""The answers of a question as its stream field holds them, for whoever writes one without the desk.

``snippet.choices = json.dumps([step("…", "Greet"), step("…", "Listen")])``. Each has an identity, minted by the caller:
a uuid as text. Identities stand on phones: those of steps must not say their place, nor those of pairs what goes with
what. Put no counted names into ``uuid5``.
"""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]


def choice(identity: str, text: str, *, is_right: bool, feedback: str) -> Block:
    """One answer to choose: of one right answer, of several, of true or false, of a scenario."""
    return _block("choice", identity, text=text, is_right=is_right, feedback=feedback)


def step(identity: str, text: str, feedback: str = "") -> Block:
    """One step of an order. The right order is that of the blocks; ``feedback``: what is behind taking it too early."""
    return _block("step", identity, text=text, feedback=feedback)


def placed(identity: str, text: str, place: str, feedback: str = "") -> Block:
    """One step among the times of a country; ``place`` is one of ``models.answers.StepPlace``."""
    return _block("placed", identity, text=text, place=place, feedback=feedback)


def pair(identity: str, text: str, side: str, goes_with: str, feedback: str = "") -> Block:
    """What stands left, and what goes with it. ``side`` is the identity of the right side."""
    return _block("pair", identity, text=text, side=side, goes_with=goes_with, feedback=feedback)


def other(identity: str, text: str, feedback: str = "") -> Block:
    """One more right side, which goes with nothing."""
    return _block("other", identity, text=text, feedback=feedback)


def number(identity: str, lowest: str, highest: str = "") -> Block:
    """A number that is accepted, ``2.5``, or all from the lowest to the highest. Several blocks are a list."""
    return _block("number", identity, lowest=lowest, highest=highest)


def slip(identity: str, lowest: str, highest: str = "", *, feedback: str) -> Block:
    """A number that is not right, or a range of them, and what is behind it."""
    return _block("slip", identity, lowest=lowest, highest=highest, feedback=feedback)


def _block(kind: str, identity: str, **value: Any) -> Block:
    return {"type": kind, "id": identity, "value": {"choice": identity, **value}}
