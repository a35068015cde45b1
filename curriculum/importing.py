"""A pack of modules becomes pages, pictures, words and values, in every language of the pack.

Identities follow from the pack's own ids: the same on every installation and at every import, so that
evidence and translations keep pointing at the same things. What has not changed is left alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from curriculum import packs
from curriculum.freeze import freeze_all, freezing_paused
from curriculum.imported_blocks import ImportedBlock, KeptFiles
from curriculum.in_bulk import in_bulk
from curriculum.listening.in_packs import import_recordings
from curriculum.models import (
    Country,
    Fact,
    FactValue,
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
from curriculum.packs import model, parts, po
from curriculum.translation import MissingTranslations, ParentNotTranslated, translate

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:packs")
LIBRARY_SLUG = "library"

Texts = Mapping[str, Mapping[str, str]]
"""``{language: {key: text}}`` of one module: only what was translated from the source as it is."""


class PackNotClean(ValueError):
    """A pack was refused; ``problems`` says everything that is wrong in it."""

    def __init__(self, problems: Sequence[packs.Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Imported:
    """What an import found: the modules of the pack, how many pages it had to publish, and what it had to leave."""

    modules: list[Module] = field(default_factory=list)
    published: int = 0
    left_out: list[str] = field(default_factory=list)
    """A sentence for each text that waits: a translation that is not whole and was never published before, say."""


@transaction.atomic
def import_pack(folder: Path, user: Any = None) -> Imported:
    """Bring in the pack in ``folder``, or the one module whose folder it is; all of it or nothing.

    Makes or refreshes strands, modules and lessons, their pages in every language of the pack, pictures,
    explained words, recordings, country values and what the parts of other apps hold; publishes what is new, and
    freezes what learners read. Safe to repeat. Raises ``PackNotClean`` when an error is in the pack.

    A sentence whose translation is missing or stale is not brought in: where an older translation is published, that
    one stays and is marked; where there is none, the page waits (``Imported.left_out``).
    """
    opened = packs.open_pack(Path(folder))
    if opened.errors:
        raise PackNotClean(opened.errors)
    pack, result = opened.pack, Imported()
    with in_bulk(), freezing_paused():
        has_new_values = _import_facts(pack.facts)
        texts = {module.folder: _texts(module) for module in pack.modules}
        languages = sorted({*pack.languages, *(language for each in texts.values() for language in each)})
        library = _Library(pack, languages, result, user)
        for module in sorted(pack.modules, key=library.place_of):
            _import_words(module, texts[module.folder], pack.source_language)
            result.modules.append(_import_module(module, texts[module.folder], library))
            if opened.root is not None:
                import_recordings(opened.root / module.folder)
    if has_new_values:
        freeze_all()
    for module in sorted(pack.modules, key=library.place_of):
        for part in parts.registered():
            if part.name in module.parts:
                published, left_out = part.bring_in(module.parts[part.name], module, texts[module.folder])
                result.published += published
                result.left_out += left_out
    return result


def _texts(module: model.Module) -> Texts:
    found = list(packs.strings(module))
    return {language: po.usable(translation, found) for language, translation in module.translations.items()}


def lesson_uuid(module_code: str, lesson: str) -> uuid.UUID:
    """The identity of lesson ``l1`` of module ``M4``."""
    return uuid.uuid5(NAMESPACE, f"{module_code}/{lesson}")


def objective_uuid(module_code: str, objective: str) -> str:
    """The block of objective ``ob1`` of module ``M4``."""
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, module_code), objective))


def step_uuid(module_code: str, step: str) -> str:
    """The identity of step ``s1`` of the practice of module ``M4``; observations point at it."""
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, module_code), f"practice/{step}"))


# ---------------------------------------------------------------- values and words


def _import_facts(shared: Mapping[str, Any]) -> bool:
    """Values of countries; say whether any changed. A changed value leaves the old one readable with its dates."""
    for code, name in shared.get("countries", {}).items():
        Country.objects.get_or_create(code=code, defaults={"name": name, "languages": ["en", "sw"]})
    for key, statement in shared.get("facts", {}).items():
        Fact.objects.update_or_create(key=key, defaults={"statement": statement})
    has_changed = False
    for entry in shared.get("values", []):
        has_changed |= _import_value(entry)
    return has_changed


def _import_value(entry: Mapping[str, Any]) -> bool:
    fact, country = Fact.objects.get(key=entry["fact"]), Country.objects.get(code=entry["country"])
    words = {"texts": entry["texts"], "mark": entry["mark"], "source": entry.get("source", "")}
    begins: date = entry["valid_from_on"]
    present = FactValue.objects.filter(fact=fact, country=country, valid_to_on=None).first()
    if present is not None:
        if all(getattr(present, name) == value for name, value in words.items()):
            return False
        if FactValue.objects.filter(fact=fact, country=country, **words).exists():
            # This value was in force once and a person has replaced it since: hers stays.
            return False
        begins = max(begins, timezone.localdate())
        present.valid_to_on = begins
        present.save(update_fields=["valid_to_on"])
    FactValue.objects.create(fact=fact, country=country, valid_from_on=begins, **words)
    return True


def _import_words(module: model.Module, texts: Texts, source_language: str) -> None:
    words = {word.key: _meanings(word, texts, source_language) for word in module.words}
    entries = {entry.key: entry for entry in GlossaryEntry.objects.filter(key__in=words)}
    present = {
        (row.entry.key, row.language): row
        for row in GlossaryMeaning.objects.filter(entry__key__in=words).select_related("entry")
    }
    for key, meanings in words.items():
        entry = entries.get(key) or GlossaryEntry.objects.create(key=key)
        for language, (word, meaning) in meanings.items():
            row = present.get((key, language)) or GlossaryMeaning(entry=entry, language=language)
            if (row.word, row.meaning) != (word, meaning):
                row.word, row.meaning = word, meaning
                row.save()


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

    def __init__(self, pack: packs.Pack, languages: list[str], result: Imported, user: Any) -> None:
        self.languages, self.result, self.user = languages, result, user
        self.locale = Locale.get_default()
        self.source_language = pack.source_language
        self.shelves = {strand.code: (order, strand) for order, strand in enumerate(pack.strands, start=1)}
        self.page = self._library(pack.library.get(pack.source_language, "Library"))
        self.translate(self.page, self._titles(pack.library))

    def place_of(self, module: model.Module) -> tuple[int, str]:
        """Where a module stands in the library."""
        return self.shelves[module.strand][0], module.code

    def _titles(self, titles: Mapping[str, str]) -> dict[str, dict[str, str]]:
        return {language: {"title": titles[language]} for language in self.languages if language in titles}

    def _library(self, title: str) -> LibraryPage:
        page = LibraryPage.objects.filter(locale=self.locale).first()
        if page is None:
            page = LibraryPage(title=title, slug=LIBRARY_SLUG, locale=self.locale)
            Page.get_first_root_node().add_child(instance=page)
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
        strand, _created = Strand.objects.update_or_create(code=f"strand-{order}", defaults={"order": order})
        page = StrandPage.objects.filter(strand=strand, locale=self.locale).first()
        if page is None:
            title = shelf.title[self.source_language]
            page = StrandPage(strand=strand, title=title, slug=strand.code, locale=self.locale)
            self.page.add_child(instance=page)
            self.publish(page)
        self.translate(page, self._titles(shelf.title))
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
        page.save_revision(user=self.user).publish(user=self.user)
        self.result.published += 1

    def translate(self, page: Page, texts: Mapping[str, Mapping[str, str | list[str]]]) -> None:
        """Publish what ``texts`` says in each language; what is not whole and was never whole waits."""
        for language, words in texts.items():
            before = type(page).objects.filter(translation_key=page.translation_key, locale__language_code=language)
            revision = before.values_list("live_revision", flat=True).first()
            try:
                with transaction.atomic():
                    self.result.published += translate(page, language, words, self.user).live_revision_id != revision
            except (MissingTranslations, ParentNotTranslated):
                self.result.left_out.append(f"{page.title} ({language}): its translation is not whole")


def _same(page: Page, name: str, value: Any) -> bool:
    """Whether a field says what the pack says; block values are compared as they are stored."""
    current = getattr(page, name)
    if hasattr(current, "raw_data"):
        return list(current.raw_data) == json.loads(value)
    return current == value


def _import_module(source: model.Module, texts: Texts, library: _Library) -> Module:
    strand = library.strand(source.strand)
    module, _created = Module.objects.get_or_create(code=source.code, defaults={"strand": strand.strand})
    page = _import_module_page(module, source, strand, texts, library)
    kept = KeptFiles(source, module)
    for entry in source.lessons:
        lesson, _created = Lesson.objects.get_or_create(
            uuid=entry.uuid or lesson_uuid(module.code, entry.id), defaults={"module": module}
        )
        _import_lesson_page(lesson, entry, page, texts, library, kept)
    return module


def _import_module_page(
    module: Module, source: model.Module, strand: StrandPage, texts: Texts, library: _Library
) -> ModulePage:
    objectives = {item.id: item.uuid or objective_uuid(module.code, item.id) for item in source.objectives}
    steps = {item.id: item.uuid or step_uuid(module.code, item.id) for item in source.steps}
    page = ModulePage.objects.filter(module=module, locale=library.locale).first()
    fields = {
        "title": source.title,
        "cover_title": source.cover_title,
        "hours": source.hours,
        "objectives": json.dumps(
            [{"type": "objective", "value": item.text, "id": objectives[item.id]} for item in source.objectives]
        ),
        "practice": json.dumps(
            [
                {
                    "type": "step",
                    "value": {"step": steps[item.id], "text": item.text, "is_safety": item.is_safety},
                    "id": steps[item.id],
                }
                for item in source.steps
            ]
        ),
    }
    page = page or ModulePage(module=module, slug=module.slug, locale=library.locale)
    page = library.write(page, strand, fields)
    places = {"title": "title", "cover_title": "cover_title"}
    places |= {f"objective.{key}": f"objectives.{block}" for key, block in objectives.items()}
    places |= {f"practice.{key}": f"practice.{block}.text" for key, block in steps.items()}
    library.translate(
        page,
        {
            language: {path: said[key] for key, path in places.items() if key in said}
            for language, said in texts.items()
        },
    )
    return page


def _import_lesson_page(
    lesson: Lesson, entry: model.Lesson, module_page: ModulePage, texts: Texts, library: _Library, kept: KeptFiles
) -> None:
    blocks = [ImportedBlock(lesson, entry.id, block) for block in entry.blocks]
    entries = dict(GlossaryEntry.objects.values_list("key", "pk"))
    page = LessonPage.objects.filter(lesson=lesson, locale=library.locale).first()
    page = library.write(
        page or LessonPage(lesson=lesson, slug=entry.id, locale=library.locale),
        module_page,
        {
            "title": entry.title,
            "study_minutes": entry.minutes,
            "body": json.dumps([block.stored(kept, entries) for block in blocks]),
        },
    )
    title = f"{entry.id}.title"
    library.translate(
        page,
        {
            language: ({"title": said[title]} if title in said else {})
            | {path: text for block in blocks for path, text in block.texts(said)}
            for language, said in texts.items()
        },
    )
