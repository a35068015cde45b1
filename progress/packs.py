"""The packs that a learner may keep: a module of her pathway with its lessons, its practice and its checklist.

A pack is the same for everybody who reads the same texts in the same order of languages. It holds no mark of
anybody and no certifying key; what is hers alone comes in her state.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db.models import Case, F, Q, TextField, Value, When
from django.utils.translation import override

from assessments.kept import check_that_no_key_leaves, checklist_page, practice_key, practice_sheet
from assessments.models import ChecklistText, QuizText
from curriculum.models import Article
from offline import pages
from offline.packs import File, Offer
from programme.models import Milestone
from programme.scope import current_study
from progress.drawing import context_of
from progress.reading import LessonText, LessonToRead, ModuleToRead, best_of_each

VERSION = 1
DRAWN_WITH = ("progress", "assessments", "icons", "offline")
"""The folders of templates that the pages of a pack are drawn with."""

LOADED = re.compile(r'(<(img|audio|source)\b[^>]*?)\ssrc="([^"]*)"')
KINDS = {"img": "picture", "audio": "audio", "source": "audio"}


@dataclass(frozen=True)
class Plan:
    """What one pack is made of, by primary keys; ``texts`` says what they said when the pack was planned."""

    place: str
    language: str
    country: str
    articles: tuple[int, ...]
    quiz: int | None
    checklist: int | None
    texts: tuple[Any, ...]

    @property
    def signature(self) -> str:
        """Changes with anything in the pack: a text, its place among its neighbours, a template, a translated word."""
        said = [VERSION, release(self.language), asdict(self)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def packs_for(owner: Any) -> list[Offer]:
    """One offer for each published module of her pathway, in her best language. Four queries, or one without a term."""
    study = current_study(owner)
    if study is None:
        return []
    languages, country = study.languages, study.country
    modules = Milestone.objects.filter(version=study.term.pathway_version_id).values("module")
    has_files = Q(html__contains="<img") | Q(html__contains="<audio")
    pictured = Case(When(has_files, then=F("html")), default=Value(""), output_field=TextField())
    rows = Article.objects.in_best_language(languages, country).filter(module__in=modules)
    by_module: dict[int, list[Article]] = defaultdict(list)
    for article in best_of_each(rows.annotate(pictured=pictured).defer("html")).values():
        by_module[article.module_id].append(article)
    quizzes: dict[int, QuizText] = {}
    for text in (
        QuizText.objects.published()
        .in_best_language(languages, country)
        .filter(version__quiz__module__in=by_module)
        .select_related("version__quiz")
        .defer("content", "version__structure")
    ):
        quizzes.setdefault(text.version.quiz.module_id, text)
    checklists: dict[int, ChecklistText] = {}
    for checklist in (
        ChecklistText.objects.published()
        .in_best_language(languages, country)
        .filter(version__module__in=by_module)
        .defer("content", "version__structure")
    ):
        checklists.setdefault(checklist.version.module_id, checklist)
    offers = [
        _offer(languages, found, quizzes.get(module), checklists.get(module)) for module, found in by_module.items()
    ]
    return sorted((offer for offer in offers if offer), key=lambda offer: offer.place)


def _offer(
    languages: Sequence[str], articles: list[Article], quiz: QuizText | None, checklist: ChecklistText | None
) -> Offer | None:
    """The pack of one module; ``None`` when only lessons of it can be read."""
    of_module = next((article for article in articles if article.kind == Article.Kind.MODULE), None)
    if of_module is None:
        return None
    in_order = [of_module, *sorted((a for a in articles if a.lesson_id), key=lambda article: article.position)]
    plan = Plan(
        place=of_module.path,
        language=languages[0],
        country=of_module.country,
        articles=tuple(article.pk for article in in_order),
        quiz=quiz.pk if quiz else None,
        checklist=checklist.pk if checklist else None,
        texts=tuple(_what_it_says(article) for article in in_order)
        + ((quiz.content_hash, quiz.version.structure_hash, quiz.title) if quiz else ())
        + ((checklist.content_hash, checklist.version.structure_hash) if checklist else ()),
    )
    return Offer(
        place=plan.place,
        language=plan.language,
        country=plan.country,
        title=of_module.title,
        signature=plan.signature,
        build=partial(build, plan),
        files=files_in(article.pictured for article in in_order),  # type: ignore[attr-defined]
    )


def _what_it_says(article: Article) -> tuple[Any, ...]:
    return (
        article.path,
        article.language,
        article.content_hash,
        article.position,
        article.lesson_count,
        article.next_path,
        article.is_approved,
        article.is_stale,
    )


@cache
def release(language: str) -> str:
    """Names the templates of this release and the words of ``language`` that they are filled with."""
    root = Path(settings.BASE_DIR)
    drawn_with = [file for folder in DRAWN_WITH for file in sorted((root / "templates" / folder).iterdir())]
    words = sorted((root / "locale" / language).glob("LC_MESSAGES/*.mo"))
    digest = hashlib.sha256()
    for file in [*drawn_with, *words]:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def build(plan: Plan) -> dict[str, Any]:
    """The pack's document. Raises ``KeyWouldLeave`` when it would give away what certifies."""
    with override(plan.language):
        articles = Article.objects.filter(pk__in=plan.articles).select_related("module", "lesson")
        of_module, *lessons = sorted(articles, key=lambda article: plan.articles.index(article.pk))
        quizzes, checklists = QuizText.objects.all(), ChecklistText.objects.all()
        quiz = quizzes.select_related("version__quiz__module").get(pk=plan.quiz) if plan.quiz else None
        checklist = checklists.select_related("version__module").get(pk=plan.checklist) if plan.checklist else None
        drawn = {"": _module_page(of_module, lessons, quiz, checklist)}
        paths = {lesson.path for lesson in lessons}
        about = {}
        for lesson in lessons:
            after = lesson.next_path if lesson.next_path in paths else ""
            drawn[_name(lesson.path)] = _lesson_page(lesson, after, plan.language)
            about[_name(lesson.path)] = {
                "lesson": str(lesson.lesson.uuid) if lesson.lesson else "",
                "language": lesson.language,
                "content_hash": lesson.content_hash,
                "next": _name(after) if after else "",
            }
        practice = None
        if quiz is not None and (sheet := practice_sheet(quiz, [plan.language])):
            drawn["q"] = sheet
            practice = {"text": quiz.content_hash, "key": practice_key(quiz)}
        if checklist is not None:
            drawn["p"] = checklist_page(checklist, [plan.language])
    document = {
        "v": VERSION,
        "place": plan.place,
        "language": plan.language,
        "country": plan.country,
        "title": of_module.title,
        "pages": drawn,
        "lessons": about,
        "practice": practice,
    }
    if quiz is not None:
        check_that_no_key_leaves(quiz.version, json.dumps(document))
    return document


def _name(path: str) -> str:
    """``l2`` of ``m4/l2``."""
    return path.split("/", 1)[1]


def _module_page(
    article: Article, lessons: list[Article], quiz: QuizText | None, checklist: ChecklistText | None
) -> str:
    module = ModuleToRead(
        article=article,
        lessons=lessons,
        studied=frozenset(),
        has_quiz=quiz is not None,
        is_passed=False,
        has_practice=checklist is not None,
        is_signed_off=False,
    )
    # What she has done is not in a pack: her phone marks the rows.
    rows = [replace(row, is_now=False) for row in module.rows()]
    return pages.draw("progress/module.html", {"found": module, "rows": rows, "now": None})


def _lesson_page(article: Article, after: str, language: str) -> str:
    said = {field.name: getattr(article, field.name) for field in fields(LessonText)}
    text = LessonText(**said | {"next_path": after, "html": not_loaded(article.html)})
    found = LessonToRead(text, wanted=language, others=(), is_studied=False, is_demonstration=False)
    return pages.draw("progress/lesson.html", context_of(found))


def not_loaded(page: str) -> str:
    """The same page whose pictures and recordings wait to be put in: ``data-src`` instead of ``src``."""
    return LOADED.sub(r'\1 data-src="\3"', page)


def files_in(texts: Iterable[str]) -> list[File]:
    """The pictures and recordings of ``texts`` that are among our files, each once, with what they cost."""
    found: dict[str, File] = {}
    for text in texts:
        for _before, tag, address in LOADED.findall(text):
            src = html.unescape(address)
            size = _size(src)
            if size is not None:
                found.setdefault(src, File(src, KINDS[tag], size))
    return list(found.values())


def _size(src: str) -> int | None:
    if not src.startswith(settings.MEDIA_URL):
        return None
    try:
        return default_storage.size(unquote(src.removeprefix(settings.MEDIA_URL)))
    except (OSError, SuspiciousFileOperation):
        return None
