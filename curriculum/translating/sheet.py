"""A sheet for translators (``.xlsx``): an id, the English, the other language. Read as plain words and nothing else.

No formula is evaluated or written, no link is followed, and a file that is packed more tightly than words can be is not
opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 5_000_000
MOST_UNPACKED = 40_000_000
MOST_RATIO = 200
SMALL = 100_000
MOST_PARTS = 200
MOST_ROWS = 5_000
MOST_LETTERS = 8_000
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f]")


class NotASheet(ValueError):
    """The file is no sheet that could be read. The words are for who sent it, in English; the view has its own."""


@dataclass(frozen=True)
class Head:
    """What the first row says: which module and language, and when the sheet was given out."""

    code: str
    language: str
    at: datetime | None


@dataclass(frozen=True)
class Row:
    """One text. ``number`` is its row in the sheet; ``is_formula``: somebody typed a formula instead of words."""

    key: str
    source: str
    words: str
    number: int = 0
    is_formula: bool = False


def written(head: Head, rows: Iterable[Row], source_name: str, language_name: str) -> bytes:
    """The sheet as a file. Every cell holds words, also one that begins like a formula."""
    book = Workbook(write_only=True)
    page = book.create_sheet("texts")
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = page.column_dimensions["C"].width = 60
    page.freeze_panes = "A3"
    at = head.at.isoformat(timespec="seconds") if head.at else ""
    page.append([_cell(page, text) for text in (f"{head.code} {head.language}", at, "")])
    bold = Font(bold=True)
    page.append([_cell(page, text, bold) for text in ("id", source_name, language_name)])
    for row in rows:
        page.append([_cell(page, text) for text in (row.key, row.source, row.words)])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(page: Any, text: str, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=_UNSEEN.sub("", text))
    # "=1+1" is words. Excel, too, shows it so and does not work it out, when the cell says that it is quoted.
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@", "\t", "\r")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if font is not None:
        cell.font = font
    return cell


def read(data: bytes) -> tuple[Head, list[Row]]:
    """What the first page of a sheet says. Raises ``NotASheet``."""
    _check(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise NotASheet("the file cannot be read as a sheet") from error
    try:
        page = book.worksheets[0]
        rows = _rows(page.iter_rows(max_row=MOST_ROWS, max_col=3))
        found = list(rows)
    except (IndexError, KeyError, ValueError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile) as error:
        raise NotASheet("the file cannot be read as a sheet") from error
    finally:
        book.close()
    if not found:
        raise NotASheet("the sheet is empty")
    return _head(found[0]), [row for row in found[1:] if row.key and row.key != "id"]


def _rows(rows: Iterable[Any]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells] + ["", "", ""]
        is_formula = any(getattr(cell, "data_type", "") == "f" for cell in cells)
        yield Row(texts[0].strip(), texts[1], texts[2], number, is_formula)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _UNSEEN.sub("", str(value))[:MOST_LETTERS].replace("_x000D_", "").replace("\r\n", "\n")


def _head(row: Row) -> Head:
    code, _space, language = row.key.partition(" ")
    try:
        at = datetime.fromisoformat(row.source)
    except ValueError:
        at = None
    return Head(code, language, at if at is not None and at.tzinfo is not None else None)


def _check(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise NotASheet("the file is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError) as error:
        raise NotASheet("the file is no sheet") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotASheet("the file is too large when it is unpacked")
    for part in parts:
        if part.flag_bits & 1 or part.file_size > max(SMALL, part.compress_size * MOST_RATIO):
            raise NotASheet("a part of the file is locked, or packed more tightly than words can be")
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise NotASheet("the file is no sheet")
