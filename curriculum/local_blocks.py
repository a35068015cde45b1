"""Where a country's own blocks stand in a shared lesson, and whether the shared text has changed beside them."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from curriculum.models import Lesson, LessonPage, LocalBlock, Module

_EDITOR_MARKS = re.compile(r' data-block-key="[^"]*"')


def mark_of_block(row: Mapping[str, Any] | None) -> str:
    """What the words of a stored block are known by; empty for one that is not there."""
    if row is None:
        return ""
    value = _EDITOR_MARKS.sub("", json.dumps(row["value"], sort_keys=True, ensure_ascii=False).replace('\\"', '"'))
    return hashlib.sha256(f"{row['type']}\n{value}".encode()).hexdigest()


def stored(block: LocalBlock) -> dict[str, Any] | None:
    """The one block of ``block`` as it is stored."""
    return next(iter(block.body.raw_data), None)


def shared_block(lesson: Lesson, identity: uuid.UUID) -> dict[str, Any] | None:
    """The block of the published shared lesson, as it is stored; ``None`` when it is not there any more."""
    page = LessonPage.objects.filter(lesson=lesson, locale__language_code=settings.LANGUAGE_CODE, live=True).first()
    rows = page.body.raw_data if page is not None else []
    return next((row for row in rows if str(row["id"]) == str(identity)), None)


def beside_now(block: LocalBlock) -> str:
    """The mark of the words that ``block`` has to be looked at beside: the shared ones, or those it translates."""
    if block.language == settings.LANGUAGE_CODE:
        return mark_of_block(shared_block(block.lesson, block.beside))
    source = LocalBlock.objects.in_source_language().filter(identity=block.identity).first()
    return mark_of_block(stored(source)) if source is not None else ""


def is_behind(block: LocalBlock) -> bool:
    """Whether the words beside ``block`` are others than those it was written or last looked at beside."""
    return block.made_beside != beside_now(block)


@dataclass
class LocalBody:
    """A lesson as one country reads it."""

    blocks: list[Any]
    is_behind: bool
    """A translation of a block of its own was made from older words."""
    changed_at: datetime
    """When a block of its own was last changed: an older approval does not speak of it."""


class LocalBodies:
    """The lessons of one module in which countries have blocks of their own. One query."""

    def __init__(self, module: Module) -> None:
        self.rows: dict[tuple[int, str, str], list[LocalBlock]] = defaultdict(list)
        self.sources: dict[uuid.UUID, LocalBlock] = {}
        for row in LocalBlock.objects.filter(lesson__module=module).order_by("position", "pk"):
            self.rows[row.lesson_id, row.country_id, row.language].append(row)
            if row.language == settings.LANGUAGE_CODE:
                self.sources[row.identity] = row

    def of(self, page: LessonPage, country: str, language: str) -> LocalBody | None:
        """``page`` as ``country`` reads it; ``None`` when it has nothing of its own there in this language."""
        rows = [row for row in self.rows.get((page.lesson_id, country, language), ()) if stored(row) is not None]
        present = {str(block.id) for block in page.body}
        rows = [row for row in rows if str(row.beside) in present]
        if not rows:
            return None
        return LocalBody(
            list(_woven(page.body, rows)),
            any(
                row.made_beside != mark_of_block(stored(self.sources[row.identity]))
                for row in rows
                if row.language != settings.LANGUAGE_CODE and row.identity in self.sources
            ),
            max(row.changed_at for row in rows),
        )


def _woven(shared: Iterable[Any], rows: Iterable[LocalBlock]) -> Iterator[Any]:
    instead: dict[str, LocalBlock] = {}
    after: dict[str, list[LocalBlock]] = defaultdict(list)
    for row in rows:
        if row.where == LocalBlock.Where.REPLACES:
            instead[str(row.beside)] = row
        else:
            after[str(row.beside)].append(row)
    for block in shared:
        name = str(block.id)
        yield instead[name].body[0] if name in instead else block
        yield from (row.body[0] for row in after[name])
