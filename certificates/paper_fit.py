"""How large each thing is set so that it fits its place: measured with our own fonts, not guessed by its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certificates.paper_words import Said
from paper.letters import POINT, largest, lines_of, width_of


def size_class(points: float) -> str:
    """The class of this size in ``print.css``."""
    return f"p{points:g}".replace(".", "-")


@dataclass(frozen=True)
class Place:
    """Room for a name: its width in millimetres, sizes in points for one line, then for two."""

    width: float
    one: Sequence[float]
    two: Sequence[float]
    face: str = "display"


NAME = Place(245, (46, 42, 38, 34, 31), (31, 28, 25, 22, 19, 16))
NAME_UNDER_LETTERHEAD = Place(245, (38, 34, 31, 28), (25, 22, 19, 16))
"""A letterhead of many lines takes its height from the name."""
NAME_IN_RECORD = Place(168, (22, 20, 18, 16), (16, 14, 12))
NAME_ON_CARD = Place(75, (16, 15, 14, 12), (11, 10, 9, 8.5, 8, 7.5, 7), face="sans")
"""Without the fine lines of the display face, which a copier loses at this size."""

TITLE_SIZES = (31, 28, 25, 22, 20)
TITLE_WIDTH = 245.0
RECORD_TITLE_SIZES = (25, 22, 20, 18, 16)
RECORD_WIDTH = 168.0
LIST_SIZES = (9.5, 9, 8.5, 8, 7.5, 7.2)
"""Not smaller: it must be read on a photocopy."""

LEADING = 1.28


@dataclass(frozen=True)
class Fitted:
    """``lines`` at ``points``. ``breaks``: one word so long that it is broken wherever it must."""

    lines: list[str]
    points: float
    breaks: bool = False

    @property
    def size(self) -> str:
        return size_class(self.points)


def fitted(name: str, place: Place) -> Fitted:
    """``name`` on one line as large as it goes, else on two, broken at the gap nearest to its middle."""
    points = largest(name, place.one, place.width, place.face)
    if points is not None:
        return Fitted([name], points)
    gaps = [index for index, letter in enumerate(name) if letter == " "]
    if not gaps:
        points = largest(name, place.two, place.width, place.face)
        return Fitted([name], points or place.two[-1], breaks=points is None)

    def uneven(gap: int) -> float:
        return abs(width_of(name[:gap], 1, place.face) - width_of(name[gap:], 1, place.face))

    middle = min(gaps, key=uneven)
    lines = [name[:middle], name[middle + 1 :]]
    for size in place.two:
        if all(width_of(line, size, place.face) <= place.width for line in lines):
            return Fitted(lines, size)
    # What the widest place does not hold is set small and broken anywhere: nothing is cut off.
    return Fitted(lines, place.two[-1], breaks=True)


def title_points(title: str, width: float = TITLE_WIDTH, sizes: Sequence[float] = TITLE_SIZES) -> float:
    """The size at which ``title`` stands on one line; the smallest, on two, where it does not."""
    return largest(title, sizes, width, "display") or sizes[-1]


CARD_WIDTH, CARD_ISSUER_WIDTH = 75.0, 66.0
CARD_SIZES = (9, 8.5, 8, 7.5, 7.2)
ISSUER_SIZES = (11, 10, 9, 8.5, 8)
DATE_SIZES = (12.5, 11.5, 10.5, 9.5, 9, 8.5)


@dataclass(frozen=True)
class Foot:
    """Where it is said who issued a paper, when, until when, and who signs: widths in millimetres."""

    issuer: float
    day: float
    of_two: float
    of_three: float

    def signature(self, how_many: int) -> float:
        return self.of_three if how_many > 2 else self.of_two


SHEET_FOOT = Foot(62, 47, 37.5, 25)
RECORD_FOOT = Foot(38, 38, 38, 38)


def dates_points(days: Sequence[Said], width: float) -> float:
    """The largest size at which each of ``days`` stands on one line, so that all stand in the same."""
    return min(on_one_line(day.first, width, "bold", DATE_SIZES) for day in days)


def on_two_lines(words: str, width: float, face: str = "sans", sizes: Sequence[float] = CARD_SIZES) -> float:
    """The largest of ``sizes`` at which ``words`` stand on two lines at most; the smallest where they do at none."""
    return next((size for size in sizes if lines_of(words, size, width * 0.98, face) <= 2), sizes[-1])


def on_one_line(words: str, width: float, face: str = "sans", sizes: Sequence[float] = CARD_SIZES) -> float:
    """The largest of ``sizes`` at which ``words`` stand on one line; the smallest where they do at none."""
    return largest(words, sizes, width * 0.98, face) or sizes[-1]


MOST_LINES = 4


def titles_on_card(titles: Said) -> tuple[Said, float]:
    """The title as a card says it, and its size: the first language alone where both would take too many lines."""
    points = on_two_lines(titles.first, CARD_WIDTH, "bold")
    lines = lines_of(titles.first, points, CARD_WIDTH * 0.98, "bold")
    if titles.second and lines + lines_of(titles.second, 7, CARD_WIDTH * 0.98) > MOST_LINES:
        return Said(titles.first, first_language=titles.first_language), points
    return titles, points


def lines_at_colon(title: str, points: float) -> list[str]:
    """The title of a card, broken after its colon where it needs two lines and each part has room on one of them."""
    heading, colon, rest = title.partition(":")
    parts = [heading + colon, rest.strip()]
    width = CARD_WIDTH * 0.98
    if (
        rest
        and width_of(title, points, "bold") > width
        and all(width_of(part, points, "bold") <= width for part in parts)
    ):
        return parts
    return [title]


@dataclass(frozen=True)
class Column:
    """Modules under each other in one language."""

    heading: Said
    language: str
    titles: list[Said]


@dataclass(frozen=True)
class Listing:
    """The modules of a sheet. ``goes_on``: all of them, in both languages, stand on the next page."""

    columns: list[Column]
    points: float
    goes_on: bool = False

    @property
    def size(self) -> str:
        return size_class(self.points)


LIST_WIDTH, LIST_HEIGHT, LIST_GAP, WIDEST_SINGLE = 112.0, 46.0, 5.0, 6
INDENT = 3.0
"""Millimetres; by how much a second line of the same title stands further in."""
GOES_ON_HEIGHT = LIST_HEIGHT - 8
"""What the line that points to the next page leaves."""


def listing(heading: Said, titles: Sequence[Said], languages: list[str]) -> Listing:
    """Two languages side by side; where that is too much, hers alone here and both on the next page."""
    firsts = [Said(title.first, first_language=title.first_language) for title in titles]
    here = Said(heading.first, first_language=heading.first_language)
    hers = Column(here, languages[0], firsts)
    if any(title.second for title in titles):
        others = [Said(title.second) if title.second else first for title, first in zip(titles, firsts, strict=True)]
        columns = [hers, Column(Said(heading.second) if heading.second else here, languages[1], others)]
        if points := _list_points(columns, LIST_HEIGHT):
            return Listing(columns, points)
    elif len(firsts) <= WIDEST_SINGLE and (points := _list_points([hers], LIST_HEIGHT)):
        return Listing([hers], points)
    half = (len(firsts) + 1) // 2
    columns = [Column(here, languages[0], firsts[:half]), Column(Said(""), languages[0], firsts[half:])]
    has_second = any(title.second for title in titles)
    if points := _list_points(columns, GOES_ON_HEIGHT if has_second else LIST_HEIGHT):
        return Listing(columns, points, goes_on=has_second)
    return Listing([], 0, goes_on=True)


def _list_points(columns: list[Column], height: float) -> float:
    """The largest size at which ``columns`` stand in ``height`` millimetres; 0 where none does."""
    width = (LIST_WIDTH - LIST_GAP * (len(columns) - 1)) / len(columns) - INDENT
    for points in LIST_SIZES:
        tallest = max(sum(lines_of(title.first, points, width) for title in column.titles) for column in columns)
        if tallest * points * LEADING * POINT <= height:
            return points
    return 0
