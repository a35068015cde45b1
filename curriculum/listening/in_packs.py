"""The recordings of a pack: Opus files beside their module, and ``sound/recordings.toml``, which says what each says.

They are brought in without ffmpeg, and given back as they came. This file's checks read text and files only; a pack
whose text has changed keeps its old recordings, which then belong to nothing and are played to nobody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from curriculum.listening import ogg
from curriculum.listening.texts import spoken_hash

FOLDER = "sound"
MANIFEST = "recordings.toml"
FIELDS = ("language", "place", "text", "hash", "name", "recorded_at", "is_synthetic", "licence")
"""What the manifest says of each recording, in this order."""


def listed(folder: Path) -> list[dict[str, Any]]:
    """The entries of a module's manifest; empty when it has no recordings. Raises ``TOMLDecodeError``."""
    path = folder / FOLDER / MANIFEST
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["recordings"]
    return entries


def problems(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """``(file, key, what is wrong)`` of everything amiss among the recordings of a module's folder."""
    manifest = folder / FOLDER / MANIFEST
    try:
        entries = listed(folder)
        said = [tuple(entry[field] for field in FIELDS) for entry in entries]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        yield manifest, "-", f"cannot be read: {error!r}"
        return
    files = {path.stem: path for path in (folder / FOLDER).glob("*.opus")}
    seen: set[tuple[str, str]] = set()
    for language, place, text, mark, name, _at, _synthetic, licence in said:
        key = f"{language} {place}"
        if (language, mark) in seen:
            yield manifest, key, "these words are recorded twice"
        seen.add((language, mark))
        if mark != spoken_hash(text):
            yield manifest, key, "the hash is not that of the text"
        if not licence:
            yield manifest, key, "a licence is missing"
        if name not in files:
            yield manifest, key, f"there is no {name}.opus"
            continue
        data = files[name].read_bytes()
        if ogg.name_of(data) != name:
            yield files[name], key, "the file is not what its name says"
        elif not ogg.duration_ms(data):
            yield files[name], key, "this is not one whole Ogg Opus file"
    for name in sorted(files.keys() - {entry["name"] for entry in entries}):
        yield files[name], "-", "the manifest does not name this file"


def import_recordings(folder: Path) -> int:
    """Bring in the recordings of a module's folder; return how many are new. Safe to repeat.

    What a person has read at the desk stays in use, and what was withdrawn stays withdrawn: a recording that was
    brought in once is never brought back. A synthetic voice gives way to a newer one of the pack.
    """
    from curriculum.listening.actions import record  # noqa: PLC0415 -- text is checked without a database
    from curriculum.listening.sound import Sound  # noqa: PLC0415 -- the same
    from curriculum.models import Recording  # noqa: PLC0415 -- the same

    entries = listed(folder)
    hashes = [entry["hash"] for entry in entries]
    rows = Recording.objects.filter(spoken_hash__in=hashes).values_list(
        "language", "spoken_hash", "name", "stopped_at", "is_synthetic"
    )
    known, read_by_people = set(), set()
    for language, mark, name, stopped_at, is_synthetic in rows:
        known.add((language, mark, name))
        if stopped_at is None and not is_synthetic:
            read_by_people.add((language, mark))
    new = 0
    for entry in entries:
        route = (entry["language"], entry["hash"])
        if (*route, entry["name"]) in known or route in read_by_people:
            continue
        data = (folder / FOLDER / f"{entry['name']}.opus").read_bytes()
        record(
            language=entry["language"],
            place=entry["place"],
            text=entry["text"],
            sound=Sound(data, ogg.duration_ms(data)),
            recorded_by=None,
            recorded_at=entry["recorded_at"],
            is_synthetic=entry["is_synthetic"],
            licence=entry["licence"],
        )
        new += 1
    return new


def export_recordings(folder: Path, module: str) -> int:
    """Write the recordings in use of the module at ``module`` (``m4``) into its folder; return how many.

    Gives back what was brought in, byte for byte. Files that are no longer used go. Whoever gives recordings of people
    away needs their yes: ``licence`` says under what. An entry without a licence is left out.
    """
    from django.core.files.storage import default_storage  # noqa: PLC0415 -- text is checked without a database
    from django.db.models import Q  # noqa: PLC0415 -- the same

    from curriculum.models import Recording  # noqa: PLC0415 -- the same

    rows = Recording.objects.in_use().exclude(licence="")
    # In the order of the manifest, so that a new recording is one new entry there.
    rows = rows.filter(Q(place__startswith=f"{module}/") | Q(place__startswith=f"{module}#")).order_by("language", "pk")
    target = folder / FOLDER
    entries = list(rows)
    if entries:
        target.mkdir(exist_ok=True)
    for row in entries:
        with default_storage.open(row.file_name) as stored:
            (target / f"{row.name}.opus").write_bytes(stored.read())
    names = {row.name for row in entries}
    for path in target.glob("*.opus"):
        if path.stem not in names:
            path.unlink()
    if entries:
        text = "\n".join(_entry(row) for row in entries)
        (target / MANIFEST).write_text(text, encoding="utf-8")
    return len(entries)


def _entry(row: Any) -> str:
    values = {
        "language": row.language,
        "place": row.place,
        "text": row.text,
        "hash": row.spoken_hash,
        "name": row.name,
        "recorded_at": row.recorded_at,
        "is_synthetic": row.is_synthetic,
        "licence": row.licence,
    }
    return "[[recordings]]\n" + "".join(f"{name} = {_toml(values[name])}\n" for name in FIELDS)


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
