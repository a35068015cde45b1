"""Marks in a page for what can be heard of it.

Both read ``sounds`` (``listening.playing.Sounds``) from the page. A page without it is one to read, and both say
nothing; a page with it is heard by whoever runs script (``say``) and by whoever does not (``sound``).
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curriculum.listening.playing import kilobytes_of

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], text: str) -> SafeString | str:
    """The attribute of an element that is read aloud: where its recording is, or nothing, for the phone's own voice."""
    sounds = context.get("sounds")
    if sounds is None:
        return ""
    recording = sounds.of(text)
    return format_html(' data-say="{}"', recording.url if recording else "")


@register.inclusion_tag("curriculum/sound.html", takes_context=True)
def sound(context: dict[str, Any], text: str) -> dict[str, Any]:
    """The recording of ``text`` with its price, for a browser without script."""
    sounds = context.get("sounds")
    recording = sounds.of(text) if sounds is not None and not context.get("is_kept") else None
    if recording is None:
        return {}
    return {
        "recording": recording,
        "kilobytes": kilobytes_of(recording.size_bytes),
        "seconds": max(1, round(recording.duration_ms / 1000)),
    }
