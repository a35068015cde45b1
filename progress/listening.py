"""Lessons and modules to listen to: their pieces in order with the recordings there are, and what that costs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from bs4 import BeautifulSoup
from django.utils.safestring import SafeString, mark_safe

from curriculum.listening.playing import Sounds, sounds_of
from curriculum.listening.readings import recordings_of, spoken_of
from curriculum.listening.texts import Spoken, spoken_of_article
from curriculum.models import Article
from progress.reading import LessonText, ModuleToRead

SOON_SECONDS = 60
"""A new recording is offered on a lesson's page within this time."""


@dataclass(frozen=True)
class Price:
    """What it costs to hear a text; nothing when there is no recording of it."""

    kilobytes: int = 0

    def __bool__(self) -> bool:
        return self.kilobytes > 0


def price_of(language: str, title: str, html: str) -> Price:
    """What it costs to hear a lesson. One query a minute and process for each text, however often it is opened."""
    return _price(language, title, html, int(time.monotonic() // SOON_SECONDS))


@lru_cache(maxsize=256)
def _price(language: str, title: str, html: str, _minute: int) -> Price:
    sounds = sounds_of(language, (piece.text for piece in pieces_of(title, html)))
    return Price(sounds.kilobytes) if sounds else Price()


def forget_prices() -> None:
    """Ask again next time."""
    _price.cache_clear()


def pieces_of(title: str, html: str) -> list[Spoken]:
    """What is read aloud of a lesson, in reading order."""
    return spoken_of_article(title=title, objectives=(), html=html)


@dataclass(frozen=True)
class Part:
    """One step of a lesson that is heard: a block, or a question's answer with what is said of it."""

    number: int
    kind: str
    text: str
    picture: SafeString | str = ""
    feedback: str = ""
    is_recorded: bool = False

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n")


def parts_of(article: LessonText | Article, sounds: Sounds) -> list[Part]:
    """The blocks of a lesson in order; its title is the heading of the page."""
    spoken = pieces_of(article.title, article.html)[1:]
    feedback = {piece.place.removesuffix("f"): piece.text for piece in spoken if piece.kind == "feedback"}
    pictures = _pictures(article.html) if any(piece.kind == "picture" for piece in spoken) else {}
    heard = [piece for piece in spoken if piece.kind != "feedback"]
    return [
        Part(
            number=number,
            kind=piece.kind,
            text=piece.text,
            picture=pictures.get(piece.place, ""),
            feedback=feedback.get(piece.place, "") if piece.kind == "option" else "",
            is_recorded=sounds.of(piece.text) is not None,
        )
        for number, piece in enumerate(heard, start=1)
    ]


def _pictures(html: str) -> dict[str, SafeString]:
    """The pictures of a lesson by their places, as it shows them."""
    found = BeautifulSoup(html, "html.parser").select("figure[data-place]")
    return {str(figure["data-place"]): mark_safe(str(image)) for figure in found if (image := figure.find("img"))}


def sounds_of_lesson(article: LessonText | Article) -> Sounds:
    """The recordings of a lesson. One query."""
    return sounds_of(article.language, (piece.text for piece in pieces_of(article.title, article.html)))


def sounds_of_module(found: ModuleToRead) -> Sounds:
    """The recordings of a module's own page, and of its lessons: what there is to hear of it. One query.

    In the language of the module alone: a lesson that she reads in another one has its own.
    """
    language = found.article.language
    spoken = [found.article, *(lesson for lesson in found.lessons if lesson.language == language)]
    return Sounds(language, recordings_of(language, {piece.hash for article in spoken for piece in spoken_of(article)}))
