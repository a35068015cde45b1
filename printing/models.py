"""What was printed: a PDF for each kind, module, language, country and programme, until a text in it changes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models import Module
from programme.models import Programme

GIVEN_UP = timedelta(minutes=5)
"""What is being made for so long was lost with its worker: it may be asked for again."""

WAITED_ENOUGH = timedelta(minutes=30)
"""So long may a paper wait while others are made; after that nobody works in the background."""


class PaperKind(models.TextChoices):
    """What is printed of a module."""

    BOOKLET = "booklet", _("Booklet")
    GUIDE = "guide", _("Session guide")
    CARDS = "cards", _("Picture cards")


class Paper(models.Model):
    """One PDF, asked for, in the making, or ready. A cache: it can be made again from what is published.

    ``mark`` is the hash of everything it prints (``sources.Source.mark``). The file lies in the storage ``papers``
    under the name of ``uuid`` and is handed out by our own view only. ``pages`` counts those laid out so far, at the
    end all; ``problem`` says why it was not made.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        MAKING = "making"
        READY = "ready"
        STOPPED = "stopped"

    class Problem(models.TextChoices):
        SERVER = "server"
        TEXT = "text"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    module = models.ForeignKey(Module, models.PROTECT, related_name="papers")
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="papers")
    mark = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=8, choices=Problem.choices, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)
    size_bytes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Asked for twice, it is made once.
            models.UniqueConstraint(
                fields=["kind", "module", "language", "country", "programme", "mark"], name="one_paper_per_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.module} {self.language}-{self.country}"

    @property
    def stored_as(self) -> str:
        """Its name in the storage."""
        return f"{self.uuid}.pdf"

    @property
    def file_name(self) -> str:
        """Under which it comes to a desk that others see: ``m4-1-sw.pdf``."""
        number = list(PaperKind).index(PaperKind(self.kind)) + 1
        return f"{self.module.slug}-{number}-{self.language}.pdf"

    def is_under_way(self, now: datetime) -> bool:
        """Whether it will come by itself: somebody may wait for it."""
        if self.state == self.State.MAKING and self.begun_at is not None:
            return now - self.begun_at < GIVEN_UP
        return self.state == self.State.WAITING and now - self.asked_at < WAITED_ENOUGH
