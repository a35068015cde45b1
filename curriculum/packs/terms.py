"""The translators' list of a pack (``terms.toml``): how a term is said in a language, how sure that is, what to avoid.

It helps who translates; learners read nothing of it. The file is kept as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from curriculum.packs import toml_text
from curriculum.packs.model import Problems

TERMS_FILE = "terms.toml"
SURE = ("A", "B", "C")
"""A: sure. B: probably right, to be checked by a native speaker. C: a guess, or several forms."""
_KEY = re.compile(r"^[a-z][a-z0-9_]*$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z]{2,4})?$")


@dataclass(frozen=True)
class Term:
    """One term: ``{language: words}``, and how sure each is."""

    key: str
    words: Mapping[str, str]
    confidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Avoid:
    """A word that does harm or is not understood, and what to say instead, where one word is enough to say it."""

    word: str
    instead: str


@dataclass
class Terms:
    """The list as a whole."""

    terms: list[Term] = field(default_factory=list)
    avoid: dict[str, list[Avoid]] = field(default_factory=dict)


def read(text: str, problems: Problems, source_language: str = "en") -> Terms:
    """What ``terms.toml`` says; everything wrong in it goes into ``problems``, and what is right is taken."""
    found = Terms()
    try:
        given = toml_text.read(text)
    except toml_text.NotToml as error:
        problems.unreadable(TERMS_FILE, error.line, f"cannot be read: {error.what}")
        return found
    for name in given.keys() - {"terms", "avoid"}:
        problems.error(TERMS_FILE, toml_text.line_of(text, name), name, f"{name} has no meaning here")
    for name in ("terms", "avoid"):
        if not isinstance(given.get(name, {}), dict):
            problems.error(TERMS_FILE, toml_text.line_of(text, name), name, f"{name} is not what it should be")
            given[name] = {}
    for key, row in given.get("terms", {}).items():
        line = toml_text.line_of(text, f"terms.{key}")
        for what in _wrong_term(key, row, source_language):
            problems.error(TERMS_FILE, line, key, what)
        if isinstance(row, dict):
            words = {name: value for name, value in row.items() if isinstance(value, str) and _LANGUAGE.match(name)}
            confidence = row.get("confidence", {})
            found.terms.append(Term(key, words, confidence if isinstance(confidence, dict) else {}))
    head, _table, listed = text.partition("\n[avoid]")
    for language, rows in given.get("avoid", {}).items():
        line = toml_text.line_of(listed, language, first_line=head.count("\n") + 2)
        for row in rows if isinstance(rows, list) else [None]:
            if not (isinstance(row, dict) and row.keys() == {"word", "instead"} and row["word"]):
                problems.error(TERMS_FILE, line, language, "what to avoid has a word and what to say instead")
            else:
                found.avoid.setdefault(language, []).append(Avoid(str(row["word"]), str(row["instead"])))
    return found


def _wrong_term(key: str, row: Any, source_language: str) -> Iterator[str]:
    if not _KEY.match(key):
        yield "a key is made of a-z, 0-9 and _, a letter first"
    if not isinstance(row, dict):
        yield "a term is said in some languages"
        return
    if not row.get(source_language):
        yield f"it is not said in {source_language}"
    for name, value in row.items():
        if name == "confidence":
            yield from _wrong_confidence(row, value)
        elif not _LANGUAGE.match(name):
            yield f"{name} is no language"
        elif not isinstance(value, str):
            yield f"{name} holds words only"


def _wrong_confidence(row: dict[str, Any], given: Any) -> Iterator[str]:
    if not isinstance(given, dict):
        yield 'confidence has a letter for each language (confidence.sw = "B")'
        return
    for language, letter in given.items():
        if letter not in SURE:
            yield f"confidence in {language} is one of {', '.join(SURE)}"
        if not row.get(language):
            yield f"confidence in {language}, and no words in it"
