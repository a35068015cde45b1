"""What is printed of a module: the frozen rows that learners read, and the mark by which a change of any is known."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, Subquery

from assessments.models import ChecklistText, QuizText
from assessments.sheets import asked_of
from curriculum.models import Article, FactPrint, FactValue, Mark, Module, ModulePage, PrintPlace
from printing.catalogs import words_mark
from printing.models import PaperKind
from printing.pictures import hashes_of, names_in
from programme.models import Installation, Programme
from programme.own import of_programme

MARKED_FILES = ("print.css", "documents.py", "pieces.py", "questions.py", "timetable.py")
FIGURES = re.compile(r'<figure class="picture".*?</figure>', re.DOTALL)
PLACE_MARKS = re.compile(r' data-place="[^"]*"')


@dataclass(frozen=True)
class Route:
    """Who reads: a programme's people in one country, in one language."""

    programme: Programme
    country: str
    language: str


@dataclass(frozen=True)
class PrintedFact:
    """A fact that the module prints, as its country says it. ``lessons`` are the identities of those that print it.

    ``name`` is empty where the fact has none in this language; ``statement`` is for the team, in theirs.
    """

    key: str
    name: str
    value: FactValue | None
    lessons: frozenset[int]
    statement: str
    register: str
    fact_source: str
    fact_mark: str

    @property
    def is_sourced(self) -> bool:
        return self.value is not None and self.value.mark == Mark.SOURCED

    @property
    def marked(self) -> list[Any]:
        value = self.value
        said = [value.value, value.texts, value.mark, value.source, value.version, value.reviewer] if value else []
        days = [str(value.reviewed_on), str(value.review_due_on)] if value else []
        return [self.key, self.name, sorted(self.lessons), said, days, self.fact_source, self.fact_mark]


@dataclass
class Source:
    """One module as one route reads it. ``articles``: those of its lessons in this language, in order."""

    route: Route
    module: Module
    article: Article | None
    lessons: list[Article] = field(default_factory=list)
    quiz: QuizText | None = None
    checklist: ChecklistText | None = None
    facts: list[PrintedFact] = field(default_factory=list)
    hours: int = 0
    picture_hashes: Mapping[str, str] = field(default_factory=dict)
    has_quiz_elsewhere: bool = False
    has_checklist_elsewhere: bool = False

    @property
    def cover_title(self) -> str:
        return self.article.cover_title if self.article is not None else ""

    @property
    def lacking_lessons(self) -> int:
        """Lessons of the module that are not in this language."""
        return self.article.lesson_count - len(self.lessons) if self.article is not None else 0

    @property
    def lacks_quiz(self) -> bool:
        return self.quiz is None and self.has_quiz_elsewhere

    @property
    def lacks_checklist(self) -> bool:
        return self.checklist is None and self.has_checklist_elsewhere

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in this language: a half one is not printed."""
        return bool(self.lessons) and not (self.lacking_lessons or self.lacks_quiz or self.lacks_checklist)

    @property
    def has_pictures(self) -> bool:
        return any("<figure" in lesson.html for lesson in self.lessons)

    @property
    def is_approved(self) -> bool:
        return self.article is not None and all(one.is_approved for one in [self.article, *self.lessons])

    @property
    def questions(self) -> list[str]:
        """The practice questions that its country can be asked. Those that certify are never printed."""
        return asked_of(self.quiz, "practice") if self.quiz is not None else []

    @property
    def as_of(self) -> date:
        """The day on which the newest of its texts was frozen."""
        rows: list[Any] = [self.article, *self.lessons, self.quiz, self.checklist]
        return max(row.frozen_at for row in rows if row is not None).date()

    def can_print(self, kind: str) -> bool:
        return self.is_whole and (kind != PaperKind.CARDS or self.has_pictures)

    def mark(self, kind: str) -> str:
        """The hash of everything that a paper of ``kind`` prints, in words, pictures and shape; of nothing else."""
        said = [
            [kind, template_mark(), words_mark(self.route.language), Installation.is_demo()],
            [self.route.programme.issuing_name, self._own_mark, self.route.country, self.route.language],
            [self.module.code, self.cover_title],
            self._pictured if kind == PaperKind.CARDS else self._read,
            self._for_trainers if kind == PaperKind.GUIDE else [],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def _own_mark(self) -> str:
        own = of_programme(self.route.programme.pk)
        return own.mark if own is not None else ""

    @cached_property
    def _read(self) -> list[Any]:
        """What a booklet says, and a guide as well."""
        read = [
            [one.position, one.content_hash, one.is_approved, one.is_stale]
            for one in ([self.article] if self.article else []) + self.lessons
        ]
        return [read, sorted(self.picture_hashes.items()), self._asked, self._steps, self._values]

    @property
    def _asked(self) -> list[Any]:
        if self.quiz is None:
            return []
        by_question = {item["question"]: item for item in self.quiz.version.structure["items"]}
        return [[by_question[each], self.quiz.content[each], self.quiz.keys.get(each)] for each in self.questions]

    @property
    def _steps(self) -> list[Any]:
        return [self.checklist.version.structure, self.checklist.content] if self.checklist is not None else []

    @property
    def _values(self) -> list[Any]:
        return [fact.marked for fact in self.facts]

    @property
    def _for_trainers(self) -> list[Any]:
        return [self.hours]

    @property
    def _pictured(self) -> list[Any]:
        """What picture cards say: the pictures with their words, and in which lesson they stand."""
        return [
            [lesson.position, PLACE_MARKS.sub("", figure)]
            for lesson in self.lessons
            for figure in FIGURES.findall(lesson.html)
        ] + sorted(map(list, self.picture_hashes.items()))


def sources_of(route: Route, modules: Iterable[Module] | None = None) -> list[Source]:
    """Every module that learners of ``route``'s programme and country read in any language, as this route reads it.

    By their codes. Of ``modules`` where some are given. At most nine queries, however many modules there are.
    """
    rows = Article.objects.filter(country=route.country, module__strand__curriculum=route.programme.curriculum)
    if modules is not None:
        rows = rows.filter(module__in=list(modules))
    known = {row.pk: row for row in Module.objects.filter(pk__in=rows.values("module")).order_by("code")}
    found = {pk: Source(route, module, None) for pk, module in known.items()}
    for article in rows.filter(language=route.language).select_related("lesson").defer("spoken").order_by("position"):
        source = found[article.module_id]
        if article.kind == Article.Kind.MODULE:
            source.article = article
        else:
            source.lessons.append(article)
    _add_questions(found, route)
    _add_checklists(found, route)
    _add_hours(found, route)
    _add_facts(found, route)
    names = {pk: {name for one in source.lessons for name in names_in(one.html)} for pk, source in found.items()}
    hashes = hashes_of(set().union(*names.values()))
    for pk, source in found.items():
        source.picture_hashes = {name: hashes.get(name, "") for name in names[pk]}
    return list(found.values())


def source_of(route: Route, module: Module) -> Source | None:
    """``module`` as ``route`` reads it; ``None`` where its programme and country have no such module."""
    return next(iter(sources_of(route, [module])), None)


def _add_questions(found: Mapping[int, Source], route: Route) -> None:
    texts = QuizText.objects.published().filter(country=route.country, version__quiz__module__in=list(found))
    for module in set(texts.values_list("version__quiz__module_id", flat=True)):
        found[module].has_quiz_elsewhere = True
    for text in _newest(texts, "version__quiz", route).select_related("version__quiz"):
        found[text.version.quiz.module_id].quiz = text


def _add_checklists(found: Mapping[int, Source], route: Route) -> None:
    texts = ChecklistText.objects.published().filter(country=route.country, version__module__in=list(found))
    for module, structure in texts.values_list("version__module_id", "version__structure"):
        found[module].has_checklist_elsewhere |= bool(structure["steps"])
    for text in _newest(texts, "version__module", route).select_related("version"):
        if text.version.structure["steps"]:
            found[text.version.module_id].checklist = text


def _newest(texts: Any, owner: str, route: Route) -> Any:
    """Of ``texts`` the newest words that each ``owner`` has on ``route``."""
    same = texts.model.objects.filter(**{owner: OuterRef(owner)}, language=route.language, country=route.country)
    newest = same.order_by("-version__number", "-edition").values("pk")[:1]
    return texts.filter(language=route.language, pk=Subquery(newest))


def _add_hours(found: Mapping[int, Source], route: Route) -> None:
    pages = ModulePage.objects.filter(live=True, module__in=list(found), locale__language_code=route.language)
    for module, hours in pages.values_list("module_id", "hours"):
        found[module].hours = hours


def _add_facts(found: Mapping[int, Source], route: Route) -> None:
    printed = FactPrint.objects.filter(
        module__in=list(found),
        language=route.language,
        place__in=[PrintPlace.MODULE, PrintPlace.LESSON, PrintPlace.CHECKLIST],
    ).select_related("fact")
    facts: dict[int, dict[int, Any]] = defaultdict(dict)
    lessons: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in printed.order_by("fact__key"):
        facts[row.module_id][row.fact_id] = row.fact
        if row.lesson_id:
            lessons[row.module_id, row.fact_id].add(row.lesson_id)
    wanted = {fact for each in facts.values() for fact in each}
    rows = FactValue.objects.filter(fact__in=wanted, country=route.country, valid_to_on=None) if wanted else ()
    values = {value.fact_id: value for value in rows}
    for module, each in facts.items():
        found[module].facts = [
            PrintedFact(
                fact.key,
                str(fact.names.get(route.language, "")),
                values.get(pk),
                frozenset(lessons[module, pk]),
                fact.statement,
                fact.register,
                fact.source,
                fact.mark,
            )
            for pk, fact in each.items()
        ]


_template_marks: list[str] = []


def template_mark() -> str:
    """What shapes a paper: our style, our templates and the code that fills them. Read once a process."""
    if not _template_marks:
        here = Path(__file__).resolve().parent
        templates = sorted((here.parent / "templates" / "printing").rglob("*.html"))
        files: Sequence[Path] = [*(here / name for name in MARKED_FILES), *templates]
        _template_marks.append(hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16])
    return _template_marks[0]
