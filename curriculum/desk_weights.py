"""What a lesson costs a learner, told to whoever writes it: beside the editor, and above its preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from wagtail.admin.panels import Panel

from curriculum.weights import Weight, weigh


def words_of(weight: Weight) -> dict[str, Any]:
    """What both templates show."""
    return {
        "weight": weight,
        "most_text": settings.LESSON_TEXT_MOST_KB,
        "most": settings.LESSON_MOST_KB,
        "most_sound": settings.LESSON_SOUND_MOST_KB,
    }


class WeightPanel(Panel):
    """The lesson's price, from what was saved last; the preview shows it of what is being written."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtailadmin/desk/weight_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), **words_of(weigh(self.instance))}
