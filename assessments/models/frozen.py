"""What was published, frozen: a language-free structure with its key, and one text per language and country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When

from assessments.models.authored import Quiz, QuizPage
from curriculum.models import Module, ModulePage


class FrozenTextQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Texts that are published today."""
        raise NotImplementedError

    def read_on(self, release: int) -> Self:
        """What is asked on ``release``; 0 for what is published today. Of a release nothing is taken back."""
        return self.filter(released__release=release) if release else self.published()

    def in_best_language(self, languages: Sequence[str], country: str) -> Self:
        """Texts for ``country`` in any of ``languages``: best language first, newest words first in each."""
        rank = Case(*(When(language=code, then=Value(place)) for place, code in enumerate(languages)))
        return (
            self.filter(country=country, language__in=languages)
            .annotate(rank=rank)
            .order_by("rank", "-version__number", "-edition")
            .select_related("version")
        )


class ChecklistTextQuerySet(FrozenTextQuerySet):
    def published(self) -> ChecklistTextQuerySet:
        """Texts whose module is published in their language today."""
        pages = ModulePage.objects.filter(live=True, locale__language_code=OuterRef("language"))
        return self.filter(Exists(pages.filter(module=OuterRef("version__module"))))


class QuizTextQuerySet(FrozenTextQuerySet):
    def published(self) -> QuizTextQuerySet:
        """Texts whose quiz and module are both published in their language today."""
        of_language = {"live": True, "locale__language_code": OuterRef("language")}
        quizzes = QuizPage.objects.filter(quiz=OuterRef("version__quiz"), **of_language)
        modules = ModulePage.objects.filter(module=OuterRef("version__quiz__module"), **of_language)
        return self.filter(Exists(quizzes), Exists(modules))


class QuizVersion(models.Model):
    """One published structure of a quiz. Never changed; a new structure is a new number.

    ``structure``: ``{"items": [{"question", "kind", "use", "is_critical", "points", "look_again",
    "choices": [{"id", …}]}]}``; identities are uuids as text. What else stands in a choice is the key of its kind:
    ``is_right``; ``place`` in an order; ``goes_with``, one of the item's ``sides`` (``[{"id"}]``), in a matching;
    ``is_right``, ``from`` and ``to`` of a number. An item whose key is each country's own names its fact in
    ``key_from``: of a number it is the right one; of an order it is a list of times, among which ``place`` says where
    a step stands (``StepPlace``).
    """

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    structure = models.JSONField()
    structure_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two publications at once must not share a number.
            models.UniqueConstraint(fields=["quiz", "number"], name="one_quiz_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} {self.number}"


class QuizText(models.Model):
    """The words of a version in one language for one country.

    ``content``: ``{question uuid: {"stem", "why", "choices": {choice uuid: {"text", "feedback"}}}}``, with
    ``story``, ``sides`` (as ``choices``), ``unit`` or ``otherwise`` where its kind has them; the steps that are the
    country's times stand among its choices. ``keys``: what the country's own values make right (``grading.Keys``).
    ``left_out``: the questions that need a value which the
    country lacks; they are not asked. A later text of the same version and route has a higher ``edition``;
    attempts name its hash.
    """

    version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    edition = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    keys = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    objects = QuizTextQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-edition"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # An attempt must find the very words it was made on.
            models.UniqueConstraint(
                fields=["version", "language", "country", "edition"], name="one_quiz_text_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.language}-{self.country}"

    def asks(self, items: Iterable[str]) -> list[str]:
        """Those of ``items`` that her country can be asked, in their order."""
        return [item for item in items if item not in self.left_out]

    @property
    def is_closed(self) -> bool:
        """Whether a safety question is left out: without it nobody can be certified here."""
        items = self.version.structure["items"] if self.left_out else []
        return any(i["is_critical"] and i["use"] == "certifying" and i["question"] in self.left_out for i in items)


class ChecklistVersion(models.Model):
    """One published structure of a module's practice checklist: ``{"steps": [{"id", "is_safety"}]}``."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="checklist_versions")
    number = models.PositiveIntegerField()
    structure = models.JSONField()
    structure_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two publications at once must not share a number.
            models.UniqueConstraint(fields=["module", "number"], name="one_checklist_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.module} checklist {self.number}"


class ChecklistText(models.Model):
    """The words of a checklist in one language for one country: ``{step uuid: text}``."""

    version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    edition = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    objects = ChecklistTextQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-edition"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # An observation must find the very words it was made on.
            models.UniqueConstraint(
                fields=["version", "language", "country", "edition"], name="one_checklist_text_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.language}-{self.country}"
