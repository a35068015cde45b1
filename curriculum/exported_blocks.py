"""Blocks of a page in the form of a pack, with the short ids by which they are known there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curriculum.packs import lessons, model, plain, prose


class ExportedBlocks:
    """Blocks as they are stored, in the form of a pack; the files that they show go among those of ``module``."""

    module: model.Module

    def fill(self, kept: model.Block, block: Any, before: model.Block) -> None:
        """Fill ``kept`` with what the page's block says."""
        value = block.value
        for field in model.FIELDS[kept.kind]:
            if kept.is_markdown(field):
                kept.words[field] = prose.written(prose.tree_of_html(value[field].source))
            elif field in ("title", "alt"):
                kept.words[field] = plain.one_line(value[field])
            else:
                kept.words[field] = plain.tidy(value[field] or "")
        if kept.kind == "picture":
            kept.target = self._file("pictures", value["image"], before.target)
        elif kept.kind == "audio":
            kept.target = self._file("sound", value["recording"], before.target)
        elif kept.kind == "word":
            kept.target = value["entry"].key
        elif kept.kind == "reflection":
            note = str(uuid.uuid5(uuid.UUID(block.id), "note"))
            kept.target = "" if value["note"] == note else value["note"]
        for name in ("options", "items"):
            if name in value:
                self._items(kept, value[name], block.id, before)

    def _items(self, kept: model.Block, rows: Any, block: str, before: model.Block) -> None:
        names = Names(before.items, lambda name: str(uuid.uuid5(uuid.UUID(block), name)))
        for row in rows.bound_blocks:
            item = model.Item(*names.of(row.id, kept.kind), uuid=names.odd)
            if kept.kind in model.WITH_OPTIONS:
                item.text, item.feedback = plain.one_line(row.value["text"]), plain.tidy(row.value["feedback"])
                item.is_right = bool(row.value["is_right"])
            else:
                item.text = plain.one_line(row.value)
            kept.items.append(item)

    def _places(self, block: Any) -> list[str]:
        """The paths of the items of a block, in their order."""
        return [
            f"body.{block.id}.{name}.{row.id}"
            for name in ("options", "items")
            if name in block.value
            for row in block.value[name].bound_blocks
        ]

    def _file(self, folder: str, kept: Any, before: str) -> str:
        """The name in the pack of a picture or recording; a new or changed one is put among the module's files."""
        with kept.file.open("rb") as stored:
            data = bytes(stored.read())
        name = before or f"{folder}/{Path(kept.file.name).name.lower()}"
        self.module.others[name] = data
        return name


class Names:
    """The short ids of a list of things whose identities are known."""

    def __init__(self, before: Iterable[model.Item | model.Block], identity: Any) -> None:
        self.identity = identity
        self.known = {thing.uuid or identity(thing.id): thing.id for thing in before}
        self.given: list[model.Item] = [model.Item(name, "") for name in self.known.values()]
        self.odd = ""

    def of(self, identity: str, kind: str) -> tuple[str, str]:
        """``(id, "")`` of the thing with that identity; ``odd``: its identity where it does not follow from the id."""
        name = self.known.get(identity, "")
        if not name and kind:
            name = lessons.new_item_id(kind, self.given)
            self.given.append(model.Item(name, ""))
        self.odd = "" if name and self.identity(name) == identity else identity
        return name, ""
