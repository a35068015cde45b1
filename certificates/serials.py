"""Numbers as people type them, and the address that a code on the paper opens."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse

from certificates.models import SERIAL_LENGTH
from people.models import UNAMBIGUOUS
from programme.wording import in_force


def typed_serial(typed: str) -> str:
    """The number meant by ``typed``: with or without gaps, in any case, or the whole address.

    At most twelve characters, none of them foreign to a number; empty when nothing is left.
    """
    path = typed[:400].partition("?")[0].partition("#")[0]
    last = next((part for part in reversed(path.split("/")) if part.strip()), "")
    return "".join(letter for letter in last.upper() if letter in UNAMBIGUOUS)[:SERIAL_LENGTH]


def verify_address(serial: str = "") -> str:
    """The public address at which ``serial`` (or any number) is checked."""
    path = reverse("verify-serial", args=[serial]) if serial else reverse("verify")
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    own = in_force()
    if own is not None and own.host_name:
        # On paper stands the place of her own programme, and nothing of another.
        port = f":{base.port}" if base.port else ""
        base = base._replace(netloc=own.host_name + port)
    return base.geturl().rstrip("/") + path


def qr_svg(serial: str) -> str:
    """A QR code of the address as SVG, dark on white with its quiet zone; it fills the width it is given."""
    out = BytesIO()
    segno.make(verify_address(serial), error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=2,
        dark="#000",
        light="#fff",
        title=serial,
    )
    return out.getvalue().decode()
