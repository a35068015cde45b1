"""The document of a release for a meeting: every text, value, question and key, its lines numbered through.

It is made once and kept to the letter: an approval is bound to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from curriculum.life import is_real_work
from curriculum.models import Mark, Release, ReleaseDocument, ReleasedText, ReleasePaper
from curriculum.releases import parts
from curriculum.releases.checking import readiness
from curriculum.releases.parts import Line

STYLE = Path(__file__).with_name("document.css")


@dataclass(frozen=True)
class Numbered:
    number: int
    line: Line


@dataclass(frozen=True)
class Section:
    """The texts of one module in one language."""

    code: str
    language: str
    language_name: str
    mark: str
    lines: list[Numbered]


@dataclass(frozen=True)
class Value:
    number: int
    said: dict[str, Any]
    mark_name: str


@transaction.atomic
def make_document(release: Release, *, by: Any, language: str) -> ReleaseDocument:
    """Freeze what a meeting will read; its frame is in ``language``. Its PDF is made behind it."""
    numbers = count(1)
    with override(language):
        found = readiness(release)
        values = [Value(next(numbers), said, _mark_name(said["mark"])) for said in release.values]
        sections = list(_sections(release, numbers))
        html = render_to_string(
            "curriculum/release_document.html",
            {
                "release": release,
                "language": language,
                "languages": [_language_name(code) for code in release.languages],
                "mark": release.content_hash,
                "values": values,
                "sections": sections,
                "safety_lines": [one.number for each in sections for one in each.lines if one.line.is_safety],
                "readiness": found,
                "is_real": is_real_work(),
                "made_at": timezone.localtime(),
                "made_by": by,
            },
        )
    document = ReleaseDocument.objects.create(
        release=release, content_hash=release.content_hash, lines=next(numbers) - 1, html=html, made_by=by,
        made_at=timezone.now(),
    )  # fmt: skip
    transaction.on_commit(lambda: make_paper.enqueue(document.pk))
    return document


def _sections(release: Release, numbers: Iterator[int]) -> Iterator[Section]:
    order = {code: place for place, code in enumerate(release.languages)}
    texts = sorted(
        release.texts.select_related("module"),
        key=lambda text: (text.module.code, order.get(text.language, len(order)), text.position, text.path),
    )
    for (code, language), group in groupby(texts, key=lambda text: (text.module.code, text.language)):
        rows = list(group)
        lines = [Numbered(next(numbers), line) for text in rows for line in _lines(release, text)]
        yield Section(code, language, _language_name(language), " ".join(row.content_hash[:8] for row in rows), lines)


def _lines(release: Release, text: ReleasedText) -> Iterator[Line]:
    yield from parts.part_of(text.kind).lines(release, text)


def _language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _mark_name(mark: str) -> str:
    return str(dict(Mark.choices).get(mark, ""))


@task(backend="background", queue_name="background")
def make_paper(document: int) -> None:
    """Set the PDF of a document. Safe to repeat."""
    from paper.engine import pdf_of  # noqa: PLC0415 -- slow, and only what prints needs it

    found = ReleaseDocument.objects.get(pk=document)
    if ReleasePaper.objects.filter(document=found).exists():
        return
    pages = 0

    def on_page(number: int) -> None:
        nonlocal pages
        pages = max(pages, number)

    pdf = pdf_of(found.html, STYLE, identifier=str(found.uuid), on_page=on_page)
    ReleasePaper.objects.get_or_create(document=found, defaults={"pdf": pdf, "pages": pages})
