"""A source in, the HTML of a paper out, in its own language and in the words of its programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from assessments.practice import Step, steps_of
from curriculum.blocked_words import blocked_words_in
from curriculum.facts import ask_your_trainer, not_confirmed, words_of
from curriculum.models import Article, Mark
from paper.dates import country_name, long_date
from printing.models import PaperKind
from printing.pictures import as_data
from printing.pieces import Piece, Pieces, pieces_of, words_in
from printing.questions import PaperQuestion, questions_of
from printing.sources import PrintedFact, Source
from printing.timetable import Held, times_for
from programme.models import Installation
from programme.wording import words_of as words_of_programme

LANGUAGE_NAMES = dict(settings.LANGUAGES)
SHORT_MARK = 8


@dataclass(frozen=True)
class PaperLesson:
    """A lesson with its pieces, its pictures numbered through the module. ``minutes`` is its part of the session."""

    article: Article
    pieces: Pieces
    minutes: int = 0
    facts: Sequence[Rule] = ()

    @property
    def number(self) -> int:
        return self.article.position

    @property
    def tries(self) -> list[Piece]:
        return self.pieces.of("try_it")


@dataclass(frozen=True)
class Rule:
    """A fact as this country says it, with how sure that is."""

    fact: PrintedFact
    says: str
    review_due: str
    reviewed: str

    @property
    def name(self) -> str:
        """In the language of the paper; failing that what the team calls it, which only trainers are told."""
        return self.fact.name or self.fact.statement

    @property
    def mark(self) -> str:
        value = self.fact.value
        return str(Mark(value.mark).label) if value is not None else ""

    @property
    def is_sure(self) -> bool:
        """Whether somebody has read it in its source."""
        return self.fact.is_sourced

    @property
    def source(self) -> str:
        value = self.fact.value
        return ", ".join(part for part in (value.source, value.version) if part) if value is not None else ""

    @property
    def reviewer(self) -> str:
        return self.fact.value.reviewer if self.fact.value is not None else ""


@dataclass(frozen=True)
class Card:
    """A picture with a number in front, and on its back what to ask. ``caption`` is empty where it would disclose."""

    number: int
    picture: str
    alt: str
    caption: str
    lesson: int


def html_of(source: Source, kind: str) -> str:
    """The whole document. ``source`` must be able to print ``kind`` (``Source.can_print``)."""
    language = source.route.language
    with override(language), words_of_programme(source.route.programme.pk):
        words = _words_of_cards(source) if kind == PaperKind.CARDS else _words_of_module(source)
        return render_to_string(f"printing/{kind}.html", _frame(source, kind) | words)


def _frame(source: Source, kind: str) -> dict[str, Any]:
    """What every paper says on its cover, in its margins and to whoever looks it up: nothing but neutral words."""
    route = source.route
    return {
        "language": route.language,
        "is_rtl": get_language_info(route.language)["bidi"],
        "language_name": LANGUAGE_NAMES.get(route.language, route.language),
        "cover_title": source.cover_title,
        "issuer": route.programme.issuing_name,
        "as_of": long_date(source.as_of, route.language),
        "as_of_day": source.as_of.isoformat(),
        "mark": source.mark(kind)[:SHORT_MARK],
        "is_demonstration": Installation.is_demo(),
        "is_approved": source.is_approved,
        "module": source.module,
        "article": source.article,
        "country": country_name(route.country, route.language),
    }


def _words_of_module(source: Source) -> dict[str, Any]:
    """What a booklet and a guide are told."""
    pictures = 0
    taken: list[Pieces] = []
    for article in source.lessons:
        pieces, pictures = _with_pictures(pieces_of(article.html), pictures)
        taken.append(pieces)
    steps: list[Step] = steps_of(source.checklist) if source.checklist is not None else []
    questions = _questions(source)
    times = times_for(
        source.hours,
        [_held(article, pieces) for article, pieces in zip(source.lessons, taken, strict=True)],
        steps=len(steps),
        questions=len(questions),
    )
    rules = {fact.key: _rule(fact, source.route.language) for fact in source.facts}
    lessons = [
        PaperLesson(
            article, pieces, minutes, [rules[fact.key] for fact in source.facts if article.lesson_id in fact.lessons]
        )
        for article, pieces, minutes in zip(source.lessons, taken, times.lessons, strict=True)
    ]
    return {
        "lessons": lessons,
        "has_tries": any(lesson.tries for lesson in lessons),
        "words": list(words_in(taken)),
        "steps": steps,
        "has_safety_steps": any(step.is_safety for step in steps),
        "questions": questions,
        "rules": [rule for rule in rules.values() if rule.fact.name],
        "times": times,
        "hours": times.total // 60,
        "minutes": times.total % 60,
        "picture_count": pictures,
    }


def _questions(source: Source) -> list[PaperQuestion]:
    if source.quiz is None:
        return []
    places = {str(article.lesson.uuid): article.position for article in source.lessons if article.lesson is not None}
    return questions_of(source.quiz, source.questions, places)


def _with_pictures(pieces: Pieces, before: int) -> tuple[Pieces, int]:
    """``pieces`` with their pictures inside, numbered on from ``before``; and the number of the last."""
    found = []
    for piece in pieces.all:
        before += piece.kind == "picture"
        found.append(_with_picture(piece, before) if piece.kind == "picture" else piece)
    return Pieces(found), before


def _with_picture(piece: Piece, number: int) -> Piece:
    return Piece("picture", title=piece.title, alt=piece.alt, picture=as_data(piece.picture), number=number)


def _held(article: Article, pieces: Pieces) -> Held:
    return Held(
        article.study_minutes,
        try_its=len(pieces.of("try_it")),
        role_plays=len(pieces.of("role_play")),
        reflections=len(pieces.of("reflection")),
        pictures=len(pieces.of("picture")),
    )


def _rule(fact: PrintedFact, language: str) -> Rule:
    value = fact.value
    says = words_of(value, language) if value is not None and value.is_sure else ""
    if not says:
        is_unsure = value is not None and not value.is_sure and Installation.is_demo()
        says = not_confirmed(language) if is_unsure else ask_your_trainer(language)
    due = long_date(value.review_due_on, language) if value is not None and value.review_due_on else ""
    reviewed = long_date(value.reviewed_on, language) if value is not None and value.reviewed_on else ""
    return Rule(fact, says, due, reviewed)


def _words_of_cards(source: Source) -> dict[str, Any]:
    return {"sheets": [list(pair) for pair in batched(_cards(source), 2)]}


def _cards(source: Source) -> Iterator[Card]:
    number = 0
    for article in source.lessons:
        for piece in pieces_of(article.html).of("picture"):
            number += 1
            # Held up in a waiting room: words that would tell a stranger stay in the guide.
            caption = "" if blocked_words_in(strip_tags(piece.title)) else piece.title
            alt = _("Card %(number)s") % {"number": number} if blocked_words_in(piece.alt) else piece.alt
            yield Card(number, as_data(piece.picture), alt, caption, article.position)
