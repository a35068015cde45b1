"""The route table: a frozen article for each language, country and path. Kept at publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.db.models import Case, Value, When

from curriculum.models.identities import Lesson, Module

PUBLISHED = 0
"""In the place of a release: what is published today."""


class ArticleQuerySet(models.QuerySet["Article"]):
    def read_on(self, release: int) -> ArticleQuerySet:
        """What is read on ``release``; ``PUBLISHED`` for whoever is on none."""
        return self.filter(of_release=release)

    def in_best_language(self, languages: Sequence[str], country: str) -> ArticleQuerySet:
        """Articles of ``country`` in any of ``languages``, the reader's best language first."""
        rank = Case(*(When(language=code, then=Value(place)) for place, code in enumerate(languages)))
        return self.filter(country=country, language__in=languages).annotate(rank=rank).order_by("rank")


class PublishedArticles(models.Manager.from_queryset(ArticleQuerySet)):  # type: ignore[misc]
    """Only what is published today: nobody takes a release for it by mistake."""

    def get_queryset(self) -> ArticleQuerySet:
        return super().get_queryset().filter(of_release=PUBLISHED)


class Article(models.Model):
    """What a learner of one language and country reads at a path such as ``m4/l2``.

    A cache of published pages: it can be made again from them at any time (``freeze_all``). The
    article is the same for every learner; her form and her ticks are drawn per request.
    ``content_hash`` covers everything she reads; evidence carries it. ``text_bytes`` is what the
    article costs on the way to her phone, compressed, without pictures. ``is_stale`` says that the
    source has changed since this text was translated. ``spoken`` holds what can be read aloud, in order
    (``listening.texts.Spoken``); each ``place`` there is the ``data-place`` of an element of ``html``.

    ``of_release`` is the key of a release whose cohorts read this text; 0 is what is published today, which
    ``objects`` is limited to. Ask ``every`` with ``read_on`` for what one woman reads.
    """

    class Kind(models.TextChoices):
        MODULE = "module"
        LESSON = "lesson"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    path = models.CharField(max_length=60)
    module = models.ForeignKey(Module, models.PROTECT, related_name="articles")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="articles")
    position = models.PositiveSmallIntegerField(default=0)
    lesson_count = models.PositiveSmallIntegerField(default=0)
    next_path = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=200)
    cover_title = models.CharField(max_length=120, blank=True, default="")
    study_minutes = models.PositiveSmallIntegerField(default=0)
    objectives = models.JSONField(default=list)
    html = models.TextField(blank=True, default="")
    spoken = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    text_bytes = models.PositiveIntegerField(default=0)
    is_approved = models.BooleanField(default=False)
    is_stale = models.BooleanField(default=False)
    of_release = models.PositiveIntegerField(default=PUBLISHED)
    frozen_at = models.DateTimeField(auto_now=True)

    objects = PublishedArticles()
    every = ArticleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A path leads to one text.
            models.UniqueConstraint(fields=["path", "country", "language", "of_release"], name="one_article_per_route"),
        ]

    def __str__(self) -> str:
        return f"{self.language}-{self.country} {self.path}"
