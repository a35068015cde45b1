"""What is wrong with words beside their source, in sentences for who wrote them. Plain values in, sentences out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.packs import prose
from curriculum.packs.check_prose import DOSE, PLACEHOLDER
from curriculum.packs.words import WORDS_A_SCREEN

LONGER = 1.4
"""How many times as long as its source a text may be before somebody should look: a phone's screen is small."""
SHORT = 20
"""Texts below so many letters may be longer: one word for another says nothing."""

_SAA = re.compile(r"\bsaa (\d{1,2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<!--|javascript:", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def placeholders_of(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def numbers_of(text: str) -> list[int]:
    """The numbers of ``text`` outside its placeholders."""
    return sorted(map(int, _NUMBER.findall(PLACEHOLDER.sub("", text))))


def have_same_numbers(source: str, words: str, language: str) -> bool:
    """Whether the same numbers stand in both.

    Kiswahili counts the hours from sunrise: 9:00 is ``saa 3:00 asubuhi``.
    """
    wanted = numbers_of(source)
    if numbers_of(words) == wanted:
        return True
    return language == "sw" and numbers_of(_SAA.sub(lambda hour: f"saa {(int(hour[1]) + 5) % 12 + 1}", words)) == wanted


def refusals(source: str, words: str, *, is_rich: bool, language: str) -> list[str]:
    """Why ``words`` cannot stand for ``source``; nothing where they can. A warning is none of these."""
    return list(_refusals(source, words, is_rich=is_rich, language=language))


def _refusals(source: str, words: str, *, is_rich: bool, language: str) -> Iterator[str]:
    if not words.strip():
        yield _("There are no words yet.")
        return
    if _UNSEEN.search(words):
        yield _("A sign that nobody sees stands in these words. Please type them instead of copying.")
        return
    if (mine := placeholders_of(words)) != (theirs := placeholders_of(source)):
        # Translators: "theirs" and "mine" are such as {eid_schedule}, or a dash.
        yield _("Keep %(theirs)s as it is: the country's own rule is printed there. Here stands: %(mine)s.") % {
            "theirs": _braced(theirs),
            "mine": _braced(mine),
        }
    if not have_same_numbers(source, words, language):
        # Translators: both are lists of numbers, or a dash.
        yield _("The numbers differ. In the English: %(wanted)s. Here: %(ours)s.") % {
            "wanted": _listed(numbers_of(source)),
            "ours": _listed(numbers_of(words)),
        }
    if found := DOSE.search(words):
        yield _("A dose (%(dose)s) never stands in a lesson.") % {"dose": found.group()}
    if is_rich:
        yield from _wrong_form(source, words)
    elif found := _HTML.search(words):
        yield _("%(what)s has no place in a lesson.") % {"what": found.group()}


def _wrong_form(source: str, words: str) -> Iterator[str]:
    for _line, what in prose.refusals(words):
        # Translators: "what" is an English name of something in a text, such as "a link" or "html".
        yield _("%(what)s has no place in a lesson.") % {"what": what}
    mine, theirs = (len(prose.pieces(prose.tree(text))) for text in (words, source))
    if mine != theirs:
        yield ngettext(
            "The English has %(theirs)s paragraph or line, here are %(mine)s. An empty line divides two.",
            "The English has %(theirs)s paragraphs or lines, here are %(mine)s. An empty line divides two.",
            theirs,
        ) % {"mine": mine, "theirs": theirs}


def warnings(source: str, words: str) -> list[str]:
    """What somebody should look at; the words can stand all the same."""
    found = []
    if words and len(source) >= SHORT and len(words) > LONGER * len(source):
        found.append(
            _("This is %(times)s times as long as the English. Can it be said in fewer words?")
            % {"times": f"{len(words) / len(source):.1f}"}
        )
    if (count := len(words.split())) > WORDS_A_SCREEN:
        found.append(
            _("%(count)s words: a screen of her phone holds about %(most)s.") % {"count": count, "most": WORDS_A_SCREEN}
        )
    return found


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names) or "–"


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "–"
