"""What stands in the lists of the writing desk: her modules, words, facts and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn, TitleColumn
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from curriculum import policies
from curriculum.desk_forms import FactForm, FactValueForm, GlossaryEntryForm
from curriculum.desk_local_blocks import LocalBlockViewSet
from curriculum.desk_viewsets import DeskViewSet, SeenColumn
from curriculum.facts import words_in_best
from curriculum.models import Fact, FactValue, GlossaryEntry, ModulePage
from curriculum.separation import only_hers


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


@hooks.register("construct_page_chooser_queryset")
def pages_to_choose(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return only_hers(request.user, pages)


@hooks.register("construct_explorer_page_queryset")
def pages_to_explore(parent_page: Page, pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return only_hers(request.user, pages)
