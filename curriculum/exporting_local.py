"""What countries have of their own becomes files of a pack again (``countries/ke/m4/l1.md``)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings

from curriculum.exported_blocks import ExportedBlocks, Names
from curriculum.local_blocks import beside_now, mark_of_block, stored
from curriculum.models import LessonPage, LocalBlock
from curriculum.pack_identities import lesson_uuid
from curriculum.packs import Pack, ids, lessons, model, strings
from curriculum.packs.strings import strings_of_block

LOOKED_AT_NOTHING = "00000000"
"""A mark that no words have: the shared block has changed since somebody looked at it."""


def local_uuid(lesson: uuid.UUID, country: str, name: str) -> uuid.UUID:
    """The identity of a country's own block with that id."""
    return uuid.uuid5(lesson, f"{country}/{name}")


def variants_at_the_desk(base: Pack, shared: Mapping[str, model.Module]) -> list[model.Module]:
    """What each country has of its own beside the modules in ``shared`` (``{code: module as it is}``).

    Of modules that are not in ``shared``, what ``base`` says.
    """
    before = {(variant.country, variant.folder.rpartition("/")[2]): variant for variant in base.variants}
    slugs = {module.folder: module for module in shared.values()}
    rows: dict[tuple[str, str], list[LocalBlock]] = defaultdict(list)
    for row in LocalBlock.objects.filter(lesson__module__code__in=shared).select_related("lesson__module"):
        rows[row.country_id, row.lesson.module.slug].append(row)
    found = {key: variant for key, variant in before.items() if key[1] not in slugs}
    for key in sorted({*rows, *(key for key in before if key[1] in slugs)}):
        country, folder = key
        name = f"countries/{country.lower()}/{folder}"
        variant = _Variant(before.get(key, model.Module(name, country=country)), slugs[folder], rows[key]).module
        if variant.lessons or key in before:
            found[key] = variant
    order = [key for key in before if key in found] + [key for key in found if key not in before]
    return [found[key] for key in order if found[key].lessons]


class _Variant(ExportedBlocks):
    """What one country has of its own in one module."""

    def __init__(self, before: model.Module, shared: model.Module, rows: list[LocalBlock]) -> None:
        self.before, self.shared = before, shared
        self.module = replace(before, lessons=[], others=dict(before.others), translations={})
        self.texts: dict[str, dict[str, model.Entry]] = {}
        slugs = dict(
            LessonPage.objects.filter(
                lesson__in={row.lesson_id for row in rows}, locale__language_code=settings.LANGUAGE_CODE
            ).values_list("lesson_id", "slug")
        )
        by_lesson: dict[str, list[LocalBlock]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.position, row.pk)):
            if row.lesson_id in slugs and stored(row) is not None:
                by_lesson[slugs[row.lesson_id]].append(row)
        for name in sorted(by_lesson, key=lessons.order_of):
            self.module.lessons.append(self._lesson(name, by_lesson[name]))
        self._translations()

    def _lesson(self, name: str, rows: list[LocalBlock]) -> model.Lesson:
        before = next((one for one in self.before.lessons if one.id == name), model.Lesson(name))
        shared = next((one for one in self.shared.lessons if one.id == name), model.Lesson(name))
        lesson = model.Lesson(name, before.title, before.minutes, before.facts)
        identity = uuid.UUID(shared.uuid) if shared.uuid else lesson_uuid(self.shared.code, name)
        beside = Names(shared.blocks, lambda each: str(uuid.uuid5(identity, each)))
        known = {block.id: block for block in before.blocks}
        by_identity: dict[uuid.UUID, list[LocalBlock]] = defaultdict(list)
        for row in rows:
            by_identity[row.identity].append(row)
        for versions in by_identity.values():
            source = next((row for row in versions if row.language == settings.LANGUAGE_CODE), None)
            if source is None:
                continue
            of = beside.of(str(source.beside), "")[0]
            if not of:
                continue  # the shared block is gone, and the country's own with it
            block = self._block(source, known)
            if not block.id:
                block.id = of if source.where == "replaces" else self._new_id(block, shared, lesson)
            block.place, block.of = source.where, of  # type: ignore[assignment]
            derived = local_uuid(identity, source.country_id, block.id)
            block.uuid = "" if derived == source.identity else str(source.identity)
            if source.where == "replaces":
                now = next(each for each in shared.blocks if each.id == of)
                block.seen = self._seen(source, ids.mark_of(lessons.said_by(now)), known.get(block.id))
            lesson.blocks.append(block)
            for row in versions:
                if row is not source:
                    self._say(name, block, source, row)
        return lesson

    def _block(self, row: LocalBlock, known: Mapping[str, model.Block]) -> model.Block:
        [inside] = row.body
        block = model.Block(row.name, inside.block_type)
        self.fill(block, inside, known.get(row.name, model.Block(row.name, inside.block_type)))
        return block

    def _new_id(self, block: model.Block, shared: model.Lesson, lesson: model.Lesson) -> str:
        taken = {each.id for each in shared.blocks}
        return ids.mint(lessons.said_by(block), taken | {each.id for each in lesson.blocks})

    def _seen(self, row: LocalBlock, now: str, before: model.Block | None) -> str:
        if row.made_beside == beside_now(row):
            return now
        return before.seen if before is not None and before.seen not in ("", now) else LOOKED_AT_NOTHING

    def _say(self, lesson: str, block: model.Block, source: LocalBlock, row: LocalBlock) -> None:
        said = self._block(row, {block.id: block})
        said.id = block.id
        for mine, theirs in zip(said.items, block.items, strict=False):
            mine.id = theirs.id
        made_from = {string.key: string.text for string in strings_of_block(block, lesson, "")}
        is_current = row.made_beside == mark_of_block(stored(source))
        before = self.before.translations.get(row.language, model.Translation(row.language))
        for string in strings_of_block(said, lesson, ""):
            if string.key not in made_from:
                continue
            old = before.entries.get(string.key)
            is_as_before = old is not None and old.text == string.text
            entry = model.Entry(string.key, made_from[string.key], string.text)
            if not is_current:
                entry.made_from, entry.is_outdated = "", True
            if old is not None and is_as_before:
                entry.remarks = old.remarks
                if is_current and old.made_from == entry.made_from:
                    entry.reviewed = old.reviewed
                elif not is_current and old.made_from != made_from[string.key]:
                    entry.made_from = old.made_from
            self.texts.setdefault(row.language, {})[string.key] = entry

    def _translations(self) -> None:
        keys = {string.key for string in strings(self.module)}
        for language in sorted({*self.texts, *self.before.translations}):
            before = self.before.translations.get(language, model.Translation(language))
            waiting = {key: entry for key, entry in before.entries.items() if key in keys}
            entries = waiting | self.texts.get(language, {})
            self.module.translations[language] = model.Translation(language, entries, before.retired)
