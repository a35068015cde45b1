"""Pictures of a lesson that wait to be tapped: she sees what one costs before she pays for it.

With script a tap puts the picture in its place (``static/offline/tap.js``, and ``pages.js`` where it is kept).
Without script a tap asks for the page with its pictures: browsers do not put off lazy pictures there, and a picture
opened by itself would have no "Exit". The frozen text holds plain pictures: what a tap is, is a matter of the page.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

PICTURE = re.compile(r'<img\b([^>]*?\s)(?:data-)?src="([^"]*)"([^>]*)>')
WITH_PICTURES = "pictures"
"""The name in the query of a page that shows them at once."""


def on_tap(text: str, *, only: str = "") -> SafeString:
    """The same html with each picture behind its price, in the language in force.

    ``only`` is the language of the text where the page has another one: the way to the pictures keeps to it.
    """
    query = f"?in={only}&amp;{WITH_PICTURES}=yes" if only else f"?{WITH_PICTURES}=yes"
    return mark_safe(PICTURE.sub(lambda found: _behind_price(found, query), text))


def _behind_price(found: re.Match[str], query: str) -> str:
    before, src, after = found.groups()
    words = _("Show the picture (%(size)s KB)") % {"size": max(1, round((size_of(html.unescape(src)) or 0) / 1000))}
    link = format_html('<a class="button quiet" href="{}" data-tap>{}</a>', mark_safe(query), words)
    return f'{link}<img{before}data-src="{src}"{after} hidden>'


def size_of(src: str) -> int | None:
    """The bytes of the file at ``src``; ``None`` when it is not among ours."""
    if not src.startswith(settings.MEDIA_URL):
        return None
    try:
        return default_storage.size(unquote(src.removeprefix(settings.MEDIA_URL)))
    except (OSError, SuspiciousFileOperation):
        return None
