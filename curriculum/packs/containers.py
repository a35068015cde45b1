"""The lines of a Markdown file of a pack: front matter between ``+++``, and named containers between ``:::``.

Line by line and by hand: what is found must be told with its line, also when half of it is wrong, and a library
for Markdown takes an unclosed container to the end of the file without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curriculum.packs import ids, plain, toml_text
from curriculum.packs.model import Item, Problems

_OPENS = re.compile(r"^:::+\s*([A-Za-z][\w-]*)\s*(\{.*\})?\s*$")
_CLOSES = re.compile(r"^:::+\s*$")
_ATTRIBUTE = re.compile(
    r"""\s*(?:\#(?P<id>[\w-]+)|(?P<key>[a-z_]+)(?:=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[\w-]+)))?)"""
)
_ITEM = re.compile(r"^- \[([ xX])\][ \t]+(.*)$")
_ATTRIBUTES_AT_END = re.compile(r"^(.*?)[ \t]*(\{#[^{}]*\})$", re.DOTALL)


@dataclass
class Container:
    """One ``::: name {#id ...}`` with the lines up to its ``:::``; ``name`` is empty for lines outside of any."""

    name: str
    id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    line: int = 0

    @property
    def first_line(self) -> int:
        """The line of the file on which ``lines`` begin."""
        return self.line + 1 if self.name else self.line


# ---------------------------------------------------------------- reading


def front_matter(text: str, file: str, problems: Problems) -> tuple[dict[str, Any], list[str], int]:
    """The values between ``+++`` and ``+++``, the lines after them, and the number of the first of these."""
    lines = text.split("\n")
    if lines[0].strip() != "+++":
        problems.unreadable(file, 1, "the file begins with its titles between two lines of +++")
        return {}, lines, 1
    ends = next((place for place, line in enumerate(lines[1:], start=1) if line.strip() == "+++"), None)
    if ends is None:
        problems.unreadable(file, 1, "the second line of +++ is missing")
        return {}, [], 1
    try:
        values = toml_text.read("\n".join(lines[1:ends]), first_line=2)
    except toml_text.NotToml as error:
        problems.unreadable(file, error.line, f"cannot be read between +++ and +++: {error.what}")
        values = {}
    return values, lines[ends + 1 :], ends + 2


def containers(lines: Sequence[str], first_line: int, file: str, problems: Problems) -> list[Container]:
    """The containers in ``lines``, in order. Lines that stand outside are a container without a name."""
    found: list[Container] = []
    inside: Container | None = None
    for number, line in enumerate(lines, start=first_line):
        if opening := _OPENS.match(line):
            if inside is not None and inside.name:
                problems.unreadable(file, inside.line, f"::: {inside.name} is not closed before line {number}")
            inside = Container(opening[1].replace("-", "_"), line=number)
            if opening[2] is not None:
                inside.id, inside.attributes = attributes(opening[2], file, number, problems)
            found.append(inside)
        elif _CLOSES.match(line):
            if inside is None or not inside.name:
                problems.unreadable(file, number, "::: closes nothing: no container is open here")
            inside = None
        elif line.startswith(":::"):
            problems.unreadable(file, number, "this line is not understood; a container begins like ::: text {#k7f2}")
        elif inside is None and line.strip():
            inside = Container("", lines=[line], line=number)
            found.append(inside)
        elif inside is not None:
            inside.lines.append(line)
    if inside is not None and inside.name:
        problems.unreadable(file, inside.line, f"::: {inside.name} is not closed")
    return found


def attributes(text: str, file: str, line: int, problems: Problems) -> tuple[str, dict[str, str]]:
    """The id and the other attributes of ``{#id name="words" flag}``; a flag has no words."""
    rest, found, name = text.strip()[1:-1].strip(), {}, ""
    while rest:
        match = _ATTRIBUTE.match(rest)
        if match is None or (match["id"] and name) or (match["key"] in found):
            problems.unreadable(file, line, f"not understood: {text}")
            break
        if match["id"]:
            name = match["id"]
        else:
            quoted, bare = match["quoted"], match["bare"]
            found[match["key"]] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare or ""
        rest = rest[match.end() :].strip()
    return name, found


def items(
    lines: Sequence[str], first_line: int, file: str, problems: Problems, *, flags: Sequence[str] = ()
) -> tuple[list[str], list[Item]]:
    """The lines before the first ``- [ ]``, and the items from there on."""
    starts = next((place for place, line in enumerate(lines) if _ITEM.match(line)), len(lines))
    found: list[Item] = []
    said: list[str] = []
    feedback: list[str] = []

    def close() -> None:
        if not found:
            return
        words = plain.one_line(" ".join(said))
        if ending := _ATTRIBUTES_AT_END.match(words):
            words = ending[1]
            found[-1].id, more = attributes(ending[2], file, found[-1].line, problems)
            found[-1].uuid = more.pop("uuid", "")
            for name in more.keys() - set(flags):
                problems.unreadable(file, found[-1].line, f"{name} has no meaning here")
            found[-1].is_safety = "safety" in more
        found[-1].text = words
        found[-1].feedback = plain.read(feedback)

    for number, line in enumerate(lines[starts:], start=first_line + starts):
        if start := _ITEM.match(line):
            close()
            found.append(Item("", "", is_right=start[1] in "xX", line=number))
            said, feedback = [start[2]], []
        elif line.strip(" \t").startswith(">"):
            feedback.append(line.strip(" \t")[1:].removeprefix(" "))
        elif line.startswith((" ", "\t")) and line.strip() and not feedback:
            said.append(line)
        elif line.strip():
            problems.unreadable(
                file, number, "not understood: after the lines that begin with - [ ] only such lines follow"
            )
    close()
    return list(lines[:starts]), found


# ---------------------------------------------------------------- writing


def written(name: str, *, id: str = "", attributes: Mapping[str, str | None] | None = None, body: str = "") -> str:
    """One container. An attribute of ``None`` is left out, one of ``""`` is a flag."""
    parts = [f"#{id}"] if id else []
    for key, given in (attributes or {}).items():
        if given is not None:
            parts.append(f"{key}={quoted(given)}" if given else key)
    head = f"::: {name.replace('_', '-')}" + (f" {{{' '.join(parts)}}}" if parts else "")
    return f"{head}\n{body}\n:::\n" if body else f"{head}\n:::\n"


def quoted(text: str) -> str:
    """``text`` as the value of an attribute: bare when it is a name."""
    if re.fullmatch(r"[a-z0-9_]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def item_lines(item: Item, *, with_box: bool) -> str:
    """One item; ``with_box`` when it is an answer, right or not."""
    sign = "- [x] " if with_box and item.is_right else "- [ ] "
    more = (" safety" if item.is_safety else "") + (f" uuid={quoted(item.uuid)}" if item.uuid else "")
    ending = f" {{#{item.id}{more}}}" if item.id else ""
    lines = [f"{sign}{plain.one_line(item.text)}{ending}"]
    if item.feedback:
        lines += [f"  > {line}".rstrip(" ") for line in plain.written(item.feedback).split("\n")]
    return "\n".join(lines)


def is_id(name: str) -> bool:
    return bool(ids.ID.match(name))
