"""A file that comes back from a translator: what is taken, what is refused and why, what somebody has to decide.

Nothing of it goes live: what is taken is written as if it had been typed at the desk. What was written at the desk
after the file had been given out is never overwritten in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import polib
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.packs import model, plain, po, prose
from curriculum.packs.model import Problems
from curriculum.translating import sheet
from curriculum.translating.actions import ChangedMeanwhile, WordsRefused, write_words
from curriculum.translating.given_out import GIVEN_OUT, Keyed, Room
from curriculum.translating.word_checks import refusals

Decision = Literal["keep", "replace"]


class NotReadable(ValueError):
    """The file as a whole is not for this room. ``reasons`` are sentences."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True)
class Offered:
    """One text of the file, and where it stands there."""

    place: str
    key: str
    source: str
    words: str
    trouble: str = ""
    stands: bool = False
    """Whether the file says of older words that they hold for the new source: in PO, where nothing marks them as
    unfinished any more. In a sheet older words that come back as they went out say nothing."""


@dataclass(frozen=True)
class Refused:
    """A text that is not taken, with its place in the file and every reason."""

    place: str
    key: str
    reasons: list[str]


@dataclass
class Conflict:
    """A text that was written here after the file had been given out, and says something else there."""

    keyed: Keyed
    words: str

    @property
    def key(self) -> str:
        return self.keyed.string.key

    @property
    def here(self) -> str:
        return self.keyed.segment.words


@dataclass
class Brought:
    """What became of a file."""

    taken: int = 0
    same: int = 0
    empty: int = 0
    refused: list[Refused] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


# ---------------------------------------------------------------- reading


def offered_in_po(text: str, room: Room) -> tuple[list[Offered], datetime | None]:
    """The texts of a PO file, and when it was given out. Raises ``NotReadable``."""
    problems = Problems()
    translation = model.Translation(room.language, file="po")
    po.read(text, translation, problems)
    if any(not problem.key for problem in problems) and not translation.entries:
        raise NotReadable([_("Line %(line)s: %(what)s") % {"line": one.line, "what": one.what} for one in problems])
    head = polib.pofile(text).metadata
    if head.get("Language", room.language) != room.language:
        raise NotReadable([_("This file is in another language. Open the room of that language first.")])
    found = [
        Offered(
            _("line %(line)s") % {"line": entry.line},
            entry.key,
            entry.made_from,
            entry.text,
            _("It is still marked as not finished (fuzzy).") if entry.is_outdated else "",
            stands=True,
        )
        for entry in translation.entries.values()
    ]
    found += [
        Offered(_("line %(line)s") % {"line": one.line}, one.key, "", " ", _("This id stands twice in the file."))
        for one in problems
        if one.key
    ]
    return found, _moment(head.get(GIVEN_OUT, ""))


def offered_in_sheet(data: bytes, room: Room) -> tuple[list[Offered], datetime | None]:
    """The texts of a sheet, and when it was given out. Raises ``NotReadable``."""
    try:
        head, rows = sheet.read(data)
    except sheet.NotASheet:
        raise NotReadable(
            [_("This file cannot be read. Save it as an Excel workbook (.xlsx) and try again.")]
        ) from None
    if (head.code, head.language) != (room.code, room.language):
        raise NotReadable([_("This sheet is of another module or language: its first cell says so.")])
    found, seen = [], set()
    for row in rows:
        trouble = ""
        if row.is_formula:
            trouble = _("A formula stands there. Only words are taken.")
        elif row.key in seen:
            trouble = _("This id stands twice in the file.")
        seen.add(row.key)
        found.append(Offered(_("row %(row)s") % {"row": row.number}, row.key, row.source, row.words, trouble))
    return found, head.at


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


# ---------------------------------------------------------------- taking


@transaction.atomic
def bring_in(
    offered: Iterable[Offered],
    room: Room,
    *,
    brought_by: Any,
    given_out_at: datetime | None,
    decide: Callable[[str], Decision | None] = lambda key: None,
) -> Brought:
    """Write what can be taken of ``offered``; tell what is refused and what has to be decided. Nothing goes live.

    ``decide`` answers for the id of a text that was written here meanwhile.
    """
    result = Brought()
    for one in offered:
        if not one.words.strip() and not one.trouble:
            result.empty += 1
            continue
        keyed = room.keyed.get(one.key)
        if reasons := _reasons(one, keyed):
            result.refused.append(Refused(one.place, one.key, reasons))
        elif keyed is not None:
            _take(one, keyed, result, brought_by=brought_by, given_out_at=given_out_at, decide=decide)
    return result


def _reasons(one: Offered, keyed: Keyed | None) -> list[str]:
    """Why a text is not taken; all reasons at once."""
    if keyed is None:
        return [_("There is no text with this id in the module.")]
    if one.trouble:
        return [one.trouble]
    is_rich = keyed.segment.text.is_rich
    if _tidy(one.source, is_rich=is_rich) != _tidy(keyed.string.text, is_rich=is_rich):
        return [_("The English beside it is not the English of the module: it was changed here or in the file.")]
    words = _tidy(one.words, is_rich=is_rich)
    return refusals(keyed.segment.source, words, is_rich=is_rich, language=keyed.segment.language)


def _tidy(text: str, *, is_rich: bool) -> str:
    return prose.canonical(text) if is_rich else plain.tidy(text)


def _take(
    one: Offered,
    keyed: Keyed,
    result: Brought,
    *,
    brought_by: Any,
    given_out_at: datetime | None,
    decide: Callable[[str], Decision | None],
) -> None:
    segment = keyed.segment
    words = _tidy(one.words, is_rich=segment.text.is_rich)
    if words == segment.words and (segment.is_there or not one.stands):
        result.same += 1
        return
    later = segment.is_there and (
        given_out_at is None or (segment.written_at is not None and segment.written_at > given_out_at)
    )
    if later:
        match decide(one.key):
            case None:
                result.conflicts.append(Conflict(keyed, words))
                return
            case "keep":
                result.same += 1
                return
    try:
        for each in keyed.segments:
            write_words(segment=each, words=words, written_by=brought_by)
    except (WordsRefused, ChangedMeanwhile) as refusal:
        result.refused.append(Refused(one.place, one.key, getattr(refusal, "reasons", [])))
        return
    result.taken += 1
