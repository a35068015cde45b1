"""Modules and lessons in a release: a copy of each article, which its cohorts read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.utils.translation import gettext as _

from curriculum.models import (
    Article,
    FactChange,
    FactPrint,
    LessonPage,
    ModulePage,
    PrintPlace,
    Release,
    ReleasedText,
)
from curriculum.openable import closed
from curriculum.releases.parts import Line, ReleasePart, Replaced
from curriculum.withheld import unread_pages

KINDS = frozenset({ReleasedText.Kind.MODULE, ReleasedText.Kind.LESSON})


def articles_in_a_release() -> ReleasePart:
    return ReleasePart("articles", take, KINDS, lines, replace)


def take(release: Release) -> list[ReleasedText]:
    Article.every.read_on(release.pk).delete()
    modules = release.modules.all()
    articles = Article.objects.filter(country=release.country_id, module__in=modules, language__in=release.languages)
    found = list(articles.select_related("module").order_by("module__code", "position", "language"))
    printed = _facts_printed(release)
    drafts = _drafts(release)
    texts = [
        ReleasedText(
            kind=article.kind,
            module_id=article.module_id,
            path=article.path,
            position=article.position,
            language=article.language,
            title=article.title,
            content_hash=article.content_hash,
            facts=sorted(printed[article.module_id, article.lesson_id, article.language]),
            is_approved=article.is_approved,
            is_stale=article.is_stale,
            is_draft=(article.module_id, article.lesson_id, article.language) in drafts,
        )
        for article in found
    ]
    for article in found:
        article.pk, article.of_release = None, release.pk
    Article.every.bulk_create(found)
    return texts


Place = tuple[int, int | None, str]
"""Module, lesson (none for the module's own page) and language."""


def _facts_printed(release: Release) -> dict[Place, set[str]]:
    found: dict[Place, set[str]] = defaultdict(set)
    rows = FactPrint.objects.filter(
        module__in=release.modules.all(), place__in=(PrintPlace.MODULE, PrintPlace.LESSON)
    ).values_list("module", "lesson", "language", "fact__key")
    for module, lesson, language, key in rows:
        found[module, lesson, language].add(key)
    return found


def _drafts(release: Release) -> set[Place]:
    modules = ModulePage.objects.live().filter(module__in=release.modules.all()).select_related("locale")
    lessons = LessonPage.objects.live().filter(lesson__module__in=release.modules.all())
    pages = [*modules, *lessons.select_related("locale", "lesson")]
    unread = unread_pages(pages)
    return {
        (page.module_id, None, page.locale.language_code)
        if isinstance(page, ModulePage)
        else (page.lesson.module_id, page.lesson_id, page.locale.language_code)
        for page in pages
        if page.pk in unread
    }


# ---------------------------------------------------------------- a clinical change


def replace(release: Release, change: FactChange) -> list[Replaced]:
    """The texts that ``change`` made old give way to what is published today, in every language of the release."""
    reopened = change.reopened.filter(place__in=(PrintPlace.MODULE, PrintPlace.LESSON))
    lessons = set(reopened.exclude(place=PrintPlace.MODULE).values_list("lesson", flat=True))
    modules = set(reopened.filter(place=PrintPlace.MODULE).values_list("module", flat=True))
    stored = list(Article.every.read_on(release.pk))
    # What the frozen text printed when it was taken may not stand in today's any more.
    key = change.fact.key if change.fact else ""
    printed = {(text.path, text.language) for text in release.texts.all() if key and key in text.facts}
    today = {
        (article.path, article.language): article for article in Article.objects.filter(country=release.country_id)
    }
    replaced = []
    for article in stored:
        is_of_it = (
            (article.path, article.language) in printed
            or (article.lesson_id is not None and article.lesson_id in lessons)
            or (article.lesson_id is None and article.module_id in modules)
        )
        new = today.get((article.path, article.language))
        if not is_of_it or (new is not None and new.content_hash == article.content_hash):
            continue
        replaced.append(
            Replaced(
                article.kind, article.path, article.language, article.content_hash, new.content_hash if new else ""
            )
        )
        article.delete()
        if new is not None:
            new.pk, new.of_release = None, release.pk
            # It stays where it stood among its neighbours.
            new.position, new.next_path, new.lesson_count = article.position, article.next_path, article.lesson_count
            new.save(force_insert=True)
    return replaced


# ---------------------------------------------------------------- its words


HEADINGS = {"h1": 2, "h2": 3, "h3": 3, "h4": 3}
LINES = frozenset({*HEADINGS, "p", "li", "summary", "dt", "dd", "figcaption", "blockquote", "legend", "td", "th"})
SPACES = re.compile(r"\s+")


def lines(release: Release, text: ReleasedText) -> Iterator[Line]:
    """One line for each heading, paragraph and list item; a picture by the words that stand for it."""
    article = Article.every.read_on(release.pk).get(path=text.path, language=text.language)
    yield Line(article.title, level=2)
    if article.cover_title:
        yield Line(article.cover_title, note=_("what a stranger may see"))
    for objective in article.objectives:
        yield Line(str(objective), mark="·")
    yield from lines_of_html(article.html)


def lines_of_html(html: str) -> Iterator[Line]:
    yield from _lines_in(BeautifulSoup(closed(html), "html.parser"))


def _lines_in(element: Tag) -> Iterator[Line]:
    loose: list[str] = []
    for child in element.children:
        if isinstance(child, NavigableString):
            loose.append(str(child))
            continue
        if not isinstance(child, Tag) or child.name in ("script", "style", "svg", "button", "input"):
            continue
        if child.name == "img":
            yield from _said(loose)
            alt = str(child.get("alt") or "")
            if alt:
                yield Line(alt, note=_("a picture"))
        elif _has_lines(child):
            yield from _said(loose)
            yield from _lines_in(child)
        elif child.name in LINES or child.name in ("div", "section", "figure", "details", "ul", "ol", "label"):
            yield from _said(loose)
            yield from _said([child.get_text(" ")], HEADINGS.get(child.name, 0), "·" if child.name == "li" else "")
        else:
            loose.append(child.get_text(" "))
    yield from _said(loose)


def _has_lines(element: Tag) -> bool:
    return element.find([*LINES, "img", "div", "section", "figure"]) is not None


def _said(loose: list[str], level: int = 0, mark: str = "") -> Iterator[Line]:
    words = SPACES.sub(" ", " ".join(loose)).strip()
    loose.clear()
    if words:
        yield Line(words, level=level, mark=mark)
