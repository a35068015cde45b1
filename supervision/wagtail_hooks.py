"""On the first screen of the writing desk: how far a changed rule has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.admin.ui.components import Component

from programme.scope import Act, scope_now
from supervision.rule_changes import reach_of_changes


class RuleChangesPanel(Component):
    """Who learned the old rule and who has the new one, by county. Nothing where no rule has changed."""

    name = "rule_changes"
    template_name = "wagtailadmin/rules/reach_panel.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        scope = scope_now((parent_context or {})["request"].user)
        return {"changes": reach_of_changes(scope, get_language() or "en") if scope.units(Act.SEE_UPDATES) else []}


@hooks.register("construct_homepage_panels", order=10)
def changed_rules_on_her_first_page(request: HttpRequest, panels: list[Component]) -> None:
    """After what waits for her: the desk has arranged the others by then."""
    panels.insert(1, RuleChangesPanel())
