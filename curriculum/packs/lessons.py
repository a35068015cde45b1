"""A lesson's file (``l1.md``) and a module's (``module.md``): from text to values and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from curriculum.packs import containers, ids, plain, prose, toml_text
from curriculum.packs.containers import Container
from curriculum.packs.model import FIELDS, MAY_BE_EMPTY, WITH_ITEMS, WITH_OPTIONS, Block, Item, Lesson, Module, Problems

_PICTURE = re.compile(r"^!\[((?:[^\]\\]|\\.)*)\]\(([^()\s]+)\)\s*$")
LESSON_FIELDS = {"title": str, "minutes": int, "facts": list, "uuid": str}
MODULE_FIELDS = {"code": str, "strand": str, "title": str, "cover_title": str, "hours": int, "lessons": list}


# ---------------------------------------------------------------- reading


def read_lesson(text: str, lesson: Lesson, problems: Problems, *, is_local: bool = False) -> None:
    """Fill ``lesson`` from its file. ``is_local``: what a country has of its own, which needs no titles."""
    lines, first_line = text.split("\n"), 1
    if not is_local or lines[0].strip() == "+++":
        values, lines, first_line = containers.front_matter(text, lesson.file, problems)
        values = _known(values, {} if is_local else LESSON_FIELDS, lesson.file, text, problems)
        lesson.title = plain.one_line(values.get("title", ""))
        lesson.minutes, lesson.uuid = values.get("minutes", 0), values.get("uuid", "")
        lesson.facts = [fact for fact in values.get("facts", []) if isinstance(fact, str)]
    for container in containers.containers(lines, first_line, lesson.file, problems):
        if (block := _block(container, lesson.file, problems)) is not None:
            lesson.blocks.append(block)


def read_module(text: str, module: Module, problems: Problems) -> list[str]:
    """Fill ``module`` from its ``module.md``; return the order of its lessons where the file says one."""
    file = module.file("module.md")
    values, lines, first_line = containers.front_matter(text, file, problems)
    values = _known(values, MODULE_FIELDS, file, text, problems)
    module.code, module.strand = values.get("code", ""), values.get("strand", "")
    module.title = plain.one_line(values.get("title", ""))
    module.cover_title = plain.one_line(values.get("cover_title", ""))
    module.hours = values.get("hours", 0)
    seen: set[str] = set()
    for container in containers.containers(lines, first_line, file, problems):
        before, found = containers.items(
            container.lines,
            container.first_line,
            file,
            problems,
            flags=["safety"] if container.name == "practice" else [],
        )
        if container.name not in ("objectives", "practice") or container.name in seen:
            problems.unreadable(
                file, container.line, "a module has one ::: objectives and one ::: practice, and no more"
            )
        elif container.id or container.attributes or any(line.strip() for line in before):
            problems.unreadable(
                file, container.line, f"::: {container.name} holds lines that begin with - [ ], and no more"
            )
        elif container.name == "objectives":
            module.objectives = found
        else:
            module.steps = found
        seen.add(container.name)
    return [name for name in values.get("lessons", []) if isinstance(name, str)]


def _known(values: dict[str, Any], wanted: dict[str, type], file: str, text: str, problems: Problems) -> dict[str, Any]:
    """The values that belong here and are of the right kind; what else stands there is told."""
    found: dict[str, Any] = {}
    for name, given in values.items():
        line = toml_text.line_of(text, name)
        if name not in wanted:
            problems.unreadable(file, line, f"{name} has no meaning here", name)
        elif type(given) is not wanted[name]:
            kind = {str: "words between quotation marks", int: "a whole number", list: "a list"}[wanted[name]]
            problems.unreadable(file, line, f"{name} is {kind}", name)
        else:
            found[name] = given
    return found


def _block(container: Container, file: str, problems: Problems) -> Block | None:
    if not container.name:
        problems.error(
            file,
            container.line,
            "",
            "these words stand outside of any block; --fix makes a text of them",
            is_fixable=True,
        )
        container.name = "text"
        block = Block("", "text", line=container.line)
        block.words["text"] = _markdown(container.lines, container.line, file, problems)
        return block
    if container.name not in FIELDS:
        kinds = ", ".join(kind.replace("_", "-") for kind in FIELDS)
        problems.unreadable(file, container.line, f"there is no ::: {container.name}; there are: {kinds}")
        return None
    block = Block(container.id, container.name, line=container.line)
    _READERS[container.name](block, container, file, problems)
    _local(block, container, file, problems)
    block.uuid = container.attributes.pop("uuid", "")
    for name in container.attributes:
        problems.unreadable(file, container.line, f"{name} has no meaning in ::: {container.name}", container.id)
    for name, words in block.words.items():
        if not words and f"{block.kind}.{name}" not in MAY_BE_EMPTY:
            problems.error(file, block.line, block.id, f"its {name} is missing")
    return block


def _local(block: Block, container: Container, file: str, problems: Problems) -> None:
    """What a country's file says of the block's place in the shared lesson."""
    given = container.attributes
    if "replaces" in given:
        block.place, block.of, block.seen = "replaces", block.id, given.pop("replaces")
    if "after" in given:
        if block.place or not given["after"]:
            problems.unreadable(file, block.line, "a block replaces another, or stands after=another", block.id)
        block.place, block.of = "after", given.pop("after")


def _prose(block: Block, container: Container, file: str, problems: Problems) -> None:
    block.words["text"] = _markdown(container.lines, container.first_line, file, problems)


def _words(block: Block, container: Container, file: str, problems: Problems) -> None:
    [name] = FIELDS[block.kind]
    block.words[name] = plain.read(container.lines)


def _reflection(block: Block, container: Container, file: str, problems: Problems) -> None:
    block.target = container.attributes.pop("note", "")
    _words(block, container, file, problems)


def _story(block: Block, container: Container, file: str, problems: Problems) -> None:
    block.words["title"] = plain.one_line(container.attributes.pop("title", ""))
    _prose(block, container, file, problems)


def _picture(block: Block, container: Container, file: str, problems: Problems) -> None:
    lines = [*container.lines]
    while lines and not lines[0].strip():
        lines.pop(0)
    image = _PICTURE.match(lines[0]) if lines else None
    if image is None:
        problems.unreadable(file, container.line, "a picture begins like ![what it shows](pictures/name.svg)", block.id)
        block.words |= {"alt": "", "caption": ""}
        return
    block.words["alt"] = plain.one_line(re.sub(r"\\([\]\\])", r"\1", image[1]))
    block.target = image[2]
    block.words["caption"] = plain.read(lines[1:])


def _audio(block: Block, container: Container, file: str, problems: Problems) -> None:
    block.target = container.attributes.pop("file", "")
    if not block.target:
        problems.error(file, block.line, block.id, 'it says file="sound/name.mp3"')
    block.words["transcript"] = plain.read(container.lines)


def _listed(block: Block, container: Container, file: str, problems: Problems) -> None:
    before, block.items = containers.items(container.lines, container.first_line, file, problems)
    if block.kind == "role_play":
        block.words["situation"] = _markdown(before, container.first_line, file, problems)
        return
    if block.kind == "checklist":
        block.words["title"] = plain.one_line(container.attributes.pop("title", ""))
        if any(line.strip() for line in before):
            problems.unreadable(
                file, container.first_line, "a checklist holds lines that begin with - [ ], and no more"
            )
    else:
        block.words["question"] = plain.read(before)


def _word(block: Block, container: Container, file: str, problems: Problems) -> None:
    block.target = container.attributes.pop("entry", "")
    if not block.target:
        problems.error(file, block.line, block.id, "it says entry=the key of a word in glossary.toml")
    if any(line.strip() for line in container.lines):
        problems.unreadable(
            file, container.first_line, "a word has no words here: they stand in glossary.toml", block.id
        )


_READERS: dict[str, Callable[[Block, Container, str, Problems], None]] = {
    "text": _prose,
    "key_message": _words,
    "story": _story,
    "picture": _picture,
    "audio": _audio,
    "try_it": _listed,
    "role_play": _listed,
    "checklist": _listed,
    "reflection": _reflection,
    "word": _word,
}


def _markdown(lines: list[str], first_line: int, file: str, problems: Problems) -> str:
    empty = next((place for place, line in enumerate(lines) if line.strip()), 0)
    text = "\n".join(lines[empty:]).rstrip()
    for line, what in prose.refusals(text):
        problems.unreadable(file, first_line + empty + line, f"{what} has no place in a lesson")
    return prose.canonical(text)


# ---------------------------------------------------------------- writing


def written_lesson(lesson: Lesson, *, is_local: bool = False) -> str:
    """The lesson's file in canonical form."""
    head = ""
    if not is_local:
        values = {"title": lesson.title, "minutes": lesson.minutes}
        more = {"facts": lesson.facts} if lesson.facts else {}
        head = _front_matter(values | more | ({"uuid": lesson.uuid} if lesson.uuid else {}))
    return _joined(head, [written_block(block) for block in lesson.blocks])


def written_module(module: Module) -> str:
    """``module.md`` in canonical form."""
    values: dict[str, object] = {
        "code": module.code,
        "strand": module.strand,
        "title": module.title,
        "cover_title": module.cover_title,
        "hours": module.hours,
    }
    order = [lesson.id for lesson in module.lessons]
    if order != sorted(order, key=order_of):
        values["lessons"] = order
    bodies = [
        containers.written(name, body="\n".join(containers.item_lines(item, with_box=False) for item in found))
        for name, found in (("objectives", module.objectives), ("practice", module.steps))
        if found
    ]
    return _joined(_front_matter(values), bodies)


def order_of(lesson: str) -> tuple[int, str]:
    """``l2`` stands before ``l10``."""
    digits = re.sub(r"\D", "", lesson)
    return int(digits or 0), lesson


def written_block(block: Block) -> str:
    """One block as its container."""
    attributes: dict[str, str | None] = {}
    body = ""
    if block.place == "replaces":
        attributes["replaces"] = block.seen
    elif block.place == "after":
        attributes["after"] = block.of
    if block.kind in ("text", "story"):
        body = block.words.get("text", "")
    elif block.kind in ("key_message", "reflection"):
        body = plain.written(next(iter(block.words.values()), ""))
    elif block.kind == "picture":
        alt = re.sub(r"([\]\\])", r"\\\1", block.words.get("alt", ""))
        caption = plain.written(block.words.get("caption", ""))
        body = f"![{alt}]({block.target})" + (f"\n\n{caption}" if caption else "")
    elif block.kind == "audio":
        attributes["file"] = block.target
        body = plain.written(block.words.get("transcript", ""))
    elif block.kind == "word":
        attributes["entry"] = block.target
    if block.kind in ("story", "checklist"):
        attributes["title"] = block.words.get("title", "")
    if block.kind in WITH_OPTIONS | WITH_ITEMS:
        body = _listed_body(block)
    if block.kind == "reflection" and block.target:
        attributes["note"] = block.target
    if block.uuid:
        attributes["uuid"] = block.uuid
    return containers.written(block.kind, id=block.id, attributes=attributes, body=body)


def _listed_body(block: Block) -> str:
    name = "question" if block.kind == "try_it" else "situation"
    words = block.words.get(name, "")
    before = plain.written(words) if name == "question" else words
    with_box = block.kind in WITH_OPTIONS
    listed = "\n".join(containers.item_lines(item, with_box=with_box) for item in block.items)
    return "\n\n".join(part for part in (before, listed) if part)


def _front_matter(values: dict[str, object]) -> str:
    return f"+++\n{toml_text.table(values)}+++\n"


def _joined(head: str, bodies: list[str]) -> str:
    return "\n".join([head, *bodies] if head else bodies)


def said_by(block: Block) -> str:
    """Everything a learner reads in ``block``, for a mark by which it is known again."""
    return written_block(Block(block.id, block.kind, block.words, block.items, block.target))


def new_item_id(block_kind: str, taken: list[Item]) -> str:
    """The id of an item that has none: a letter for an answer, a number for a line."""
    names = [item.id for item in taken if item.id]
    if block_kind in WITH_OPTIONS:
        return ids.next_letter(names)
    prefix = {"role_play": "r", "checklist": "c", "objectives": "ob", "practice": "s"}[block_kind]
    return ids.next_number(prefix, names)
