"""Every string of a module that a learner can read, with the key that translations know it by.

A key is made of ids (``l1.k7f2.text``), never of places: what is moved keeps its translation.
"""

from __future__ import annotations

from collections.abc import Iterator

from curriculum.packs import parts
from curriculum.packs.model import FIELDS, Block, Module, String

_NOTES = {
    "text": "text of a lesson",
    "key_message": "the sentence she should remember",
    "story": "story",
    "picture": "picture",
    "audio": "recording",
    "try_it": "question inside a lesson",
    "role_play": "role play",
    "checklist": "checklist",
    "reflection": "a question for herself",
}


def strings(module: Module) -> Iterator[String]:
    """The strings of ``module`` in reading order: its titles, its lessons, its practice, its parts, its words."""
    file = module.file("module.md")
    if not module.country:
        yield String("title", module.title, note="title of the module", file=file, line=2)
        yield String(
            "cover_title", module.cover_title, note="a title that says nothing to a stranger", file=file, line=2
        )
    for item in module.objectives:
        yield String(f"objective.{item.id}", item.text, note="what she will be able to do", file=file, line=item.line)
    for lesson in module.lessons:
        if not module.country:
            yield String(f"{lesson.id}.title", lesson.title, note="title of a lesson", file=lesson.file, line=2)
        for block in lesson.blocks:
            yield from strings_of_block(block, lesson.id, lesson.file)
    for item in module.steps:
        yield String(f"practice.{item.id}", item.text, note="what an observer looks for", file=file, line=item.line)
    for part in parts.registered():
        if part.name in module.parts:
            yield from part.strings(module.parts[part.name], module)
    file = module.file("glossary.toml")
    for word in module.words:
        yield String(f"glossary.{word.key}.word", word.word, note="a word", file=file, line=word.line, is_counted=False)
        yield String(
            f"glossary.{word.key}.meaning",
            word.meaning,
            note=f"what “{word.word}” means",
            file=file,
            line=word.line,
            is_counted=False,
        )


def strings_of_block(block: Block, lesson: str, file: str) -> Iterator[String]:
    """The strings of one block of the lesson with that id."""
    stem = f"{lesson}.{block.id}"
    note = _NOTES.get(block.kind, "")
    for name in FIELDS[block.kind]:
        if text := block.words.get(name, ""):
            said = {"title": f"title of a {note}", "alt": "what a picture shows", "caption": "words beside a picture"}
            yield String(
                f"{stem}.{name}", text, block.is_markdown(name), said.get(name, note), file=file, line=block.line
            )
    for item in block.items:
        if block.kind == "try_it":
            right = "right" if item.is_right else "not right"
            yield String(f"{stem}.{item.id}.text", item.text, note=f"an answer, {right}", file=file, line=item.line)
            yield String(
                f"{stem}.{item.id}.feedback",
                item.feedback,
                note=f"said to an answer that is {right}",
                file=file,
                line=item.line,
            )
        else:
            what = "what to try" if block.kind == "role_play" else "a line of a checklist"
            yield String(f"{stem}.{item.id}", item.text, note=what, file=file, line=item.line)
