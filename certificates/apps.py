from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from people.models import User


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell ``people`` what is kept here about a person, and ``offline`` what her phone keeps of it."""
        from django.utils import timezone  # noqa: PLC0415 -- not before the apps are ready

        from certificates.asking import most_asked_of  # noqa: PLC0415
        from certificates.cards import MY_DATA_TITLE, my_data_rows  # noqa: PLC0415
        from certificates.ending import note_of_ending  # noqa: PLC0415
        from certificates.kept import own_page  # noqa: PLC0415
        from offline import pages  # noqa: PLC0415
        from people import my_data  # noqa: PLC0415
        from progress import asked  # noqa: PLC0415
        from progress.pages import register_note  # noqa: PLC0415

        def rows(user: User) -> Iterable[tuple[str, str]]:
            return my_data_rows(user, timezone.now().date())

        pages.register(own_page)
        register_note(note_of_ending)
        asked.register(most_asked_of)
        my_data.register(my_data.Section("certificates", MY_DATA_TITLE, rows, order=60))
