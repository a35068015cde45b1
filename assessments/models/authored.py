"""Quizzes and questions as trainers write them, over identities without language."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

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

from assessments.country_steps import steps_said
from assessments.models.answers import (
    LEAST_TIMES,
    PARTS_KINDS,
    Answers,
    AnswersBlock,
    QuestionKind,
    give_identities,
    key_problem,
)
from curriculum.models import Fact, FactValue, Lesson, Module
from curriculum.models.pages import AuthoredPage


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


class QuestionUse(models.TextChoices):
    """A question is in exactly one of the two sets: a certifying key is never on a phone."""

    CERTIFYING = "certifying", _("counts for the certificate")
    PRACTICE = "practice", _("for practice")


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
    story = models.TextField(
        _("story"), blank=True, default="", help_text=_("Only for a story: what happened, in four short sentences.")
    )
    choices = StreamField(
        AnswersBlock(required=False),
        verbose_name=_("answers"),
        blank=True,
        help_text=_("What stands here depends on how it is answered: choose that below."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=30,
        blank=True,
        default="",
        help_text=_("Only for a number: what it counts, as in months."),
    )
    key_from = models.ForeignKey(
        Fact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the country's value is what is right"),
        help_text=_(
            "Only for a number or an order: the right number, or the list of times that she puts in order. "
            "A country without this value is not asked this question."
        ),
    )
    otherwise = models.TextField(
        _("when nothing else explains it"),
        blank=True,
        default="",
        help_text=_("Only for an order, pairs or a number: she reads it when no reason above fits her answer."),
    )
    why = models.TextField(_("why the right answer is right"))
    look_again = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson to look at again")
    )

    panels: ClassVar[list] = [
        FieldPanel("story"),
        FieldPanel("stem"),
        FieldPanel("choices"),
        FieldPanel("unit"),
        FieldPanel("otherwise"),
        FieldPanel("why"),
        MultiFieldPanel(
            [
                FieldPanel("question"),
                FieldPanel("kind"),
                FieldPanel("use"),
                FieldPanel("is_critical"),
                FieldPanel("key_from"),
                FieldPanel("look_again"),
            ],
            heading=_("How this question behaves"),
        ),
    ]
    override_translatable_fields: ClassVar[list] = [
        SynchronizedField(name, overridable=False)
        for name in ("question", "kind", "use", "is_critical", "key_from", "look_again")
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
        """Give each new answer its identity; refuse what does not fit how the question is answered."""
        super().clean()
        give_identities(self.choices)
        problems: dict[str, Any] = {}
        if self.story and self.kind != QuestionKind.SCENARIO:
            problems["story"] = _("Only a question with a story has one. Choose that kind, or take the story away.")
        if self.kind == QuestionKind.SCENARIO and not self.story.strip():
            problems["story"] = _("Tell the story here: she reads it above the question.")
        if self.unit and self.kind != QuestionKind.NUMBER:
            problems["unit"] = _("Only a number has a unit. Take it away.")
        if self.otherwise and self.kind not in PARTS_KINDS:
            problems["otherwise"] = _("Each answer has its own reason here. Take this one away.")
        if problem := self._country_key_problem:
            problems["key_from"] = problem
        if problem := self.key_problem:
            problems["choices"] = problem
        if problems:
            raise ValidationError(problems)

    @property
    def answers(self) -> Answers:
        """The type and the value of each answer, in order."""
        return [(block.block_type, block.value) for block in self.choices]

    @property
    def key_problem(self) -> Any:
        """What is wrong with its answers, in words for its author; empty when nothing is."""
        return key_problem(self.kind, self.answers, has_country_key=self.key_from_id is not None)

    @property
    def _country_key_problem(self) -> Any:
        """What is wrong with the country's value that is its key; empty when nothing is."""
        if self.key_from is None or self.kind == QuestionKind.NUMBER:
            return ""
        if self.kind != QuestionKind.ORDERING:
            return _("Only a number or an order takes the country's value. Take it away.")
        if self.key_from.kind != Fact.Kind.TIMES:
            return _("Only a list of times can be put in order. Choose another value, or take it away.")
        return ""

    @property
    def shown_parts(self) -> tuple[list[str], list[str]]:
        """What she puts in order or finds a match for, and what stands right, as a preview shows it: not in order."""
        rights = [value["goes_with"] if name == "pair" else value["text"] for name, value in self.answers[::-1]]
        lefts = [value["text"] for name, value in self.answers if name in ("step", "placed", "pair")]
        lefts += self.shown_times
        return lefts[1:] + lefts[:1], list(dict.fromkeys(rights)) if self.kind == QuestionKind.MATCHING else []

    @property
    def shown_times(self) -> list[str]:
        """The times of one country that has some, for a preview of an order that is a country's. One query."""
        if self.key_from is None or self.kind != QuestionKind.ORDERING:
            return []
        known = FactValue.objects.filter(fact=self.key_from, valid_to_on=None).exclude(mark=FactValue.Mark.UNSURE)
        values = known.order_by("country").values_list("value", flat=True)
        of_countries = (steps_said(value, self.locale.language_code) for value in values)
        return next((said for said in of_countries if len(said) >= LEAST_TIMES), [])

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
