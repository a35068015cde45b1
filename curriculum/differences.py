"""What an import changes, in words: for who runs the command, for programs, and for the page at the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.packs.merging import Change

WHATS = ("new", "changed", "removed", "kept", "conflict")
NAMES: Mapping[str, Any] = {
    # Translators: what an import does with a piece of a lesson.
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("taken out"),
    "kept": gettext_lazy("stays as it is here"),
    "conflict": gettext_lazy("changed in both"),
}
WHYS: Mapping[str, Any] = {
    "": "",
    "both": gettext_lazy("It was changed here and in the pack."),
    "unknown": gettext_lazy("It differs, and nobody knows which of the two is later."),
    "removed_here": gettext_lazy("It was taken out here."),
    "removed_there": gettext_lazy("It is not in the pack any more."),
    "draft": gettext_lazy("Somebody is writing on it: there is a draft that is not published."),
    "added_here": gettext_lazy("It was written here."),
    "unpublished": gettext_lazy("It is not published here, and stays so."),
}


def why(change: Change) -> str:
    """Why a piece stays, or has to be decided; a whole sentence, or nothing."""
    return str(WHYS[change.why])


def counted(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """``{language: {what: how many}}``; the source language is the empty one and stands first."""
    found: dict[str, Counter[str]] = {}
    for change in changes:
        found.setdefault(change.place.language, Counter())[change.what] += 1
    return {language: {what: found[language][what] for what in WHATS} for language in sorted(found)}


def sentence(numbers: Mapping[str, int]) -> str:
    """``3 new, 1 changed``."""
    return ", ".join(f"{numbers[what]} {NAMES[what]}" for what in WHATS if numbers[what]) or str(_("nothing"))


def lines(changes: Sequence[Change], source_language: str) -> Iterator[str]:
    """The difference for a terminal: by module, lesson and block with both texts; translations are counted."""
    for module, in_module in _grouped(changes, lambda change: change.place.module):
        yield module
        source = [change for change in in_module if not change.place.language]
        for lesson, in_lesson in _grouped(source, lambda change: change.lesson):
            if lesson:
                yield f"  {lesson}"
            for change in in_lesson:
                yield from _told(change, "    " if lesson else "  ")
        for language, numbers in counted(in_module).items():
            if language:
                yield f"  {language}: {sentence(numbers)}"
        for change in in_module:
            if change.place.language and change.what == "conflict":
                yield from _told(change, "    ")
    for language, numbers in counted(changes).items():
        yield f"{language or source_language}: {sentence(numbers)}"


def _told(change: Change, indent: str) -> Iterator[str]:
    decided = {"keep": _("kept"), "replace": _("replaced")}.get(change.decided or "", "")
    key = change.place.key + (f" ({change.place.language})" if change.place.language else "")
    yield f"{indent}{key}: {NAMES[change.what]}" + (f", {decided}" if decided else "")
    if why(change):
        yield f"{indent}  {why(change)}"
    if change.desk:
        yield from (f"{indent}  - {line}" for line in change.desk.split("\n"))
    if change.pack and change.what != "new":
        yield from (f"{indent}  + {line}" for line in change.pack.split("\n"))


def as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The difference for programs."""
    return [
        {
            "place": str(change.place),
            "module": change.place.module,
            "lesson": change.lesson,
            "key": change.place.key,
            "language": change.place.language,
            "what": change.what,
            "why": change.why,
            "desk": change.desk,
            "pack": change.pack,
            "decided": change.decided,
        }
        for change in changes
    ]


def _grouped(changes: Iterable[Change], name_of: Any) -> list[tuple[str, list[Change]]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(name_of(change), []).append(change)
    return list(found.items())
