"""A marked sitting as she reads it: what she knows already, then what to look at again. Only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.answers_read import Answered, Idea, Line, answered_of
from assessments.grading import Item, keyed
from assessments.models import Attempt, AttemptAnswers, QuizText
from curriculum.models import Article


@dataclass(frozen=True)
class LookAgain:
    """One question that was not all right, and what helps. Of a certifying question nothing tells the key."""

    stem: str
    story: str
    why: str
    is_critical: bool
    answered: Answered
    lesson: Article | None

    @property
    def ideas(self) -> list[Idea]:
        return self.answered.ideas

    @property
    def right(self) -> list[Line]:
        return self.answered.right


@dataclass(frozen=True)
class SittingResult:
    """What she knows and what to look at again, in the words of ``text``: those she answered."""

    attempt: Attempt
    text: QuizText
    known: list[str]
    again: list[LookAgain]

    @property
    def is_practice(self) -> bool:
        return self.attempt.ticket_id is None

    @property
    def safety_questions(self) -> int:
        return sum(item.is_critical for item in self.again)

    @property
    def asked(self) -> int:
        return len(self.known) + len(self.again)


def result_of(attempt: Attempt, languages: Sequence[str]) -> SittingResult:
    """Read a sitting back in the very words it was made on. Three queries."""
    return results_of(attempt.term_id, [attempt], languages, attempt.country)[0]


def results_of(term: int, attempts: Sequence[Attempt], languages: Sequence[str], country: str) -> list[SittingResult]:
    """Read sittings of ``term`` back, each in the words it was made on; lessons as ``country`` has them. Three queries.

    A certifying question stays open for the next try: it shows why and the idea behind her
    choice, but not its right answers, and nothing about single parts where several were asked.
    A sitting whose words are not here is left out.
    """
    sat_on = {attempt.content_hash for attempt in attempts}
    versions = {attempt.quiz_version_id for attempt in attempts}
    texts: dict[tuple[int, str], QuizText] = {}
    for text in QuizText.objects.filter(version__in=versions, content_hash__in=sat_on).order_by("edition"):
        texts.setdefault((text.version_id, text.content_hash), text)
    acts = [attempt.client_uuid for attempt in attempts]
    kept = dict(AttemptAnswers.objects.filter(term=term, client_uuid__in=acts).values_list("client_uuid", "answers"))
    wrong = [item for attempt in attempts for item in _asked(attempt) if not _is_all_right(attempt, item)]
    lessons = _lessons([item["look_again"] for item in wrong if item["look_again"]], languages, country)
    return [
        _read_back(
            attempt,
            texts[attempt.quiz_version_id, attempt.content_hash],
            kept.get(attempt.client_uuid, {}),
            lessons,
        )
        for attempt in attempts
        if (attempt.quiz_version_id, attempt.content_hash) in texts
    ]


def _asked(attempt: Attempt) -> list[Item]:
    """In the order of the version: a database may keep the keys of its JSON in an order of its own."""
    return [item for item in attempt.quiz_version.structure["items"] if item["question"] in attempt.item_points]


def _read_back(
    attempt: Attempt, text: QuizText, answers: Mapping[str, Any], lessons: Mapping[str, Article]
) -> SittingResult:
    asked = _asked(attempt)
    right = [item for item in asked if _is_all_right(attempt, item)]
    again = []
    for item in asked:
        if _is_all_right(attempt, item):
            continue
        words = text.content[item["question"]]
        again.append(
            LookAgain(
                stem=words["stem"],
                story=words.get("story", ""),
                why=words["why"],
                is_critical=item["is_critical"],
                answered=answered_of(
                    keyed(item, text.keys),
                    words,
                    answers.get(item["question"]),
                    language=text.language,
                    is_practice=attempt.ticket_id is None,
                ),
                lesson=lessons.get(item["look_again"]),
            )
        )
    return SittingResult(attempt, text, [text.content[item["question"]]["stem"] for item in right], again)


def _is_all_right(attempt: Attempt, item: Item) -> bool:
    earned, possible = attempt.item_points[item["question"]]
    return earned == possible


def _lessons(uuids: Sequence[str], languages: Sequence[str], country: str) -> dict[str, Article]:
    """The article of each lesson in her best language."""
    found: dict[str, Article] = {}
    articles = (
        Article.objects.in_best_language(languages, country)
        .filter(kind=Article.Kind.LESSON, lesson__uuid__in=uuids)
        .select_related("lesson")
        .defer("html")
    )
    for article in articles:
        if article.lesson:
            found.setdefault(str(article.lesson.uuid), article)
    return found
