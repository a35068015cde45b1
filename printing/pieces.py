"""A frozen lesson taken apart into what is set on paper. Reads no table: html of our own making in, pieces out."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.utils.safestring import SafeString, mark_safe

from curriculum.openable import closed

LETTERS = string.ascii_uppercase


@dataclass(frozen=True)
class TryOption:
    """An answer of a question inside a lesson, with what is said of it."""

    letter: str
    text: SafeString
    is_right: bool
    feedback: SafeString


@dataclass(frozen=True)
class Piece:
    """One block of a lesson. Which fields are filled, its ``kind`` says: that of its template in ``printing/pieces``.

    ``number`` counts the questions inside a lesson where there are several, or the pictures of the module.
    """

    kind: str
    html: SafeString = mark_safe("")  # noqa: RUF009 -- never changed
    title: str = ""
    lines: Sequence[str] = ()
    options: Sequence[TryOption] = ()
    picture: str = ""
    alt: str = ""
    number: int = 0


@dataclass
class Pieces:
    """All blocks of one lesson."""

    all: list[Piece] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Piece]:
        return [piece for piece in self.all if piece.kind in kinds]


def pieces_of(html: str) -> Pieces:
    """The blocks of a frozen lesson in order. What is not known here is set as it stands: nothing is left out."""
    found = Pieces()
    for node in BeautifulSoup(closed(html), "html.parser").children:
        if isinstance(node, Tag):
            piece = _piece(node, len(found.of("try_it")) + 1)
        elif str(node).strip():
            piece = Piece("text", html=mark_safe(f"<p>{node}</p>"))
        else:
            continue
        found.all.append(piece)
    if len(found.of("try_it")) == 1:
        found.all = [replace(piece, number=0) if piece.kind == "try_it" else piece for piece in found.all]
    return found


def pictures_in(html: str) -> list[Piece]:
    """The pictures of a frozen lesson."""
    return pieces_of(html).of("picture") if "<figure" in html else []


def _piece(node: Tag, try_number: int) -> Piece:
    classes = list(node.get("class") or [])
    kind = next((each for each in classes if each in _READERS), "")
    return _READERS[kind](node, try_number) if kind else Piece("text", html=mark_safe(str(node)))


def _inner(node: Tag | None) -> SafeString:
    """What stands in ``node``, as html of our own making."""
    return mark_safe(node.decode_contents().strip() if node is not None else "")


def _without(node: Tag, *names: str) -> SafeString:
    """``node`` without its heading and without its parts called ``names``."""
    return mark_safe("".join(str(child) for child in node.children if getattr(child, "name", "") not in names).strip())


def _said(node: Tag | None) -> str:
    return " ".join(node.get_text(" ", strip=True).split()) if node is not None else ""


def _heading(node: Tag) -> str:
    return _said(node.find("h2"))


def _lines(node: Tag) -> list[str]:
    # The last list: the situation of a role play may have one of its own.
    lists = node.find_all("ul", recursive=False)
    return [_said(line) for line in lists[-1].find_all("li", recursive=False)] if lists else []


def _text(node: Tag, number: int) -> Piece:
    return Piece("text", html=_inner(node))


def _key_message(node: Tag, number: int) -> Piece:
    return Piece("key_message", html=_inner(node))


def _story(node: Tag, number: int) -> Piece:
    return Piece("story", title=_heading(node), html=_without(node, "h2"))


def _picture(node: Tag, number: int) -> Piece:
    image = node.find("img")
    source, alt = (str(image.get("src") or ""), str(image.get("alt") or "")) if image is not None else ("", "")
    return Piece("picture", picture=source, alt=alt, title=_said(node.find("figcaption")))


def _audio(node: Tag, number: int) -> Piece:
    """A recording cannot be printed: the same in words can."""
    details = node.find("details")
    return Piece("text", html=_without(details, "summary") if details is not None else mark_safe(""))


def _try_it(node: Tag, number: int) -> Piece:
    asked = node.find("p", recursive=False)
    if node.has_attr("data-note"):
        return Piece("reflection", title=_heading(node), html=_inner(asked))
    options = [
        _try_option(letter, details)
        for letter, details in zip(LETTERS, node.find_all("details", recursive=False), strict=False)
    ]
    return Piece("try_it", html=_inner(asked), options=options, number=number)


def _try_option(letter: str, details: Tag) -> TryOption:
    said = details.find("p")
    tag = said.find("span", class_="tag") if said is not None else None
    is_right = tag is not None and "ok" in (tag.get("class") or [])
    if tag is not None:
        tag.extract()
    return TryOption(letter, _inner(details.find("summary")), is_right, _inner(said))


def _role_play(node: Tag, number: int) -> Piece:
    lines = _lines(node)
    lists = node.find_all("ul", recursive=False)
    if lists:
        lists[-1].extract()
    return Piece("role_play", title=_heading(node), html=_without(node, "h2"), lines=lines)


def _checklist(node: Tag, number: int) -> Piece:
    return Piece("checklist", title=_heading(node), lines=_lines(node))


def _word(node: Tag, number: int) -> Piece:
    return Piece("word", title=_said(node.find("dt")), html=_inner(node.find("dd")))


_READERS = {
    "text": _text,
    "key-message": _key_message,
    "story": _story,
    "picture": _picture,
    "audio": _audio,
    "try-it": _try_it,
    "role-play": _role_play,
    "checklist": _checklist,
    "word": _word,
}


def words_in(lessons: Sequence[Pieces]) -> Iterator[Piece]:
    """The words explained in ``lessons``, each once, in the order of their letters."""
    once = {piece.title: piece for pieces in lessons for piece in pieces.of("word")}
    yield from (once[word] for word in sorted(once, key=str.casefold))
