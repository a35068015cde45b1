"""Forms of the writing desk for questions and quizzes: identities are minted here, never typed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from assessments.models import Question, QuestionSnippet, Quiz
from assessments.models.answers import give_identities
from curriculum.desk_forms import IdentifiedPageForm
from curriculum.models import Module
from curriculum.separation import only_hers


def next_code(module: Module) -> str:
    """The code of the next question of ``module``: ``M4-Q8`` after ``M4-Q7``."""
    pattern = re.compile(rf"{re.escape(module.code)}-Q([0-9]+)")
    codes = Question.objects.filter(module=module).values_list("code", flat=True)
    taken = [int(found[1]) for code in codes if (found := pattern.fullmatch(code))]
    return f"{module.code}-Q{max(taken, default=0) + 1}"


class QuestionForm(WagtailAdminModelForm):
    """A question belongs to a module from its first day; its identity is minted when it is first kept."""

    module = forms.ModelChoiceField(
        Module.objects.all(),
        label=_("Module"),
        help_text=_("Whose quiz may ask it. This never changes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hers = only_hers(self.for_user, Module.objects.all())
        self.fields["module"].queryset = hers  # type: ignore[attr-defined]
        if self.instance.question_id:
            self.fields["module"].initial = self.instance.question.module_id
            self.fields["module"].disabled = not self.is_new

    @property
    def is_new(self) -> bool:
        """A copy arrives filled in like its original, but is a question of its own."""
        return self.instance.pk is None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_new:
            if cleaned.get("module"):
                # Not a row yet: a preview must not leave one behind.
                self.instance.question = Question(module=cleaned["module"], code=next_code(cleaned["module"]))
            # The answers of a copy would otherwise be those of its original.
            give_identities(cleaned.get("choices") or [], anew=True)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"question"}


@transaction.atomic
def keep_new_question(snippet: QuestionSnippet) -> None:
    """Make the identity row of ``snippet``; the code is taken again in case somebody was faster."""
    module = snippet.question.module
    Module.objects.select_for_update().get(pk=module.pk)
    snippet.question = Question.objects.create(module=module, code=next_code(module))


class QuizPageForm(IdentifiedPageForm):
    """The quiz page of a module points at the module's one quiz."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("quiz", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_new:
            self.instance.slug = "q"
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"quiz"}

    def identify(self, *, keep: bool) -> None:
        module = self.parent_page.specific.module
        if keep:
            self.instance.quiz = Quiz.objects.get_or_create(module=module)[0]
        else:
            self.instance.quiz = Quiz.objects.filter(module=module).first() or Quiz(module=module)
