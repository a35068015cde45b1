"""The Markdown of a block: paragraphs, lists, bold and italic. What it says, written one way, and as html.

Everything else that CommonMark knows (headings, links, html, code) is refused by name: a phone shows none of it, and
a translation could not carry it. ``tree`` is what a text says; ``written`` is the one way to write that down.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdown_it import MarkdownIt
from markdown_it.token import Token

_plain = MarkdownIt("zero").enable(["list", "emphasis", "escape", "newline", "entity"])
_whole = MarkdownIt("commonmark")

REFUSED = {
    "heading_open": "a heading",
    "blockquote_open": "a quotation with >",
    "code_block": "an indented block",
    "fence": "a block of code",
    "hr": "a line across",
    "html_block": "html",
    "html_inline": "html",
    "code_inline": "code",
    "link_open": "a link",
    "image": "a picture",
}
"""What CommonMark has and a lesson has not, by its token."""


@dataclass(frozen=True)
class Mark:
    """Words set apart: ``b`` or ``i``."""

    kind: str
    words: tuple[str | Mark, ...]


Words = tuple[str | Mark, ...]
"""The words of one paragraph; a line break is ``\\n``."""


@dataclass
class Node:
    """A paragraph (``p``), a list (``ul``, ``ol``) with ``li`` below, or an ``li``: its words and the lists in it."""

    kind: str
    words: Words = ()
    below: list[Node] = field(default_factory=list)


# ---------------------------------------------------------------- reading


def tree(markdown: str) -> list[Node]:
    """What ``markdown`` says. What a lesson cannot show is taken for plain words."""
    return _nodes(iter(_plain.parse(_one_way(markdown))), "")


def tree_of_html(text: str) -> list[Node]:
    """What rich text says; tags that a lesson does not have are left out, and their words kept."""
    return _html_nodes(BeautifulSoup(text, "html.parser"))


def refusals(markdown: str) -> Iterator[tuple[int, str]]:
    """``(line, what)`` of everything in ``markdown`` that a lesson cannot show; the first line is 0."""
    env: dict[str, dict[str, object]] = {}
    for token in _whole.parse(_one_way(markdown), env):
        line = token.map[0] if token.map else 0
        if token.type in REFUSED:
            yield line, REFUSED[token.type]
        for child in token.children or []:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type in REFUSED:
                yield line, REFUSED[child.type]
    if env.get("references"):
        yield 0, "a link"


def _one_way(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _nodes(tokens: Iterator[Token], end: str) -> list[Node]:
    nodes: list[Node] = []
    for token in tokens:
        if token.type == end:
            break
        if token.type in ("bullet_list_open", "ordered_list_open"):
            kind = "ul" if token.type.startswith("bullet") else "ol"
            items = _nodes(tokens, token.type.replace("open", "close"))
            # Two lists with nothing between them are one to the eye; a list without words is none.
            if nodes and nodes[-1].kind == kind:
                nodes[-1].below += items
            elif items:
                nodes.append(Node(kind, below=items))
        elif token.type == "list_item_open":
            nodes += _item(_nodes(tokens, "list_item_close"))
        elif token.type == "inline" and (words := _tidy(_words(iter(token.children or []), ""))):
            nodes.append(Node("p", words))
    return nodes


def _item(inside: list[Node]) -> list[Node]:
    """An item is one paragraph and lists below it; more paragraphs in it are items too."""
    items: list[Node] = []
    for node in inside:
        if node.kind == "p":
            items.append(Node("li", node.words))
        elif items:
            items[-1].below.append(node)
        else:
            items += node.below
    return items


def _words(tokens: Iterator[Token], end: str) -> Words:
    found: list[str | Mark] = []
    for token in tokens:
        if token.type == end:
            break
        if token.type in ("strong_open", "em_open"):
            kind = "b" if token.type == "strong_open" else "i"
            found.append(Mark(kind, _words(tokens, token.type.replace("open", "close"))))
        elif token.type == "softbreak":
            found.append(" ")
        elif token.type == "hardbreak":
            found.append("\n")
        else:
            found.append(token.content)
    return tuple(found)


def _html_nodes(parent: Tag) -> list[Node]:
    nodes: list[Node] = []
    loose: list[str | Mark] = []

    def close() -> None:
        if words := _tidy(tuple(loose)):
            nodes.append(Node("p", words))
        loose.clear()

    for child in parent.children:
        if isinstance(child, Tag) and child.name in ("ul", "ol"):
            close()
            items = [item for li in child.find_all("li", recursive=False) for item in _item(_html_nodes(li))]
            if nodes and nodes[-1].kind == child.name:
                nodes[-1].below += items
            elif items:
                nodes.append(Node(child.name, below=items))
        elif isinstance(child, Tag) and child.name in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"):
            close()
            nodes += _html_nodes(child)
        else:
            loose += _html_words(child)
    close()
    return nodes


def _html_words(element: object) -> list[str | Mark]:
    if isinstance(element, NavigableString):
        return [re.sub(r"[ \t\n]+", " ", str(element))]
    if not isinstance(element, Tag):
        return []
    if element.name == "br":
        return ["\n"]
    inside = [piece for child in element.children for piece in _html_words(child)]
    kind = {"b": "b", "strong": "b", "i": "i", "em": "i"}.get(element.name)
    return [Mark(kind, tuple(inside))] if kind else inside


def _tidy(words: Words, kinds: frozenset[str] = frozenset()) -> Words:
    """The same words without what nobody sees: spaces at the ends, empty and doubled marks."""
    found: list[str | Mark] = []

    def add(piece: str | Mark) -> None:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif isinstance(piece, Mark) and found and isinstance(found[-1], Mark) and found[-1].kind == piece.kind:
            found[-1] = Mark(piece.kind, found[-1].words + piece.words)
        elif piece != "":
            found.append(piece)

    def take(pieces: Words) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                add(piece)
            elif piece.kind in kinds:
                take(piece.words)
            else:
                inside = _tidy_inside(piece.words, kinds | {piece.kind})
                before, inside, after = _unpadded(inside)
                add(before)
                if inside:
                    add(Mark(piece.kind, inside))
                add(after)

    take(words)
    joined = tuple(_spaced(piece) if isinstance(piece, str) else piece for piece in found)
    return _unpadded(joined)[1] if not kinds else joined


def _tidy_inside(words: Words, kinds: frozenset[str]) -> Words:
    return _tidy(words, kinds)


def _spaced(text: str) -> str:
    text = re.sub(r"[ \t]*\n[ \t\n]*", "\n", text)
    return re.sub(r"[ \t]+", " ", text)


def _unpadded(words: Words) -> tuple[str, Words, str]:
    """The space before the words, the words, the space after."""
    pieces = list(words)
    before = after = ""
    while pieces and isinstance(pieces[0], str) and pieces[0] != pieces[0].lstrip():
        first = pieces[0]
        pieces[0] = first.lstrip()
        before += first[: len(first) - len(pieces[0])]
        if not pieces[0]:
            pieces.pop(0)
    while pieces and isinstance(pieces[-1], str) and pieces[-1] != pieces[-1].rstrip():
        last = pieces[-1]
        pieces[-1] = last.rstrip()
        after = last[len(pieces[-1]) :] + after
        if not pieces[-1]:
            pieces.pop()
    return before, tuple(pieces), after


# ---------------------------------------------------------------- writing


def written(nodes: Sequence[Node]) -> str:
    """``nodes`` as Markdown in canonical form: paragraphs on one line each, ``-`` for lists, ``**`` and ``*``."""
    return "\n\n".join(_paragraph(node) if node.kind == "p" else "\n".join(_list(node, "")) for node in nodes)


def canonical(markdown: str) -> str:
    """``markdown`` as ``written`` would have it."""
    return written(tree(markdown))


def html_of(nodes: Sequence[Node]) -> str:
    """``nodes`` as rich text: paragraphs, lists, bold and italic, all without attributes."""
    return "".join(_html(node) for node in nodes)


def pieces(nodes: Sequence[Node]) -> list[str]:
    """The words of each paragraph and each item, in reading order, without marks."""
    found: list[str] = []
    for node in nodes:
        if node.words:
            found.append(bare(node.words))
        found += pieces(node.below)
    return found


def bare(words: Words) -> str:
    """The words without their marks."""
    return "".join(word if isinstance(word, str) else bare(word.words) for word in words)


def _list(node: Node, indent: str) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.below, start=1):
        sign = "- " if node.kind == "ul" else f"{number}. "
        lines.append(indent + sign + _line_of(item.words, indent + " " * len(sign)))
        for inner in item.below:
            lines += _list(inner, indent + " " * len(sign))
    return lines


def _paragraph(node: Node) -> str:
    return _line_of(node.words, "")


def _line_of(words: Words, indent: str) -> str:
    """One paragraph's words; the simplest way to write them that is read back as the same."""
    for star, escape, entity in [("*", _few, False), ("*", _all, False), ("_", _all, False), ("*", _all, True)]:
        text = _at_start(_inline(words, star, escape, is_guarded=entity))
        if _is_read_as(text, words):
            return text.replace("\n", "\\\n" + indent)
    # Marks that no Markdown can carry here: the words matter more, and are written as words without marks are.
    if (plain := _tidy((bare(words),))) != words:
        return _line_of(plain, indent)
    return _at_start(_all(bare(words))).replace("\n", "\\\n" + indent)


def _is_read_as(text: str, words: Words) -> bool:
    text = text.replace("\n", "\\\n")
    nodes = tree(text)
    if len(nodes) != 1 or nodes[0].kind != "p" or nodes[0].words != words:
        return False
    below = tree(f"- {text}".replace("\n", "\n  "))
    return len(below) == 1 and below[0].below == [Node("li", words)] and not any(refusals(text)) and not _is_a_box(text)


def _is_a_box(text: str) -> bool:
    return bool(re.match(r"\[[ xX]\]", text))


def _inline(words: Words, star: str, escape: Callable[[str], str], *, is_guarded: bool) -> str:
    found = ""
    after_mark = False
    for piece in words:
        if isinstance(piece, str):
            text = escape(piece)
            if is_guarded and after_mark and piece[:1].isalnum():
                text = f"&#{ord(piece[0])};" + escape(piece[1:])
            if is_guarded and piece is not words[-1] and piece[-1:].isalnum():
                text = text[:-1] + f"&#{ord(piece[-1])};" if text[-1:] == piece[-1:] else text
            found += text
            after_mark = False
        else:
            sign = "**" if piece.kind == "b" else star
            found += sign + _inline(piece.words, star, escape, is_guarded=is_guarded) + sign
            after_mark = True
    return found


def _few(text: str) -> str:
    """Only what would otherwise be taken for a mark."""
    text = re.sub(r"([\\*`])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", text)
    text = re.sub(r"\](?=[(\[:])", r"\\]", text)
    return re.sub(r"&(?=#?\w+;)", r"\\&", text)


def _all(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _at_start(text: str) -> str:
    """A line that begins like a list, a heading or a container begins with words all the same."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if re.match(r"(#{1,6}(\s|$)|>|[-+](\s|$)|[-=]{1,}\s*$|-\s*-|:::|~~~|\[[ xX]\]|!\[|\+\+\+)", line):
            lines[place] = "\\" + line
        elif found := re.match(r"(\d{1,9})([.)])(\s|$)", line):
            lines[place] = f"{found[1]}\\{line[len(found[1]) :]}"
    return "\n".join(lines)


def _html(node: Node) -> str:
    inside = _inline_html(node.words) + "".join(_html(inner) for inner in node.below)
    return f"<{node.kind}>{inside}</{node.kind}>"


def _inline_html(words: Words) -> str:
    return "".join(
        html.escape(piece).replace("&#x27;", "'").replace("\n", "<br/>")
        if isinstance(piece, str)
        else f"<{piece.kind}>{_inline_html(piece.words)}</{piece.kind}>"
        for piece in words
    )
