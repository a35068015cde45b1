"""Quizzes and questions as trainers write them, over identities without language."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.fields import SynchronizedField

from curriculum.blocks import IdentityBlock
from curriculum.models import Lesson, Module
from curriculum.models.pages import AuthoredPage

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Quiz(models.Model):
    """The quiz of a module, whatever the language."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    module = models.OneToOneField(Module, models.PROTECT, related_name="quiz")

    class Meta:
        verbose_name_plural = "quizzes"

    def __str__(self) -> str:
        return f"{self.module} quiz"


class Question(models.Model):
    """A question, whatever the language. ``code`` (``M4-Q1``) is for the team."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    module = models.ForeignKey(Module, models.PROTECT, related_name="questions")
    code = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code


class Choice(models.Model):
    """An answer option of a question, whatever the language."""

    uuid = models.UUIDField(unique=True)
    question = models.ForeignKey(Question, models.PROTECT, related_name="choices")

    def __str__(self) -> str:
        return f"{self.question} {self.uuid}"


class QuestionKind(models.TextChoices):
    """How a question is answered. Kinds to come add a value here and a rule in ``grading``."""

    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")
    TRUE_FALSE = "true_false", _("true or false")


class QuestionUse(models.TextChoices):
    """A question is in exactly one of the two sets: a certifying key is never on a phone."""

    CERTIFYING = "certifying", _("counts for the certificate")
    PRACTICE = "practice", _("for practice")


class ChoiceBlock(blocks.StructBlock):
    choice = IdentityBlock()
    text = blocks.CharBlock(label=_("Answer"), max_length=240)
    is_right = blocks.BooleanBlock(label=_("This answer is right"), required=False)
    feedback = blocks.TextBlock(
        label=_("What is behind this choice"), rows=2, help_text=_("She reads it after the quiz when she chose this.")
    )

    class Meta:
        icon = "radio-full"
        label = _("Answer")


def key_problem(kind: str, choices: Sequence[Mapping[str, Any]]) -> StrPromise | str:
    """What is wrong with the answers of a question of ``kind``, in words for its author; empty when nothing is."""
    right = sum(bool(choice["is_right"]) for choice in choices)
    if len(choices) < 2:
        return _("She needs at least two answers to choose from.")
    if kind == QuestionKind.TRUE_FALSE and len(choices) > 2:
        return _("A question that is true or false has two answers.")
    if kind == QuestionKind.MULTIPLE and right == 0:
        return _("Mark at least one answer as right.")
    if kind != QuestionKind.MULTIPLE and right != 1:
        return _("Mark one answer as right, and only one.")
    return ""


class QuestionSnippet(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, TranslatableMixin, models.Model
):
    """A question in one language, with drafts, revisions and clinical review."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="snippets")
    kind = models.CharField(_("how it is answered"), max_length=12, choices=QuestionKind.choices)
    use = models.CharField(_("where it is used"), max_length=12, choices=QuestionUse.choices)
    is_critical = models.BooleanField(
        _("safety question"), default=False, help_text=_("A wrong answer here means 'not yet', whatever the rest.")
    )
    stem = models.TextField(_("question"), help_text=_("Plain words. One question at a time, nothing negative."))
    choices = StreamField(StreamBlock([("choice", ChoiceBlock())]), verbose_name=_("answers"))
    why = models.TextField(_("why the right answer is right"))
    look_again = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson to look at again")
    )

    panels: ClassVar[list] = [
        FieldPanel("stem"),
        FieldPanel("choices"),
        FieldPanel("why"),
        MultiFieldPanel(
            [
                FieldPanel("question"),
                FieldPanel("kind"),
                FieldPanel("use"),
                FieldPanel("is_critical"),
                FieldPanel("look_again"),
            ],
            heading=_("How this question behaves"),
        ),
    ]
    override_translatable_fields: ClassVar[list] = [
        SynchronizedField(name, overridable=False) for name in ("question", "kind", "use", "is_critical", "look_again")
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A version freezes the one text there is in a language.
            models.UniqueConstraint(fields=["question", "locale"], name="one_question_text_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.question.code} {self.stem[:60]}"

    def clean(self) -> None:
        """Give each new answer its identity; refuse a key that does not fit how the question is answered."""
        super().clean()
        for block in self.choices:
            block.value["choice"] = block.value["choice"] or str(uuid.uuid4())
        if problem := key_problem(self.kind, [block.value for block in self.choices]):
            raise ValidationError({"choices": problem})

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """Her phone first: most learners hold one of this width."""
        return [
            {"name": "phone", "icon": "mobile-alt", "device_width": 360, "label": _("On her phone")},
            {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("On a wide screen")},
        ]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "assessments/question_preview.html"


class QuizItemBlock(blocks.StructBlock):
    question = SnippetChooserBlock("assessments.Question", label=_("Question"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuizPage(AuthoredPage):
    """A module's quiz in one language: which questions it chooses, in which order."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="pages")
    items = StreamField(StreamBlock([("item", QuizItemBlock())]), verbose_name=_("questions"))

    content_panels: ClassVar[list] = [FieldPanel("title"), FieldPanel("quiz"), FieldPanel("items")]
    parent_page_types: ClassVar[list[str]] = ["curriculum.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list] = [
        *AuthoredPage.override_translatable_fields,
        SynchronizedField("quiz", overridable=False),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def neutral_path(self) -> str:
        return f"{self.quiz.module.slug}/{self.slug}"

    def chosen_questions(self) -> list[QuestionSnippet]:
        """The chosen questions in this page's language, in order; those without a text there are left out."""
        chosen = [block.value["question"] for block in self.items if block.value["question"]]
        snippets = QuestionSnippet.objects.filter(question__in=chosen, locale=self.locale).select_related("question")
        by_question = {snippet.question_id: snippet for snippet in snippets}
        return [by_question[question.pk] for question in chosen if question.pk in by_question]
