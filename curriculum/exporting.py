"""Pages become a pack again: what learners read now, in the form and with the ids in which it once came.

What a database does not hold (which facts a lesson teaches, remarks of translators, who has read a translation) is
taken from the pack that is there already; so an export goes into the folder from which the curriculum came.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

from wagtail.models import Locale
from wagtail_localize.strings import StringValue, restore_strings

from curriculum import packs
from curriculum.belonging import curriculum_of
from curriculum.exported_blocks import ExportedBlocks, Names
from curriculum.exporting_local import variants_at_the_desk
from curriculum.models import (
    GlossaryEntry,
    GlossaryMeaning,
    LessonPage,
    LibraryPage,
    ModulePage,
    StrandPage,
    TranslatedSegment,
)
from curriculum.pack_identities import PackNotClean, lesson_uuid, objective_uuid, step_uuid
from curriculum.packs import files as places
from curriculum.packs import ids, lessons, model, parts, plain, po, prose
from curriculum.translation.words import PATHS, word_rows

_noting: ContextVar[dict[str, list[tuple[uuid.UUID, str]]] | None] = ContextVar("places_noted", default=None)


@contextmanager
def places_noted() -> Iterator[dict[str, list[tuple[uuid.UUID, str]]]]:
    """Inside, what is taken out tells where each key of a pack stands: ``{key: [(key of the page, path), ...]}``."""
    noted: dict[str, list[tuple[uuid.UUID, str]]] = {}
    token = _noting.set(noted)
    try:
        yield noted
    finally:
        _noting.reset(token)


def export_pack(folder: Path) -> list[str]:
    """Write the published curriculum as a pack into ``folder``; return the names of the files that changed.

    The curriculum is the one that the pack there belongs to; for a new folder, the one of its name, else the first.
    After an import into the same folder nothing changes. Raises ``PackNotClean`` when a pack is there that cannot be
    read whole: what was not understood would be lost. Texts that nobody has published are not exported, and recordings
    have a command of their own.
    """
    folder = Path(folder)
    base = packs.Opened(packs.Pack(code=folder.name, name=folder.name), packs.Problems(), {})
    if folder.exists():
        base = packs.open_pack(folder)
        unread = [problem for problem in base.problems if problem.file in base.problems.unread]
        if unread:
            raise PackNotClean(unread)
    folder.mkdir(parents=True, exist_ok=True)
    return places.to_folder(packs.write(published_pack(base.pack)), folder)


def published_pack(base: packs.Pack, *, only: Collection[str] | None = None) -> packs.Pack:
    """The published curriculum, in the order and with the ids of ``base`` where these are the same things.

    ``only``: the folders of the modules that are wanted.
    """
    locale = Locale.get_default()
    curriculum = curriculum_of(base.code)
    pack = replace(base, modules=[], variants=base.variants, source_language=locale.language_code)
    pack.strands = _strands(base, locale, curriculum)
    library = LibraryPage.objects.filter(locale=locale, curriculum=curriculum).first()
    if library is not None:
        pack.library = _titles(library, base.library)
    known = {module.folder: module for module in base.modules}
    taken = {word.key for module in base.modules for word in module.words}
    for page in _live_modules(locale, curriculum):
        if only is not None and page.module.slug not in only:
            continue
        before = known.get(page.module.slug, packs.Module(page.module.slug))
        pack.modules.append(_Exported(page, before, pack, taken).module)
    pack.variants = variants_at_the_desk(base, {module.code: module for module in pack.modules})
    return pack


def modules_at_the_desk(pack: packs.Pack) -> dict[str, model.Module]:
    """``{code: module}`` of those modules of ``pack`` that are published, as they are now, with the ids of ``pack``.

    Of translations only what is published: nothing is taken over from the pack.
    """
    known = {module.code: replace(module, translations={}) for module in pack.modules}
    taken = {word.key for module in pack.modules for word in module.words}
    base = replace(pack, modules=list(known.values()))
    return {
        page.module.code: _Exported(page, known[page.module.code], base, taken).module
        for page in _live_modules(Locale.get_default(), curriculum_of(pack.code))
        if page.module.code in known
    }


def _live_modules(locale: Locale, curriculum: str) -> list[ModulePage]:
    pages = ModulePage.objects.filter(locale=locale, live=True, module__strand__curriculum=curriculum)
    pages = pages.select_related("module__strand")
    return sorted(pages, key=lambda page: page.module.code)


def _strands(base: packs.Pack, locale: Locale, curriculum: str) -> list[model.Strand]:
    """The strands in their order; those that the pack names keep the code that they have there."""
    found = list(base.strands)
    pages = StrandPage.objects.filter(locale=locale, live=True, strand__curriculum=curriculum)
    pages = pages.select_related("strand").order_by("strand__order")
    for page in pages:
        place = page.strand.order - 1
        if 0 <= place < len(base.strands):
            found[place] = model.Strand(base.strands[place].code, _titles(page, base.strands[place].title))
        else:
            found.append(model.Strand(page.strand.code, _titles(page, {})))
    return found


def _titles(page: Any, before: Mapping[str, str]) -> dict[str, str]:
    now = {other.locale.language_code: other.title for other in page.get_translations(inclusive=True).filter(live=True)}
    return {language: now.get(language, title) for language, title in before.items()} | now


class _Exported(ExportedBlocks):
    """One module as it is published."""

    def __init__(self, page: ModulePage, before: model.Module, pack: packs.Pack, taken: set[str]) -> None:
        self.before, self.pack, self.code = before, pack, page.module.code
        self.said: dict[str, dict[str, model.Entry]] = {}
        strand = page.module.strand
        self.module = replace(
            before,
            code=page.module.code,
            strand=pack.strands[strand.order - 1].code if strand.order <= len(pack.strands) else strand.code,
            title=plain.one_line(page.title),
            cover_title=plain.one_line(page.cover_title),
            hours=page.hours,
            lessons=[],
            words=[],
            others=dict(before.others),
            parts={},
            translations={},
        )
        self._module_page(page)
        known = {lesson.id: lesson for lesson in before.lessons}
        for lesson in page.get_children().live().specific():
            if isinstance(lesson, LessonPage):
                self.module.lessons.append(self._lesson(lesson, known.get(lesson.slug, model.Lesson(lesson.slug))))
        self._words(taken)
        for part in parts.registered():
            if (value := part.take_out(before.parts.get(part.name), self.module, self._say)) is not None:
                self.module.parts[part.name] = value
        self._translations()

    # ---------------------------------------------------------------- the module's own page

    def _module_page(self, page: ModulePage) -> None:
        translated = Translated(page)
        translated.tell(self._say, "title", "title", page.title)
        translated.tell(self._say, "cover_title", "cover_title", page.cover_title)
        self.module.objectives, self.module.steps = [], []
        names = Names(self.before.objectives, lambda name: objective_uuid(self.code, name))
        for block in page.objectives:
            item = model.Item(*names.of(block.id, "objectives"), uuid=names.odd)
            item.text = plain.one_line(block.value)
            self.module.objectives.append(item)
            translated.tell(self._say, f"objective.{item.id}", f"objectives.{block.id}", item.text)
        names = Names(self.before.steps, lambda name: step_uuid(self.code, name))
        for block in page.practice:
            item = model.Item(*names.of(block.value["step"], "practice"), uuid=names.odd)
            item.text, item.is_safety = plain.one_line(block.value["text"]), bool(block.value["is_safety"])
            self.module.steps.append(item)
            translated.tell(self._say, f"practice.{item.id}", f"practice.{block.id}.text", item.text)

    # ---------------------------------------------------------------- lessons

    def _lesson(self, page: LessonPage, before: model.Lesson) -> model.Lesson:
        identity = uuid.UUID(str(page.lesson.uuid))
        derived = lesson_uuid(self.code, page.slug)
        lesson = model.Lesson(
            page.slug,
            plain.one_line(page.title),
            page.study_minutes,
            before.facts,
            uuid="" if identity == derived else str(identity),
        )
        translated = Translated(page)
        translated.tell(self._say, f"{lesson.id}.title", "title", lesson.title)
        names = Names(before.blocks, lambda name: str(uuid.uuid5(identity, name)))
        known = {block.id: block for block in before.blocks}
        for block in page.body:
            name, _text = names.of(block.id, "")
            kept = model.Block(name, block.block_type, uuid=names.odd)
            self.fill(kept, block, known.get(name, model.Block(name, block.block_type)))
            if not kept.id:
                kept.id = ids.mint(lessons.said_by(kept), {*known, *(other.id for other in lesson.blocks)})
            lesson.blocks.append(kept)
            for field in model.FIELDS[kept.kind]:
                key, path = f"{lesson.id}.{kept.id}.{field}", f"body.{block.id}.{field}"
                translated.tell(self._say, key, path, kept.words[field], is_markdown=kept.is_markdown(field))
            for item, place in zip(kept.items, self._places(block), strict=True):
                stem = f"{lesson.id}.{kept.id}.{item.id}"
                if kept.kind in model.WITH_OPTIONS:
                    translated.tell(self._say, f"{stem}.text", f"{place}.text", item.text)
                    translated.tell(self._say, f"{stem}.feedback", f"{place}.feedback", item.feedback)
                else:
                    translated.tell(self._say, stem, place, item.text)
        return lesson

    # ---------------------------------------------------------------- words and translations

    def _words(self, taken: set[str]) -> None:
        """The words that this module explains: those of its glossary, and those that no glossary has yet."""
        used = [block.target for lesson in self.module.lessons for block in lesson.blocks if block.kind == "word"]
        keys = [word.key for word in self.before.words]
        new = [key for key in dict.fromkeys(used) if key not in taken]
        taken.update(new)
        entries = GlossaryEntry.objects.filter(key__in=[*keys, *new])
        rows = GlossaryMeaning.objects.filter(entry__in=entries).select_related("entry").order_by("language")
        meanings: dict[str, dict[str, GlossaryMeaning]] = {}
        for row in rows:
            meanings.setdefault(row.entry.key, {})[row.language] = row
        ledger = word_rows([*keys, *new])
        for key in [*keys, *new]:
            said = meanings.get(key, {})
            source = said.pop(self.pack.source_language, None)
            if source is None:
                continue
            self.module.words.append(model.Word(key, plain.one_line(source.word), plain.one_line(source.meaning)))
            for language, row in said.items():
                for path in PATHS:
                    noted = ledger.get((key, language, path))
                    made_from, reviewed = getattr(source, path), None
                    if noted is not None and noted.is_stale:
                        made_from = _joined([noted], "source", is_markdown=False)
                    elif noted is not None:
                        reviewed = _reader([noted])
                    self._say(
                        language,
                        f"glossary.{key}.{path}",
                        getattr(row, path),
                        made_from=made_from,
                        reviewed=reviewed,
                    )

    def _say(
        self, language: str, key: str, text: str, *, made_from: str, reviewed: model.Reviewed | None = None
    ) -> None:
        if reviewed is not None:
            reviewed.mark = po.mark(made_from, text)
        self.said.setdefault(language, {})[key] = model.Entry(key, made_from, text, reviewed, is_outdated=False)

    def _translations(self) -> None:
        """What is published, and from the pack what it says besides: remarks, readers, and texts that wait."""
        for language in sorted({*self.said, *self.before.translations}):
            if language not in self.before.translations and all(
                key.startswith("glossary.") for key in self.said[language]
            ):
                continue  # only words that another module has said: this one is not begun in it
            before = self.before.translations.get(language, model.Translation(language))
            entries = dict(before.entries)
            for key, entry in self.said.get(language, {}).items():
                old = before.entries.get(key)
                if old is not None and old.text == entry.text:
                    entry.remarks = old.remarks
                    if entry.reviewed is None and old.made_from == entry.made_from:
                        entry.reviewed = old.reviewed
                entries[key] = entry
            self.module.translations[language] = model.Translation(language, entries, before.retired)


class Translated:
    """What is published of one page in other languages, each text with the source that it was made from."""

    def __init__(self, page: Any) -> None:
        self.key = page.translation_key
        others = page.get_translations().filter(live=True).values_list("locale__language_code", flat=True)
        self.rows: dict[str, dict[str, list[TranslatedSegment]]] = {language: {} for language in others}
        for row in TranslatedSegment.objects.filter(
            translation_key=page.translation_key, language__in=self.rows
        ).order_by("path", "order"):
            self.rows[row.language].setdefault(row.path, []).append(row)

    def tell(self, say: Any, key: str, path: str, source: str, *, is_markdown: bool = False) -> None:
        """Say what stands at ``path`` in each language."""
        if (noting := _noting.get()) is not None:
            noting.setdefault(key, []).append((self.key, path))
        for language, by_path in self.rows.items():
            rows = by_path.get(path)
            if not rows:
                continue
            text, made_from = (_joined(rows, name, is_markdown=is_markdown) for name in ("text", "source"))
            is_current = not any(row.is_stale for row in rows)
            say(
                language,
                key,
                text,
                made_from=source if is_current else made_from,
                reviewed=_reader(rows) if is_current else None,
            )


def _reader(rows: list[TranslatedSegment]) -> model.Reviewed | None:
    """Who has read every sentence of one path; the last day of them."""
    names = {row.reviewed_by for row in rows}
    days = [row.reviewed_on for row in rows if row.reviewed_on is not None]
    if len(names) != 1 or len(days) != len(rows):
        return None
    return model.Reviewed(names.pop(), max(days).isoformat())


def _joined(rows: list[TranslatedSegment], name: str, *, is_markdown: bool) -> str:
    """The sentences of one path as one text."""
    if not is_markdown:
        return plain.tidy(" ".join(StringValue(getattr(row, name)).render_text() for row in rows))
    template = rows[0].template
    pieces = [(StringValue(getattr(row, name)), row.attrs or {}) for row in rows]
    if not template:
        return prose.written(prose.tree_of_html("".join(f"<p>{piece.data}</p>" for piece, _a in pieces)))
    return prose.written(prose.tree_of_html(restore_strings(template, pieces)))
