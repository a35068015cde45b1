"""Pages of hers that her phone keeps: what they have inside ``<main>``, drawn by the templates of the site itself.

A template that is kept begins with ``{% extends frame|default:"base.html" %}``. Where it would need the server
(a form, a file, a language that is not in the pack) it asks ``is_kept``; the shell knows such places by their
``data-act``, ``data-when``, ``data-lesson-row`` and ``data-next-row``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

FRAME = "offline/kept.html"

Source = Callable[[Any], Mapping[str, str]]
"""``{name: html}`` of one person's pages, in the language in force; a constant number of queries."""

_sources: list[Source] = []


def draw(template: str, words: Mapping[str, Any]) -> str:
    """The inside of ``<main>`` that ``template`` makes of ``words``: without a request, so of nobody by accident."""
    return render_to_string(template, {**words, "frame": FRAME, "is_kept": True}).strip()


def register(source: Source) -> None:
    """Keep what ``source(owner)`` gives among her pages."""
    if source not in _sources:
        _sources.append(source)


def pages_of(owner: Any) -> dict[str, str]:
    """Every page of hers by its name, such as ``today``."""
    return {name: html for source in _sources for name, html in source(owner).items()}
