"""Translations as gettext PO: one file a module and language, in which programs for translators feel at home.

An entry is known by its key (``msgctxt``). Its ``msgid`` is the source text from which it was translated, so that a
changed source shows by itself; when the file is brought into form, the new source becomes the ``msgid``, the old
one the *previous* ``msgid``, and the entry is ``fuzzy``, as ``msgmerge`` does it: the translator sees both.

An entry is a draft until it says ``# reviewed by NAME on DATE``. The mark after it is of the words that were read;
words that have changed since are a draft again, whatever the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import polib

from curriculum.packs import ids, plain, prose
from curriculum.packs.model import Entry, Problems, Reviewed, String, Translation

State = Literal["missing", "stale", "draft", "reviewed"]

HEADER = (
    "Each entry is a draft until a line above it says: reviewed by NAME on DATE.\n"
    "An entry that is fuzzy was made from an older text, which stands beside it."
)
WIDTH = 78
_REVIEWED = re.compile(r"^reviewed\s+by\s+(.+?)\s+on\s+(\d{4}-\d\d-\d\d)(?:\s+\[([0-9a-f]{8})\])?(?:\n|$)", re.DOTALL)
_LINE = re.compile(
    r'^(?:#(?:~\|?|\|)?\s*)?(?:(?:msgctxt|msgid|msgstr)\s+)?"(?:[^"\\]|\\.)*"\s*$|^#(?![~|])|^#[~|]?\s*$|^\s*$'
)
_SYNTAX = re.compile(r"line (\d+)")


# ---------------------------------------------------------------- judging


def mark(made_from: str, text: str) -> str:
    """What a reviewer's yes is bound to."""
    return ids.mark_of(f"{made_from}\n\x00\n{text}")


def state_of(entry: Entry | None, source: str) -> State:
    """Where the translation of ``source`` stands; it cannot be current while it was made from other words."""
    if entry is None or not entry.text:
        return "missing"
    if entry.made_from != source:
        return "stale"
    if entry.reviewed is not None and entry.reviewed.mark in ("", mark(source, entry.text)):
        return "reviewed"
    return "draft"


def usable(translation: Translation, strings: Iterable[String]) -> dict[str, str]:
    """``{key: text}`` of what may be published: translated from the source as it is."""
    return {
        string.key: translation.entries[string.key].text
        for string in strings
        if state_of(translation.entries.get(string.key), string.text) in ("draft", "reviewed")
    }


# ---------------------------------------------------------------- reading


def read(text: str, translation: Translation, problems: Problems) -> None:
    """Fill ``translation`` from its file. A key that stands twice is told, and the first one taken."""
    for number, line in enumerate(text.split("\n"), start=1):
        # polib takes half a string without a word.
        if not _LINE.match(line):
            problems.unreadable(translation.file, number, 'cannot be read: a line is key "words", or "words"')
            return
    try:
        file = polib.pofile(text)
    except (OSError, ValueError, UnicodeError) as error:
        found = _SYNTAX.search(str(error))
        problems.unreadable(translation.file, int(found[1]) if found else 1, f"cannot be read: {error}")
        return
    said = file.metadata.get("Language", "")
    if said and said != translation.language:
        problems.unreadable(translation.file, 1, f"the file says that it is in {said}; its name says otherwise")
    for row in file:
        key = row.msgctxt or ""
        if not key:
            problems.unreadable(translation.file, row.linenum, "an entry has no msgctxt, so nobody knows what it says")
        elif row.obsolete:
            translation.retired.append(_entry(row))
        elif key in translation.entries:
            problems.unreadable(translation.file, row.linenum, "this entry stands twice", key)
        else:
            translation.entries[key] = _entry(row)


def _entry(row: polib.POEntry) -> Entry:
    reviewed, remarks = None, row.tcomment or ""
    if found := _REVIEWED.match(remarks):
        reviewed = Reviewed(plain.one_line(found[1]), found[2], found[3] or "")
        remarks = remarks[found.end() :]
    is_outdated = row.fuzzy and bool(row.previous_msgid)
    return Entry(
        key=row.msgctxt or "",
        made_from=row.previous_msgid if is_outdated else row.msgid,
        text=row.msgstr,
        reviewed=reviewed,
        remarks=remarks.strip("\n"),
        is_outdated=is_outdated,
        line=row.linenum,
    )


# ---------------------------------------------------------------- bringing into form


def in_form(translation: Translation, strings: Iterable[String]) -> Translation:
    """The same translation with an entry for every string, in reading order.

    Words are written one way, a reviewer's line is bound to what it stands above, and an entry whose string is gone
    is retired.
    """
    found = Translation(translation.language, file=translation.file)
    for string in strings:
        entry = translation.entries.get(string.key)
        if entry is None or not _tidy(entry.text, string):
            found.entries[string.key] = Entry(string.key, string.text, "", remarks=entry.remarks if entry else "")
            continue
        made_from, text = _tidy(entry.made_from, string), _tidy(entry.text, string)
        is_outdated = made_from != string.text
        found.entries[string.key] = Entry(
            string.key,
            made_from,
            text,
            None if is_outdated else _bound(entry, made_from, text),
            entry.remarks,
            is_outdated,
        )
    gone = [entry for key, entry in translation.entries.items() if key not in found.entries and entry.text]
    kept = {entry.key for entry in gone}
    found.retired = [entry for entry in translation.retired if entry.key not in kept] + [
        Entry(entry.key, entry.made_from, entry.text, remarks=entry.remarks) for entry in gone
    ]
    return found


def _tidy(text: str, string: String) -> str:
    return prose.canonical(text) if string.is_markdown else plain.tidy(text)


def _bound(entry: Entry, made_from: str, text: str) -> Reviewed | None:
    """The reviewer's line, unless it was for other words."""
    if entry.reviewed is None:
        return None
    now = mark(made_from, text)
    if entry.reviewed.mark and now != entry.reviewed.mark and mark(entry.made_from, entry.text) != entry.reviewed.mark:
        return None
    return Reviewed(entry.reviewed.by, entry.reviewed.on, now)


# ---------------------------------------------------------------- writing


def written(translation: Translation, strings: Iterable[String], title: str) -> str:
    """The file of a translation that is ``in_form``; ``title`` says of what."""
    file = polib.POFile(wrapwidth=WIDTH)
    file.header = HEADER
    file.metadata = {
        "Project-Id-Version": title,
        "Language": translation.language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for string in strings:
        entry = translation.entries[string.key]
        row = polib.POEntry(
            msgctxt=string.key, msgid=string.text, msgstr=entry.text, comment=string.note, tcomment=_remarks(entry)
        )
        if entry.is_outdated:
            row.flags.append("fuzzy")
            row.previous_msgctxt, row.previous_msgid = string.key, entry.made_from
        file.append(row)
    for entry in translation.retired:
        file.append(
            polib.POEntry(
                msgctxt=entry.key, msgid=entry.made_from, msgstr=entry.text, tcomment=entry.remarks, obsolete=True
            )
        )
    return f"{str(file).rstrip()}\n"


def _remarks(entry: Entry) -> str:
    lines = []
    if entry.reviewed is not None:
        lines.append(f"reviewed by {entry.reviewed.by} on {entry.reviewed.on} [{entry.reviewed.mark}]")
    if entry.remarks:
        lines.append(entry.remarks)
    return "\n".join(lines)
