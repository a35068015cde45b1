"""A tagged PDF as a reader of screens meets it: its elements in order, with the words in them and their language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PAINTING = frozenset({"Tj", "TJ", "'", '"', "Do", "sh", "BI", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"})
PAIR = re.compile(rb"<([0-9a-f]{4})>\s*<([0-9a-f]+)>", re.IGNORECASE)


@dataclass
class Element:
    """``kind`` without its slash; ``said`` is what stands in it and in all below it."""

    kind: str
    language: str
    row: Any
    page: int
    below: list[Element] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    words: str = ""

    @property
    def said(self) -> str:
        return " ".join(" ".join([self.words, *(one.said for one in self.below)]).split())

    def walk(self) -> Iterator[Element]:
        yield self
        for one in self.below:
            yield from one.walk()


@dataclass
class Tagged:
    """``marked``: what is tagged in the pages, by page and mark; ``aside``: the words of artifacts, per page."""

    document: Element
    marked: dict[tuple[int, int], str]
    aside: list[tuple[int, str, str]]
    untagged: list[str]
    pdf: pikepdf.Pdf

    def all(self, *kinds: str) -> list[Element]:
        return [one for one in self.document.walk() if not kinds or one.kind in kinds]

    def in_language(self, language: str) -> list[str]:
        """Each run of words that is marked as ``language``, the same run once."""
        found = [one for one in self.document.walk() if one.language == language and one.words]
        return [" ".join(one.words.split()) for one in found]


def read_tags(pdf: bytes) -> Tagged:
    """Everything of ``pdf`` that its tags say. Raises ``AssertionError`` where they contradict themselves."""
    opened = pikepdf.open(io.BytesIO(pdf))
    pages = {page.objgen: number for number, page in enumerate(opened.pages)}
    marked: dict[tuple[int, int], str] = {}
    aside: list[tuple[int, str, str]] = []
    untagged: list[str] = []
    for number, page in enumerate(opened.pages):
        for mark, kind, words, is_bare in _runs(page):
            if is_bare:
                untagged.append(words)
            elif mark is None:
                aside.append((number, kind, words))
            else:
                assert (number, mark) not in marked
                marked[number, mark] = words
    (top,) = opened.Root.StructTreeRoot.K
    document = _element(top, str(opened.Root.Lang), 0, pages, marked, opened.Root.StructTreeRoot)
    return Tagged(document, marked, aside, untagged, opened)


def _element(row: Any, language: str, page: int, pages: Any, marked: Any, parent: Any) -> Element:
    assert row.P.objgen == parent.objgen
    page = pages[row.Pg.objgen] if "/Pg" in row else page
    made = Element(str(row.S)[1:], str(row.get("/Lang", language)), row, page)
    kids = row.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            made.marked.append((page, kid))
            made.words += " " + marked[page, kid]
        elif kid.get("/Type") != "/OBJR":
            made.below.append(_element(kid, made.language, page, pages, marked, row))
    return made


def _runs(page: Any) -> Iterator[tuple[int | None, str, str, bool]]:
    """``(mark, kind, words, whether it stands outside of all marks)`` of each marked run of a page."""
    fonts = {str(name): _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    letters: dict[str, str] = {}
    inside: list[tuple[int | None, str, list[str]]] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "Tf":
            letters = fonts[str(operands[0])]
        elif name in ("BDC", "BMC"):
            # Nothing that is read stands in an artifact, and no artifact in what is read (ISO 14289-1, 7.1).
            assert not inside
            about = operands[1] if name == "BDC" else {}
            mark = int(about["/MCID"]) if "/MCID" in about else None
            assert (mark is None) == (str(operands[0]) == "/Artifact")
            inside.append((mark, str(about.get("/Subtype", "")), []))
        elif name == "EMC":
            mark, kind, words = inside.pop()
            yield mark, kind, "".join(words), False
        elif name in PAINTING:
            said = _said(operands, letters) if name in ("Tj", "TJ") else ""
            if inside:
                inside[-1][2].append(said)
            else:
                yield None, "", f"{name} {said}", True
    assert not inside


def _letters(font: Any) -> dict[str, str]:
    """What each glyph of a font says, by its four digits."""
    return {
        glyph.decode().lower(): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in PAIR.findall(font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2])
    }


def _said(operands: Any, letters: dict[str, str]) -> str:
    parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
    said = ""
    for part in parts:
        if isinstance(part, pikepdf.String):
            digits = bytes(part).hex()
            said += "".join(letters[digits[at : at + 4]] for at in range(0, len(digits), 4))
    return said
