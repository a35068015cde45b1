"""Days on pages, as each language writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

AT = datetime(2027, 3, 3, 14, 5, tzinfo=UTC)
BY_HAND = re.compile(r"\|date:.j F")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["3 March 2027", "3 March", "3 March 2027, 14:05"]),
        ("sw", ["3 Machi 2027", "3 Machi", "3 Machi 2027, 14:05"]),
        ("fr", ["3 mars 2027", "3 mars", "3 mars 2027 14:05"]),
        ("pt", ["3 de Março de 2027", "3 de Março", "3 de Março de 2027 às 14:05"]),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(language: str, said: list[str]) -> None:
    with override(language):
        assert [date_format(AT, name) for name in ("DATE_FORMAT", "MONTH_DAY_FORMAT", "DATETIME_FORMAT")] == said


def test_no_page_puts_day_and_month_together_by_hand() -> None:
    """Portuguese says "de" between them."""
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [page.name for page in pages if BY_HAND.search(page.read_text())] == []
