"""The names of what was left out of a pasted text, in words for the one who pasted it."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.pasting.kinds import Kind

CHANGED = (Kind.LINK, Kind.TRACKED, Kind.TABLE, Kind.HEADING)
"""Their words are there; what they were is not."""


def told(changed: Counter[Kind]) -> list[str]:
    """At most two sentences: what is gone, and what was kept in another way. Empty when everything is as it was."""
    gone = [_name(kind, changed[kind]) for kind in Kind if changed[kind] and kind not in CHANGED]
    kept = [_name(kind, changed[kind]) for kind in Kind if changed[kind] and kind in CHANGED]
    sentences = []
    if gone:
        # Translators: a list follows, such as "2 pictures; colours". It is about text that was pasted from Word.
        sentences.append(_("Left out: %(things)s.") % {"things": "; ".join(gone)})
    if kept:
        # Translators: a list follows, such as "1 table (its words, a row a line)". About text pasted from Word.
        sentences.append(_("Kept as plain words: %(things)s.") % {"things": "; ".join(kept)})
    return sentences


def _name(kind: Kind, number: int) -> str:
    return _words(kind, number) % {"number": number}


def _words(kind: Kind, number: int) -> str:
    match kind:
        case Kind.PICTURE:
            return ngettext("%(number)s picture", "%(number)s pictures", number)
        case Kind.NOTE:
            return ngettext("%(number)s footnote", "%(number)s footnotes", number)
        case Kind.COMMENT:
            return ngettext("%(number)s comment", "%(number)s comments", number)
        case Kind.HIDDEN:
            return ngettext("%(number)s hidden text", "%(number)s hidden texts", number)
        case Kind.OTHER:
            return ngettext("%(number)s other thing", "%(number)s other things", number)
        case Kind.LINK:
            return ngettext("%(number)s link", "%(number)s links", number)
        case Kind.TRACKED:
            return ngettext(
                "%(number)s tracked change, taken as accepted", "%(number)s tracked changes, taken as accepted", number
            )
        case Kind.TABLE:
            return ngettext("%(number)s table, a row a line", "%(number)s tables, a row a line", number)
        case Kind.HEADING:
            return ngettext("%(number)s heading, now a bold line", "%(number)s headings, now bold lines", number)
        case Kind.LINE:
            return _("lines under or through words")
        case Kind.RAISED:
            return _("raised and lowered letters")
        case Kind.COLOUR:
            return _("colours")
