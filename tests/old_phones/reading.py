"""What a script or a stylesheet of ours uses that a phone of our promise may not know, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import tinycss2
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from tests.old_phones.known import newer

Found = set[tuple[str, str]]
"""Kind and name, as in ``newer.tsv``."""


class NotRead(Exception):
    """The source is not of the language; says where."""


# ---------------------------------------------------------------- script

SYNTAX = {
    "statements.using": r"\busing\s+[\w$]+\s*=",
    "statements.await_using": r"\bawait\s+using\s",
    "statements.import": r"^\s*(?:import|export)\b",
    "operators.import": r"\bimport\s*\(",
    "operators.import_meta": r"\bimport\s*\.\s*meta\b",
    "regular_expressions.modifier": r"\(\?[ims]*-?[ims]+:",
    "regular_expressions.named_capturing_group": r"\(\?<[A-Za-z]",
    "regular_expressions.buffer_boundary_assertion": r"\\[Az]",
    "grammar.trailing_commas": r"\bimport\s*\([^()]*,\s*\)",
}
"""How newer syntax looks. Our files are classic scripts: any module syntax is reported, whatever its parts.

Those of regular expressions are looked for in regular expressions only.
"""


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_javascript.language()))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _nodes(child)


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def in_script(source: str, *, ours: frozenset[str] = frozenset()) -> Found:
    """The newer names in ``source``. Raises ``NotRead`` where it is no script.

    Who bears a member cannot be told from source. Names of our own things, those that the script gives itself and
    those ``ours``, are passed over where they are read, and reported where they are called.
    """
    tree = _parser().parse(source.encode())
    if tree.root_node.has_error:
        wrong = next(each for each in _nodes(tree.root_node) if each.is_error or each.is_missing)
        raise NotRead(f"line {wrong.start_point[0] + 1}")
    nodes = list(_nodes(tree.root_node))
    ours = ours | {
        _text(node.child_by_field_name("key") or node.child_by_field_name("name") or node)
        for node in nodes
        if node.type in {"pair", "shorthand_property_identifier", "method_definition"}
    }
    declared = {
        _text(node.child_by_field_name("name"))
        for node in nodes
        if node.type in {"function_declaration", "class_declaration", "variable_declarator"}
    }
    found: Found = set()
    for node in nodes:
        match node.type:
            case "member_expression":
                holder, name = _text(node.child_by_field_name("object")), _text(node.child_by_field_name("property"))
                found.add(("static", f"{holder}.{name}"))
                if name not in ours or _is_called(node):
                    found.add(("member", name))
                if holder in {"self", "window", "globalThis"}:
                    found.add(("global", name))
            case "shorthand_property_identifier_pattern" | "pair_pattern":
                name = _text(node.child_by_field_name("key")) or _text(node)
                if name not in ours:
                    found.add(("member", name))
            case "identifier" if _text(node) not in declared:
                found.add(("global", _text(node)))
            case "call_expression" if _text(node.child_by_field_name("function")).endswith("addEventListener"):
                arguments = node.child_by_field_name("arguments")
                if arguments is not None and arguments.named_child_count:
                    found.add(("event", _text(arguments.named_child(0)).strip("\"'`")))
            case "regex":
                found |= {("syntax", name) for name, look in _looks(of_regex=True) if re.search(look, _text(node))}
    bare = _without_words(source, nodes)
    found |= {("syntax", name) for name, look in _looks(of_regex=False) if re.search(look, bare, re.MULTILINE)}
    return {each for each in found if each in newer()} | {each for each in found if each[0] == "syntax"}


def words_of(source: str) -> list[str]:
    """Every word and sign of a script in order, comments left out."""
    return [
        _text(node)
        for node in _all_nodes(_parser().parse(source.encode()).root_node)
        if not node.child_count and node.type != "comment"
    ]


def _all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all_nodes(child)


def _is_called(member: Node) -> bool:
    call = member.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == member


def _looks(*, of_regex: bool) -> Iterator[tuple[str, str]]:
    return ((name, look) for name, look in SYNTAX.items() if name.startswith("regular_expressions") == of_regex)


def _without_words(source: str, nodes: list[Node]) -> str:
    """``source`` with strings, comments and regular expressions blanked."""
    blank = bytearray(source.encode())
    for node in nodes:
        if node.type in {"string", "comment", "regex", "string_fragment"}:
            blank[node.start_byte : node.end_byte] = b" " * (node.end_byte - node.start_byte)
    return blank.decode()


# ---------------------------------------------------------------- styles

HOLD_RULES = frozenset({"media", "supports", "layer", "container", "scope", "starting-style"})
"""At-rules with rules in them."""

UNITS = re.compile(r"[dsl]v(?:h|w|i|b|min|max)|cq(?:h|w|i|b|min|max)")
VIEWPORT_AND_CONTAINER = ("length viewport_percentage_units_dynamic", "length container_query_length_units")
"""Units have no names of their own in the data."""


@cache
def _parts_called(name: str) -> Found:
    """Every part of a type that is called so, such as ``color-mix`` of a colour."""
    return {(kind, whole) for kind, whole in newer() if kind == "part of type" and whole.endswith(f" {name}")}


def in_styles(source: str) -> Found:
    """The newer at-rules, properties, values, selectors, functions and units in ``source``; nesting among them."""
    found: Found = set()
    _rules(tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True), found, inside="")
    return {each for each in found if each in newer()}


def _rules(rules: list[Any], found: Found, *, inside: str) -> None:
    for rule in rules:
        if rule.type == "error":
            raise NotRead(f"line {rule.source_line}: {rule.message}")
        if rule.type == "qualified-rule":
            _selector(rule.prelude, found)
            _block(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True), found)
        elif rule.type == "at-rule":
            name = rule.lower_at_keyword
            found.add(("at-rule", name))
            if name == "media" and any(token.type == "literal" and token.value in "<=>=" for token in _flat(rule)):
                found.add(("part of at-rule", "media range_syntax"))
            if rule.content is None:
                continue
            if name in HOLD_RULES:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                _rules(inner, found, inside=name)
            else:
                _block(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True), found)


def _flat(rule: Any) -> Iterator[Any]:
    for token in rule.prelude:
        yield token
        yield from getattr(token, "content", None) or []


def _block(contents: list[Any], found: Found) -> None:
    for each in contents:
        if each.type == "error":
            raise NotRead(f"line {each.source_line}: {each.message}")
        if each.type == "declaration":
            found.add(("property", each.lower_name))
            for kind, name in _words(each.value):
                found.add(("value", f"{each.lower_name}: {name}"))
                if kind == "function":
                    found |= {("type", name), *_parts_called(name)}
                if kind == "unit":
                    found.add(("part of type", f"length {name}"))
                    found |= {("part of type", each) for each in VIEWPORT_AND_CONTAINER if UNITS.fullmatch(name)}
        else:
            found.add(("selector", "nesting"))
            if each.type == "qualified-rule":
                _rules([each], found, inside="rule")


def _words(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """Keywords, functions and units with their names, also inside functions."""
    for token in tokens:
        if token.type == "ident":
            yield "value", token.lower_value
        elif token.type == "dimension":
            yield "unit", token.lower_unit
        elif token.type == "function":
            yield "function", token.lower_name
            yield from _words(token.arguments)


def _selector(tokens: list[Any], found: Found) -> None:
    for place, token in enumerate(tokens):
        if token.type == "literal" and token.value == ":" and place + 1 < len(tokens):
            after = tokens[place + 1]
            found.add(("selector", getattr(after, "lower_name", "") or getattr(after, "lower_value", "")))
        if token.type == "literal" and token.value == "&":
            found.add(("selector", "nesting"))
        if token.type in {"function", "() block"}:
            _selector(token.arguments if token.type == "function" else token.content, found)


def dropped_with_others(source: str) -> list[str]:
    """Rules that a phone drops as a whole because one selector of their list is newer: each names a line.

    A list is all or nothing. What is newer has to stand in a rule of its own.
    """
    lines = []
    for rule in _qualified(tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)):
        selectors = _split(rule.prelude)
        unknown = [each for each in selectors if _uses_newer(each)]
        if unknown and len(unknown) < len(selectors):
            lines.append(f"line {rule.source_line}: {tinycss2.serialize(rule.prelude).strip()}")
    return lines


def _uses_newer(tokens: list[Any]) -> bool:
    found: Found = set()
    _selector(tokens, found)
    return any(each in newer() for each in found)


def _split(tokens: list[Any]) -> list[list[Any]]:
    selectors: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _qualified(rules: list[Any]) -> Iterator[Any]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
        elif (
            rule.type == "at-rule"
            and rule.content
            and rule.lower_at_keyword in {"media", "supports", "layer", "container"}
        ):
            yield from _qualified(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
