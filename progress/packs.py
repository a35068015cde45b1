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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Q, TextField, Value, When
from django.utils.translation import override

from assessments.hearing import explanations, marks_of_quiz
from assessments.kept import (
    check_that_no_key_leaves,
    checklist_page,
    checklist_sheet,
    practice_key,
    practice_sheet,
)
from assessments.models import ChecklistText, QuizText
from curriculum.listening.playing import Sounds, sounds_by_language
from curriculum.listening.readings import spoken_of
from curriculum.models import Article
from offline import pages
from offline.packs import File, Offer
from programme import wording
from programme.models import Milestone
from programme.scope import current_study
from progress.drawing import context_of, listening_words
from progress.listening import Price, pieces_of
from progress.on_tap import size_of
from progress.reading import LessonText, LessonToRead, ModuleToRead, best_of_each

VERSION = 1
DRAWN_WITH = ("progress", "assessments", "icons", "offline", "curriculum")
"""The folders of templates that the pages of a pack are drawn with."""

LOADED = re.compile(r'(<(img|audio|source)\b[^>]*?)\ssrc="([^"]*)"')
KINDS = {"img": "picture", "audio": "audio", "source": "audio"}


@dataclass(frozen=True)
class Plan:
    """What one pack is made of, by primary keys; ``texts`` says what they said when the pack was planned.

    ``sounds`` are the addresses of what can be heard of them: they stand in its pages.
    """

    place: str
    language: str
    country: str
    articles: tuple[int, ...]
    quiz: int | None
    checklist: int | None
    texts: tuple[Any, ...]
    sounds: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """Changes with anything in the pack: a text, its place among its neighbours, a template, a translated word."""
        own = wording.in_force()
        said = [VERSION, release(self.language), asdict(self), *([own.mark] if own else [])]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def packs_for(owner: Any) -> list[Offer]:
    """One offer for each published module of her pathway, in her best language. Five queries, or one without a term."""
    study = current_study(owner)
    if study is None:
        return []
    languages, country = study.languages, study.country
    modules = Milestone.objects.filter(version=study.term.pathway_version_id).values("module")
    has_files = Q(html__contains="<img") | Q(html__contains="<audio")
    pictured = Case(When(has_files, then=F("html")), default=Value(""), output_field=TextField())
    rows = Article.every.read_on(study.release).in_best_language(languages, country).filter(module__in=modules)
    by_module: dict[int, list[Article]] = defaultdict(list)
    for article in best_of_each(rows.annotate(pictured=pictured).defer("html")).values():
        by_module[article.module_id].append(article)
    quizzes: dict[int, QuizText] = {}
    for text in (
        QuizText.objects.read_on(study.release)
        .in_best_language(languages, country)
        .filter(version__quiz__module__in=by_module)
        .select_related("version__quiz")
    ):
        quizzes.setdefault(text.version.quiz.module_id, text)
    checklists: dict[int, ChecklistText] = {}
    for checklist in (
        ChecklistText.objects.read_on(study.release)
        .in_best_language(languages, country)
        .filter(version__module__in=by_module)
        .defer("content", "version__structure")
    ):
        checklists.setdefault(checklist.version.module_id, checklist)
    marks = {module: _marks(found, quizzes.get(module)) for module, found in by_module.items()}
    by_language: dict[str, set[str]] = defaultdict(set)
    for language, wanted in (entry for each in marks.values() for entry in each.items()):
        by_language[language] |= wanted
    sounds = sounds_by_language(by_language)
    offers = [
        _offer(languages, found, quizzes.get(module), checklists.get(module), _recordings(marks[module], sounds))
        for module, found in by_module.items()
    ]
    return sorted((offer for offer in offers if offer), key=lambda offer: offer.place)


def _marks(articles: Iterable[Article], quiz: QuizText | None) -> dict[str, set[str]]:
    """The marks of all words of a module that can be heard, by language. No query."""
    marks: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        marks[article.language].update(piece.hash for piece in spoken_of(article))
    if quiz is not None:
        marks[quiz.language] |= marks_of_quiz(quiz)
    return marks


def _recordings(marks: Mapping[str, set[str]], sounds: Mapping[str, Sounds]) -> list[File]:
    """The recordings of ``marks``, each once."""
    found = {
        recording.url: recording
        for language, wanted in marks.items()
        for mark, recording in sounds[language].by_hash.items()
        if mark in wanted
    }
    return [File(src, "audio", found[src].size_bytes) for src in sorted(found)]


def _offer(
    languages: Sequence[str],
    articles: list[Article],
    quiz: QuizText | None,
    checklist: ChecklistText | None,
    recordings: list[File],
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
        sounds=tuple(file.src for file in recordings),
    )
    return Offer(
        place=plan.place,
        language=plan.language,
        country=plan.country,
        title=of_module.title,
        signature=plan.signature,
        build=partial(build, plan),
        files=[*files_in(article.pictured for article in in_order), *recordings],  # type: ignore[attr-defined]
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
    drawn_with = [file for folder in DRAWN_WITH for file in sorted((root / "templates" / folder).glob("*.*"))]
    words = sorted((root / "locale" / language).glob("LC_MESSAGES/*.mo"))
    digest = hashlib.sha256()
    for file in [*drawn_with, *words]:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def build(plan: Plan) -> dict[str, Any]:
    """The pack's document. Raises ``KeyWouldLeave`` when it would give away what certifies."""
    with override(plan.language):
        articles = Article.every.filter(pk__in=plan.articles).select_related("module", "lesson")
        of_module, *lessons = sorted(articles, key=lambda article: plan.articles.index(article.pk))
        quizzes, checklists = QuizText.objects.all(), ChecklistText.objects.all()
        quiz = quizzes.select_related("version__quiz__module").get(pk=plan.quiz) if plan.quiz else None
        checklist = checklists.select_related("version__module").get(pk=plan.checklist) if plan.checklist else None
        marks = _marks([of_module, *lessons], quiz)
        sounds = sounds_by_language({**{language: set() for language in (of_module.language, plan.language)}, **marks})
        own = _marks([of_module, *lessons], None)[of_module.language]
        every = sounds[of_module.language].by_hash
        of_page = Sounds(of_module.language, {mark: one for mark, one in every.items() if mark in own})
        drawn = {
            "": _module_page(of_module, lessons, quiz, checklist, of_page),
            "listen": _module_page(of_module, lessons, quiz, checklist, of_page, hear=True),
        }
        paths = {lesson.path for lesson in lessons}
        about = {}
        for lesson in lessons:
            after = lesson.next_path if lesson.next_path in paths else ""
            drawn[_name(lesson.path)] = _lesson_page(lesson, after, plan.language, sounds[lesson.language])
            drawn[f"{_name(lesson.path)}/listen"] = _listen_page(lesson, after, plan.language, sounds[lesson.language])
            about[_name(lesson.path)] = {
                "lesson": str(lesson.lesson.uuid) if lesson.lesson else "",
                "language": lesson.language,
                "content_hash": lesson.content_hash,
                "next": _name(after) if after else "",
            }
        practice = None
        if quiz is not None and (sheet := practice_sheet(quiz, [plan.language], sounds[quiz.language])):
            drawn["q"] = sheet
            practice = {
                "text": quiz.content_hash,
                "key": practice_key(quiz),
                "sounds": explanations(quiz, sounds[quiz.language]),
            }
        if checklist is not None:
            drawn["p"] = checklist_page(checklist, [plan.language])
            drawn["p/sign"] = checklist_sheet(checklist, [plan.language])
    document = {
        "v": VERSION,
        "place": plan.place,
        "language": plan.language,
        "country": plan.country,
        "title": of_module.title,
        "pages": drawn,
        "lessons": about,
        "practice": practice,
        "player": pages.draw("curriculum/player.html", {}),
    }
    if quiz is not None:
        check_that_no_key_leaves(quiz.version, json.dumps(document), quiz.keys)
    return document


def _name(path: str) -> str:
    """``l2`` of ``m4/l2``."""
    return path.split("/", 1)[1]


def _module_page(
    article: Article,
    lessons: list[Article],
    quiz: QuizText | None,
    checklist: ChecklistText | None,
    sounds: Sounds,
    *,
    hear: bool = False,
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
    words = {"found": module, "rows": rows, "now": None, "can_hear": bool(sounds)}
    return pages.draw("progress/module.html", words | ({"hear": True, "sounds": sounds} if hear else {}))


def _lesson_page(article: Article, after: str, language: str, sounds: Sounds) -> str:
    found = _to_read(article, after, language, not_loaded(article.html))
    own = _own_sounds(article, sounds)
    return pages.draw("progress/lesson.html", context_of(found, Price(own.kilobytes) if own else Price()))


def _listen_page(article: Article, after: str, language: str, sounds: Sounds) -> str:
    found = _to_read(article, after, language, article.html)
    return not_loaded(pages.draw("progress/listen.html", listening_words(found, _own_sounds(article, sounds))))


def _own_sounds(article: Article, sounds: Sounds) -> Sounds:
    marks = {piece.hash for piece in pieces_of(article.title, article.html)}
    return Sounds(article.language, {mark: one for mark, one in sounds.by_hash.items() if mark in marks})


def _to_read(article: Article, after: str, language: str, html: str) -> LessonToRead:
    said = {field.name: getattr(article, field.name) for field in fields(LessonText)}
    text = LessonText(**said | {"next_path": after, "html": html})
    return LessonToRead(text, wanted=language, others=(), is_studied=False, is_demonstration=False)


def not_loaded(page: str) -> str:
    """The same page whose pictures and recordings wait to be put in: ``data-src`` instead of ``src``."""
    return LOADED.sub(r'\1 data-src="\3"', page)


def files_in(texts: Iterable[str]) -> list[File]:
    """The pictures and recordings of ``texts`` that are among our files, each once, with what they cost."""
    found: dict[str, File] = {}
    for text in texts:
        for _before, tag, address in LOADED.findall(text):
            src = html.unescape(address)
            size = size_of(src)
            if size is not None:
                found.setdefault(src, File(src, KINDS[tag], size))
    return list(found.values())
