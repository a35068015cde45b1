"""Words of the translators' lists that stand in a text, with how they are said in the other language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from curriculum.kept_packs import unzipped
from curriculum.models import KeptPack
from curriculum.packs.model import Problems
from curriculum.packs.terms import TERMS_FILE, Avoid, Term, Terms, read


@dataclass(frozen=True)
class Beside:
    """One term of the list that stands in a text: in the source language, in the other, and how sure that is."""

    word: str
    said: str
    confidence: str


def lists_at_the_desk(curricula: Collection[str] | None = None) -> list[Terms]:
    """The lists of the packs that were brought in, of some curricula or of all. One query; each list is read once."""
    rows = KeptPack.objects.order_by("code")
    if curricula is not None:
        rows = rows.filter(curriculum__in=curricula)
    marks = rows.values_list("pk", "imported_at")
    return [found for pk, imported_at in marks if (found := _list_of(pk, str(imported_at))) is not None]


@lru_cache(maxsize=32)
def _list_of(pk: int, _imported_at: str) -> Terms | None:
    data = KeptPack.objects.filter(pk=pk).values_list("zip", flat=True).first()
    text = unzipped(bytes(data)).get(TERMS_FILE) if data else None
    return read(text.decode(), Problems()) if text else None


def terms_in(source: str, lists: Iterable[Terms], language: str, source_language: str = "en") -> list[Beside]:
    """The terms that stand in ``source`` and are known in ``language``, the longest first; none twice."""
    found: dict[str, Beside] = {}
    for each in lists:
        for term in each.terms:
            said = term.words.get(language, "")
            if not said or term.words[source_language] in found:
                continue
            if _pattern(term.words[source_language]).search(source):
                word = term.words[source_language]
                found[word] = Beside(word, said, term.confidence.get(language, ""))
    return sorted(found.values(), key=lambda beside: (-len(beside.word), beside.word))


def to_avoid(words: str, lists: Iterable[Terms], language: str) -> list[Avoid]:
    """The words in ``words`` that the lists advise against."""
    return [avoid for each in lists for avoid in each.avoid.get(language, ()) if _pattern(avoid.word).search(words)]


@lru_cache(maxsize=2000)
def _pattern(term: str) -> re.Pattern[str]:
    """A term as it may stand in a text: any of its forms ("viral load, VL"), in any capitals, with an ending."""
    forms = _forms(term)
    inside = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms)
    return re.compile(rf"(?<!\w)(?:{inside})(?:s|es)?(?!\w)", re.IGNORECASE)


def _forms(term: str) -> Sequence[str]:
    """``confidentiality (secret)`` is both of its words."""
    inside = re.findall(r"\(([^)]+)\)", term)
    forms = [form.strip() for form in re.split(r"[,;/]", re.sub(r"\([^)]*\)", "", term))] + [
        form.strip() for each in inside for form in re.split(r"[,;/]", each)
    ]
    return [form for form in forms if form] or [term]


__all__ = ["Avoid", "Beside", "Term", "lists_at_the_desk", "terms_in", "to_avoid"]
