"""What there is for her to read, with what she has done of it. Only reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db import connection
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt, ChecklistText, Observation, QuizText
from assessments.models.evidence import AttemptQuerySet, ObservationQuerySet
from curriculum.begun import is_offered
from curriculum.models import Article, Strand
from curriculum.models.pages import StrandPage
from people.models import User
from programme.models import Milestone, OrganisationUnit
from programme.scope import Study, in_her_order
from progress.models import LessonStudy
from progress.standing import MilestoneStanding, Missing, Standing


def reading_order(user: User, page_language: str, hers: Sequence[str] = ()) -> list[str]:
    """The languages to look for, best first: that of the page when it is one of hers, then her own order.

    ``hers`` is that order where her country is known (``Study.languages``).
    """
    first = [page_language] if page_language in user.languages else []
    return first + [code for code in hers or user.reading_languages if code not in first]


def best_of_each(articles: Iterable[Article]) -> dict[str, Article]:
    """One article a path, the first of those given: ``in_best_language`` puts the best language first."""
    best: dict[str, Article] = {}
    for article in articles:
        best.setdefault(article.path, article)
    return best


@dataclass(frozen=True)
class LessonText:
    """A lesson's article: the same for every woman of one language and country."""

    path: str
    language: str
    title: str
    position: int
    lesson_count: int
    next_path: str
    study_minutes: int
    html: str
    content_hash: str
    is_approved: bool
    is_stale: bool


@dataclass(frozen=True)
class LessonToRead:
    """A lesson in the best language there is, and the other languages it can be read in."""

    article: LessonText
    wanted: str
    others: tuple[str, ...]
    is_studied: bool
    is_demonstration: bool

    @property
    def is_in_wanted_language(self) -> bool:
        return self.article.language == self.wanted


# Written out, because this is the page that is opened most: to put the same together from objects costs
# 3 ms. It joins what ``programme.scope.current_study`` asks, and a test holds the two together.
_LESSON = """
    SELECT placement.id, term.start_on, term.ended_on, placement.from_on, placement.to_on, unit.time_zone,
        EXISTS (
            SELECT 1 FROM progress_lessonstudy study
            WHERE study.term_id = term.id AND study.lesson_id = article.lesson_id
        ),
        EXISTS (SELECT 1 FROM programme_installation WHERE is_demonstration),
        article.path, article.language, article.title, article.position, article.lesson_count, article.next_path,
        article.study_minutes, article.html, article.content_hash, article.is_approved, article.is_stale,
        country.languages, article.country
    FROM programme_term term
    JOIN programme_placement placement ON placement.term_id = term.id
    JOIN programme_organisationunit unit ON unit.id = placement.facility_id
    JOIN programme_programme programme ON programme.id = term.programme_id
    LEFT JOIN programme_cohort cohort ON cohort.id = term.cohort_id
    LEFT JOIN curriculum_release release ON release.id = cohort.release_id AND release.country_id = unit.country
    JOIN curriculum_article article
        ON article.country = unit.country AND article.path = %s AND article.kind = 'lesson'
        AND article.of_release = COALESCE(release.id, 0)
    LEFT JOIN curriculum_country country ON country.code = article.country
    JOIN curriculum_module module ON module.id = article.module_id
    JOIN curriculum_strand strand ON strand.id = module.strand_id AND strand.curriculum = programme.curriculum
    WHERE term.learner_id = %s
    ORDER BY term.start_on DESC, placement.from_on DESC, placement.id
"""


def find_lesson(user: User, path: str, languages: Sequence[str], only: str = "") -> LessonToRead | None:
    """The lesson at ``path`` where she works today, in ``only`` when there is such a text.

    ``None`` without an open term or without such a lesson. One query, for everything the page needs.
    """
    found: dict[str, tuple[bool, bool, LessonText]] = {}
    here, of_country, country = None, [], ""
    with connection.cursor() as cursor:
        cursor.execute(_LESSON, [path, user.pk])
        for (
            place,
            start_on,
            ended_on,
            from_on,
            to_on,
            zone,
            is_studied,
            is_demonstration,
            *text,
            usual,
            where,
        ) in cursor.fetchall():
            if here in (None, place) and _is_today(zone, (start_on, ended_on), (from_on, to_on)):
                here = place
                of_country, country = json.loads(usual) if isinstance(usual, str) else usual, where
                article = LessonText(*text)  # SQLite's booleans are 0 and 1, and do
                found[article.language] = bool(is_studied), bool(is_demonstration), article
    languages = in_her_order(languages, user, of_country)
    readable = [language for language in languages if language in found]
    if not readable:
        return None
    language = only if only in readable else readable[0]
    studied, demonstration, article = found[language]
    return LessonToRead(
        article=article,
        wanted=language if language == only else languages[0],
        others=tuple(
            other
            for other in readable
            if other != language and (other in user.languages or is_offered(other, country, of_country))
        ),
        is_studied=studied,
        is_demonstration=demonstration,
    )


def _is_today(zone: str, *spans: tuple[date | str, date | str | None]) -> bool:
    """Whether every span (first day, last day or open) holds today, by the date in ``zone``.

    A date comes as a date from one database and as text from the other; as text the two compare alike.
    """
    today = OrganisationUnit(time_zone=zone).today().isoformat()
    return all(str(first) <= today and (last is None or today <= str(last)) for first, last in spans)


@dataclass(frozen=True)
class ModuleToRead:
    """A module with its lessons in order; ``studied`` holds the primary keys of lessons she studied."""

    article: Article
    lessons: list[Article]
    studied: frozenset[int]
    has_quiz: bool
    is_passed: bool
    has_practice: bool
    is_signed_off: bool

    def rows(self) -> list[PathRow]:
        """Its lessons in order, then its quiz and its practice; the first one left is the one to do now."""
        slug = {"module": self.article.path}
        rows = [
            PathRow(
                title=lesson.title,
                language=lesson.language,
                address=lesson_address(lesson.path),
                note=minutes_in_words(lesson.study_minutes),
                place=lesson.path.split("/", 1)[1],
                is_done=lesson.lesson_id in self.studied,
                call=_("Begin lesson %(number)s") % {"number": lesson.position},
            )
            for lesson in self.lessons
        ]
        if self.has_quiz:
            rows.append(
                PathRow(
                    _("Quiz"), "", reverse("quiz", kwargs=slug), "", self.is_passed, call=_("Go to the quiz"), place="q"
                )
            )
        if self.has_practice:
            # Translators: a skill that a second person watches her use.
            title, note = _("Practice"), _("with your supervisor")
            rows.append(
                PathRow(
                    title,
                    "",
                    reverse("practice", kwargs=slug),
                    note,
                    self.is_signed_off,
                    call=_("See the practice"),
                    place="p",
                )
            )
        now = next((row for row in rows if not row.is_done), None)
        return [replace(row, is_now=row is now) for row in rows]


@dataclass(frozen=True)
class PathRow:
    """One step of a module's path. ``call`` is what the main action says when it is the one to do now.

    ``place`` is the last part of its address: ``l2``, ``q`` or ``p``.
    """

    title: str
    language: str
    address: str
    note: str
    is_done: bool
    call: str
    place: str
    is_now: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it has a page to listen to; a practice is done with somebody who is there."""
        return self.place != "p"


def minutes_in_words(minutes: int) -> str:
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}


def find_module(study: Study, path: str, languages: Sequence[str]) -> ModuleToRead | None:
    """The module at ``path``. Two queries."""
    here = {"country": study.country}
    rows = (
        Article.every.read_on(study.release)
        .in_best_language(languages, study.country)
        .filter(module__code=path.upper(), module__strand__curriculum=study.curriculum)
        .defer("html")
        .annotate(
            has_quiz=Exists(
                QuizText.objects.read_on(study.release).filter(version__quiz__module=OuterRef("module"), **here)
            ),
            is_passed=Exists(_passed(study).filter(quiz_version__quiz__module=OuterRef("module"))),
            has_practice=Exists(
                ChecklistText.objects.read_on(study.release).filter(version__module=OuterRef("module"), **here)
            ),
            is_signed_off=Exists(_signed_off(study).filter(module=OuterRef("module"))),
        )
    )
    best = best_of_each(rows)
    article = best.pop(path, None)
    if article is None:
        return None
    return ModuleToRead(
        article=article,
        lessons=sorted(best.values(), key=lambda lesson: lesson.position),
        studied=studied_lessons(study),
        has_quiz=article.has_quiz,  # type: ignore[attr-defined]
        is_passed=article.is_passed,  # type: ignore[attr-defined]
        has_practice=article.has_practice,  # type: ignore[attr-defined]
        is_signed_off=article.is_signed_off,  # type: ignore[attr-defined]
    )


def studied_lessons(study: Study) -> frozenset[int]:
    return frozenset(LessonStudy.objects.filter(term=study.term).values_list("lesson_id", flat=True))


def _passed(study: Study) -> AttemptQuerySet:
    return Attempt.objects.passed().counted().filter(term=study.term)


def _signed_off(study: Study) -> ObservationQuerySet:
    return Observation.objects.signed_off().filter(term=study.term)


@dataclass(frozen=True)
class ModuleInList:
    """One module of the list: its milestones on her pathway (none when it asks for nothing) and her count."""

    article: Article
    lessons: int
    studied: int
    milestone: MilestoneStanding | None
    practice: MilestoneStanding | None

    @property
    def first_left(self) -> MilestoneStanding | None:
        """The milestone of this module that is left, the one with the earlier date first."""
        left = [item for item in (self.milestone, self.practice) if item and not item.is_done]
        return min(left, key=lambda item: item.due_on, default=None)

    @property
    def is_done(self) -> bool:
        """Whether everything that her pathway asks of this module is done."""
        return self.first_left is None and (self.milestone is not None or self.practice is not None)


@dataclass(frozen=True)
class StrandInList:
    title: str
    language: str
    modules: list[ModuleInList]


def modules_by_strand(study: Study, standing: Standing, languages: Sequence[str]) -> list[StrandInList]:
    """Every module of her curriculum in her country, in her best language, strand by strand. Four queries."""
    rows = Article.every.read_on(study.release).in_best_language(languages, study.country)
    rows = rows.select_related("module").defer("html", "spoken")
    rows = rows.filter(module__strand__curriculum=study.curriculum)
    best = sorted(best_of_each(rows).values(), key=lambda article: article.module.code)
    studied = studied_lessons(study)
    lessons: dict[int, set[int]] = defaultdict(set)
    for article in best:
        if article.lesson_id:
            lessons[article.module_id].add(article.lesson_id)
    wanted = {(item.milestone.kind, item.milestone.module_id): item for item in standing.items}
    by_strand: dict[int, list[ModuleInList]] = defaultdict(list)
    for article in best:
        if article.kind == Article.Kind.MODULE:
            module = article.module_id
            by_strand[article.module.strand_id].append(
                ModuleInList(
                    article=article,
                    lessons=len(lessons[module]),
                    studied=len(lessons[module] & studied),
                    milestone=wanted.get((Milestone.Kind.MODULE, module)),
                    practice=wanted.get((Milestone.Kind.PRACTICE, module)),
                )
            )
    titles = _strand_titles(languages)
    return [
        StrandInList(
            *titles.get(strand.pk, ("", "")), sorted(by_strand[strand.pk], key=lambda m: m.article.module.code)
        )
        for strand in Strand.objects.filter(pk__in=by_strand)
    ]


def _strand_titles(languages: Sequence[str]) -> dict[int, tuple[str, str]]:
    """``{strand: (title, language)}`` in the best language there is."""
    pages = StrandPage.objects.live().filter(locale__language_code__in=languages)
    rows = pages.values_list("strand_id", "title", "locale__language_code")
    found: dict[int, tuple[str, str]] = {}
    for strand, title, language in sorted(rows, key=lambda row: languages.index(row[2])):
        found.setdefault(strand, (title, language))
    return found


class StepKind(StrEnum):
    """What her one next step is."""

    LESSON = "lesson"
    QUIZ = "quiz"
    PRACTICE = "practice"
    NOTHING_YET = "nothing_yet"
    ALL_DONE = "all_done"


@dataclass(frozen=True)
class Step:
    """The one thing to do next. ``article`` is the lesson's, or the module's for a quiz or a practice."""

    kind: StepKind
    item: MilestoneStanding | None = None
    article: Article | None = None

    @property
    def address(self) -> str:
        """Where the step is done."""
        if self.item is None or self.article is None:
            return reverse("learn")
        if self.kind == StepKind.LESSON:
            return lesson_address(self.article.path)
        return reverse(str(self.kind), kwargs={"module": self.item.milestone.module.slug})

    @property
    def kilobytes(self) -> int:
        """What opening the lesson costs her, never less than 1."""
        return max(1, round(self.article.text_bytes / 1000)) if self.article else 0


def lesson_address(path: str) -> str:
    """The address of the lesson at ``path`` (``m4/l2``) in the language in force."""
    module, lesson = path.split("/", 1)
    return reverse("lesson", kwargs={"module": module, "lesson": lesson})


def next_step(study: Study, standing: Standing, languages: Sequence[str]) -> Step:
    """The first thing left that she can do by herself; a practice, which needs a second person, comes last.

    At most one query.
    """
    left = [item for item in standing.left if Missing.NOT_PUBLISHED not in item.missing]
    if not left:
        return Step(StepKind.NOTHING_YET if standing.left else StepKind.ALL_DONE)
    item = next((item for item in left if item.milestone.kind == Milestone.Kind.MODULE), left[0])
    rows = (
        Article.every.read_on(study.release)
        .in_best_language(languages, study.country)
        .filter(module=item.milestone.module_id)
        .defer("html", "spoken")
        .annotate(is_studied=Exists(LessonStudy.objects.filter(term=study.term, lesson=OuterRef("lesson"))))
    )
    best = best_of_each(rows)
    if Missing.LESSONS in item.missing:
        lessons = sorted((a for a in best.values() if a.lesson_id), key=lambda lesson: lesson.position)
        lesson = next((a for a in lessons if not a.is_studied), None)  # type: ignore[attr-defined]
        if lesson:
            return Step(StepKind.LESSON, item, lesson)
    kind = StepKind.QUIZ if item.milestone.kind == Milestone.Kind.MODULE else StepKind.PRACTICE
    return Step(kind, item, best.get(item.milestone.module.slug))


def module_titles(standing: Standing, study: Study, languages: Sequence[str]) -> dict[int, Article]:
    """The module's article for each milestone. One query."""
    modules = {item.milestone.module_id for item in standing.items}
    rows = Article.every.read_on(study.release).in_best_language(languages, study.country)
    rows = rows.filter(kind=Article.Kind.MODULE, module__in=modules)
    return {article.module_id: article for article in best_of_each(rows.defer("html", "spoken")).values()}
