"""TOML as a pack writes it: Python reads TOML and does not write it, and a pack needs strings, numbers and lists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")


class NotToml(ValueError):
    """What cannot be read as TOML, and the line on which reading stopped."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what, self.line = what, line


def read(text: str, *, first_line: int = 1) -> dict[str, Any]:
    """``text`` as values. Raises ``NotToml``, whose line counts from ``first_line``."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _bracket, place = str(error).partition(" (at ")
        found = re.search(r"line (\d+)", place)
        line = int(found[1]) if found else text.count("\n")
        raise NotToml(what, first_line + line - 1) from None


def line_of(text: str, key: str, *, first_line: int = 1, nth: int = 1) -> int:
    """The line on which ``key`` is given for the ``nth`` time, or on which its table begins."""
    name = re.escape(key)
    pattern = re.compile(rf"^\s*(?:\"?{name}\"?(?:\.[\w.]+)?\s*=|\[+\"?{name}\"?\]+)")
    lines = [number for number, line in enumerate(text.split("\n")) if pattern.match(line)]
    return first_line + lines[nth - 1] if len(lines) >= nth else first_line


def value(given: Any) -> str:
    """One value as TOML writes it. Raises ``TypeError`` for what a pack has no use for."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return str(given)
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, str):
        return '"' + "".join(_sign(sign) for sign in given) + '"'
    if isinstance(given, list):
        return "[" + ", ".join(value(each) for each in given) + "]"
    raise TypeError(f"{type(given).__name__} has no place in a pack")


def table(values: Mapping[str, Any]) -> str:
    """``key = value`` lines; a mapping among them becomes ``key.name = value`` lines."""
    lines: list[str] = []
    for key, given in values.items():
        if isinstance(given, Mapping):
            lines += [f"{_key(key)}.{_key(name)} = {value(inner)}" for name, inner in given.items()]
        else:
            lines.append(f"{_key(key)} = {value(given)}")
    return "".join(f"{line}\n" for line in lines)


def _key(name: str) -> str:
    return name if _BARE_KEY.match(name) else value(name)


def _sign(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign
