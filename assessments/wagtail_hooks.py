"""Questions and quizzes at the writing desk."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CopyView, CreateView

from assessments.actions.freezing import StructureDiffers, freeze_every_quiz, freeze_quiz
from assessments.desk_forms import QuestionForm, QuizPageForm, keep_new_question
from assessments.left_out import LeftOutPanel
from assessments.models import Question, QuestionSnippet, Quiz, QuizPage
from assessments.models.authored import QuestionUse
from curriculum.desk_viewsets import DeskViewSet, SeenColumn
from curriculum.models import Module
from curriculum.review_actions import AFTER_APPROVAL
from curriculum.separation import only_hers
from curriculum.wagtail_hooks import AFTER_WORDS_CHANGE

QuizPage.base_form_class = QuizPageForm
QuizPage.content_panels = [
    LeftOutPanel(heading=gettext_lazy("Not asked in some countries")),
    *QuizPage.content_panels,
]


def _modules_of_hers(request: HttpRequest | None) -> QuerySet[Module]:
    return only_hers(request.user, Module.objects.all()) if request is not None else Module.objects.none()


class QuestionFilterSet(WagtailFilterSet):
    module = ModelChoiceFilter(field_name="question__module", queryset=_modules_of_hers, label=gettext_lazy("Module"))
    use = ChoiceFilter(choices=QuestionUse.choices, label=gettext_lazy("Where it is used"))

    class Meta:
        model = QuestionSnippet
        fields: list[str] = []


class SafetyColumn(Column):
    """The word where it is one, and nothing elsewhere: a cross would look like a mistake."""

    def get_value(self, instance: QuestionSnippet) -> str:
        return _("yes") if instance.is_critical else ""


class QuestionCreateView(CreateView):
    def save_instance(self) -> QuestionSnippet:
        """Identity first; a preview of the same form goes another way and keeps nothing."""
        keep_new_question(self.form.instance)
        return super().save_instance()


class QuestionCopyView(CopyView):
    """Shows the form filled in; it is sent to the ordinary "new question" address."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Wagtail would write the answer over the original.
        return HttpResponseNotAllowed(["GET"])

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs["instance"] = copy_without_identity(kwargs["instance"])
        return kwargs


def copy_without_identity(original: QuestionSnippet) -> QuestionSnippet:
    """The words and behaviour of ``original``, unsaved; the module is known, the question is not."""
    names = (
        *("question", "locale", "kind", "use", "is_critical", "story", "stem", "choices", "unit", "key_from"),
        *("otherwise", "why", "look_again"),
    )
    return QuestionSnippet(**{name: getattr(original, name) for name in names})


class QuestionViewSet(DeskViewSet):
    model = QuestionSnippet
    icon = "help"
    menu_label = gettext_lazy("Questions")
    menu_name = "questions"
    menu_order = 110
    add_view_class = QuestionCreateView
    copy_view_class = QuestionCopyView
    copy_view_enabled = True
    inspect_view_enabled = True
    search_fields = ["stem", "question__code"]
    filterset_class = QuestionFilterSet
    list_display = [
        "__str__",
        Column("question.module", label=gettext_lazy("Module"), width="8%"),
        Column("get_kind_display", label=gettext_lazy("How it is answered"), width="14%"),
        LocaleColumn(label=gettext_lazy("Language"), width="12%"),
        Column("get_use_display", label=gettext_lazy("Where it is used"), width="16%"),
        SafetyColumn("is_critical", label=gettext_lazy("Safety question"), width="10%"),
        SeenColumn("seen", label=gettext_lazy("What learners see")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("module", required_on_save=True),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("story", "stem", "choices", "unit", "otherwise", "why")],
                heading=gettext_lazy("What she reads"),
                help_text=gettext_lazy("She sees the question and the answers; the reasons come after the quiz."),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("kind", "use", "is_critical", "key_from", "look_again")],
                heading=gettext_lazy("How this question behaves"),
                help_text=gettext_lazy(
                    "The same in every language. A quiz already begun keeps the question as it was."
                ),
            ),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionSnippet]:
        rows = super().get_queryset(request).select_related("question__module__strand", "locale", "latest_revision")
        return rows.defer("latest_revision__content").order_by("question__code")


class QuestionIdentityViewSet(DeskViewSet):
    """What a quiz chooses from: the question whatever the language."""

    model = Question
    icon = "help"
    add_to_admin_menu = False
    list_display = ["code", "module"]


register_snippet(QuestionViewSet)
register_snippet(QuestionIdentityViewSet)


def _freeze(quiz: Quiz) -> None:
    try:
        freeze_quiz(quiz)
    except StructureDiffers:
        # A language that differs keeps its older version; the publication already told the team.
        return


@hooks.register(AFTER_APPROVAL)
def freeze_approved_quiz(obj: Any) -> None:
    if isinstance(obj, QuizPage):
        _freeze(obj.quiz)
    elif isinstance(obj, QuestionSnippet):
        for quiz in Quiz.objects.filter(module=obj.question.module_id):
            _freeze(quiz)


@hooks.register(AFTER_WORDS_CHANGE)
def freeze_quizzes_and_checklists() -> None:
    """Questions and practice steps print facts too; a changed value is a new edition of their words."""
    # A language that differs keeps its older version, as in ``_freeze``.
    freeze_every_quiz()
