"""The HTML of a paper in, its PDF out. Reads no table and no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from paper.engine import pdf_of

STYLE = Path(__file__).resolve().parent / "print.css"


def draw(html: str, mark: str, on_page: Callable[[int], None] | None = None) -> tuple[int, bytes]:
    """The number of pages, and the PDF: tagged, PDF/UA-1, neutral metadata. The same html gives the same bytes."""
    pages = 0

    def told(page: int) -> None:
        nonlocal pages
        pages = max(pages, page)
        if on_page is not None:
            on_page(page)

    pdf = pdf_of(html, STYLE, identifier=mark, variant="pdf/ua-1", on_page=told)
    return pages, pdf
