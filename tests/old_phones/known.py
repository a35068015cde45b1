"""What came into browsers after the oldest phone that we promise, by name: read from MDN's compatibility data.

``newer.tsv`` is written by ``script/old-phones FILE``, where FILE is the ``data.json`` of the package
``@mdn/browser-compat-data``; nobody edits it. A name stands there only when *nothing* that bears it is old enough:
``at`` of an array may be new while ``at`` of something else is old, and then a reader of source cannot tell.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FLOOR = {"chrome_android": 96, "firefox_android": 94}
"""November 2021. Chromium 96 is what Chrome, Opera, Samsung Internet 17 and WebViews of that winter are made of."""

FILE = Path(__file__).with_name("newer.tsv")
TOPS = {"css": "css", "javascript": "javascript", "api": "api"}


class Newer(NamedTuple):
    """``since`` says from which version of each browser, or "never"."""

    kind: str
    name: str
    chromium: str
    firefox: str

    @property
    def since(self) -> str:
        return f"Chromium {self.chromium}, Firefox {self.firefox}"


@cache
def newer() -> dict[tuple[str, str], Newer]:
    """By kind and name; kinds are ``syntax``, ``global``, ``static``, ``member``, ``event`` and those of css."""
    with FILE.open(encoding="utf-8") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")
        return {(row[0], row[1]): Newer(*row) for row in rows}


# ---------------------------------------------------------------- making the file


def _features(tree: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if compat := tree.get("__compat"):
        yield path, compat["support"]
    for name, below in tree.items():
        if name != "__compat" and isinstance(below, dict):
            yield from _features(below, (*path, name))


def _since(support: dict[str, Any], browser: str) -> str:
    said = support.get(browser) or support.get(browser.removesuffix("_android")) or {}
    for each in said if isinstance(said, list) else [said]:
        added = each.get("version_added")
        if added and added != "preview" and not {"flags", "version_removed", "prefix", "alternative_name"} & set(each):
            return str(added).removeprefix("≤")
    return "never"


def _is_old(since: str, floor: int) -> bool:
    return since != "never" and float(since) <= floor


def _names(path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Under which kinds and names source can use the feature at ``path``."""
    top, *rest = path
    if top == "javascript" and rest[0] == "builtins":
        rest = rest[1:]
        if rest and rest[0] in ("Intl", "Temporal") and len(rest) > 1:
            rest = rest[1:] if rest[1][:1].isupper() else rest
    elif top == "javascript" and len(rest) >= 2:
        yield "syntax", ".".join(rest)
        return
    elif top == "css":
        kind = {"at-rules": "at-rule", "properties": "property", "selectors": "selector", "types": "type"}.get(rest[0])
        if kind and len(rest) == 2:
            yield kind, rest[1]
        elif kind == "property" and len(rest) == 3:
            yield "value", f"{rest[1]}: {rest[2]}"
        elif kind in ("type", "at-rule", "selector") and len(rest) == 3:
            yield f"part of {kind}", f"{rest[1]} {rest[2]}"
        return
    elif top != "api":
        return
    if len(rest) == 1:
        yield "global", rest[0]
    elif len(rest) == 2:
        holder, name = rest
        if name.endswith("_event"):
            yield "event", name.removesuffix("_event")
        elif name.endswith("_static"):
            yield "static", f"{holder}.{name.removesuffix('_static')}"
        elif name.isidentifier() and name != holder:
            if top == "javascript":
                yield "static", f"{holder}.{name}"
            yield "member", name
            if holder in ("Window", "WorkerGlobalScope", "ServiceWorkerGlobalScope"):
                yield "global", name


def write(source: Path) -> int:
    """Write ``newer.tsv`` from MDN's ``data.json``; the number of names."""
    data = json.loads(source.read_text(encoding="utf-8"))
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for top in TOPS:
        for path, support in _features(data[top], (top,)):
            for kind_and_name in _names(path):
                found[kind_and_name].append((_since(support, "chrome_android"), _since(support, "firefox_android")))
    floors = tuple(FLOOR.values())
    lines = [f"# @mdn/browser-compat-data {data['__meta']['version']}, CC0. Made by script/old-phones: do not edit."]
    count = 0
    for (kind, name), versions in sorted(found.items()):
        if any(all(_is_old(since, floor) for since, floor in zip(pair, floors, strict=True)) for pair in versions):
            continue
        lines.append("\t".join((kind, name, *versions[0])))
        count += 1
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]))} names in {FILE.name}")  # noqa: T201 -- a command
