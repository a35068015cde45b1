"""A pack of modules becomes pages, pictures, words and values, in every language of the pack.

Identities follow from the pack's own ids: the same on every installation and at every import, so that
evidence and translations keep pointing at the same things. What has not changed is left alone.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from markdown_it import MarkdownIt
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, Site
from wagtail_localize.strings import extract_strings

from curriculum import packs
from curriculum.freeze import freeze_all, freezing_paused
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
from curriculum.translation import translate

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuto:packs")
LIBRARY_SLUG = "library"

_markdown = MarkdownIt("zero").enable(["list", "emphasis", "escape", "newline", "entity"])


@dataclass
class Imported:
    """What an import found: the modules of the pack, and how many pages it had to publish."""

    modules: list[Module] = field(default_factory=list)
    published: int = 0


@transaction.atomic
def import_pack(folder: Path, user: Any = None) -> Imported:
    """Bring in the pack in ``folder``, or the one module whose folder it is; all of it or nothing.

    Makes or refreshes strands, modules and lessons, their pages in every language of the pack, pictures,
    explained words, recordings and country values, publishes what is new, and freezes what learners read. Safe to
    repeat. The pack must be clean (``packs.check``); a translation that lacks a sentence raises
    ``MissingTranslations``.
    """
    folder = Path(folder)
    result = Imported()
    with in_bulk(), freezing_paused():
        has_new_values = _import_facts(packs.load_shared(folder, "facts"))
        shelves = packs.load_shared(folder, "strands")
        sources = [(place, packs.load_source(place)) for place in packs.module_folders(folder)]
        languages = sorted({language for place, _source in sources for language in packs.languages(place)})
        library = _Library(shelves, languages, result, user)
        for place, source in sorted(sources, key=lambda found: library.place_of(found[1])):
            _import_words(packs.load_glossary(place))
            result.modules.append(_import_module(place, source, library))
            import_recordings(place)
    if has_new_values:
        freeze_all()
    return result


def lesson_uuid(module_code: str, lesson: str) -> uuid.UUID:
    """The identity of lesson ``l1`` of module ``M4``."""
    return uuid.uuid5(NAMESPACE, f"{module_code}/{lesson}")


def html_of(markdown: str) -> str:
    """Markdown of a pack as rich text: paragraphs, lists, bold and italic without attributes."""
    html = _markdown.render(markdown.strip())
    for long, short in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{long}>", f"<{short}>").replace(f"</{long}>", f"</{short}>")
    # A list with blank lines between its items is still a plain list.
    html = re.sub(r"<li>\s*<p>(.*?)</p>\s*</li>", r"<li>\1</li>", html, flags=re.DOTALL)
    html = re.sub(r"(</?(?:ul|ol|li|p)>)\s+", r"\1", html)
    return html.replace("\n", " ").strip()


def pieces_of(markdown: str) -> list[str]:
    """The sentences of ``html_of(markdown)`` as wagtail-localize's segmenter cuts them."""
    return [string.data for string, _attrs in extract_strings(html_of(markdown))[1]]


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


def _import_words(words: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
    entries = {entry.key: entry for entry in GlossaryEntry.objects.filter(key__in=words)}
    present = {
        (row.entry.key, row.language): row
        for row in GlossaryMeaning.objects.filter(entry__key__in=words).select_related("entry")
    }
    for key, meanings in words.items():
        entry = entries.get(key) or GlossaryEntry.objects.create(key=key)
        for language, said in meanings.items():
            row = present.get((key, language)) or GlossaryMeaning(entry=entry, language=language)
            if (row.word, row.meaning) != (said["word"], said["meaning"]):
                row.word, row.meaning = said["word"], said["meaning"]
                row.save()


# ---------------------------------------------------------------- the tree


class _Library:
    """The library and its strands in every language, made when they are needed."""

    def __init__(self, shelves: Mapping[str, Any], languages: list[str], result: Imported, user: Any) -> None:
        self.languages, self.result, self.user = languages, result, user
        self.locale = Locale.get_default()
        self.shelves = {
            entry["code"]: (order, entry) for order, entry in enumerate(shelves.get("strands", []), start=1)
        }
        titles = shelves.get("library", {})
        self.page = self._library(titles.get("en", "Library"))
        self.translate(
            self.page, {language: {"title": titles[language]} for language in languages if language in titles}
        )

    def place_of(self, module: Mapping[str, Any]) -> tuple[int, str]:
        """Where a module stands in the library."""
        return self.shelves[module["strand"]][0], module["code"]

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
        order, entry = self.shelves[code]
        strand, _created = Strand.objects.update_or_create(code=f"strand-{order}", defaults={"order": order})
        page = StrandPage.objects.filter(strand=strand, locale=self.locale).first()
        if page is None:
            page = StrandPage(strand=strand, title=entry["en"], slug=strand.code, locale=self.locale)
            self.page.add_child(instance=page)
            self.publish(page)
        self.translate(page, {name: {"title": entry[name]} for name in self.languages if name in entry})
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
        for language, words in texts.items():
            before = type(page).objects.filter(translation_key=page.translation_key, locale__language_code=language)
            revision = before.values_list("live_revision", flat=True).first()
            self.result.published += translate(page, language, words, self.user).live_revision_id != revision


def _same(page: Page, name: str, value: Any) -> bool:
    """Whether a field says what the pack says; block values are compared as they are stored."""
    current = getattr(page, name)
    if hasattr(current, "raw_data"):
        return list(current.raw_data) == json.loads(value)
    return current == value


def _import_module(folder: Path, source: Mapping[str, Any], library: _Library) -> Module:
    strand = library.strand(source["strand"])
    module, _created = Module.objects.get_or_create(code=source["code"], defaults={"strand": strand.strand})
    translations = {language: packs.load_translation(folder, language) for language in packs.languages(folder)}
    page = _import_module_page(module, source, strand, translations, library)
    pictures = _Pictures(folder, module)
    for entry in source["lessons"]:
        lesson, _created = Lesson.objects.get_or_create(
            uuid=lesson_uuid(module.code, entry["id"]), defaults={"module": module}
        )
        _import_lesson_page(lesson, entry, page, translations, library, pictures)
    return module


def _import_module_page(
    module: Module,
    source: Mapping[str, Any],
    strand: StrandPage,
    translations: Mapping[str, Mapping[str, str]],
    library: _Library,
) -> ModulePage:
    root = uuid.uuid5(NAMESPACE, module.code)
    objectives = {entry["id"]: str(uuid.uuid5(root, entry["id"])) for entry in source["objectives"]}
    steps = {entry["id"]: str(uuid.uuid5(root, f"practice/{entry['id']}")) for entry in source["practice"]["steps"]}
    page = ModulePage.objects.filter(module=module, locale=library.locale).first()
    fields = {
        "title": source["title"],
        "cover_title": source["cover_title"],
        "hours": source["hours"],
        "objectives": json.dumps(
            [
                {"type": "objective", "value": entry["text"].strip(), "id": objectives[entry["id"]]}
                for entry in source["objectives"]
            ]
        ),
        "practice": json.dumps(
            [
                {
                    "type": "step",
                    "value": {
                        "step": steps[entry["id"]],
                        "text": entry["text"].strip(),
                        "is_safety": bool(entry.get("safety")),
                    },
                    "id": steps[entry["id"]],
                }
                for entry in source["practice"]["steps"]
            ]
        ),
    }
    page = page or ModulePage(module=module, slug=module.slug, locale=library.locale)
    page = library.write(page, strand, fields)
    library.translate(
        page,
        {
            language: {"title": strings["title"], "cover_title": strings["cover_title"]}
            | {f"objectives.{block}": strings[f"objective.{key}"] for key, block in objectives.items()}
            | {f"practice.{block}.text": strings[f"practice.{key}"] for key, block in steps.items()}
            for language, strings in translations.items()
        },
    )
    return page


def _import_lesson_page(
    lesson: Lesson,
    entry: Mapping[str, Any],
    module_page: ModulePage,
    translations: Mapping[str, Mapping[str, str]],
    library: _Library,
    pictures: _Pictures,
) -> None:
    blocks = [_Block(lesson, entry["id"], block) for block in entry["blocks"]]
    entries = dict(GlossaryEntry.objects.values_list("key", "pk"))
    page = LessonPage.objects.filter(lesson=lesson, locale=library.locale).first()
    page = library.write(
        page or LessonPage(lesson=lesson, slug=entry["id"], locale=library.locale),
        module_page,
        {
            "title": entry["title"],
            "study_minutes": entry["minutes"],
            "body": json.dumps([block.stored(pictures, entries) for block in blocks]),
        },
    )
    library.translate(
        page,
        {
            language: {"title": strings[f"{entry['id']}.title"]}
            | {path: text for block in blocks for path, text in block.texts(strings)}
            for language, strings in translations.items()
        },
    )


# ---------------------------------------------------------------- blocks


class _Block:
    """One block of a lesson in a pack: as it is stored in a page, and where its sentences stand."""

    def __init__(self, lesson: Lesson, lesson_key: str, entry: Mapping[str, Any]) -> None:
        self.entry, self.kind = entry, entry["type"]
        self.key = f"{lesson_key}.{entry['id']}"
        self.id = uuid.uuid5(lesson.uuid, entry["id"])

    def stored(self, pictures: _Pictures, entries: Mapping[str, int]) -> dict[str, Any]:
        value: dict[str, Any] = {name: self._stored_text(name) for name in packs.BLOCK_STRINGS[self.kind]}
        if self.kind == "picture":
            value = {"image": pictures.primary_key(self.entry["file"])} | value
        elif self.kind == "word":
            value = {"entry": entries[self.entry["entry"]]}
        elif self.kind == "try_it":
            value["options"] = self._items(
                {
                    "text": option["text"].strip(),
                    "is_right": bool(option.get("right")),
                    "feedback": option["feedback"].strip(),
                }
                for option in self.entry["options"]
            )
        elif "items" in self.entry:
            value["items"] = self._items(item["text"].strip() for item in self.entry["items"])
        return {"type": self.kind, "value": value, "id": str(self.id)}

    def texts(self, strings: Mapping[str, str]) -> Iterator[tuple[str, str | list[str]]]:
        """``(path in the page, translated text)`` for everything in this block that has words."""
        for name in packs.BLOCK_STRINGS[self.kind]:
            if self.entry.get(name):
                text = strings[f"{self.key}.{name}"]
                yield f"body.{self.id}.{name}", pieces_of(text) if self._is_markdown(name) else text
        for option in self.entry.get("options", []):
            for name in ("text", "feedback"):
                yield (
                    f"body.{self.id}.options.{self._item_id(option['id'])}.{name}",
                    strings[f"{self.key}.{option['id']}.{name}"],
                )
        for item in self.entry.get("items", []):
            yield f"body.{self.id}.items.{self._item_id(item['id'])}", strings[f"{self.key}.{item['id']}"]

    def _stored_text(self, name: str) -> str:
        text = self.entry.get(name, "").strip()
        return html_of(text) if self._is_markdown(name) else text

    def _is_markdown(self, name: str) -> bool:
        return f"{self.kind}.{name}" in packs.MARKDOWN_STRINGS

    def _items(self, values: Iterable[Any]) -> list[dict[str, Any]]:
        keys = [entry["id"] for entry in self.entry.get("options") or self.entry["items"]]
        return [
            {"type": "item", "value": value, "id": self._item_id(key)} for key, value in zip(keys, values, strict=True)
        ]

    def _item_id(self, key: str) -> str:
        return str(uuid.uuid5(self.id, key))


class _Pictures:
    """A module's drawings as images with neutral names: ``m4-1.svg`` says nothing to who sees the address."""

    def __init__(self, folder: Path, module: Module) -> None:
        self.folder, self.module = folder, module
        self.files = sorted(file.name for file in (folder / "pictures").glob("*"))

    def primary_key(self, file: str) -> int:
        path = self.folder / file
        name = f"{self.module.slug}-{self.files.index(path.name) + 1}"
        data = path.read_bytes()
        model: type[AbstractImage] = get_image_model()
        image = model.objects.filter(title=name).first() or model(title=name)
        if not image.pk or _stored_bytes(image) != data:
            image.file = ContentFile(data, name=f"{name}{path.suffix}")
            image.file_hash = ""
            image.full_clean(exclude=["uploaded_by_user", "tags"])
            image.save()
        return image.pk


def _stored_bytes(image: AbstractImage) -> bytes:
    try:
        with image.file.open("rb") as stored:
            return stored.read()
    except FileNotFoundError:
        return b""
