"""A lesson's page, drawn once for everybody to whom it looks the same.

Drawing costs a third of the page. What is drawn is a pure function of the text and of ``Frame``, the few
settings that change what stands round it. No name, alias or term is among them, so nothing of one woman
can come into the page of another. What is hers alone, two random values, is put in for each request.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import Context, Engine
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from curriculum.listening.playing import Sounds
from programme.context import manages_terms
from programme.wording import in_force
from progress.listening import Price, parts_of, price_of
from progress.on_tap import WITH_PICTURES, on_tap
from progress.reading import LessonToRead, lesson_address

TEMPLATE = "progress/lesson.html"
LANGUAGE_NAMES = dict(settings.LANGUAGES)

DRAWINGS = 256
"""How many a process keeps: about 4 MB of them."""

# Nobody can have written these into a lesson: they are new in every process.
TOKEN, ACT = (f"put-in-later-{secrets.token_hex(16)}" for _ in range(2))


@dataclass(frozen=True)
class Frame:
    """All that the page may know of its reader. It stands where templates look for ``user``."""

    language: str
    address: str
    text_size: int
    secret_kind: str
    is_staff: bool
    manages_terms: bool
    reading_languages: tuple[str, ...]
    with_pictures: bool
    own_mark: str = ""
    """Names the words and the look of her programme: the same lesson is another page where they are others."""

    is_authenticated: ClassVar[bool] = True


def lesson_response(request: HttpRequest, found: LessonToRead, *, again: str = "", status: int = 200) -> HttpResponse:
    """The lesson's page. With a message for her alone (``again``, or one that waits) nothing is kept."""
    if again or len(get_messages(request)):
        words = context_of(found, price_of_lesson(found)) | {"again": again, "client_uuid": uuid.uuid4()}
        return render(request, TEMPLATE, words, status=status)
    user: Any = request.user
    frame = Frame(
        language=get_language(),
        address=request.path,
        text_size=user.text_size,
        secret_kind=user.secret_kind,
        is_staff=user.is_staff,
        manages_terms=manages_terms(request),
        reading_languages=tuple(user.reading_languages),
        with_pictures=WITH_PICTURES in request.GET,
        own_mark=own.mark if (own := in_force()) is not None else "",
    )
    page = _draw(frame, found, price_of_lesson(found), settings.LOCK_AFTER_MINUTES)
    return HttpResponse(page.replace(TOKEN, get_token(request)).replace(ACT, str(uuid.uuid4())), status=status)


@lru_cache(maxsize=DRAWINGS)
def _draw(frame: Frame, found: LessonToRead, price: Price, lock_after_minutes: int) -> str:
    words = context_of(found, price) | {
        "user": frame,
        "request": SimpleNamespace(path=frame.address),
        "lock_after_minutes": lock_after_minutes,
        "text_size": frame.text_size,
        "manages_terms": frame.manages_terms,
        "csrf_token": TOKEN,
        "client_uuid": ACT,
    }
    if frame.with_pictures:
        words["html"] = mark_safe(found.article.html)
    return Engine.get_default().get_template(TEMPLATE).render(Context(words))


def price_of_lesson(found: LessonToRead) -> Price:
    """What it costs to hear it; asked once a minute."""
    return price_of(found.article.language, found.article.title, found.article.html)


def context_of(found: LessonToRead, price: Price) -> dict[str, Any]:
    """What the template needs to know of the lesson."""
    article = found.article
    module, lesson = article.path.split("/")
    after = lesson_address(article.next_path) if article.next_path else reverse("module", kwargs={"module": module})
    words: dict[str, Any] = {
        "article": article,
        "html": on_tap(article.html, only=article.language if article.language != get_language() else ""),
        "found": found,
        "slug": module,
        "lesson_slug": lesson,
        "next_address": after,
        "price": price,
        "listen_address": lesson_address(article.path) + "listen/",
        # Asked for in another language than the best one: the way to listen keeps to it.
        "only": article.language if article.language != get_language() else "",
        "others": [(code, LANGUAGE_NAMES[code]) for code in found.others],
        # Answered in the same query as the lesson: the context processor would ask again.
        "is_demonstration": found.is_demonstration,
    }
    if not found.is_in_wanted_language:
        words["other_language"] = {
            "wanted": LANGUAGE_NAMES[found.wanted],
            "read": LANGUAGE_NAMES[article.language],
        }
    return words


def listening_words(found: LessonToRead, sounds: Sounds) -> dict[str, Any]:
    """What the page needs on which the lesson is heard."""
    words = context_of(found, Price())
    after = found.article.next_path
    to = lesson_address(after) if after else reverse("module", kwargs={"module": words["slug"]})
    return words | {"sounds": sounds, "parts": parts_of(found.article, sounds), "next_address": f"{to}listen/"}
