"""Where facts are printed, and what follows when a country's value changes: what is read again, what women are told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models.facts import Country, Fact, FactValue
from curriculum.models.identities import Lesson, Module
from curriculum.models.meanings import SaidMeaning


class PrintPlace(models.TextChoices):
    """In what a fact is printed."""

    MODULE = "module", _("module")
    LESSON = "lesson", _("lesson")
    CHECKLIST = "checklist", _("practice checklist")
    QUIZ = "quiz", _("title of a quiz")
    QUESTION = "question", _("question")


class Printed(models.Model):
    """One text in one language, whatever the country, that prints a fact.

    The text itself is named by its type and key. ``lesson``, or the ``quiz`` that asks it, is what her evidence
    points at.
    """

    place = models.CharField(max_length=10, choices=PrintPlace.choices)
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=255)
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="+")
    quiz = models.UUIDField(null=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    text = GenericForeignKey("content_type", "object_id")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class FactPrint(Printed):
    """A published text that prints a fact. Written in the transaction that freezes the text."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="prints")

    class Meta:
        ordering: ClassVar[list[str]] = ["module__code", "place", "title", "language"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A text that prints a fact twice is one text to read again.
            models.UniqueConstraint(
                fields=["fact", "place", "content_type", "object_id"],
                condition=models.Q(quiz__isnull=True),
                name="one_print_per_text",
            ),
            # A question may be asked by two quizzes.
            models.UniqueConstraint(
                fields=["fact", "place", "content_type", "object_id", "quiz"], name="one_print_per_text_and_quiz"
            ),
        ]


class FactChange(models.Model):
    """What is true in a country was replaced by another. Appended; the old value keeps its dates.

    Either a value of a ``fact``, or a text that somebody published as a clinical change (``said``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fact = models.ForeignKey(Fact, models.PROTECT, null=True, related_name="changes")
    country = models.ForeignKey(Country, models.PROTECT, related_name="fact_changes")
    old_value = models.OneToOneField(FactValue, models.PROTECT, null=True, related_name="replaced_by")
    new_value = models.OneToOneField(FactValue, models.PROTECT, null=True, related_name="came_by")
    said = models.ForeignKey(SaidMeaning, models.PROTECT, null=True, related_name="changes")
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A change is of a value or of a text: what women are told follows from which.
            models.CheckConstraint(
                condition=models.Q(fact__isnull=False, new_value__isnull=False, said__isnull=True)
                | models.Q(fact__isnull=True, new_value__isnull=True, old_value__isnull=True, said__isnull=False),
                name="a_change_is_of_a_value_or_of_a_text",
            ),
            # Published again, the same words are one change.
            models.UniqueConstraint(fields=["said", "country"], name="one_change_per_saying_and_country"),
        ]

    def __str__(self) -> str:
        return f"{self.fact or self.said} {self.country_id} {self.changed_at:%Y-%m-%d}"

    def name_in(self, language: str) -> str:
        """What it is about: the fact, failing that its statement for the team, or the title of the text."""
        if self.fact is not None:
            return self.fact.names.get(language) or self.fact.names.get("en") or self.fact.statement
        return self.said.title if self.said is not None else ""


class Reopened(Printed):
    """A text that printed the old value when it changed: its review is open again in that country. Appended.

    ``revision`` is what was published then. ``round`` counts how often that revision was reopened for the country;
    an approval of an earlier round does not stand (``Approval``).
    """

    change = models.ForeignKey(FactChange, models.PROTECT, related_name="reopened")
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="reopened")
    country = models.CharField(max_length=2)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["module__code", "place", "title", "language"]
        verbose_name = _("text to read again")


class OldText(models.Model):
    """The mark of a frozen text that printed the old value: whoever reads it later, on a phone, learns the old rule."""

    change = models.ForeignKey(FactChange, models.PROTECT, related_name="old_texts")
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two quizzes may have the same words; once is enough.
            models.UniqueConstraint(fields=["change", "content_hash"], name="one_old_text_per_hash"),
        ]

    def __str__(self) -> str:
        return self.content_hash


class FactUpdateQuerySet(models.QuerySet["FactUpdate"]):
    def published(self) -> FactUpdateQuerySet:
        """Updates that women of their country are asked."""
        return self.filter(published_at__isnull=False)


class FactUpdate(models.Model):
    """What women of one country are told about a change, in two minutes: what was, what is, one safety question.

    ``choices`` is the language-free question: ``[{"id", "is_right"}]``. A draft is the trainer’s; once published
    nothing in it changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    change = models.OneToOneField(FactChange, models.PROTECT, related_name="update")
    choices = models.JSONField()
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = FactUpdateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-drafted_at", "-pk"]

    def __str__(self) -> str:
        return f"update {self.uuid}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def is_right(self, choice: str) -> bool:
        """Whether ``choice`` is an answer of this update, and the right one."""
        return any(one["id"] == choice and one["is_right"] for one in self.choices)

    def text_in(self, languages: Sequence[str]) -> FactUpdateText | None:
        """The words in the best of ``languages``, failing those in any. Uses prefetched rows."""
        texts = {text.language: text for text in self.texts.all()}
        found = (texts[language] for language in languages if language in texts)
        return next(found, None) or next(iter(texts.values()), None)


class FactUpdateText(models.Model):
    """The words of an update in one language. ``options``: ``{choice: {"text", "feedback"}}``.

    ``content_hash`` is written at publication; her answer carries it.
    """

    update = models.ForeignKey(FactUpdate, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(_("what it is about"), max_length=120, blank=True, default="")
    was = models.TextField(_("what was"), blank=True, default="")
    now = models.TextField(_("what is now"), blank=True, default="")
    means = models.TextField(_("what it means for her"), blank=True, default="")
    question = models.TextField(_("safety question"), blank=True, default="")
    options = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One set of words is what she answered.
            models.UniqueConstraint(fields=["update", "language"], name="one_update_text_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def is_complete(self) -> bool:
        """Whether everything she reads is there."""
        words = [self.title, self.was, self.now, self.means, self.question]
        options = [self.options.get(one["id"], {}) for one in self.update.choices]
        words += [option.get(name, "") for option in options for name in ("text", "feedback")]
        return all(word.strip() for word in words)
