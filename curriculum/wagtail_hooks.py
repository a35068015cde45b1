"""The writing desk, arranged by a trainer's work: her menu, her lists, and what happens around a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import SubmitForModerationMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn, TitleColumn
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.snippets.action_menu import SubmitForModerationMenuItem as SubmitSnippetMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from curriculum import desk_views, policies, review_actions
from curriculum.desk_forms import (
    FactForm,
    FactValueForm,
    GlossaryEntryForm,
    LessonPageForm,
    ModulePageForm,
)
from curriculum.desk_guard import may_change_page
from curriculum.desk_local_blocks import LocalBlockViewSet
from curriculum.desk_packs.views import may_bring_in
from curriculum.desk_viewsets import DeskViewSet, SeenColumn
from curriculum.desk_weights import WeightPanel
from curriculum.facts import words_in_best
from curriculum.listening import rights as listening_rights
from curriculum.listening.readings import again_count
from curriculum.meanings import SAID
from curriculum.models import Fact, FactValue, GlossaryEntry, LessonPage, Meaning, ModulePage
from curriculum.models.pages import next_lesson_slug
from curriculum.pasting.views import makes_lessons
from curriculum.releases.rights import has_releases
from curriculum.scheduling import NOT_PUBLISHED
from curriculum.separation import only_hers
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


# -- Lists -------------------------------------------------------------------------------------------


class ModuleIndexView(PageIndexView):
    page_title = gettext_lazy("My modules")
    default_ordering = "title"

    def get_base_queryset(self) -> QuerySet[ModulePage]:
        """The modules in the languages she writes; a reviewer reads them all."""
        # Not the library's annotations: they fetch each page again, without its module.
        modules = ModulePage.objects.select_related("module", "locale").defer_streamfields().order_by("module__code")
        modules = only_hers(self.request.user, modules)
        hers = policies.languages_written_by(self.request.user)
        if hers:
            modules = modules.filter(locale__language_code__in=hers)
        elif not policies.may_read_all(self.request.user):
            modules = modules.none()
        return modules


class ModuleTitleColumn(TitleColumn):
    """The title; it opens the editor for whoever writes this language, and the text for everybody else."""

    def get_link_url(self, instance: ModulePage, parent_context: Mapping[str, Any]) -> str:
        if policies.may_write(parent_context["request"].user, instance.locale.language_code):
            return reverse("wagtailadmin_pages:edit", args=[instance.pk])
        return reverse("desk_read_page", args=[instance.pk])


class LessonsColumn(TitleColumn):
    """How many pages stand in the module; it opens their list for whoever writes them."""

    def get_link_url(self, instance: ModulePage, parent_context: Mapping[str, Any]) -> str | None:
        if policies.may_write(parent_context["request"].user, instance.locale.language_code):
            return reverse("wagtailadmin_explore", args=[instance.pk])
        return None


class ModuleViewSet(PageListingViewSet):
    model = ModulePage
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("My modules")
    menu_name = "modules"
    menu_order = 100
    add_to_admin_menu = True
    index_view_class = ModuleIndexView
    columns = [
        ModuleTitleColumn("title", label=gettext_lazy("Module"), sort_key="title"),
        Column("module", label=gettext_lazy("Code"), width="8%"),
        LocaleColumn(label=gettext_lazy("Language"), width="12%"),
        Column("cover_title", label=gettext_lazy("Cover title"), width="22%"),
        DateColumn("latest_revision_created_at", label=gettext_lazy("Changed"), width="14%"),
        SeenColumn("seen", label=gettext_lazy("What learners see"), width="14%"),
        LessonsColumn("numchild", label=gettext_lazy("Lessons and quiz"), width="12%"),
    ]


@hooks.register("register_admin_viewset")
def register_modules() -> ModuleViewSet:
    return ModuleViewSet("modules", url_prefix="modules")


class WordInLanguagesColumn(Column):
    """The word in each language it has a meaning in."""

    def get_value(self, instance: GlossaryEntry) -> str:
        return ", ".join(f"{meaning.word} ({meaning.language})" for meaning in instance.meanings.all())


class ValueInWordsColumn(Column):
    """The value in the language the desk is shown in, or in the first there is."""

    def get_value(self, instance: FactValue) -> str:
        return words_in_best(instance, get_language() or "en")


class WordViewSet(DeskViewSet):
    model = GlossaryEntry
    icon = "tag"
    menu_label = gettext_lazy("Words")
    menu_name = "words"
    menu_order = 140
    search_fields = ["key", "meanings__word", "meanings__meaning"]
    list_display = ["key", WordInLanguagesColumn("languages", label=gettext_lazy("In these languages"))]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            InlinePanel(
                "meanings",
                label=gettext_lazy("Meaning in one language"),
                help_text=gettext_lazy("Every lesson that explains this word shows the meaning in her language."),
            ),
        ],
        base_form_class=GlossaryEntryForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[GlossaryEntry]:
        return super().get_queryset(request).prefetch_related("meanings")


class FactValueViewSet(DeskViewSet):
    model = FactValue
    icon = "globe"
    menu_label = gettext_lazy("Values")
    menu_name = "fact-values"
    list_display = [
        "fact",
        Column("country", label=gettext_lazy("Country")),
        ValueInWordsColumn("words", label=gettext_lazy("What she reads")),
        Column("get_mark_display", label=gettext_lazy("How sure")),
        DateColumn("valid_from_on", label=gettext_lazy("Since")),
        DateColumn("valid_to_on", label=gettext_lazy("Until")),
    ]
    list_filter = ["country", "mark"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("fact", heading=gettext_lazy("Fact")),
                    FieldPanel("country", heading=gettext_lazy("Country")),
                ],
                heading=gettext_lazy("Which rule, where"),
                help_text=gettext_lazy("Every lesson and question that prints this fact shows your country's value."),
            ),
            MultiFieldPanel(
                [
                    *[FieldPanel(f"{FactValueForm.PREFIX}{code}") for code, _name in settings.LANGUAGES],  # type: ignore[attr-defined]
                    FieldPanel("meaning"),
                ],
                heading=gettext_lazy("What she reads"),
                help_text=gettext_lazy("In a language without words she reads “Ask your trainer”."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("mark", heading=gettext_lazy("How sure are we")),
                    FieldPanel("source", heading=gettext_lazy("Document and page")),
                    FieldPanel("version", heading=gettext_lazy("Edition of the document")),
                    FieldPanel("reviewer", heading=gettext_lazy("Who confirmed it")),
                    FieldPanel("reviewed_on", heading=gettext_lazy("Confirmed on")),
                    FieldPanel("review_due_on", heading=gettext_lazy("Look again by")),
                    FieldPanel("valid_from_on", heading=gettext_lazy("True since")),
                    FieldPanel("valid_to_on", heading=gettext_lazy("True until (empty while it is)")),
                ],
                heading=gettext_lazy("How we know"),
                help_text=gettext_lazy("A value that is not confirmed never reaches her as a rule."),
            ),
        ],
        base_form_class=FactValueForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactValue]:
        return super().get_queryset(request).select_related("fact", "country")


class FactViewSet(DeskViewSet):
    model = Fact
    icon = "list-ul"
    menu_label = gettext_lazy("All facts")
    menu_name = "all-facts"
    search_fields = ["key", "statement"]
    list_display = ["key", "statement"]
    edit_handler = ObjectList(
        [
            FieldPanel("key", help_text=gettext_lazy("Written in a lesson as {key}. It never changes.")),
            FieldPanel(
                "statement", help_text=gettext_lazy("For the team: what the value says. Learners read the value only.")
            ),
        ],
        base_form_class=FactForm,
    )


class FactGroup(SnippetViewSetGroup):
    items = (FactValueViewSet, FactViewSet)
    menu_label = gettext_lazy("Facts of my country")
    menu_name = "facts"
    menu_icon = "globe"
    menu_order = 150


register_snippet(WordViewSet)
register_snippet(LocalBlockViewSet)
register_snippet(FactGroup)


# -- Menu --------------------------------------------------------------------------------------------


class DeskMenuItem(MenuItem):
    """A menu item that only those see whom it concerns."""

    def __init__(self, *args: Any, concerns: Callable[[Any], bool], **kwargs: Any) -> None:
        self.concerns = concerns
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return self.concerns(request.user)


@hooks.register("register_admin_menu_item")
def translations_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Translations"),
        reverse("desk_translations"),
        name="translations",
        icon_name="wagtail-localize-language",
        order=120,
        concerns=lambda user: policies.is_translator(user) or policies.is_author(user),
    )


@hooks.register("register_admin_menu_item")
def listening_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Listening"),
        reverse("desk_listening"),
        name="listening",
        icon_name="media",
        order=125,
        concerns=lambda user: bool(listening_rights.languages_heard_by(user)),
    )


@hooks.register("register_admin_menu_item")
def packs_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Packs"),
        reverse("desk_packs"),
        name="packs",
        icon_name="download",
        order=155,
        concerns=may_bring_in,
    )


@hooks.register("register_admin_menu_item")
def from_word_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("From Word"),
        reverse("desk_from_word"),
        name="from-word",
        icon_name="clipboard-list",
        order=115,
        concerns=makes_lessons,
    )


@hooks.register("insert_editor_js")
def paste_by_name() -> str:
    return format_html(
        '<script src="{}" data-address="{}" defer></script>', static("admin/pasting.js"), reverse("desk_paste")
    )


@hooks.register("register_admin_menu_item")
def reviews_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Reviews waiting for me"),
        reverse("desk_reviews"),
        name="reviews",
        icon_name="success",
        order=130,
        concerns=policies.is_reviewer,
    )


@hooks.register("register_admin_menu_item")
def rules_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Rules of my country"),
        reverse("desk_rules"),
        name="rules",
        icon_name="globe",
        order=145,
        concerns=lambda user: policies.countries_valued_by(user) != set(),
    )


@hooks.register("register_admin_menu_item")
def releases_menu_item() -> MenuItem:
    return DeskMenuItem(
        gettext_lazy("Releases"),
        reverse("desk_releases"),
        name="releases",
        icon_name="doc-full",
        order=147,
        concerns=has_releases,
    )


@hooks.register("register_admin_menu_item")
def help_words_menu_item() -> MenuItem:
    return MenuItem(
        gettext_lazy("Help words"), reverse("desk_help_words"), name="help-words", icon_name="help", order=160
    )


HERS = frozenset(
    {"modules", "questions", "translations", "listening", "reviews", "words", "rules", "facts", "help-words"}
    | {"local-blocks", "packs", "releases", "from-word"}
)


@hooks.register("construct_main_menu")
def keep_her_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """A trainer sees her work. The rest stays reachable where a text needs it, such as the picture chooser."""
    if request.user.is_superuser:
        return
    hers = HERS if policies.countries_valued_by(request.user) != set() else HERS - {"facts", "rules"}
    items[:] = [item for item in items if item.name in hers]


@hooks.register("construct_settings_menu")
def drop_people(request: HttpRequest, items: list[MenuItem]) -> None:
    """People have their own pages, with invitations; see ``curriculum.admin_urls``."""
    items[:] = [item for item in items if item.name != "users"]


@hooks.register("construct_page_chooser_queryset")
def pages_to_choose(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return only_hers(request.user, pages)


@hooks.register("construct_explorer_page_queryset")
def pages_to_explore(parent_page: Page, pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return only_hers(request.user, pages)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_totals(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


class WaitingPanel(Component):
    """What waits for this person, and one line on what each list is for."""

    template_name = "wagtailadmin/desk/waiting_panel.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "is_author": policies.is_author(user),
            "is_translator": policies.is_translator(user),
            "is_reviewer": policies.is_reviewer(user),
            "may_read": policies.may_read_all(user),
            "may_listen": bool(listening_rights.languages_heard_by(user)),
            "again_count": again_count(user),
            "review_count": len(desk_views.reviews_waiting_for(user)) if policies.is_reviewer(user) else 0,
            "refused": desk_views.refused_for(user),
            "sent": desk_views.sent_by(user),
        }


@hooks.register("construct_homepage_panels")
def her_first_page(request: HttpRequest, panels: list[Component]) -> None:
    """What waits first, then what she wrote last."""
    panels[:] = [WaitingPanel(), *(panel for panel in panels if getattr(panel, "name", "") == "recent_edits")]


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
