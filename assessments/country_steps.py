"""An order whose steps are a country's list of times, with steps of the question's own between them.

Plain values in and out. The steps of the country have the names that ``step_ids`` gives them: the same in every
language and after every publication, and new ones for a time that changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from curriculum.typed_values import printed_times


def step_ids(question: str, key: str, times: Sequence[Any]) -> list[str]:
    """The name of each of ``times``, the value of the fact ``key``, as a step of ``question``. It says no place."""
    said = [json.dumps(time, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for time in times]
    return [str(uuid5(UUID(question), f"{key}/{time}")) for time in said]


def steps_said(times: Any, language: str) -> list[str]:
    """``times`` as steps, in the words that a lesson prints; empty where the language does not have all of them."""
    return [said[:1].upper() + said[1:] for said in printed_times(times, language)]


def with_own_steps(times: Sequence[str], own: Sequence[Mapping[str, str]]) -> list[str]:
    """The names of all steps, right: ``times`` as they stand, and each of ``own`` (``id``, ``place``) where it belongs.

    Of several at one place the first written comes first.
    """
    before, after = ({end: _at(own, f"{side}_{end}") for end in ("first", "last")} for side in ("before", "after"))
    first, *middle, last = times
    return [*before["first"], first, *after["first"], *middle, *before["last"], last, *after["last"]]


def _at(own: Sequence[Mapping[str, str]], place: str) -> list[str]:
    return [step["id"] for step in own if step["place"] == place]
