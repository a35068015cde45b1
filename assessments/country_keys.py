"""What the values of one country make of the questions that take their key from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessments.country_steps import step_ids, steps_said, with_own_steps
from assessments.models import QuestionKind
from assessments.models.answers import LEAST_STEPS, LEAST_TIMES, MOST_STEPS, says_twice
from assessments.numbers import as_text
from curriculum import facts

Item = Mapping[str, Any]
Key = list[dict[str, str]]


@dataclass(frozen=True)
class CountryValues:
    """The values of a country that can be a key, as far as the questions need them."""

    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    times: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, country: str, items: Iterable[Item]) -> CountryValues:
        """One query for each sort of key that stands among ``items``, none without any."""
        kinds = {item["kind"] for item in items if item.get("key_from")}
        return cls(
            numbers=facts.numbers_for(country) if QuestionKind.NUMBER in kinds else {},
            times=facts.times_for(country) if QuestionKind.ORDERING in kinds else {},
        )

    def put_in(self, items: Iterable[Item], content: dict[str, Any], language: str) -> dict[str, Key]:
        """The keys of ``items`` (``grading.Keys``) that the country has. Its steps get their words in ``content``."""
        keys: dict[str, Key] = {}
        for item in items:
            question, source = item["question"], item.get("key_from", "")
            if source in self.numbers and item["kind"] == QuestionKind.NUMBER:
                keys[question] = [dict.fromkeys(("from", "to"), as_text(self.numbers[source]))]
            elif source in self.times and item["kind"] == QuestionKind.ORDERING:
                said = self._steps(item, language)
                own = content[question]["choices"]
                if said and _can_be_ordered([*said.values(), *(own[step["id"]]["text"] for step in item["choices"])]):
                    new = {step: {"text": text, "feedback": ""} for step, text in said.items()}
                    content[question] = {**content[question], "choices": own | new}
                    keys[question] = [{"id": step} for step in with_own_steps(list(said), item["choices"])]
        return keys

    def _steps(self, item: Item, language: str) -> dict[str, str]:
        """The steps that the country gives ``item``, in order; empty when they are too few, or not all can be said."""
        times = self.times[item["key_from"]]
        ids, said = step_ids(item["question"], item["key_from"], times), steps_said(times, language)
        is_whole = len(said) >= LEAST_TIMES and len(set(ids)) == len(said)
        return dict(zip(ids, said, strict=True)) if is_whole else {}


def _can_be_ordered(steps: Sequence[str]) -> bool:
    """Whether she can put ``steps`` in order: as few and as different as those that a trainer writes."""
    return LEAST_STEPS <= len(steps) <= MOST_STEPS and not says_twice(steps)
