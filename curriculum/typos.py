"""Whether two versions of a text differ by nothing but slips of the pen. Plain values in, reasons out.

A typo keeps an approval, so that the question is never "is it small?" but "could it say something else?". Whatever is
not surely a slip is more than a typo: a number, a placeholder, a mark-up, a word that comes or goes, a short word, a
"not" in any language, the first letter of a word. A person still looks at it afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

MOST_WORDS = 4
"""Slips in one text. Whoever mends more of them has written it anew, and somebody should read it."""

SHORTEST = 5
"""Letters of a word in which one letter may be another: "now" and "not" differ by one."""

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
TAG = re.compile(r"<[^>]*>")
BLOCK_KEY = re.compile(r'\sdata-block-key="[^"]*"')
NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
NAME = re.compile(r"[a-z0-9_.:/-]*")
"""What a machine reads: an identity, a kind. A one-word answer in small letters looks the same, and is no typo."""

SAYS_SOMETHING = (
    # English
    "no not never none nor cannot without only unless until before after",
    "three third four fourth five fifth sixth seven seventh eight eighth nine ninth tenth eleven twelve twenty thirty",
    "forty fifty sixty seventy eighty ninety hundred once twice half double",
    # Kiswahili
    "si sio siyo hapana kamwe bila isipokuwa wala kabla baada",
    "moja mbili tatu nne tano sita saba nane tisa kumi ishirini thelathini arobaini hamsini sitini sabini themanini",
    "tisini mia nusu",
    # French
    "ne pas non jamais sans ni aucun aucune avant après apres",
    "trois quatre cinq sept huit neuf onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante",
    "deux demi deuxième troisième",
    # Portuguese
    "não nao nunca sem nem nenhum nenhuma antes depois",
    "dois duas três quatro cinco seis sete oito nove doze treze catorze quinze dezasseis vinte trinta quarenta",
    "cinquenta sessenta setenta oitenta noventa metade segundo terceiro",
    # Chichewa, isiZulu, isiXhosa, Sesotho
    "ayi osati popanda cha ha hatshe aowa tjhe tse",
)
"""Words that deny, bound or count. One letter makes another of them, and no letter makes them a slip."""

NEVER_A_SLIP = frozenset(word for words in SAYS_SOMETHING for word in words.split())


@dataclass(frozen=True)
class Difference:
    """One place in which two versions differ. ``is_text``: both are words somebody reads."""

    place: str
    before: str
    after: str
    is_text: bool


def differences(before: Any, after: Any, place: str = "") -> Iterator[Difference]:
    """Every leaf in which two trees of plain values differ; one that is missing on a side is not text."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys(), key=str):
            yield from differences(before.get(name), after.get(name), f"{place}.{name}")
    elif _is_list(before) and _is_list(after):
        if len(before) != len(after):
            yield Difference(place, _flat(before), _flat(after), is_text=False)
            return
        for number, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, f"{place}[{number}]")
    elif isinstance(before, str) and isinstance(after, str):
        before, after = BLOCK_KEY.sub("", before), BLOCK_KEY.sub("", after)
        if before != after:
            is_text = not NAME.fullmatch(before) and not NAME.fullmatch(after)
            yield Difference(place, before, after, is_text)
    elif before != after or type(before) is not type(after):
        yield Difference(place, _flat(before), _flat(after), is_text=False)


def is_typo(found: Sequence[Difference]) -> bool:
    """Whether all that differs is surely a slip of the pen."""
    slips = 0
    for one in found:
        count = _slips(one.before, one.after) if one.is_text else None
        if count is None:
            return False
        slips += count
    return slips <= MOST_WORDS


def _slips(before: str, after: str) -> int | None:
    """How many words were mended; ``None`` when one of them may be another word."""
    if any(pattern.findall(before) != pattern.findall(after) for pattern in (PLACEHOLDER, TAG)):
        return None
    old, new = (TAG.sub(" ", PLACEHOLDER.sub(" ", text)) for text in (before, after))
    if NUMBER.findall(old) != NUMBER.findall(new):
        return None
    if _signs(old) != _signs(new):
        return None
    were: list[str] = WORD.findall(old)
    are: list[str] = WORD.findall(new)
    count = 0
    for action, a, b, c, d in SequenceMatcher(None, were, are, autojunk=False).get_opcodes():
        if action == "equal":
            continue
        removed, added = were[a:b], are[c:d]
        if action == "replace" and len(removed) == len(added):
            if not all(is_slip(*pair) for pair in zip(removed, added, strict=True)):
                return None
            count += len(removed)
        elif action == "delete" and a and _same(removed, were[a - 1 : b - 1]):
            # The same word twice.
            count += len(removed)
        else:
            return None
    return count


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [word.casefold() for word in one] == [word.casefold() for word in other]


SIGNS_THAT_SAY = re.compile(r"[<>=≤≥±%+×÷?–—-]|\bto\b")


def _signs(text: str) -> list[str]:
    """Signs that say something: a span, a comparison, a question. Commas and full stops do not."""
    return SIGNS_THAT_SAY.findall(text)


def is_slip(before: str, after: str) -> bool:
    """Whether two words are surely one word, once misspelt."""
    one, other = (unicodedata.normalize("NFC", word).casefold() for word in (before, after))
    if one == other:
        # Only large and small letters; "HIV" and "hiv" are no two words.
        return True
    if {one, other} & NEVER_A_SLIP:
        return False
    if _is_swap(one, other):
        return True
    shorter = min(len(one), len(other))
    return shorter >= SHORTEST and one[0] == other[0] and _one_letter_apart(one, other)


def _is_swap(one: str, other: str) -> bool:
    """Two letters beside each other changed places."""
    places = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    if len(one) != len(other) or len(places) != 2:
        return False
    first, second = places
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def _one_letter_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(1, len(longer)))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _flat(value: Any) -> str:
    """``value`` as words for a person: only its texts."""
    if isinstance(value, Mapping):
        return " ".join(filter(None, (_flat(inner) for name, inner in value.items() if name not in ("id", "type"))))
    if _is_list(value):
        return " ".join(filter(None, map(_flat, value)))
    return "" if value is None else str(value)
