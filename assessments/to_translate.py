"""The questions of a module for the translators' room."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from assessments.models import QuestionSnippet
from curriculum import policies


def questions(codes: Collection[str] | None) -> Iterator[tuple[str, str, str, str, Any]]:
    """Every published question in the source language, in the order of its code. One query."""
    rows = QuestionSnippet.objects.filter(locale__language_code=policies.source_language(), live=True)
    if codes is not None:
        rows = rows.filter(question__module__code__in=codes)
    for row in sorted(rows.select_related("question__module"), key=lambda row: _in_order(row.question.code)):
        yield row.question.module.code, "question", row.question.code, row.stem, row


def _in_order(code: str) -> tuple[str, int]:
    letters = code.rstrip("0123456789")
    return letters, int(code[len(letters) :] or 0)
