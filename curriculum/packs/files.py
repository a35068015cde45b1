"""Where a pack's files come from and go to: a folder, or a zip that somebody sent."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from curriculum.packs.model import Problems
from curriculum.packs.reading import COUNTRIES, FACTS_FILE, MODULE_FILE, OF_THE_PROGRAMME, PACK_FILE

MOST_BYTES_A_FILE = 50_000_000
MOST_BYTES = 500_000_000
MOST_FILES = 5_000
MOST_RATIO = 200
"""How many times larger than its zip a file may be; text of a curriculum shrinks to a fifth."""
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError)
SMALL = 100_000
"""Below this many bytes a file may be packed as tightly as it likes: an empty drawing is."""


def from_folder(folder: Path, problems: Problems) -> dict[str, bytes]:
    """``{name: bytes}`` of the pack in ``folder``, or of the pack that ``folder`` is a module of.

    Files and folders whose name begins with a dot are not part of it. Links are not followed.
    """
    root, _only = pack_root(folder)
    found: dict[str, bytes] = {}
    size = 0
    for path in _paths(root):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            problems.error(name, 0, "", "this is a link to another file; put the file itself here")
        elif path.stat().st_size > MOST_BYTES_A_FILE:
            problems.unreadable(name, 0, f"the file is larger than {MOST_BYTES_A_FILE // 1_000_000} MB")
        elif len(found) >= MOST_FILES or size + path.stat().st_size > MOST_BYTES:
            problems.unreadable(name, 0, f"a pack has at most {MOST_FILES} files and {MOST_BYTES // 1_000_000} MB")
            break
        else:
            found[name] = path.read_bytes()
            size += len(found[name])
    return found


def pack_root(folder: Path) -> tuple[Path, str]:
    """The folder of the pack, and the name of the module that is meant, or an empty name for all."""
    folder = Path(folder)
    if (folder / MODULE_FILE).exists() and not (folder / PACK_FILE).exists():
        return folder.parent, folder.name
    return folder, ""


def _paths(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.name == "__MACOSX" or _is_of_the_programme(path):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _paths(path)
        else:
            yield path


def _is_of_the_programme(path: Path) -> bool:
    """Whether ``path`` stands beside a curriculum and says what its programme is."""
    name = path.name + "/" if path.is_dir() else path.name
    return bool(OF_THE_PROGRAMME.match(name)) and (path.parent / PACK_FILE).exists()


def is_of(name: str, module: str) -> bool:
    """Whether the file ``name`` is one of the module ``module``, or of what a country has of its own in it."""
    steps = name.split("/")
    return steps[0] == module or (steps[0] == COUNTRIES and len(steps) > 3 and steps[2] == module)


def from_zip(file: BinaryIO, problems: Problems) -> dict[str, bytes]:
    """``{name: bytes}`` of the pack in a zip. A name that leaves the pack, a link or a bomb is told and not unpacked.

    One folder around everything is taken away. Nothing is written anywhere.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _without_one_folder(_unpacked(archive, problems))
    except (*BROKEN, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        problems.unreadable("the zip", 0, f"cannot be read: {error}")
        return {}


def _unpacked(archive: zipfile.ZipFile, problems: Problems) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        problems.unreadable("the zip", 0, f"a pack has at most {MOST_FILES} files; here are {len(entries)}")
        return {}
    size = 0
    for entry in entries:
        name = entry.filename
        steps = PurePosixPath(name).parts
        if any(step.startswith(".") and step.strip(".") for step in steps) or "__MACOSX" in steps:
            continue
        if OF_THE_PROGRAMME.match(name):
            continue
        if what := _refusal(entry, name):
            problems.unreadable(name, 0, what)
        elif name in found:
            problems.unreadable(name, 0, "this file stands twice in the zip")
        else:
            # What an entry says of its own size may be a lie: never more is read than may be there.
            with archive.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
            size += len(data)
            if len(data) != entry.file_size or size > MOST_BYTES:
                problems.unreadable(name, 0, f"a pack has at most {MOST_BYTES // 1_000_000} MB")
                break
            found[name] = data
    return found


def _refusal(entry: zipfile.ZipInfo, name: str) -> str:
    """Why an entry of a zip is not unpacked; empty when it may be."""
    steps = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in steps or "" in steps or "." in steps:
        return "this name leads out of the pack"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "this is a link to another file; put the file itself here"
    if entry.flag_bits & 1:
        return "this file is locked with a password"
    if entry.file_size > MOST_BYTES_A_FILE:
        return f"the file is larger than {MOST_BYTES_A_FILE // 1_000_000} MB"
    if entry.file_size > max(SMALL, entry.compress_size * MOST_RATIO):
        return "this file is packed more tightly than a text or a picture can be"
    return ""


def _without_one_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, named from where the pack begins."""
    first = {name.partition("/")[0] for name in files}
    if PACK_FILE not in files and len(first) == 1 and f"{min(first)}/{PACK_FILE}" in files:
        return {name.partition("/")[2]: data for name, data in files.items()}
    return dict(files)


def to_folder(files: Mapping[str, bytes], folder: Path, *, removing: bool = False) -> list[str]:
    """Write ``files`` into ``folder``; return the names of those that were new or changed.

    What says the same is left alone. ``removing``: files of a pack's text that are not among ``files`` go.
    """
    changed = []
    for name, data in sorted(files.items()):
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(name)
    if removing and folder.exists():
        for path in _paths(folder):
            name = path.relative_to(folder).as_posix()
            if name not in files and path.suffix in (".md", ".po", ".gift", ".toml") and name != FACTS_FILE:
                path.unlink()
                changed.append(name)
    return changed
