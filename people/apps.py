from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- models are loaded by now

        # Under the name of Django's own receiver, which therefore is not connected: when somebody last
        # signed in is kept nowhere. This app stands before ``django.contrib.auth`` in the settings.
        user_logged_in.connect(begin_session, dispatch_uid="update_last_login")


def begin_session(*, request: Any, user: Any, **_kwargs: Any) -> None:
    """Unlock a fresh session, and note whether she has agreed that her training record is kept."""
    from django.utils import timezone  # noqa: PLC0415 -- with the models below

    from people import discretion  # noqa: PLC0415 -- imports models
    from people.models import Consent  # noqa: PLC0415 -- models are loaded by now

    discretion.unlock(request.session, timezone.now())
    request.session["has_consented"] = Consent.objects.has_agreed(user)
