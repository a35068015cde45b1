"""What the room shows: each module in a language, with its papers and why one cannot be made. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.models import Module
from printing.models import Paper, PaperKind
from printing.sources import Route, Source, sources_of

LANGUAGE_NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Cell:
    """One kind of paper of one module. ``paper`` is that of the texts as they are now."""

    kind: PaperKind
    paper: Paper | None
    reason: str
    is_under_way: bool
    has_older: bool

    @property
    def is_ready(self) -> bool:
        return self.paper is not None and self.paper.state == Paper.State.READY

    @property
    def problem(self) -> str:
        """Why it was not made, and what to do, in a sentence."""
        if self.paper is None or self.paper.state != Paper.State.STOPPED:
            return ""
        if self.paper.problem == Paper.Problem.SERVER:
            return _("This server lacks what it draws paper with. Ask who runs it to install Pango and our fonts.")
        return _("It could not be drawn. Try once more; if that does not help, tell who runs the site.")

    @property
    def can_ask(self) -> bool:
        return not (self.reason or self.is_ready or self.is_under_way)


@dataclass(frozen=True)
class Row:
    """One module."""

    module: Module
    title: str
    cells: Sequence[Cell]


def rows_of(route: Route, kinds: Sequence[PaperKind], now: datetime) -> list[Row]:
    """Every module of ``route``'s programme and country. Ten queries at most, however many there are."""
    sources = sources_of(route)
    papers = Paper.objects.filter(
        programme=route.programme,
        country=route.country,
        language=route.language,
        kind__in=kinds,
        module__in=[source.module.pk for source in sources],
    )
    by_place: dict[tuple[int, str], list[Paper]] = {}
    for paper in papers:
        by_place.setdefault((paper.module_id, paper.kind), []).append(paper)
    return [
        Row(
            source.module,
            source.cover_title,
            [_cell(source, kind, by_place.get((source.module.pk, kind), []), now) for kind in kinds],
        )
        for source in sources
    ]


def _cell(source: Source, kind: PaperKind, papers: Sequence[Paper], now: datetime) -> Cell:
    mark = source.mark(kind) if source.can_print(kind) else ""
    found = next((paper for paper in papers if paper.mark == mark), None)
    older = any(paper.state == Paper.State.READY for paper in papers if paper.mark != mark)
    is_under_way = found is not None and found.is_under_way(now)
    return Cell(kind, found, reason_of(source, kind), is_under_way, older)


def reason_of(source: Source, kind: str) -> str:
    """Why ``kind`` cannot be printed, in a sentence; empty when it can."""
    language = LANGUAGE_NAMES.get(source.route.language, source.route.language)
    if source.article is None or not source.lessons:
        return _("Not yet in %(language)s.") % {"language": language}
    if source.lacking_lessons:
        return ngettext(
            "Not yet whole: %(number)s lesson is not yet in %(language)s.",
            "Not yet whole: %(number)s lessons are not yet in %(language)s.",
            source.lacking_lessons,
        ) % {"number": source.lacking_lessons, "language": language}
    if source.lacks_quiz:
        return _("Not yet whole: the questions are not yet in %(language)s.") % {"language": language}
    if source.lacks_checklist:
        return _("Not yet whole: the practice checklist is not yet in %(language)s.") % {"language": language}
    if kind == PaperKind.CARDS and not source.has_pictures:
        return _("It has no pictures.")
    return ""
