"""What phones get can be read by browsers of November 2021: see docs/decisions/0015-how-old-a-phone.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tinycss2

from config.static_files import as_sent
from tests.old_phones.known import newer
from tests.old_phones.reading import SYNTAX, NotRead, dropped_with_others, in_script, in_styles, words_of

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "static"
SCRIPTS = sorted(path for path in STATIC.rglob("*.js") if "admin" not in path.parts)
STYLES = sorted(path for path in STATIC.rglob("*.css") if "admin" not in path.parts)

OURS = frozenset(
    {
        "bytes",
        "country",
        "phone",
        "results",
        "since",
        "token",
        "until",
        "uuid",
    }  # docs/sync.md, store.js
    | {"when"}  # data-when
)
"""Names of our own protocol, store and attributes which something newer in browsers happens to bear as well."""

ASKED_FIRST = {
    ("global", "DecompressionStream"): "begin() in shell.js asks for it: without it nothing is kept, and she is told",
    ("global", "CompressionStream"): "packed() in outbox.js asks for it: without it a batch goes as it is",
    ("member", "pipeThrough"): "comes with the two above",
    ("member", "sync"): "act() in kept.js asks for it: without it the next open page sends",
    ("member", "connection"): "listen.js asks for it: without it nobody said that data is dear",
    ("member", "saveData"): "the same",
    ("global", "print"): "thuto.js shows the button only where a browser can print",
    ("member", "print"): "the same",
    ("event", "sync"): "never comes where there is no background sync",
    ("global", "BarcodeDetector"): "codeReader() in verify/camera.js asks for it: without it the decoder is loaded",
    ("static", "BarcodeDetector.getSupportedFormats"): "the same",
    ("member", "detect"): "the same",
    ("member", "srcObject"): "newer for recordings only: Chromium 52 shows a camera with it",
    (
        "syntax",
        "operators.import",
    ): "the decoder is a module: Chromium 63, Firefox 67; where it does not come, she types",
}
"""Newer than our oldest phone, and the script asks before it relies on it. Each with where."""

DOES_WITHOUT = {
    ("selector", "has"): "spacing and outlines; always in a rule of its own",
    ("at-rule", "container"): "very large letters on a narrow screen: a note beside a lesson wraps later",
    ("property", "container-type"): "the same",
    ("value", "container-type: inline-size"): "the same",
    ("property", "text-wrap"): "headings break less evenly",
    ("value", "text-wrap: balance"): "the same",
    ("property", "color-scheme"): "Firefox 94 and 95 draw light form controls in the dark",
    ("value", "color-scheme: light"): "the same",
    ("value", "color-scheme: dark"): "the same",
    ("property", "cursor"): "Firefox on a phone had no pointer",
    ("value", "cursor: pointer"): "the same",
    ("property", "-webkit-text-security"): "practice.js asks for it: without it a signing PIN is typed as a password",
    ("value", "break-after: avoid"): "print: Firefox may part a heading from its text",
}
"""Newer styles, and what a page looks like without them."""


def told(found: set[tuple[str, str]]) -> str:
    return "\n".join(f"{kind} {name}: {_since(kind, name)}" for kind, name in sorted(found))


def _since(kind: str, name: str) -> str:
    return newer()[kind, name].since if (kind, name) in newer() else "modules are not for classic scripts"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(STATIC)))
def test_scripts_use_nothing_newer_than_our_oldest_phone(path: Path) -> None:
    found = in_script(path.read_text(), ours=OURS) - set(ASKED_FIRST)

    assert not found, told(found)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: str(path.relative_to(STATIC)))
def test_styles_do_without_what_is_newer(path: Path) -> None:
    source = path.read_text()
    found = in_styles(source) - set(DOES_WITHOUT)

    assert not found, told(found)
    assert dropped_with_others(source) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(STATIC)))
def test_what_is_sent_says_what_was_written(path: Path) -> None:
    """Comments and white space are taken off by rules that do not read script: here somebody who does compares."""
    source = path.read_bytes()

    assert words_of(as_sent(path.name, source).decode()) == words_of(source.decode())


def test_styles_that_are_sent_say_what_was_written() -> None:
    source = (STATIC / "thuto.css").read_text()

    sent = as_sent("thuto.css", source.encode()).decode()

    assert [rule.serialize() for rule in _rules(sent)] == [rule.serialize() for rule in _rules(source)]
    assert len(sent) < len(source)


def _rules(source: str) -> list[Any]:
    """Each rule without the white space that means nothing: beside punctuation, and before a closing brace."""
    blank = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    tight = re.sub(r" ?([{};,>!]) ?", r"\1", re.sub(r"(?<=[\w-]): ", ":", blank)).replace(";}", "}")
    return list(tinycss2.parse_stylesheet(tight, skip_comments=True, skip_whitespace=True))


def test_pages_carry_no_script_of_their_own() -> None:
    """What stands inside a page would be read by nobody here; the policy of the site refuses it as well."""
    inline = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "wagtailadmin" not in path.parts and re.search(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=", path.read_text())
    ]

    assert inline == []


def test_every_exception_is_still_needed() -> None:
    used = set()
    for path in SCRIPTS:
        used |= in_script(path.read_text(), ours=OURS)
    for path in STYLES:
        used |= in_styles(path.read_text())

    assert {*ASKED_FIRST, *DOES_WITHOUT} - used == set()


def test_every_piece_of_newer_syntax_is_looked_for() -> None:
    unknown = [name for kind, name in newer() if kind == "syntax" and not name.startswith(tuple(SYNTAX))]

    assert unknown == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("const last = list.findLast((each) => each);", ("member", "findLast")),
        ("const { groupBy } = Object;", ("member", "groupBy")),
        ("Object.groupBy(list, one);", ("static", "Object.groupBy")),
        ("const copy = structuredClone(card);", ("global", "structuredClone")),
        ("AbortSignal.timeout(5000);", ("static", "AbortSignal.timeout")),
        ("new Blob([]).bytes();", ("member", "bytes")),
        ("addEventListener('scrollend', stop);", ("event", "scrollend")),
        ("{ using file = open(); }", ("syntax", "statements.using")),
        ("import { a } from './a.js';", ("syntax", "statements.import")),
        ("const found = /(?i:a)b/.test(text);", ("syntax", "regular_expressions.modifier")),
    ],
)
def test_something_newer_is_found_by_name_in_a_script(source: str, name: tuple[str, str]) -> None:
    try:
        assert name in in_script(source, ours=OURS)
    except NotRead:
        assert name == ("syntax", "statements.using")  # the parser itself does not know it yet


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (".card { .meta { color: red; } }", ("selector", "nesting")),
        (".card { &:hover { color: red; } }", ("selector", "nesting")),
        ("@layer base { a { color: red; } }", ("at-rule", "layer")),
        ("a:has(b) { color: red; }", ("selector", "has")),
        ("a { rotate: 4deg; }", ("property", "rotate")),
        ("a { color: color-mix(in srgb, red, blue); }", ("part of type", "color color-mix")),
        ("a { height: 100dvh; }", ("part of type", "length viewport_percentage_units_dynamic")),
        ("@media (width >= 40em) { a { color: red; } }", ("part of at-rule", "media range_syntax")),
    ],
)
def test_something_newer_is_found_by_name_in_styles(source: str, name: tuple[str, str]) -> None:
    assert name in in_styles(source)


def test_old_names_are_left_alone() -> None:
    script = "const { a = 1, ...rest } = x?.y ?? {}; for (const b of rest.c) { class D { #e = b; static f() {} } }"

    assert in_script(script) == set()
    assert in_styles("a:is(b, c) { inset-inline: 0; padding: max(1px, 2rem); transform: rotate(45deg); }") == set()


def test_a_list_with_a_newer_selector_is_told() -> None:
    assert dropped_with_others(".a, .b:has(c) { color: red; }") == ["line 1: .a, .b:has(c)"]
    assert dropped_with_others(".a:has(b), .b:has(c) { color: red; } .d:is(e, f), .g { color: red; }") == []


def test_what_cannot_be_read_is_told() -> None:
    with pytest.raises(NotRead, match="line 2"):
        in_script("const a = 1;\nconst = ;\n")
