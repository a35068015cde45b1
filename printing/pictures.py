"""Pictures of lessons, put into the document itself: what prints asks nobody for anything."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterable
from urllib.parse import unquote

from django.conf import settings
from django.core.files.storage import default_storage
from wagtail.images import get_image_model

SOURCES = re.compile(r'<img src="([^"]+)"')
NOTHING = "data:image/svg+xml;base64," + base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"/>').decode()


def name_of(address: str) -> str:
    """The name in the storage of the picture at ``address``."""
    path = unquote(address.partition("?")[0])
    start = settings.MEDIA_URL
    return path.partition(start)[2] if start in path else path.lstrip("/")


def names_in(html: str) -> list[str]:
    return [name_of(address) for address in SOURCES.findall(html)]


def hashes_of(names: Iterable[str]) -> dict[str, str]:
    """The hash of the file behind each name, as the library of pictures knows it. Two queries, or none."""
    wanted = list(names)
    if not wanted:
        return {}
    model = get_image_model()
    rendition = model.get_rendition_model()
    found = dict(model.objects.filter(file__in=wanted).values_list("file", "file_hash"))
    made = rendition.objects.filter(file__in=wanted).values_list("file", "image__file_hash", "filter_spec")
    return found | {name: f"{mark} {spec}" for name, mark, spec in made}


def as_data(address: str) -> str:
    """The picture at ``address`` as part of a document; an empty one when its file is gone."""
    name = name_of(address)
    kind = mimetypes.guess_type(name)[0] or "image/svg+xml"
    try:
        with default_storage.open(name) as stored:
            return f"data:{kind};base64,{base64.b64encode(stored.read()).decode()}"
    except OSError:
        return NOTHING
