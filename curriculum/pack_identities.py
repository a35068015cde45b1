"""Identities that follow from the ids of a pack: the same on every installation and at every import."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from curriculum import packs

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:packs")


class PackNotClean(ValueError):
    """A pack was refused; ``problems`` says everything that is wrong in it."""

    def __init__(self, problems: Sequence[packs.Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def lesson_uuid(module_code: str, lesson: str) -> uuid.UUID:
    """The identity of lesson ``l1`` of module ``M4``."""
    return uuid.uuid5(NAMESPACE, f"{module_code}/{lesson}")


def objective_uuid(module_code: str, objective: str) -> str:
    """The block of objective ``ob1`` of module ``M4``."""
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, module_code), objective))


def step_uuid(module_code: str, step: str) -> str:
    """The identity of step ``s1`` of the practice of module ``M4``; observations point at it."""
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, module_code), f"practice/{step}"))
