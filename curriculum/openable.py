"""How a word that opens its meaning stands in html, and the same html without it. No imports: everybody may ask."""

from __future__ import annotations

import re

WORD = re.compile(r'<details class="w"><summary>(.*?)</summary><span>.*?</span></details>', re.DOTALL)
PARAGRAPH = re.compile(r"<div data-w(.*?)>(.*?)</div>", re.DOTALL)
DIV = "<div data-w"
"""In the place of ``<p``: a browser ends a paragraph where something begins that opens."""


def opening(said: str, meaning: str) -> str:
    """``said`` so that it opens ``meaning``; both are html."""
    return f'<details class="w"><summary>{said}</summary><span>{meaning}</span></details>'


def closed(html: str) -> str:
    """``html`` as it was before words were made to open: for paper, for hearing, for who reads it line by line."""
    return PARAGRAPH.sub(r"<p\1>\2</p>", WORD.sub(r"\1", html))
