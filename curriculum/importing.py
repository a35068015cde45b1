"""A pack of modules becomes pages, pictures, words and values, in every language of the pack.

Identities follow from the pack's own ids: the same on every installation and at every import, so that
evidence and translations keep pointing at the same things. What has not changed is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from curriculum import belonging, importing_local, kept_packs, packs, policies
from curriculum.comparing import Decide, Undecided, always, compare, last_imported, remember
from curriculum.fact_changing import tell_of
from curriculum.freeze import freeze_all, freeze_module, freezing_paused
from curriculum.imported_blocks import ImportedBlock, KeptFiles
from curriculum.importing_facts import import_facts
from curriculum.importing_local import compare_variants, compared_variants
from curriculum.in_bulk import in_bulk
from curriculum.listening.in_packs import import_recordings
from curriculum.meanings import WORDING, said
from curriculum.models import (
    EditorialRight,
    FactChange,
    GlossaryEntry,
    GlossaryMeaning,
    Lesson,
    LessonPage,
    LibraryPage,
    Module,
    ModulePage,
    Strand,
    StrandPage,
)
from curriculum.pack_identities import PackNotClean, lesson_uuid, objective_uuid, step_uuid
from curriculum.packs import files as places
from curriculum.packs import model, parts, po
from curriculum.packs.merging import Change, Merged
from curriculum.translation import MissingTranslations, ParentNotTranslated, record_reading, translate
from curriculum.translation.words import PATHS, record_word_reading, record_words

LIBRARY_SLUG = "library"

Texts = Mapping[str, Mapping[str, str]]
"""``{language: {key: text}}`` of one module: only what was translated from the source as it is."""


@dataclass
class Imported:
    """What an import found: the modules of the pack, how many pages it had to publish, and what it had to leave."""

    modules: list[Module] = field(default_factory=list)
    published: int = 0
    left_out: list[str] = field(default_factory=list)
    """A sentence for each text that waits: a translation that is not whole and was never published before, say."""
    changes: list[Change] = field(default_factory=list)
    """Every piece that came in otherwise than it stood at the desk, and every one that stayed."""


def import_pack(
    folder: Path,
    user: Any = None,
    *,
    decide: Decide = always(None),  # noqa: B008
    curriculum: str = "",
    meaning: str = WORDING,
    languages: Collection[str] | None = None,
) -> Imported:
    """Bring in the pack in ``folder`` (or zip), or the one module whose folder it is; all of it or nothing.

    Makes or refreshes strands, modules and lessons, their pages in every language of the pack, pictures,
    explained words, recordings, country values and what the parts of other apps hold; publishes what is new, and
    freezes what learners read. Safe to repeat. Raises ``PackNotClean`` when an error is in the pack.

    A sentence whose translation is missing or stale is not brought in: where an older translation is published, that
    one stays and is marked; where there is none, the page waits (``Imported.left_out``).

    What was changed at the desk since the last import stays. What was changed in the pack as well is a conflict:
    ``decide`` answers "keep" or "replace" for its place; where it does not, ``Undecided`` is raised with all of them.

    ``curriculum``: the one that a new pack becomes part of; one that came before stays where it is. A pack that names
    a module or a word of another curriculum is refused like one that is not clean.

    ``meaning``: what its changes of published texts mean (``curriculum.meanings``). Raises ``MoreThanATypo`` for a
    change that is called a typo and is not surely one. Values of facts change as they always do.

    With ``languages`` only these translations come in now; those that are there already are not touched.
    """
    # What is read takes a second and needs no database: nobody else has to wait for it.
    with _opened(Path(folder)) as opened:
        if opened.errors:
            raise PackNotClean(opened.errors)
        if languages is not None:
            _only(opened.pack, languages)
        with transaction.atomic():
            curriculum = belonging.curriculum_of(opened.pack.code, otherwise=curriculum)
            if taken := belonging.taken_elsewhere(opened.pack, curriculum):
                raise PackNotClean(taken)
            with said(meaning, by=user):
                began_at = timezone.now()
                imported = _import_opened(opened, user, decide, curriculum)
                for change in FactChange.objects.filter(changed_at__gte=began_at):
                    # Only now is frozen what changed.
                    tell_of(change)
        return imported


def _only(pack: packs.Pack, languages: Collection[str]) -> None:
    """Forget the translations into other languages."""
    pack.languages = [language for language in pack.languages if language in languages]
    for module in pack.all_modules():
        for language in module.translations.keys() - set(languages):
            del module.translations[language]


@contextmanager
def _opened(path: Path) -> Iterator[packs.Opened]:
    """The pack at ``path``. A zip is unpacked meanwhile, when nothing is wrong in it: recordings are files."""
    if path.is_dir():
        yield packs.open_pack(path)
        return
    with path.open("rb") as file:
        opened = packs.open_zip(file)
    if opened.errors:
        yield opened
        return
    with TemporaryDirectory() as folder:
        places.to_folder(opened.files, Path(folder))
        yield packs.open_pack(Path(folder))


def _import_opened(opened: packs.Opened, user: Any, decide: Decide, curriculum: str) -> Imported:
    pack, result = opened.pack, Imported()
    merged = compare(pack, decide)
    variants = compare_variants(pack, merged, last_imported, decide)
    result.changes = [change for each in (*merged.values(), *variants) for change in each.changes]
    if any(each.undecided for each in (*merged.values(), *variants)):
        raise Undecided(result.changes)
    brought = [each for each in merged.values() if each.module is not None]
    with in_bulk(), freezing_paused():
        has_new_values = import_facts(pack.facts, curriculum)
        texts = {each.module.folder: _texts(each.module) for each in brought if each.module is not None}
        languages = sorted({*pack.languages, *(language for each in texts.values() for language in each)})
        library = _Library(pack, languages, result, user, curriculum)
        brought.sort(key=library.place_of)
        for each in brought:
            module = each.module
            if module is None:
                continue
            _import_words(module, texts[module.folder], pack.source_language, curriculum)
            result.modules.append(_import_module(each, module, texts[module.folder], library))
            if opened.root is not None:
                import_recordings(opened.root / module.folder)
        _import_variants(variants, brought)
    if has_new_values:
        freeze_all()
    for each in brought:
        for part in parts.registered():
            if each.module is not None and part.name in each.module.parts:
                published, left_out = part.bring_in(
                    each.module.parts[part.name], each.module, texts[each.module.folder], each.kept_keys
                )
                result.published += published
                result.left_out += left_out
    for source in pack.modules:
        if merged[source.code].module is not None:
            remember(source)
    for offered in compared_variants(pack, variants):
        remember(offered)
    kept_packs.keep(opened, curriculum)
    return result


def _import_variants(variants: Sequence[Merged], brought: Sequence[Merged]) -> None:
    """What countries have of their own, beside the modules that were brought in."""
    shared = {each.module.code: each.module for each in brought if each.module is not None}
    for each in variants:
        code = each.module.code.rpartition("/")[2] if each.module is not None else ""
        if code in shared and importing_local.bring_in(each, shared[code]):
            freeze_module(Module.objects.get(code=code))


def _texts(module: model.Module) -> Texts:
    found = list(packs.strings(module))
    return {language: po.usable(translation, found) for language, translation in module.translations.items()}


# ---------------------------------------------------------------- values and words


def _import_words(module: model.Module, texts: Texts, source_language: str, curriculum: str) -> None:
    words = {word.key: _meanings(word, texts, source_language) for word in module.words}
    entries = {entry.key: entry for entry in GlossaryEntry.objects.filter(key__in=words)}
    present = {
        (row.entry.key, row.language): row
        for row in GlossaryMeaning.objects.filter(entry__key__in=words).select_related("entry")
    }
    for key, meanings in words.items():
        entry = entries.get(key) or GlossaryEntry.objects.create(key=key, curriculum=curriculum)
        for language, (word, meaning) in meanings.items():
            row = present.get((key, language)) or GlossaryMeaning(entry=entry, language=language)
            if (row.word, row.meaning) != (word, meaning):
                row.word, row.meaning = word, meaning
                row.save()
    made_anew = {(key, language) for key, meanings in words.items() for language in meanings}
    record_words(GlossaryEntry.objects.filter(key__in=words), made_anew=made_anew)
    for language, translation in module.translations.items():
        for one, path in ((one, path) for one in module.words for path in PATHS):
            entry, source = translation.entries.get(f"glossary.{one.key}.{path}"), str(getattr(one, path))
            if entry is not None and entry.reviewed is not None and po.state_of(entry, source) == "reviewed":
                on = date.fromisoformat(entry.reviewed.on)
                record_word_reading(one.key, language, path, read_by=entry.reviewed.by, read_on=on)


def _meanings(word: model.Word, texts: Texts, source_language: str) -> dict[str, tuple[str, str]]:
    """``{language: (word, meaning)}``, where both are there."""
    keys = (f"glossary.{word.key}.word", f"glossary.{word.key}.meaning")
    others = {
        language: (said[keys[0]], said[keys[1]]) for language, said in texts.items() if all(key in said for key in keys)
    }
    return {source_language: (word.word, word.meaning)} | others


# ---------------------------------------------------------------- the tree


class _Library:
    """The library and its strands in every language, made when they are needed."""

    def __init__(self, pack: packs.Pack, languages: list[str], result: Imported, user: Any, curriculum: str) -> None:
        self.curriculum = curriculum
        self.languages, self.result, self.user = languages, result, user
        self.written: set[Any] = set()
        self.locale = Locale.get_default()
        self.source_language = pack.source_language
        self.shelves = {strand.code: (order, strand) for order, strand in enumerate(pack.strands, start=1)}
        self.page = self._library(pack.library.get(pack.source_language, "Library"))
        self.translate(self.page, self._titles(self.page, pack.library))
        if self.written:
            # The library has come into being, in one language or all: rights to write in it hang on its page.
            for right in EditorialRight.objects.all():
                policies.grant(right)

    def place_of(self, merged: Merged) -> tuple[int, str]:
        """Where a module stands in the library."""
        module = merged.module or model.Module("")
        return self.shelves[module.strand][0], module.code

    def _titles(self, page: Page, titles: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The titles of a shelf where it has none yet: one that is published belongs to the desk."""
        there = set(page.get_translations().filter(live=True).values_list("locale__language_code", flat=True))
        return {
            language: {"title": titles[language]} for language in self.languages if language in titles.keys() - there
        }

    def _library(self, title: str) -> LibraryPage:
        page = LibraryPage.objects.filter(locale=self.locale, curriculum=self.curriculum).first()
        if page is None:
            slug = "-".join(filter(None, (LIBRARY_SLUG, self.curriculum)))
            page = LibraryPage(title=title, slug=slug, locale=self.locale, curriculum=self.curriculum)
            Page.get_first_root_node().add_child(instance=page)
            if self.curriculum:
                policies.separate_files()
            self.publish(page)
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
        elif not isinstance(site.root_page.specific, LibraryPage):
            welcome, site.root_page = site.root_page, page
            site.save()
            if type(welcome.specific) is Page and not welcome.get_children().exists():
                welcome.delete()
        return page

    def strand(self, code: str) -> StrandPage:
        order, shelf = self.shelves[code]
        code = belonging.strand_code(self.curriculum, order)
        strand, _created = Strand.objects.update_or_create(
            code=code, defaults={"order": order, "curriculum": self.curriculum}
        )
        page = StrandPage.objects.filter(strand=strand, locale=self.locale).first()
        if page is None:
            title = shelf.title[self.source_language]
            page = StrandPage(strand=strand, title=title, slug=strand.code, locale=self.locale)
            self.page.add_child(instance=page)
            self.publish(page)
        self.translate(page, self._titles(page, shelf.title))
        return page

    def write(self, page: Page, parent: Page, fields: Mapping[str, Any]) -> Page:
        """Give a page of the source language its ``fields`` and publish it, if that is news."""
        is_new = page.pk is None
        if not is_new and page.live and all(_same(page, name, value) for name, value in fields.items()):
            return page
        for name, value in fields.items():
            setattr(page, name, value)
        if is_new:
            # Below the parent as it is now: it has been given children since it was read.
            type(parent).objects.get(pk=parent.pk).add_child(instance=page)
        self.publish(page)
        return type(page).objects.get(pk=page.pk)

    def publish(self, page: Page) -> None:
        # Whoever may bring in a pack has been asked for that; the tree that a right hangs on may only come with it.
        page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)
        self.result.published += 1
        self.written.add(page.pk)

    def translate(self, page: Page, texts: Mapping[str, Mapping[str, str | list[str]]]) -> None:
        """Publish what ``texts`` says in each language; what is not whole and was never whole waits."""
        for language, words in texts.items():
            before = type(page).objects.filter(translation_key=page.translation_key, locale__language_code=language)
            revision = before.values_list("live_revision", flat=True).first()
            try:
                with transaction.atomic():
                    self.result.published += self._translated(page, language, words) != revision
            except (MissingTranslations, ParentNotTranslated):
                self.result.left_out.append(f"{page.title} ({language}): its translation is not whole")

    def _translated(self, page: Page, language: str, words: Mapping[str, str | list[str]]) -> int | None:
        """The live revision of ``page`` in ``language`` afterwards. It follows only what this import has written."""
        # Whoever brings a pack in answers for the source; a language is hers only when she writes it.
        user = self.user if self.user is None or policies.may_write(self.user, language) else None
        target = translate(page, language, words, user, follows=page.pk in self.written)
        number: int | None = target.live_revision_id
        return number


def _same(page: Page, name: str, value: Any) -> bool:
    """Whether a field says what the pack says; block values are compared as they are stored."""
    current = getattr(page, name)
    if hasattr(current, "raw_data"):
        return list(current.raw_data) == json.loads(value)
    return current == value


def _import_module(merged: Merged, source: model.Module, texts: Texts, library: _Library) -> Module:
    strand = library.strand(source.strand)
    module, _created = Module.objects.get_or_create(code=source.code, defaults={"strand": strand.strand})
    page = _import_module_page(module, merged, source, strand, texts, library)
    kept = KeptFiles(source, module)
    for entry in source.lessons:
        lesson, _created = Lesson.objects.get_or_create(
            uuid=entry.uuid or lesson_uuid(module.code, entry.id), defaults={"module": module}
        )
        _import_lesson_page(lesson, merged, entry, page, texts, library, kept)
    return module


def _import_module_page(
    module: Module, merged: Merged, source: model.Module, strand: StrandPage, texts: Texts, library: _Library
) -> ModulePage:
    page = ModulePage.objects.filter(module=module, locale=library.locale).first()
    objectives = _rows_of(
        page.objectives if page else (),
        merged,
        {f"objective.{item.id}": item for item in source.objectives},
        lambda item: item.uuid or objective_uuid(module.code, item.id),
        lambda item, identity: {"type": "objective", "value": item.text, "id": identity},
    )
    steps = _rows_of(
        page.practice if page else (),
        merged,
        {f"practice.{item.id}": item for item in source.steps},
        lambda item: item.uuid or step_uuid(module.code, item.id),
        lambda item, identity: {
            "type": "step",
            "value": {"step": identity, "text": item.text, "is_safety": item.is_safety},
            "id": identity,
        },
    )
    fields: dict[str, Any] = {
        name: getattr(source, name)
        for name in ("title", "cover_title", "hours")
        if page is None or not merged.stays(name)
    }
    fields |= {"objectives": json.dumps(list(objectives.values())), "practice": json.dumps(list(steps.values()))}
    page = page or ModulePage(module=module, slug=module.slug, locale=library.locale)
    page = library.write(page, strand, fields)
    places = {"title": "title", "cover_title": "cover_title"}
    places |= {key: f"objectives.{row['id']}" for key, row in objectives.items()}
    places |= {key: f"practice.{row['id']}.text" for key, row in steps.items()}
    _translate(
        page,
        merged,
        {key: [path] for key, path in places.items()},
        texts,
        library,
        lambda said: ((path, said[key]) for key, path in places.items() if key in said),
    )
    return page


def _rows_of(
    present: Any,
    merged: Merged,
    items: Mapping[str, model.Item],
    identity_of: Callable[[model.Item], str],
    stored: Callable[[model.Item, str], dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    """``{key: row}`` of a list on the module's page; a row at which the desk stays is the desk's own, to the letter."""
    there: dict[str, dict[str, Any]] = {}
    for row in getattr(present, "raw_data", ()):
        there[str(row["id"])] = row
        if isinstance(row["value"], dict) and row["value"].get("step"):
            there[str(row["value"]["step"])] = row
    rows = {}
    for key, item in items.items():
        identity = identity_of(item)
        rows[key] = there[identity] if merged.stays(key) and identity in there else stored(item, identity)
    return rows


def _import_lesson_page(
    lesson: Lesson,
    merged: Merged,
    entry: model.Lesson,
    module_page: ModulePage,
    texts: Texts,
    library: _Library,
    kept: KeptFiles,
) -> None:
    blocks = [ImportedBlock(lesson, entry.id, block) for block in entry.blocks]
    entries = dict(GlossaryEntry.objects.values_list("key", "pk"))
    page = LessonPage.objects.filter(lesson=lesson, locale=library.locale).first()
    there = {str(row["id"]): row for row in page.body.raw_data} if page else {}
    body = [
        there[str(block.id)] if merged.stays(block.key) and str(block.id) in there else block.stored(kept, entries)
        for block in blocks
    ]
    fields: dict[str, Any] = {"body": json.dumps(body)}
    if page is None or not merged.stays(f"{entry.id}.title"):
        fields["title"] = entry.title
    if page is None or not merged.stays(f"{entry.id}.minutes"):
        fields["study_minutes"] = entry.minutes
    page = library.write(page or LessonPage(lesson=lesson, slug=entry.id, locale=library.locale), module_page, fields)
    title = f"{entry.id}.title"

    def said_at(said: Mapping[str, str]) -> Iterator[tuple[str, str | list[str]]]:
        if title in said:
            yield "title", said[title]
        for block in blocks:
            yield from block.texts(said)

    places = {title: ["title"]}
    for block in blocks:
        places |= block.paths()
    _translate(page, merged, places, texts, library, said_at)


def _translate(
    page: Page,
    merged: Merged,
    places: Mapping[str, Sequence[str]],
    texts: Texts,
    library: _Library,
    said_at: Callable[[Mapping[str, str]], Iterable[tuple[str, str | list[str]]]],
) -> None:
    """Publish what the pack says of ``page`` in each language, except where the desk's own words stay.

    Then note who has read what: ``places`` is ``{key: paths in the page}``.
    """
    mine = {
        language: {key: text for key, text in said.items() if not merged.stays(key, language)}
        for language, said in texts.items()
    }
    library.translate(page, {language: dict(said_at(texts)) for language, texts in mine.items()})
    for language, texts_there in mine.items():
        readers: dict[tuple[str, str], list[str]] = {}
        for key in texts_there.keys() & places.keys():
            entry = merged.entry(key, language)
            if entry is not None and entry.reviewed is not None and po.state_of(entry, entry.made_from) == "reviewed":
                readers.setdefault((entry.reviewed.by, entry.reviewed.on), []).extend(places[key])
        for (by, on), paths in readers.items():
            record_reading(page, language, paths, read_by=by, read_on=date.fromisoformat(on))
