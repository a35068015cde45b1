"""What is read aloud of a text: an ordered list of pieces, each with the mark of its words."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from curriculum.openable import closed

LINES = ("p", "li", "h2", "dt", "dd", "figcaption", "br")
"""What begins and ends a line in our own html."""

NOT_SAID = ".tag, svg"
"""Signs of the interface beside the words of a lesson."""

KINDS = {
    "text": "text",
    "key-message": "key_message",
    "story": "story",
    "picture": "picture",
    "role-play": "role_play",
    "checklist": "checklist",
    "word": "word",
}
"""The kind of a piece by the class of its element."""

QUESTION, OPTION, FEEDBACK = "question", "option", "feedback"


@dataclass(frozen=True)
class Spoken:
    """One piece that is read aloud by itself.

    ``place`` names it within its text and stays when the words change: the block of a lesson, or the question
    or option of a quiz. ``text`` is what is said, one line a paragraph; ``hash`` is the mark of its words.
    """

    place: str
    kind: str
    text: str
    hash: str

    def stored(self) -> dict[str, str]:
        """As it stands in a frozen article."""
        return asdict(self)


def plain(text: str) -> str:
    """``text`` as it is compared: composed letters, single spaces, no empty lines."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line)


def spoken_hash(text: str) -> str:
    """The mark of the words of ``text``, wherever its lines break. The language stands beside it."""
    words = " ".join(plain(text).split())
    return hashlib.sha256(f"thuto speech 1\n{words}".encode()).hexdigest()[:32]


def piece(place: str, kind: str, text: str) -> Spoken:
    """One piece with its mark."""
    said = plain(text)
    return Spoken(place, kind, said, spoken_hash(said))


def pieces(found: Iterable[tuple[str, str, str]]) -> list[Spoken]:
    """The pieces of ``(place, kind, text)``; what has no words is left out."""
    return [one for one in (piece(*entry) for entry in found) if one.text]


def spoken_in_html(html: str) -> Iterator[tuple[str, str, str]]:
    """``(place, kind, text)`` of everything in the html of a lesson that carries ``data-place``, in order."""
    for element in BeautifulSoup(closed(html), "html.parser").select("[data-place]"):
        yield str(element["data-place"]), _kind(element), _said(element)


def spoken_of_article(*, title: str, objectives: Iterable[str], html: str) -> list[Spoken]:
    """What is read aloud of an article: its title, what she will be able to do, each block. In reading order."""
    return pieces(
        [
            ("title", "title", title),
            *((f"o{number}", "objective", text) for number, text in enumerate(objectives, start=1)),
            *spoken_in_html(html),
        ]
    )


def stored_pieces(rows: Iterable[Any]) -> list[Spoken]:
    """The pieces kept in ``Article.spoken``."""
    return [Spoken(**row) for row in rows]


def _kind(element: Tag) -> str:
    classes: Any = element.get("class") or []
    if found := next((KINDS[name] for name in classes if name in KINDS), ""):
        return found
    if element.name == "summary":
        return OPTION
    return FEEDBACK if element.find_parent("details") else QUESTION


def _said(element: Tag) -> str:
    for unsaid in element.select(NOT_SAID):
        unsaid.decompose()
    for picture in element.find_all("img"):
        picture.replace_with(f"{picture.get('alt', '')}\n")
    for line in element.find_all(LINES):
        line.insert_before("\n")
        line.insert_after("\n")
    return element.get_text()
