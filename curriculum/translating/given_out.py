"""A module and language as one file for who translates elsewhere: PO, or a sheet. Its ids are those of the pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from curriculum import packs
from curriculum.exporting import places_noted, published_pack
from curriculum.kept_packs import unzipped
from curriculum.models import KeptPack
from curriculum.packs import files as places
from curriculum.packs import model, po
from curriculum.packs.model import Problems, String
from curriculum.packs.reading import FACTS_FILE, PACK_FILE, read
from curriculum.packs.strings import strings
from curriculum.translating import sheet
from curriculum.translating.segments import Segment, segments
from curriculum.translation.words import PATHS, word_key

GIVEN_OUT = "X-Given-Out"
"""A line in the head of a PO file: when it was given out. What was written here later is not overwritten by it."""


@dataclass
class Keyed:
    """One string of the pack, and the text or texts at the desk that say it."""

    string: String
    segments: list[Segment] = field(default_factory=list)

    @property
    def segment(self) -> Segment:
        return self.segments[0]


@dataclass
class Room:
    """A module in one language with the ids of its pack."""

    code: str
    language: str
    pack: packs.Pack
    module: model.Module
    keyed: dict[str, Keyed]


def room_of(code: str, language: str) -> Room:
    """The module ``code`` as it is published, with the ids of its pack. Raises ``KeyError`` for one that is not."""
    folder = code.lower()
    base = _base(folder)
    with places_noted() as noted:
        pack = published_pack(base, only={folder})
    module = next((module for module in pack.modules if module.code == code), None)
    if module is None:
        raise KeyError(code)
    for word in module.words:
        for path in PATHS:
            noted[f"glossary.{word.key}.{path}"] = [(word_key(word.key), path)]
    there = {(segment.original.key, segment.text.path): segment for segment in segments([code], [language])[language]}
    keyed = {
        string.key: Keyed(string, [there[place] for place in noted.get(string.key, ()) if place in there])
        for string in strings(module)
    }
    return Room(code, language, pack, module, {key: each for key, each in keyed.items() if each.segments})


def _base(folder: str) -> packs.Pack:
    """The pack that the module came with, as far as it is about this module; an empty one for what was written here."""
    for row in KeptPack.objects.order_by("code"):
        files = unzipped(bytes(row.zip))
        if f"{folder}/module.md" in files:
            wanted = {
                name: data
                for name, data in files.items()
                if name in (PACK_FILE, FACTS_FILE) or places.is_of(name, folder)
            }
            return read(wanted, Problems())
    return packs.Pack(code="curriculum", name="curriculum")


def as_po(room: Room, at: datetime) -> str:
    """The PO file: what is written here, published or not, beside the English that it was made from."""
    before = room.module.translations.get(room.language, model.Translation(room.language))
    translation = model.Translation(room.language, dict(before.entries), before.retired)
    found = list(strings(room.module))
    for key, each in room.keyed.items():
        segment = each.segment
        old = before.entries.get(key)
        made_from = each.string.text if segment.state.value != "stale" else segment.made_from
        reviewed = None
        if segment.read_by and segment.read_on is not None:
            mark = po.mark(made_from, segment.words)
            reviewed = model.Reviewed(segment.read_by, segment.read_on.isoformat(), mark)
        translation.entries[key] = model.Entry(
            key, made_from, segment.words, reviewed, old.remarks if old is not None else ""
        )
    text = po.written(po.in_form(translation, found), found, f"{room.pack.code} {room.module.folder}")
    line = f'"Language: {room.language}\\n"\n'
    return text.replace(line, f'{line}"{GIVEN_OUT}: {at.isoformat(timespec="seconds")}\\n"\n', 1)


def as_sheet(room: Room, at: datetime) -> bytes:
    """The same as a sheet: an id, the English, the other language. A stale text stands there with its older words."""
    names = dict(settings.LANGUAGES)
    rows = [sheet.Row(key, each.string.text, each.segment.words) for key, each in room.keyed.items()]
    head = sheet.Head(room.code, room.language, at)
    return sheet.written(head, rows, names[settings.LANGUAGE_CODE], names[room.language])
