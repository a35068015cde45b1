"""Recordings without sound: what pages say of them is what tests ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from curriculum.listening.texts import spoken_hash, spoken_of_article
from curriculum.models import Article, Recording


def record(texts: Iterable[str], *, language: str = "en", size_bytes: int = 5000, **fields: object) -> list[Recording]:
    """A recording of each of ``texts``, 12 seconds long."""
    return [
        Recording.objects.create(
            language=language,
            spoken_hash=spoken_hash(text),
            text=text,
            place="m4/l1#aa",
            name=spoken_hash(f"sound of {language} {text}"),
            size_bytes=size_bytes,
            duration_ms=12_000,
            recorded_at=timezone.now(),
            **fields,
        )
        for text in texts
    ]


def freeze_spoken() -> None:
    """What a publication writes down, for articles that a test has made by hand."""
    for article in Article.objects.all():
        said = spoken_of_article(title=article.title, objectives=article.objectives, html=article.html)
        article.spoken = [piece.stored() for piece in said]
        article.save(update_fields=["spoken"])
