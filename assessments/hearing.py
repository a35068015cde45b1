"""Quizzes to listen to: the same pages under ``…/listen/``, with what can be heard of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from assessments.models import QuizText
from assessments.results import SittingResult
from assessments.sheets import Sheet
from curriculum.listening.playing import Sounds, sounds_of
from curriculum.listening.texts import spoken_hash


def is_heard(request: HttpRequest) -> bool:
    """Whether this page is to be listened to, or was sent from such a page."""
    return request.path.endswith("/listen/") or "listening" in request.POST


def heard(request: HttpRequest, name: str) -> str:
    """The name of the page after this one: to listen to, or to read."""
    return f"{name}-listen" if is_heard(request) else name


def words_to_hear(request: HttpRequest, language: str, texts: Iterable[str]) -> dict[str, Any]:
    """What a template needs besides, to draw a page that is heard. One query; nothing for a page to read."""
    return {"hear": True, "sounds": sounds_of(language, texts)} if is_heard(request) else {}


def said_while_answering(sheet: Sheet) -> list[str]:
    """The questions of a sheet and their answers, as she hears them. Nothing here tells the key."""
    return [text for item in sheet.items for text in item.said]


def said_of_result(result: SittingResult) -> list[str]:
    """The words of the quiz on the page of a result."""
    said = [result.text.title, *result.known]
    for item in result.again:
        said += [item.story, item.stem, item.why, *item.answered.said]
    return said


def marks_of_quiz(text: QuizText) -> set[str]:
    """The marks of everything in a quiz that a phone may have sounds of.

    Of a question that certifies only what she hears while she answers. No query.
    """
    said = [text.title]
    for item in text.version.structure["items"]:
        words = text.content[item["question"]]
        parts = parts_of(words)
        said += [words.get("story", ""), words["stem"], words.get("unit", ""), *(part["text"] for part in parts)]
        if item["use"] == "practice":
            said += explained_by(words)
    return {spoken_hash(each) for each in said if each}


def explanations(text: QuizText, sounds: Sounds) -> dict[str, str]:
    """``{words: address}`` for what a phone says after a practice question. No query."""
    said = [
        each
        for item in text.version.structure["items"]
        if item["use"] == "practice"
        for each in explained_by(text.content[item["question"]])
    ]
    return {each: recording.url for each in said if each and (recording := sounds.of(each))}


def parts_of(words: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """What can be chosen in a question: its options, steps or left sides, then its right sides."""
    return [*words["choices"].values(), *words.get("sides", {}).values()]


def explained_by(words: Mapping[str, Any]) -> list[str]:
    """What is said of a question after it was answered; some of it may be empty."""
    return [words["why"], *(part["feedback"] for part in parts_of(words)), words.get("otherwise", "")]
