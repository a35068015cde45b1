"""From published pages to what a learner reads: one article for each language, country and path.

Everything here can be done again from the pages at any time and gives the same. Rendering puts nothing
of a person into an article; a country's values are printed in, so that serving is one row.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from curriculum import begun, facts
from curriculum.explaining import Known, explained, words_of
from curriculum.fact_changing import begin_to_wait, tell_again
from curriculum.fact_prints import Frozen, Printer, Printing, note_prints
from curriculum.life import is_real_work
from curriculum.listening.texts import spoken_of_article
from curriculum.local_blocks import LocalBodies
from curriculum.models import (
    Approval,
    Article,
    Country,
    FactPrint,
    GlossaryMeaning,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
    PrintPlace,
    Reopened,
    TranslatedSegment,
)
from curriculum.models.fact_changes import Printed
from curriculum.openable import closed
from curriculum.pictures import for_phone
from curriculum.searching import forget_words, keep_words
from curriculum.translation import is_behind
from curriculum.translation.words import stale_words, word_key
from curriculum.withheld import clinically_changed, stays_marked, unread_pages

EDITOR_MARKS = re.compile(r' data-block-key="[^"]*"')
BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
PLACE_MARKS = re.compile(r' data-place="[^"]*"')

_waiting: ContextVar[set[int] | None] = ContextVar("modules_waiting_to_be_frozen", default=None)


@contextmanager
def freezing_paused() -> Iterator[None]:
    """Inside, modules to freeze are only noted; each is frozen once at the end, in the same transaction."""
    if _waiting.get() is not None:
        yield
        return
    noted: set[int] = set()
    begin_to_wait()
    token = _waiting.set(noted)
    try:
        yield
    finally:
        _waiting.reset(token)
    for module in Module.objects.filter(pk__in=noted):
        freeze_module(module)
    tell_again()


def freeze_lesson(lesson: Lesson) -> None:
    """Freeze what learners read of ``lesson``; its neighbours show their place and go with it."""
    freeze_module(lesson.module)


def is_freezing_paused() -> bool:
    return _waiting.get() is not None


def articles_that_print() -> Printer:
    """For ``fact_prints``: lessons and the first pages of modules."""
    return Printer(frozen=_frozen_printing, refreeze=_refreeze_printing, rows_of=_rows_of, is_paused=is_freezing_paused)


def _frozen_printing(prints: Sequence[Printed], country: str) -> Frozen:
    lessons = {row.lesson_id for row in prints if row.place == PrintPlace.LESSON}
    modules = {row.module_id for row in prints if row.place == PrintPlace.MODULE}
    articles = Article.objects.filter(Q(lesson__in=lessons) | Q(kind=Article.Kind.MODULE, module__in=modules))
    return set(articles.filter(country=country).values_list("language", "content_hash"))


def _rows_of(text: Any) -> list[Reopened]:
    """A lesson is read where it is; what stands on a module's first page, by whoever studies one of its lessons."""
    common = {"language": text.locale.language_code, "title": text.title[:255]} if isinstance(text, Page) else {}
    if isinstance(text, LessonPage):
        return [Reopened(place=PrintPlace.LESSON, module=text.lesson.module, lesson=text.lesson, **common)]
    if isinstance(text, ModulePage):
        return [
            Reopened(place=PrintPlace.MODULE, module=text.module, lesson=lesson, **common)
            for lesson in Lesson.objects.filter(module=text.module)
        ]
    return []


def _refreeze_printing(prints: Sequence[FactPrint], country: str) -> None:
    modules = {row.module_id for row in prints if row.place in (PrintPlace.MODULE, PrintPlace.LESSON)}
    for module in Module.objects.filter(pk__in=modules):
        freeze_module(module, country=country, has_new_values=True)


def freeze_all() -> int:
    """Make every article again from the published pages; return how many there are."""
    for module in Module.objects.all():
        freeze_module(module)
    return Article.objects.count()


@transaction.atomic
def freeze_module(module: Module, *, country: str | None = None, has_new_values: bool = False) -> None:
    """Make the articles of ``module`` and its lessons again; those of unpublished pages go.

    In real work a translation that is stale or that nobody has read is not published to learners: they keep the text
    they have, marked, which certifies nobody; where it is not true any more (``has_new_values``, or its source changed
    clinically) they have none in that language.

    Rows that say the same as before are left alone. With ``country`` those of other countries are not touched at
    all; without, which facts the pages print is noted in the same transaction.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.add(module.pk)
        return
    stored_rows = Article.objects.filter(module=module)
    stored_rows = stored_rows.filter(country=country) if country else stored_rows
    present = {(row.path, row.country, row.language): row for row in stored_rows}
    new, changed = [], []
    hashes = {row.content_hash for row in present.values()}
    printings: list[Printing] = []
    is_real = is_real_work()
    taught_anew = clinically_changed(module) if is_real else set()
    for article, is_withheld in _articles(module, country, printings, is_real=is_real):
        route = (article.path, article.country, article.language)
        if is_withheld and (has_new_values or (article.lesson_id, article.language) in taught_anew):
            # What was read until now is not true any more: better none than this one.
            continue
        stored = present.pop(route, None)
        if is_withheld:
            if stored is not None and stays_marked(stored, article):
                changed.append(stored)
            continue
        if stored is None:
            new.append(article)
        elif any(getattr(stored, name) != getattr(article, name) for name in FROZEN_FIELDS):
            for name in FROZEN_FIELDS:
                setattr(stored, name, getattr(article, name))
            stored.frozen_at = timezone.now()
            changed.append(stored)
    Article.objects.filter(pk__in=[row.pk for row in present.values()]).delete()
    Article.objects.bulk_create(new)
    if new or present:
        begun.forget()
    Article.objects.bulk_update(changed, [*FROZEN_FIELDS, "frozen_at"])
    if new or changed or present:
        keep_words([*new, *changed])
        forget_words(hashes)
    if country is None:
        # One country's pages tell only of its own blocks; what is printed did not change with a value.
        note_prints(module=module, places=(PrintPlace.MODULE, PrintPlace.LESSON), printings=printings)


FROZEN_FIELDS = (
    "kind",
    "lesson_id",
    "position",
    "lesson_count",
    "next_path",
    "title",
    "cover_title",
    "study_minutes",
    "objectives",
    "html",
    "spoken",
    "content_hash",
    "text_bytes",
    "is_approved",
    "is_stale",
)


def content_hash(article: Article) -> str:
    """The mark of everything she reads in an article; its place among its neighbours is not part of it.

    Nor are the marks of where a recording belongs, and words that open their meaning: both came later than evidence.
    """
    read = [
        article.kind,
        article.language,
        article.country,
        article.title,
        article.cover_title,
        article.study_minutes,
        article.objectives,
        PLACE_MARKS.sub("", closed(article.html)),
    ]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()


def render_body(body: StreamValue | Sequence[Any], language: str) -> SafeString:
    """The blocks of a lesson as html in ``language``, country values still as ``{keys}``."""
    entries = [block.value["entry"].pk for block in body if block.block_type == "word" and block.value["entry"]]
    meanings = {
        meaning.entry_id: meaning for meaning in GlossaryMeaning.objects.filter(entry__in=entries, language=language)
    }
    with translation.override(language):
        html = "".join(
            render_to_string(
                f"curriculum/blocks/{block.block_type}.html",
                {"value": block.value, "place": str(block.id)[:8], **_extras(block, meanings)},
            )
            for block in body
        )
    return mark_safe(BETWEEN_TAGS.sub("><", EDITOR_MARKS.sub("", html)).replace("\n", " ").strip())


def _extras(block: Any, meanings: Mapping[int, GlossaryMeaning]) -> dict[str, Any]:
    """What a block's template needs besides its value."""
    if block.block_type == "picture":
        image = block.value["image"]
        return {"picture": for_phone(image) if image is not None else None}
    if block.block_type == "word" and block.value["entry"]:
        # A word that is not explained in this language is left out, not explained in another.
        return {"meaning": meanings.get(block.value["entry"].pk)}
    if block.block_type in {"checklist", "role_play"}:
        # Not ``value.items``: a struct value is a dict, and has a method of that name.
        return {"lines": list(block.value["items"])}
    return {}


# ---------------------------------------------------------------- one module


@dataclass
class _Place:
    """Where a lesson stands in its module, whatever the language."""

    position: int
    path: str
    next_path: str


def _articles(
    module: Module, only: str | None, printings: list[Printing], *, is_real: bool
) -> Iterator[tuple[Article, bool]]:
    """The articles of ``module``, of ``only`` one country or of all; what may print facts goes into ``printings``.

    Each with whether it is withheld: in real work, a translation that is stale, or that nobody has read yet.
    """
    countries = list(Country.objects.filter(pk=only) if only else Country.objects.all())
    pages = list(ModulePage.objects.live().filter(module=module).select_related("locale", "module"))
    if not countries or not pages:
        return
    lessons = {page.pk: _lesson_pages(page) for page in pages}
    places = _places(module, pages, lessons)
    every_page: list[Page] = [*pages, *(lesson for found in lessons.values() for lesson in found)]
    stale = _stale_pages(every_page)
    withheld = stale | unread_pages(every_page) if is_real else set()
    approved = _approved(every_page)
    local = LocalBodies(module)
    known = words_of(module, (lesson for found in lessons.values() for lesson in found))
    values = {
        (country.code, language): facts.values_for(country, language)
        for language in {page.locale.language_code for page in pages}
        for country in countries
    }
    for page in pages:
        language = page.locale.language_code
        bodies = [(lesson, render_body(lesson.body, language)) for lesson in lessons[page.pk]]
        own = _own_bodies(local, lessons[page.pk], countries, language)
        printings += _printings(page, [(lesson, body + own.printed(lesson)) for lesson, body in bodies], language)
        for country in countries:
            printed = values[country.code, language]
            common = {"module": module, "language": language, "country": country.code, "lesson_count": len(places)}
            yield _finished(
                is_withheld=page.pk in withheld,
                article=Article(
                    kind=Article.Kind.MODULE,
                    path=module.slug,
                    next_path=next(iter(places.values())).path if places else "",
                    title=facts.fill(page.title, printed),
                    cover_title=page.cover_title,
                    study_minutes=sum(lesson.study_minutes for lesson in lessons[page.pk]),
                    objectives=[facts.fill(str(block.value), printed) for block in page.objectives],
                    is_approved=(page.live_revision_id, country.code) in approved and page.pk not in stale,
                    is_stale=page.pk in stale,
                    **common,
                ),
            )
            for lesson, body in bodies:
                place = places[lesson.lesson_id]
                hers = own.of(lesson, country.code)
                yield _finished(
                    is_withheld=lesson.pk in withheld,
                    article=Article(
                        kind=Article.Kind.LESSON,
                        lesson_id=lesson.lesson_id,
                        path=place.path,
                        position=place.position,
                        next_path=place.next_path,
                        title=facts.fill(lesson.title, printed),
                        study_minutes=lesson.study_minutes,
                        html=str(facts.fill_html(hers.html if hers else body, printed)),
                        is_approved=(
                            (lesson.live_revision_id, country.code) in approved
                            and lesson.pk not in stale
                            and (hers is None or _covers(lesson, country.code, hers))
                        ),
                        is_stale=lesson.pk in stale or (hers is not None and hers.is_behind),
                        **common,
                    ),
                    known=known.get(language, ()),
                )


@dataclass
class _OwnBody:
    """A lesson with a country's own blocks in it, as html."""

    html: str
    is_behind: bool
    changed_at: datetime


class _OwnBodies:
    """The lessons of one language in which countries have blocks of their own."""

    def __init__(self, found: Mapping[tuple[int, str], _OwnBody]) -> None:
        self.found = found

    def of(self, lesson: LessonPage, country: str) -> _OwnBody | None:
        return self.found.get((lesson.pk, country))

    def printed(self, lesson: LessonPage) -> str:
        """What all countries have of their own in ``lesson``, for who looks for the facts that it prints."""
        return "".join(body.html for (page, _country), body in self.found.items() if page == lesson.pk)


def _own_bodies(
    local: LocalBodies, lessons: Iterable[LessonPage], countries: Iterable[Country], language: str
) -> _OwnBodies:
    found = {}
    for lesson in lessons:
        for country in countries:
            if (hers := local.of(lesson, country.code, language)) is not None:
                html = str(render_body(hers.blocks, language))
                found[lesson.pk, country.code] = _OwnBody(html, hers.is_behind, hers.changed_at)
    return _OwnBodies(found)


def _covers(lesson: LessonPage, country: str, hers: _OwnBody) -> bool:
    """Whether the approval of ``lesson`` is later than what the country has of its own in it."""
    approvals = Approval.objects.standing().filter(revision=lesson.live_revision_id, country=country)
    return approvals.filter(approved_at__gte=hers.changed_at).exists()


def _printings(page: ModulePage, bodies: Iterable[tuple[LessonPage, str]], language: str) -> Iterator[Printing]:
    objectives = "\n".join(str(block.value) for block in page.objectives)
    yield Printing(PrintPlace.MODULE, language, page.title, page, f"{page.title}\n{objectives}")
    for lesson, body in bodies:
        yield Printing(
            PrintPlace.LESSON, language, lesson.title, lesson, f"{lesson.title}\n{body}", lesson_id=lesson.lesson_id
        )


def _finished(article: Article, *, is_withheld: bool, known: Sequence[Known] = ()) -> tuple[Article, bool]:
    article.content_hash = content_hash(article)
    said = spoken_of_article(title=article.title, objectives=article.objectives, html=article.html)
    article.spoken = [one.stored() for one in said]
    article.html = explained(article.html, known)
    # No time in the header: the same text must cost the same each time it is frozen.
    read = article.html or "".join([article.title, *article.objectives])
    article.text_bytes = len(gzip.compress(read.encode(), mtime=0))
    return article, is_withheld


def _lesson_pages(module_page: ModulePage) -> list[LessonPage]:
    pages = LessonPage.objects.live().child_of(module_page).order_by("path")
    return list(pages.select_related("locale", "lesson"))


def _places(module: Module, pages: Iterable[ModulePage], lessons: Mapping[int, list[LessonPage]]) -> dict[int, _Place]:
    """The lessons of a module in the order of the source language, then those of other languages.

    The same in every language: a lesson that one language lacks keeps its place there.
    """
    first = sorted(pages, key=lambda page: (page.locale.language_code != settings.LANGUAGE_CODE, page.path))
    paths: dict[int, str] = {}
    for page in first:
        for lesson in lessons[page.pk]:
            paths.setdefault(lesson.lesson_id, f"{module.slug}/{lesson.slug}")
    following = [*list(paths.values())[1:], ""][: len(paths)]
    return {
        lesson: _Place(position, path, after)
        for position, ((lesson, path), after) in enumerate(zip(paths.items(), following, strict=True), start=1)
    }


def _approved(pages: Iterable[Page]) -> set[tuple[int, str]]:
    """``(live revision, country)`` that a clinical reviewer has approved as it stands."""
    revisions = [page.live_revision_id for page in pages if page.live_revision_id]
    return set(Approval.objects.standing().filter(revision__in=revisions).values_list("revision_id", "country"))


def _stale_pages(pages: Sequence[Page]) -> set[int]:
    """Pages whose translation was made from an older text of their source."""
    by_key: dict[uuid.UUID, list[Page]] = defaultdict(list)
    for page in pages:
        by_key[page.translation_key].append(page)
    source_locales = dict(TranslationSource.objects.filter(object_id__in=by_key).values_list("object_id", "locale_id"))
    rows: dict[tuple[uuid.UUID, str], list[TranslatedSegment]] = defaultdict(list)
    for row in TranslatedSegment.objects.filter(translation_key__in=by_key):
        rows[row.translation_key, row.language].append(row)
    stale: set[int] = set()
    for key, versions in by_key.items():
        source = next((page for page in versions if page.locale_id == source_locales.get(key)), None)
        if source is not None:
            stale |= {
                page.pk
                for page in versions
                if page is not source and is_behind(source, rows[key, page.locale.language_code])
            }
    return stale | _with_stale_words(pages)


def _with_stale_words(pages: Sequence[Page]) -> set[int]:
    """Pages that explain a word whose meaning in their language was made from an older English one."""
    printed = {
        page.pk: {
            block.value["entry"].key for block in page.body if block.block_type == "word" and block.value["entry"]
        }
        for page in pages
        if isinstance(page, LessonPage)
    }
    stale = stale_words() if any(printed.values()) else set()
    languages = {page.pk: page.locale.language_code for page in pages}
    return {pk for pk, found in printed.items() if any((word_key(key), languages[pk]) in stale for key in found)}
