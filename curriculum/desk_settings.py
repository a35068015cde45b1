"""What somebody may set for herself at the writing desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, LocaleSettingsPanel, ThemeSettingsPanel


class DeskSettingsView(AccountView):
    """The library's page without names, photos and e-mail: none of them is asked for here."""

    page_title = _("My settings for the desk")
    KEPT: ClassVar = (LocaleSettingsPanel, ThemeSettingsPanel)

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if isinstance(panel, self.KEPT)]
