"""Plain words inside a container: no marks, but they stand among lines that mean something.

A line break of the editor is a space, as in Markdown. A ``\\`` at the end of a line keeps the break; a ``\\`` at its
beginning says that the line begins with words, whatever they look like.
"""

from __future__ import annotations

import re

_SYNTAX = re.compile(r"(\\|:::|- \[|>|!\[|\+\+\+)")
_SPACES = re.compile(r"[ \t]+")


def tidy(text: str) -> str:
    """``text`` without what nobody sees: spaces at the ends of lines, more than one empty line."""
    lines = [_SPACES.sub(" ", line).strip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """``text`` on one line."""
    return " ".join(piece for piece in re.split(r"[ \t\n\r]+", text) if piece)


def written(text: str) -> str:
    """``text`` as lines in a container; ``read`` gives it back."""
    lines = tidy(text).split("\n")
    found: list[str] = []
    for place, line in enumerate(lines):
        slashes = len(line) - len(line.rstrip("\\"))
        safe = line + "\\" * slashes
        if _SYNTAX.match(safe):
            safe = "\\" + safe
        if line and place + 1 < len(lines) and lines[place + 1]:
            safe += "\\"
        found.append(safe)
    return "\n".join(found)


def read(lines: list[str]) -> str:
    """The words that stand in ``lines``."""
    found = ""
    for line in (each.strip(" \t") for each in lines):
        body = line.removeprefix("\\") if line.startswith("\\") and _SYNTAX.match(line[1:]) else line
        slashes = len(body) - len(body.rstrip("\\"))
        ends_here = bool(slashes % 2)
        body = body[: len(body) - slashes] + "\\" * (slashes // 2)
        found += f"{body}\n" if ends_here else f"{body} " if body else "\n\n"
    return tidy(found)
