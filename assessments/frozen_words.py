"""What publication makes of one question: the part that has no language, and the part that is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from assessments.grading import POINTS
from assessments.models import Question, QuestionKind, QuestionSnippet
from assessments.models.answers import bounds, side_of, sides_of
from assessments.numbers import as_text
from curriculum import facts


def item_of(question: Question, snippet: QuestionSnippet) -> dict[str, Any]:
    """A question as its version holds it (``QuizVersion``), with its key."""
    return {
        "question": str(question.uuid),
        "kind": snippet.kind,
        "use": snippet.use,
        "is_critical": snippet.is_critical,
        "points": POINTS,
        "look_again": str(snippet.look_again.uuid) if snippet.look_again else None,
        **_key_of(snippet),
    }


def _key_of(snippet: QuestionSnippet) -> dict[str, Any]:
    answers = snippet.answers
    if snippet.kind == QuestionKind.ORDERING:
        if snippet.key_from:
            own = [{"id": value["choice"], "place": value["place"]} for _, value in answers]
            return {"key_from": snippet.key_from.key, "choices": own}
        steps = enumerate((value for _, value in answers), start=1)
        return {"choices": [{"id": value["choice"], "place": place} for place, value in steps]}
    if snippet.kind == QuestionKind.MATCHING:
        sides = sides_of(answers)
        others = [value["choice"] for name, value in answers if name == "other"]
        return {
            "choices": [
                {"id": value["choice"], "goes_with": side_of(value, sides)} for name, value in answers if name == "pair"
            ],
            "sides": [{"id": side} for side in [*sides.values(), *others]],
        }
    if snippet.kind == QuestionKind.NUMBER:
        key_from = {"key_from": snippet.key_from.key} if snippet.key_from else {}
        return key_from | {"choices": [_range(name, value) for name, value in answers]}
    return {"choices": [{"id": value["choice"], "is_right": bool(value["is_right"])} for _, value in answers]}


def _range(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    found = bounds(value)
    lowest, highest = map(as_text, found) if found else ("", "")
    return {"id": value["choice"], "is_right": name == "number", "from": lowest, "to": highest}


def words_of(snippet: QuestionSnippet) -> dict[str, Any]:
    """A question as a text of its version holds it (``QuizText``)."""
    answers = snippet.answers
    words: dict[str, Any] = {"stem": snippet.stem, "why": snippet.why}
    own = {"story": snippet.story, "unit": snippet.unit, "otherwise": snippet.otherwise}
    words |= {name: said for name, said in own.items() if said}
    if snippet.kind == QuestionKind.MATCHING:
        sides = sides_of(answers)
        words["sides"] = {
            side_of(value, sides) if name == "pair" else value["choice"]: {
                "text": value["goes_with"] if name == "pair" else value["text"],
                "feedback": "" if name == "pair" else value["feedback"],
            }
            for name, value in reversed(answers)  # pairs that share a right side: the first one's words stand
        }
    words["choices"] = {
        value["choice"]: {"text": value.get("text", ""), "feedback": value.get("feedback", "")}
        for name, value in answers
        if name != "other"
    }
    return words


def left_out_of(
    items: Iterable[Mapping[str, Any]],
    content: Mapping[str, Any],
    *,
    known: Collection[str],
    keyed: Collection[str],
) -> list[str]:
    """The questions that need a value which the country lacks, in their order.

    ``content`` still has its placeholders; ``keyed`` are those whose key the country has. A question needs what it
    prints before it is answered, and the value that is its key; what is said afterwards can do with "Ask your trainer".
    """
    return [
        item["question"]
        for item in items
        if (item.get("key_from") and item["question"] not in keyed)
        or facts.keys_in("\n".join(_asked_in(content[item["question"]]))) - set(known)
    ]


def _asked_in(words: Mapping[str, Any]) -> Sequence[str]:
    parts = [*words["choices"].values(), *words.get("sides", {}).values()]
    return [words["stem"], words.get("story", ""), words.get("unit", ""), *(part["text"] for part in parts)]
