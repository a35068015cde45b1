"""What a page says of its programme: its neutral name, its look. Also on a page that was drawn without a request."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme import wording

register = template.Library()


@register.simple_tag
def public_name() -> str:
    """The neutral word in titles and beside the mark. No query."""
    return str(settings.PUBLIC_NAME)


@register.simple_tag
def own_look() -> SafeString | str:
    """A link to what the look of the programme changes; nothing where it looks like everybody's. No query."""
    own = wording.in_force()
    if own is None:
        return ""
    return format_html('<link rel="stylesheet" href="{}">\n', reverse("own-look", args=[own.mark]))
