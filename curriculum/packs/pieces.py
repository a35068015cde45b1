"""The pieces of a module: what a trainer changes at one go, where each stands, and what its words are known by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from curriculum.packs import lessons, parts, po
from curriculum.packs.model import Block, Entry, Item, Module, Word
from curriculum.packs.strings import strings


class Place(NamedTuple):
    """Where a piece stands: the module's code, a language (empty: the source), and its key (``l1.km1e``)."""

    module: str
    language: str
    key: str

    def __str__(self) -> str:
        return f"{self.module}/{self.key}" + (f"@{self.language}" if self.language else "")


class Last(NamedTuple):
    """A piece as the last import found it in its pack: the hash of its words; of a list, the ids in their order."""

    hash: str
    order: tuple[str, ...] = ()


def hash_of(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def pieces(module: Module) -> dict[Place, Last]:
    """Every piece of ``module`` as an import remembers it. A translation counts while it is made from these words."""
    found: dict[Place, Last] = {}

    def tell(key: str, text: str) -> None:
        found[Place(module.code, "", key)] = Last(hash_of(text))

    def order(key: str, names: Iterable[str]) -> None:
        ids = tuple(names)
        found[Place(module.code, "", key)] = Last(hash_of(" ".join(ids)), ids)

    for name in ("title", "cover_title", "hours"):
        tell(name, str(getattr(module, name)))
    for stem, listed in (("objective", module.objectives), ("practice", module.steps)):
        order(f"{stem}.order", (item.id for item in listed))
        for item in listed:
            tell(f"{stem}.{item.id}", item_text(item))
    for lesson in module.lessons:
        tell(f"{lesson.id}.title", lesson.title)
        tell(f"{lesson.id}.minutes", str(lesson.minutes))
        order(f"{lesson.id}.order", (block.id for block in lesson.blocks))
        for block in lesson.blocks:
            tell(f"{lesson.id}.{block.id}", block_text(block, module))
    for word in module.words:
        tell(f"glossary.{word.key}", word_text(word))
    for part in parts.registered():
        if part.name in module.parts:
            said = part.pieces(module.parts[part.name])
            order(f"{part.name}.order", said)
            for name, text in said.items():
                tell(name, text)
    source = {string.key: string.text for string in strings(module)}
    for language, translation in module.translations.items():
        for key, entry in translation.entries.items():
            if key in source and po.state_of(entry, source[key]) in ("draft", "reviewed"):
                found[Place(module.code, language, key)] = Last(entry_hash(entry))
    return found


def item_text(item: Item) -> str:
    """A line with an id, as it is compared and shown."""
    return item.text + (" (safety)" if item.is_safety else "")


def block_text(block: Block, module: Module) -> str:
    """A block as it is compared and shown; of a picture or recording, the file too."""
    text = (f"({block.place} {block.of})\n" if block.place else "") + lessons.said_by(block).strip()
    data = module.others.get(block.target)
    return text if data is None else f"{text}\n[{hashlib.sha256(data).hexdigest()[:8]}]"


def word_text(word: Word) -> str:
    return f"{word.word}: {word.meaning}"


def entry_hash(entry: Entry) -> str:
    """A translation is known by its words and by those from which it was made."""
    return hash_of(f"{entry.made_from}\n\x00\n{entry.text}")
