"""What all lists and editors of snippets at the writing desk share: rights asked for every single row."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.models import TranslatableMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from curriculum import policies
from curriculum.separation import is_hers, only_hers

ACTION_OF_ADDRESS = {
    "delete": "delete",
    "usage": "view",
    "history": "view",
    "history_results": "view",
    "inspect": "view",
    "copy": "view",
    "revisions_view": "view",
    "revisions_compare": "view",
    "revisions_unschedule": "publish",
    "unpublish": "publish",
    "lock": "lock",
    "unlock": "unlock",
    # The review itself says who may decide; the reviewer has no right to change the text.
    "workflow_action": "view",
    "collect_workflow_action_data": "view",
    "workflow_preview": "view",
    "workflow_history": "view",
    "workflow_history_detail": "view",
}
"""What an address that names a row does to it; any other address changes it."""


def asked_for_this_row(view: Callable[..., Any], *, model: type[models.Model], name: str) -> Callable[..., Any]:
    """Wagtail's snippet views ask for the type only. Ask for the row; what is not hers is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = policy_registry.get_by_type(model)
        if "pk" in kwargs:
            row = get_object_or_404(model, pk=unquote(str(kwargs["pk"])))
            action = ACTION_OF_ADDRESS.get(name, "change")
            if not policy.user_has_permission_for_instance(request.user, action, row):
                raise Http404
        elif name in {"add", "preview_on_add"} and issubclass(model, TranslatableMixin):
            language = request.GET.get("locale") or policies.source_language()
            if not policies.may_write(request.user, language):
                raise Http404
        return view(request, *args, **kwargs)

    return guarded


class SeenColumn(Column):
    """What learners see of a text with drafts, in words."""

    def get_value(self, instance: Any) -> str:
        if not instance.live:
            return _("nothing yet")
        return _("an older text") if instance.has_unpublished_changes else _("this text")


class DeskIndexView(IndexView):
    """A list that offers only what this person may do to this row."""

    def _may(self, action: str, instance: Any) -> bool:
        return self.permission_policy.user_has_permission_for_instance(self.request.user, action, instance)

    def get_list_buttons(self, instance: Any) -> list[ButtonWithDropdown]:
        """Only our own buttons: those of wagtail-localize ask the database five times for every row."""
        buttons = [Button.from_menu_item(item) for item in self.get_list_more_buttons(instance)]
        if not buttons:
            return []
        label = _("More options for “%(title)s”") % {"title": str(instance)}
        return [ButtonWithDropdown(buttons=buttons, icon_name="dots-horizontal", attrs={"aria-label": label})]

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if self._may("change", instance) else None

    def get_delete_url(self, instance: Any) -> str | None:
        return super().get_delete_url(instance) if self._may("delete", instance) else None

    def get_copy_url(self, instance: Any) -> str | None:
        return super().get_copy_url(instance) if self._may("add", instance) else None


class OnlyHersToChoose:
    """A list to choose from that holds nothing of another curriculum."""

    request: HttpRequest

    def get_object_list(self) -> models.QuerySet:
        return only_hers(self.request.user, super().get_object_list())  # type: ignore[misc]


class DeskChooseView(OnlyHersToChoose, ChooseView):
    pass


class DeskChooseResultsView(OnlyHersToChoose, ChooseResultsView):
    pass


class DeskChosenView(SnippetChosenView):
    def get_object(self, pk: Any) -> Any:
        row = super().get_object(pk)
        if not is_hers(self.request.user, row):
            raise Http404
        return row


class DeskChooserViewSet(SnippetChooserViewSet):
    choose_view_class = DeskChooseView
    choose_results_view_class = DeskChooseResultsView
    chosen_view_class = DeskChosenView


class DeskViewSet(SnippetViewSet):
    """A snippet type at the desk. Its policy is registered by the app's ``ready``."""

    chooser_viewset_class = DeskChooserViewSet

    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = DeskIndexView

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The rows she writes; a reviewer, who writes none, reads them all."""
        policy = policy_registry.get_by_type(self.model)
        writes = policy.user_has_permission(request.user, "change")
        return policy.instances_user_has_any_permission_for(request.user, {"change"} if writes else {"view"})

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = asked_for_this_row(pattern.callback, model=self.model, name=pattern.name)
        return patterns
