"""The way from the writing desk to the room in which papers are printed."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("construct_main_menu", order=1000)
def printing_for_all_at_the_desk(request: HttpRequest, items: list[MenuItem]) -> None:
    """After the desk has arranged its menu: whoever works there may print."""
    items.append(
        MenuItem(
            # Translators: opens the room in which booklets and session guides are made.
            gettext_lazy("Print"),
            reverse("print"),
            name="print",
            icon_name="doc-full",
            order=170,
        )
    )
