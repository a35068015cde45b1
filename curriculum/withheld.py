"""What learners do not get in real work: translations that are behind their source, or that nobody has read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from curriculum.models import Article, LessonPage, Meaning, Module, ModulePage, SaidMeaning, TranslatedSegment
from curriculum.translation.sentences import has_words


def stays_marked(stored: Article, article: Article) -> bool:
    """Mark a text that stays because what should follow is withheld; say whether that is news."""
    wanted = {name: getattr(article, name) for name in ("position", "lesson_count", "next_path")}
    wanted |= {"is_stale": True, "is_approved": False}
    is_news = any(getattr(stored, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(stored, name, value)
    return is_news


def clinically_changed(module: Module) -> set[tuple[int | None, str]]:
    """Lessons (none: the module's own page) and languages whose source has said something clinically new since."""
    sources = {(place, language): page for place, language, page in _live_pages(module)}
    found = set()
    for (place, language), page in sources.items():
        source = sources.get((place, settings.LANGUAGE_CODE))
        if source is None or source is page or page.last_published_at is None:
            continue
        said = SaidMeaning.objects.filter(
            content_type=ContentType.objects.get_for_model(source),
            object_id=str(source.pk),
            meaning=Meaning.CLINICAL,
            revision__lte=source.live_revision_id or 0,
        )
        if said.filter(said_at__gt=page.last_published_at).exists():
            found.add((place, language))
    return found


def _live_pages(module: Module) -> Iterator[tuple[int | None, str, Any]]:
    for page in ModulePage.objects.live().filter(module=module).select_related("locale"):
        yield None, page.locale.language_code, page
    for page in LessonPage.objects.live().filter(lesson__module=module).select_related("locale"):
        yield page.lesson_id, page.locale.language_code, page


def unread_pages(pages: Iterable[Page]) -> set[int]:
    """Pages of a translation in which nobody who speaks the language has read every sentence. One query."""
    translated = [page for page in pages if page.locale.language_code != settings.LANGUAGE_CODE]
    rows = TranslatedSegment.objects.filter(
        translation_key__in={page.translation_key for page in translated}, reviewed_by=""
    )
    found = rows.values_list("translation_key", "language", "text")
    unread = {(key, language) for key, language, text in found if has_words(text)}
    return {page.pk for page in translated if (page.translation_key, page.locale.language_code) in unread}
