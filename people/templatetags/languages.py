"""Links to the same page in another language: only the first part of the address changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from people.offered import is_spoken, offered

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """A language and the address of this page in it."""

    code: str
    name: str
    url: str


def _link(context: dict[str, Any], code: str) -> LanguageLink:
    path = context["request"].path
    prefix, _, rest = path.lstrip("/").partition("/")
    url = f"/{code}/{rest}" if prefix in dict(settings.LANGUAGES) else f"{path}?language={code}"
    return LanguageLink(code, dict(settings.LANGUAGES)[code], url)


@register.filter
def is_beginning(code: str) -> bool:
    """Whether the language is only beginning: few words of the interface, and of what there is to read."""
    return code in settings.BEGINNING_LANGUAGES


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """A link to this page in each language that a stranger may want, and in the one it is in."""
    if "request" not in context:
        return []
    return [_link(context, code) for code, _name in offered(besides=[get_language() or ""])]


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> LanguageLink | None:
    """The best of her own languages that this page is not in; ``None`` when she is not signed in."""
    user = context.get("user")
    if "request" not in context or user is None or not user.is_authenticated:
        return None
    other = next(
        (
            code
            for code in user.reading_languages
            if code != get_language() and (code in getattr(user, "languages", ()) or is_spoken(code))
        ),
        None,
    )
    return _link(context, other) if other else None
