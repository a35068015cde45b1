"""Measures of prose: how long the sentences are, how full a screen is, and which school year can read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pyphen

from curriculum.packs import prose
from curriculum.packs.model import String

WORDS_A_SENTENCE = 12  # curriculum blueprint, ground rule 2: plain words, short sentences
WORDS_A_SCREEN = 120  # curriculum blueprint, section 7
GRADE = 6.0  # the issue of the packs: reading grade measured for English, a warning above 6

_ENDS = re.compile(r"(?<=[.!?:;])[\"”’)]*\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HOLE = re.compile(r"\{[a-z][a-z0-9_]*\}")


def paragraphs(text: str, *, is_markdown: bool) -> list[str]:
    """The paragraphs and list items of ``text``, without marks."""
    if is_markdown:
        return prose.pieces(prose.tree(text))
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def sentences(texts: Iterable[String]) -> list[str]:
    """The sentences of ``texts``; a paragraph ends one, and so does a colon or semicolon."""
    return [
        sentence
        for string in texts
        for paragraph in paragraphs(string.text, is_markdown=string.is_markdown)
        for sentence in _ENDS.split(paragraph)
        if sentence.strip()
    ]


def words_a_sentence(texts: Iterable[String]) -> float:
    """How many words a sentence has on average."""
    found = sentences(texts)
    return sum(len(sentence.split()) for sentence in found) / max(len(found), 1)


def reading_grade(texts: Iterable[String]) -> float:
    """The Flesch-Kincaid grade of an English text: the school year in which it can be read.

    Syllables are counted where a word may be divided, which misses a few: the grade is a little low, and the same
    way for every text. Kincaid, Fishburne, Rogers, Chissom: Derivation of New Readability Formulas, 1975.
    """
    found = [_WORD.findall(_HOLE.sub(" ", sentence)) for sentence in sentences(texts)]
    found = [words for words in found if words]
    words = [word for sentence in found for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


@cache
def _english() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US", left=1, right=1)


def _syllables(word: str) -> int:
    return len(_english().positions(word.lower())) + 1
