"""The writing desk, arranged by a trainer's work: its editor, and what happens around a page.

Wagtail reads this file when it starts; the lists and the menu come in with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import SubmitForModerationMenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.snippets.action_menu import SubmitForModerationMenuItem as SubmitSnippetMenuItem

from curriculum import desk_lists, desk_menu, review_actions  # noqa: F401 -- their hooks are registered by being read
from curriculum.desk_forms import LessonPageForm, ModulePageForm
from curriculum.desk_guard import may_change_page
from curriculum.desk_weights import WeightPanel
from curriculum.meanings import SAID
from curriculum.models import FactValue, GlossaryEntry, LessonPage, Meaning, ModulePage
from curriculum.models.pages import next_lesson_slug
from curriculum.scheduling import NOT_PUBLISHED
from curriculum.translation.words import record_words

LessonPage.base_form_class = LessonPageForm
ModulePage.base_form_class = ModulePageForm


def _explain(panels: list[Any], help_texts: Mapping[str, Any]) -> None:
    """Put a line of ours under fields whose own help comes from the library."""
    for panel in panels:
        _explain(getattr(panel, "children", []), help_texts)
        if (text := help_texts.get(getattr(panel, "field_name", ""))) is not None:
            panel.help_text = text


TITLE_HELP = {"title": gettext_lazy("She reads it once she has signed in; strangers never do.")}
_explain(LessonPage.content_panels, TITLE_HELP)
_explain(ModulePage.content_panels, TITLE_HELP)
LessonPage.content_panels = [*LessonPage.content_panels, WeightPanel(heading=gettext_lazy("What it costs her"))]

AFTER_WORDS_CHANGE = "after_shared_words_change"
"""Functions registered under this hook freeze again what prints facts and words."""


# -- The editor --------------------------------------------------------------------------------------

SEND_FOR_REVIEW = gettext_lazy("Send for clinical review")


class SendPageForReview(SubmitForModerationMenuItem):
    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": SEND_FOR_REVIEW}


class SendSnippetForReview(SubmitSnippetMenuItem):
    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": SEND_FOR_REVIEW}


def _in_her_words(items: list[Any], send: type) -> None:
    unwanted = {"localize-convert-to-alias", "action-restart-workflow"}
    items[:] = [
        send(order=item.order) if item.name == "action-submit" else item for item in items if item.name not in unwanted
    ]


@hooks.register("construct_page_action_menu")
def page_buttons(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    _in_her_words(items, SendPageForReview)


@hooks.register("construct_snippet_action_menu")
def snippet_buttons(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    _in_her_words(items, SendSnippetForReview)


@hooks.register("insert_editor_js")
def paste_by_name() -> str:
    return format_html(
        '<script src="{}" data-address="{}" defer></script>', static("admin/pasting.js"), reverse("desk_paste")
    )


@hooks.register("insert_global_admin_css")
def our_accent() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/desk.css"))


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def a_change_ends_the_review(request: HttpRequest, obj: Any) -> None:
    if getattr(obj, "current_workflow_state", None) and review_actions.cancel_if_changed(obj, request.user):
        messages.warning(
            request, _("You changed a text that was being reviewed. The review has stopped; send it again when ready.")
        )


@hooks.register("register_log_actions")
def history_says_what_was_refused(actions: LogActionRegistry) -> None:
    @actions.register_action(NOT_PUBLISHED)
    class NotPublishedFormatter(LogFormatter):
        label = gettext_lazy("Not published on its day")

        def format_message(self, log_entry: Any) -> str:
            # Translators: "reasons" are whole sentences.
            return _("Not published on its day. %(reasons)s") % {"reasons": " ".join(log_entry.data["reasons"])}


@hooks.register("register_log_actions")
def history_says_what_a_change_means(actions: LogActionRegistry) -> None:
    @actions.register_action(SAID)
    class SaidFormatter(LogFormatter):
        label = gettext_lazy("What the change means")

        def format_message(self, log_entry: Any) -> str:
            # Translators: "meaning" is for example "a typo".
            return _("What the change means: %(meaning)s") % {"meaning": Meaning(log_entry.data["meaning"]).label}


@hooks.register("before_bulk_action")
def bulk_in_her_languages_only(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Bulk actions name their pages in the query, past the guard of the addresses."""
    if any(isinstance(obj, Page) and not may_change_page(request.user, obj) for obj in objects):
        raise Http404


# -- Identities stay with their page -----------------------------------------------------------------


def _refused(request: HttpRequest, sentence: str, page: Page) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_copy_page")
def copy_lessons_only(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A second page of one module would be two texts for one record of what was studied.

    A copy begins as a draft, whatever was ticked: learners see nothing before somebody publishes it.
    """
    if not isinstance(page.specific, LessonPage):
        return _refused(request, _("Only a lesson can be copied. Make a new module instead."), page)
    if request.method == "POST" and request.POST.get("alias"):
        return _refused(request, _("Please make a full copy: two addresses must not share one lesson."), page)
    if "publish_copies" in request.POST:
        rest = request.POST.copy()
        del rest["publish_copies"]
        request.POST = rest  # type: ignore[assignment]
    return None


@hooks.register("after_copy_page")
def a_copy_takes_the_next_number(request: HttpRequest, page: Page, new_page: Page) -> None:
    """The next number of its module, whatever was typed. Its identity it got as it was saved: another lesson."""
    copy = LessonPage.objects.get(pk=new_page.pk)
    copy.slug = next_lesson_slug(copy.get_parent(), but=copy.pk)
    copy.save()
    copy.save_revision(user=request.user)


@hooks.register("before_move_page")
def move_within_the_module(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A lesson belongs to its module, and what was studied to the lesson."""
    if page.get_parent().pk == destination.pk:
        return None
    return _refused(request, _("A page stays where it is. Copy the lesson to the other module instead."), page)


@hooks.register("before_convert_alias_page")
def no_aliases(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, _("This page follows another one. Begin its translation instead."), page)


# -- What learners read is frozen again --------------------------------------------------------------


@hooks.register(review_actions.AFTER_APPROVAL)
def freeze_approved_module(obj: Any) -> None:
    from curriculum.actions import freeze_module  # noqa: PLC0415 -- rendering is loaded when it is needed

    if isinstance(obj, LessonPage):
        freeze_module(obj.lesson.module)
    elif isinstance(obj, ModulePage):
        freeze_module(obj.module)


@hooks.register(AFTER_WORDS_CHANGE)
def freeze_articles() -> None:
    from curriculum.actions import freeze_all  # noqa: PLC0415 -- rendering is loaded when it is needed

    freeze_all()


@hooks.register("before_delete_snippet")
def a_printed_value_is_replaced_and_not_deleted(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """What was a rule stays readable with its dates; texts that print it would go on printing it."""
    for row in instances:
        if isinstance(row, FactValue) and (row.valid_to_on is not None or row.fact.prints.exists()):
            messages.error(request, _("Texts print this value, or did. It stays; use “The rule has changed”."))
            return redirect("desk_rule", row.fact.key)
    return None


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def shared_words_changed(request: HttpRequest, obj: Any) -> None:
    """A value or a word is printed in many lessons: all of them follow at once."""
    if isinstance(obj, GlossaryEntry):
        record_words([obj])
    if isinstance(obj, FactValue | GlossaryEntry):
        for freeze in hooks.get_hooks(AFTER_WORDS_CHANGE):
            freeze()
