"""How words are compared, and the words of articles kept for whoever looks for them.

Plain letters without accents and case, the same from SQLite and PostgreSQL: neither is asked to fold, stem or rank.
Nothing is kept of what anybody looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bs4 import BeautifulSoup

from curriculum.listening.texts import LINES, NOT_SAID
from curriculum.models import Article
from curriculum.models.searching import ArticleWords
from curriculum.openable import closed

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*['’ʼ]?")
APOSTROPHES = re.compile(r"['’ʼ]")
MOST_WORDS = 6
SHORTEST = 2
"""Fewer letters than that begin half of all words."""


def plain_letters(text: str) -> str:
    """``Ŵanthu`` as ``wanthu``."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return bare.casefold()


def forms_of(word: str) -> list[str]:
    """How one word is kept: ``ng'ombe`` as ``ngombe``; ``l'enfant`` also as ``enfant``."""
    parts = [part for part in APOSTROPHES.split(plain_letters(word)) if part]
    return [part for part in ("".join(parts), *(parts if len(parts) > 1 else [])) if part]


def normal(text: str) -> str:
    """``text`` as it is kept: every word after a space."""
    words = [form for word in WORD.findall(text) for form in forms_of(word)]
    return f" {' '.join(words)} " if words else ""


def beginnings(asked: str) -> list[str]:
    """The beginnings of words that somebody typed, without accents and case; the first few."""
    found = ["".join(APOSTROPHES.split(plain_letters(word))) for word in WORD.findall(asked)]
    return list(dict.fromkeys(word for word in found if len(word) >= SHORTEST))[:MOST_WORDS]


@lru_cache(maxsize=64)
def lines_of(html: str) -> tuple[list[str], list[str]]:
    """What an article's html says, line by line: its key messages, and everything else.

    Remembered for a while: the countries of a lesson mostly say the same.
    """
    soup = BeautifulSoup(closed(html), "html.parser")
    for unsaid in soup.select(NOT_SAID):
        unsaid.decompose()
    for line in soup.find_all(LINES):
        line.insert_before("\n")
        line.insert_after("\n")
    keys = [message.extract().get_text() for message in soup.select(".key-message")]
    return _lines(keys), _lines([soup.get_text()])


def _lines(texts: Iterable[str]) -> list[str]:
    return [" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip()]


def keep_words(articles: Iterable[Article]) -> None:
    """Keep the words of ``articles`` that are not kept yet. Two queries, or one."""
    by_hash = {article.content_hash: article for article in articles}
    there = ArticleWords.objects.filter(pk__in=by_hash).values_list("pk", flat=True)
    for mark in list(there):
        del by_hash[mark]
    ArticleWords.objects.bulk_create(
        (_words_of(article) for article in by_hash.values()),
        # Two who look for something at once may both find it missing.
        ignore_conflicts=True,
    )


def _words_of(article: Article) -> ArticleWords:
    keys, rest = lines_of(article.html)
    return ArticleWords(
        content_hash=article.content_hash,
        title=normal(article.title),
        key_messages=normal("\n".join(keys)),
        text=normal("\n".join([*rest, *article.objectives])),
    )


def forget_words(hashes: Iterable[str]) -> None:
    """Words of articles that say something else now go, unless another article still says them."""
    gone = set(hashes)
    gone -= set(Article.every.filter(content_hash__in=gone).values_list("content_hash", flat=True))
    ArticleWords.objects.filter(pk__in=gone).delete()
