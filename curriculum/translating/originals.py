"""What there is to translate: pages, questions and words in the source language, module by module, in few queries."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page

from curriculum import policies
from curriculum.models import (
    GlossaryMeaning,
    ImportedPiece,
    LessonPage,
    LibraryPage,
    ModulePage,
    StrandPage,
)
from curriculum.translating.texts import Text, plain_text, texts_of
from curriculum.translation.words import PATHS, word_key

SHELVES = "library"
"""In the place of a module's folder: the names of the library and its strands."""


@dataclass(frozen=True)
class Original:
    """One thing that goes live at one go: a page, a question, a word. ``module`` is a code; the shelves have none.

    ``kind`` is shelf, module, lesson, question or word; ``name`` what the team calls it (``l2``, ``M4-Q1``).
    """

    module: str
    kind: str
    name: str
    title: str
    key: uuid.UUID
    instance: Any = field(compare=False, repr=False)
    texts: tuple[Text, ...] = field(compare=False, repr=False)

    @property
    def folder(self) -> str:
        return self.module.lower() or SHELVES

    @property
    def words(self) -> int:
        """How many words there are to translate."""
        return sum(len(text.words.split()) for text in self.texts if text.has_words)


MoreOriginals = Callable[[Collection[str] | None], Iterable[tuple[str, str, str, str, Any]]]
"""Given codes of modules, or ``None`` for all: ``(code, kind, name, title, instance)`` in the source language, live."""

_more: dict[str, MoreOriginals] = {}


def register(name: str, more: MoreOriginals) -> None:
    """Apps above add what they keep of a module; again with the same name replaces it."""
    _more[name] = more


def module_titles() -> dict[str, str]:
    """``{code: title}`` of every published module, in order."""
    pages = _live(ModulePage).order_by("module__code").values_list("module__code", "title")
    return dict(sorted(pages, key=lambda row: _in_order(row[0])))


def originals(codes: Collection[str] | None = None, *, curricula: Collection[str] | None = None) -> list[Original]:
    """Everything to translate in the modules ``codes``, or in all and on the shelves. A fixed number of queries.

    ``curricula``: the shelves of these only; ``codes`` are taken to be of them.
    """
    found: list[Original] = []
    if codes is None or "" in codes:
        libraries, strands = _live(LibraryPage), _live(StrandPage).order_by("strand__order")
        if curricula is not None:
            libraries = libraries.filter(curriculum__in=curricula)
            strands = strands.filter(strand__curriculum__in=curricula)
        found += [_of("", "shelf", "", page.title, page) for page in (*libraries, *strands)]
    modules = _live(ModulePage).select_related("module")
    lessons = _live(LessonPage).select_related("lesson__module").order_by("path")
    if codes is not None:
        modules = modules.filter(module__code__in=codes)
        lessons = lessons.filter(lesson__module__code__in=codes)
    found += [_of(page.module.code, "module", "", page.title, page) for page in modules]
    pages = list(lessons)
    found += [_of(page.lesson.module.code, "lesson", page.slug, page.title, page) for page in pages]
    for more in _more.values():
        found += [_of(*one) for one in more(codes)]
    found += _words(codes, pages)
    order = {"shelf": 0, "module": 1, "lesson": 2, "question": 3, "word": 4}
    return sorted(found, key=lambda original: (_in_order(original.module), order.get(original.kind, 3)))


def languages_live(found: Iterable[Original]) -> set[tuple[uuid.UUID, str]]:
    """``(key, language)`` of everything that learners can read now."""
    models: dict[type[Any], list[uuid.UUID]] = {}
    for original in found:
        model = Page if isinstance(original.instance, Page) else type(original.instance)
        models.setdefault(model, []).append(original.key)
    live: set[tuple[uuid.UUID, str]] = set()
    for model, keys in models.items():
        if issubclass(model, GlossaryMeaning):
            rows = model.objects.exclude(language=policies.source_language()).values_list("entry__key", "language")
            live |= {(word_key(key), language) for key, language in rows}
        else:
            rows = model._default_manager.filter(translation_key__in=keys, live=True)  # noqa: SLF001 -- Django documents it for this
            live |= set(rows.values_list("translation_key", "locale__language_code"))
    return live


def _live(model: Any) -> Any:
    return model.objects.filter(locale__language_code=policies.source_language(), live=True)


def _in_order(code: str) -> tuple[str, int]:
    letters = code.rstrip("0123456789")
    return letters, int(code[len(letters) :] or 0)


def _of(module: str, kind: str, name: str, title: str, instance: Any) -> Original:
    return Original(module, kind, name, title, instance.translation_key, instance, tuple(texts_of(instance)))


def _words(codes: Collection[str] | None, lessons: Iterable[LessonPage]) -> Iterator[Original]:
    """The words that a module explains: those of its pack, and those that a lesson of it prints."""
    home: dict[str, str] = {}
    for module, key in ImportedPiece.objects.filter(language="", key__startswith="glossary.").values_list(
        "module", "key"
    ):
        home.setdefault(key.removeprefix("glossary."), module.rpartition("/")[2])
    printed: dict[int, str] = {}
    for page in lessons:
        for row in page.body.raw_data:
            if row["type"] == "word" and row["value"].get("entry"):
                printed.setdefault(row["value"]["entry"], page.lesson.module.code)
    rows = GlossaryMeaning.objects.filter(language=policies.source_language()).select_related("entry")
    for row in rows.order_by("entry__key"):
        module = home.get(row.entry.key) or printed.get(row.entry_id, "")
        if module and (codes is None or module in codes):
            texts = tuple(plain_text(path, getattr(row, path)) for path in PATHS)
            yield Original(module, "word", row.entry.key, row.word, word_key(row.entry.key), row, texts)


def content_type_of(original: Original) -> ContentType:
    """What wagtail-localize's tables know the kind of an original by."""
    return ContentType.objects.get_for_model(type(original.instance))


def source_locale() -> Locale:
    return Locale.objects.get(language_code=policies.source_language())
