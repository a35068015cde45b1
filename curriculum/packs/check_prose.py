"""What is wrong with the words: of the source, and of a translation beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from curriculum.blocked_words import blocked_words_in
from curriculum.packs import po, prose, words
from curriculum.packs.model import Entry, Module, Pack, Problems, String, Translation
from curriculum.packs.strings import strings

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mg|ml|mL|milligrams?|millilitres?|mililita|miligramu)\b")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<!--|javascript:", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_LESS_THAN_ENOUGH = 100
"""Below this many words an average says nothing."""


def check_source(module: Module, pack: Pack, problems: Problems) -> None:
    """The words of the source language: facts, doses, length, and how easily they are read."""
    found = list(strings(module))
    for string in found:
        _check_string(string, pack, problems)
    file = module.file("module.md") if not module.country else module.folder
    _check_length(found, file, problems)
    if pack.source_language != "en":
        return
    for lesson in module.lessons:
        mine = [string for string in found if string.key.startswith(f"{lesson.id}.")]
        grade = words.reading_grade(mine)
        if grade > words.GRADE and _is_enough(mine):
            problems.warn(lesson.file, 1, lesson.id, f"reading grade {grade:.1f}; at most {words.GRADE:.0f} is plain")


def check_translation(translation: Translation, module: Module, pack: Pack, problems: Problems) -> None:
    """The words of one translation, each beside its source.

    A language that the pack promises must be whole; one that is only beginning may have gaps.
    """
    if translation.file in problems.unread:
        return
    source = {string.key: string for string in strings(module)}
    tell: Any = problems.error if translation.language in pack.languages else problems.warn
    said: list[String] = []
    for key, string in source.items():
        entry = translation.entries.get(key)
        state = po.state_of(entry, string.text)
        if entry is None or state == "missing":
            line = entry.line if entry else 0
            tell(translation.file, line, key, "not translated", is_fixable=False)
            continue
        here = replace(string, text=entry.text, file=translation.file, line=entry.line)
        said.append(here)
        _check_string(here, pack, problems)
        if state == "stale":
            problems.warn(translation.file, entry.line, key, "stale: its source has changed since it was translated")
        else:
            _check_beside(here, string, problems)
        if state == "draft" and entry.reviewed is not None:
            problems.warn(
                translation.file, entry.line, key, "changed since it was read: it is a draft again", is_fixable=True
            )
    for key in translation.entries.keys() - source.keys():
        _tell_gone(translation.entries[key], translation, problems)
    _check_length(said, translation.file, problems)


def _tell_gone(entry: Entry, translation: Translation, problems: Problems) -> None:
    problems.error(
        translation.file,
        entry.line,
        entry.key,
        "there is no such string in the source; --fix puts it to the end",
        is_fixable=True,
    )


def _check_beside(here: String, source: String, problems: Problems) -> None:
    if sorted(PLACEHOLDER.findall(source.text)) != sorted(PLACEHOLDER.findall(here.text)):
        problems.error(here.file, here.line, here.key, "the {placeholders} differ from the source")
    if sorted(map(int, _NUMBER.findall(source.text))) != sorted(map(int, _NUMBER.findall(here.text))):
        problems.warn(here.file, here.line, here.key, "the numbers differ from the source")
    if here.is_markdown:
        mine, theirs = (len(prose.pieces(prose.tree(text))) for text in (here.text, source.text))
        if mine != theirs:
            problems.error(here.file, here.line, here.key, f"{mine} paragraphs; the source has {theirs}")


def _check_string(string: String, pack: Pack, problems: Problems) -> None:
    if match := DOSE.search(string.text):
        problems.error(
            string.file, string.line, string.key, f"a dose ({match.group()}) never stands in learner content"
        )
    if string.is_markdown:
        for _line, what in prose.refusals(string.text):
            problems.error(string.file, string.line, string.key, f"{what} has no place in a lesson")
    elif match := _HTML.search(string.text):
        problems.error(string.file, string.line, string.key, f"html ({match.group()}) has no place here")
    if string.key == "cover_title" and (telling := blocked_words_in(string.text)):
        problems.error(
            string.file, string.line, string.key, f"strangers see this title: say it without {', '.join(telling)}"
        )
    for name in PLACEHOLDER.findall(string.text):
        if name not in pack.fact_keys:
            problems.error(string.file, string.line, string.key, f"unknown fact {{{name}}}")
    if (count := len(string.text.split())) > words.WORDS_A_SCREEN:
        problems.error(string.file, string.line, string.key, f"{count} words; a screen holds {words.WORDS_A_SCREEN}")


def _check_length(found: list[String], file: str, problems: Problems) -> None:
    counted = [string for string in found if string.is_counted]
    average = words.words_a_sentence(counted)
    if average > words.WORDS_A_SENTENCE:
        problems.error(file, 0, "", f"{average:.1f} words a sentence on average; at most {words.WORDS_A_SENTENCE}")


def _is_enough(found: list[String]) -> bool:
    return sum(len(string.text.split()) for string in found) >= _LESS_THAN_ENOUGH
