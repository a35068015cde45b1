"""What leads a trainer to her work: the menu of the writing desk, and what waits on its first page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from curriculum import desk_views, policies
from curriculum.desk_packs.views import may_bring_in
from curriculum.listening import rights as listening_rights
from curriculum.listening.readings import again_count
from curriculum.pasting.views import makes_lessons
from curriculum.releases.rights import has_releases


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
