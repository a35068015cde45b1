"""What a pack says that countries have of their own becomes local blocks, and their later edits are looked after."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from django.conf import settings

from curriculum import packs
from curriculum.exporting_local import local_uuid, variants_at_the_desk
from curriculum.imported_blocks import ImportedBlock, KeptFiles
from curriculum.local_blocks import beside_now, mark_of_block, stored
from curriculum.models import GlossaryEntry, Lesson, LocalBlock, Module
from curriculum.pack_identities import lesson_uuid
from curriculum.packs import ids, lessons, merging, model, po
from curriculum.packs.merging import Decision, Merged
from curriculum.packs.pieces import Last, Place
from curriculum.packs.strings import strings_of_block


def named(variant: model.Module, shared: model.Module) -> model.Module:
    """``variant`` with a code of its own, under which an import remembers it: ``KE/M4``."""
    return replace(variant, code=f"{variant.country}/{shared.code}")


def compare_variants(
    pack: packs.Pack,
    shared: Mapping[str, Merged],
    last_imported: Callable[[list[str]], dict[str, dict[Place, Last]]],
    decide: Callable[[Place], Decision | None],
) -> list[Merged]:
    """What is to be brought in of each country's own; ``shared`` is what is brought in of the modules."""
    modules = {each.module.folder: each.module for each in shared.values() if each.module is not None}
    offered = {
        (variant.country, variant.folder.rpartition("/")[2]): variant
        for variant in pack.variants
        if variant.folder.rpartition("/")[2] in modules
    }
    bare = replace(pack, variants=[replace(variant, translations={}) for variant in pack.variants])
    desk = {
        (variant.country, variant.folder.rpartition("/")[2]): variant
        for variant in variants_at_the_desk(bare, {module.code: module for module in modules.values()})
    }
    found = []
    for key in sorted({*offered, *desk}):
        country, folder = key
        if folder not in modules:
            continue
        empty = model.Module(f"countries/{country.lower()}/{folder}", country=country)
        theirs, mine = (named(side.get(key, empty), modules[folder]) for side in (offered, desk))
        names = sorted({lesson.id for lesson in (*theirs.lessons, *mine.lessons)}, key=lessons.order_of)
        theirs, mine = (_with_lessons(side, names) for side in (theirs, mine))
        found.append(merging.merge(theirs, mine, last_imported([theirs.code])[theirs.code], decide=decide))
    return found


def compared_variants(pack: packs.Pack, compared: list[Merged]) -> list[model.Module]:
    """What ``pack`` itself says of the countries' own that were compared, under the codes by which it is remembered."""
    folders = {each.module.folder: each.module.code for each in compared if each.module is not None}
    offered = {variant.folder: variant for variant in pack.variants}
    lessons_of = {each.module.folder: each.module.lessons for each in compared if each.module is not None}
    found = []
    for folder, code in folders.items():
        variant = replace(offered.get(folder, model.Module(folder)), code=code)
        found.append(_with_lessons(variant, [lesson.id for lesson in lessons_of[folder]]))
    return found


def _with_lessons(variant: model.Module, names: list[str]) -> model.Module:
    """``variant`` with an empty lesson where it has none: what is not there was taken out, or is not there yet."""
    there = {lesson.id: lesson for lesson in variant.lessons}
    return replace(variant, lessons=[there.get(name, model.Lesson(name)) for name in names])


def bring_in(merged: Merged, shared: model.Module) -> bool:
    """Write what one country has of its own in one module; say whether anything changed."""
    variant = merged.module
    if variant is None:
        return False
    module = Module.objects.get(code=shared.code)
    kept, entries = KeptFiles(variant, module), dict(GlossaryEntry.objects.values_list("key", "pk"))
    known = {lesson.id: lesson for lesson in shared.lessons}
    has_changed = False
    for lesson in variant.lessons:
        if lesson.id not in known:
            continue
        identity = uuid.UUID(known[lesson.id].uuid) if known[lesson.id].uuid else lesson_uuid(shared.code, lesson.id)
        found = Lesson.objects.filter(uuid=identity).first()
        if found is not None:
            has_changed |= _Writing(merged, variant, found, known[lesson.id], kept, entries).write(lesson)
    return has_changed


class _Writing:
    """One lesson of one country."""

    def __init__(
        self,
        merged: Merged,
        variant: model.Module,
        lesson: Lesson,
        shared: model.Lesson,
        kept: KeptFiles,
        entries: Mapping[str, int],
    ) -> None:
        self.merged, self.variant, self.lesson, self.shared = merged, variant, lesson, shared
        self.kept, self.entries = kept, entries
        self.identity = uuid.UUID(str(lesson.uuid))
        rows = LocalBlock.objects.filter(lesson=lesson, country=variant.country)
        self.present = {(row.identity, row.language): row for row in rows}
        self.has_changed = False

    def write(self, lesson: model.Lesson) -> bool:
        there = {block.id: block for block in self.shared.blocks}
        stays: set[tuple[uuid.UUID, str]] = set()
        # What is gone goes first: another block may stand in its place.
        wanted = {self._identity_of(block) for block in lesson.blocks}
        gone = [row.pk for (identity, _language), row in self.present.items() if identity not in wanted]
        self.has_changed |= bool(gone)
        LocalBlock.objects.filter(pk__in=gone).delete()
        for position, block in enumerate(lesson.blocks):
            if block.of not in there:
                continue
            identity = self._identity_of(block)
            row = self._source(block, identity, position, there[block.of], lesson.id)
            stays.add((identity, row.language))
            for language in self.variant.translations:
                self._translation(block, row, language, lesson.id)
        return self.has_changed

    def _identity_of(self, block: model.Block) -> uuid.UUID:
        return uuid.UUID(block.uuid) if block.uuid else local_uuid(self.identity, self.variant.country, block.id)

    def _source(
        self, block: model.Block, identity: uuid.UUID, position: int, shared: model.Block, lesson: str
    ) -> LocalBlock:
        row = self.present.get((identity, settings.LANGUAGE_CODE)) or LocalBlock(
            identity=identity, lesson=self.lesson, country_id=self.variant.country, language=settings.LANGUAGE_CODE
        )
        is_new = row.pk is None
        before = None if is_new else self._state(row)
        row.name, row.position, row.where = block.id, position, block.place
        row.beside = uuid.UUID(shared.uuid) if shared.uuid else uuid.uuid5(self.identity, shared.id)
        if is_new or not self.merged.stays(f"{lesson}.{block.id}"):
            row.body = json.dumps([self._stored(block, identity, lesson)])
        has_seen = block.seen in ("", ids.mark_of(lessons.said_by(shared)))
        if has_seen and (is_new or block.seen):
            row.made_beside = beside_now(row)
        if is_new or self._state(row) != before:
            row.save()
            self.has_changed = True
        return LocalBlock.objects.get(pk=row.pk)

    def _stored(self, block: model.Block, identity: uuid.UUID, lesson: str) -> dict[str, object]:
        return ImportedBlock(self.lesson, lesson, replace(block, uuid=str(identity))).stored(self.kept, self.entries)

    def _translation(self, block: model.Block, source: LocalBlock, language: str, lesson: str) -> None:
        """The block in another language, when every text of it is there and current; else what is there stays."""
        translation = self.variant.translations[language]
        words: dict[str, str] = {}
        is_read = []
        for string in strings_of_block(block, lesson, ""):
            entry = translation.entries.get(string.key)
            if entry is None or po.state_of(entry, string.text) not in ("draft", "reviewed"):
                return
            words[string.key] = entry.text
            is_read.append(self.merged.stays(string.key, language))
        if words and all(is_read):
            return
        row = self.present.get((source.identity, language)) or LocalBlock(
            identity=source.identity, lesson=self.lesson, country=source.country, language=language
        )
        before = None if row.pk is None else self._state(row)
        row.name, row.position, row.where, row.beside = source.name, source.position, source.where, source.beside
        row.body = json.dumps([self._stored(_said(block, lesson, words), source.identity, lesson)])
        row.made_beside = mark_of_block(stored(source))
        if self._state(row) != before:
            row.save()
            self.has_changed = True

    def _state(self, row: LocalBlock) -> tuple[object, ...]:
        raw = row.body if isinstance(row.body, str) else json.dumps(list(row.body.raw_data))
        return (row.name, row.position, str(row.where), row.beside, row.made_beside, json.loads(raw))


def _said(block: model.Block, lesson: str, words: Mapping[str, str]) -> model.Block:
    """``block`` in the words of a translation."""
    stem = f"{lesson}.{block.id}"
    items = [
        replace(
            item,
            text=words.get(f"{stem}.{item.id}.text", words.get(f"{stem}.{item.id}", item.text)),
            feedback=words.get(f"{stem}.{item.id}.feedback", item.feedback),
        )
        for item in block.items
    ]
    texts = {name: words.get(f"{stem}.{name}", text) for name, text in block.words.items()}
    return replace(block, words=texts, items=items)
