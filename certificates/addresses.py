"""Under which address a paper sends whoever checks it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from programme.wording import in_force


def site_address() -> str:
    """Scheme and host of the programme in force, without a slash at the end.

    On paper stands the place of her own programme, and nothing of another.
    """
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    own = in_force()
    if own is not None and own.host_name:
        port = f":{base.port}" if base.port else ""
        base = base._replace(netloc=own.host_name + port)
    return base.geturl().rstrip("/")
