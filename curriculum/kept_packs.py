"""The text of packs that were brought in, kept for an export; and packs as zips."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from curriculum import packs
from curriculum.exporting import published_pack
from curriculum.models import KeptPack, ModulePage
from curriculum.packs import files as places
from curriculum.packs.model import Problems
from curriculum.packs.reading import FACTS_FILE, PACK_FILE, read
from curriculum.packs.terms import TERMS_FILE

MADE_IN = (1980, 1, 1, 0, 0, 0)
"""The same files give the same zip."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """``files`` as a zip, always the same."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, MADE_IN), data, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip that ``zipped`` made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def keep(opened: packs.Opened, curriculum: str = "") -> None:
    """Keep the files of ``opened``, those of the modules that it is about, in place of the older ones."""
    pack = opened.pack
    row = KeptPack.objects.filter(code=pack.code).first() or KeptPack(code=pack.code, curriculum=curriculum)
    older = unzipped(bytes(row.zip)) if row.pk else {}
    mine = {module.folder for module in pack.modules}
    text = {name: data for name, data in opened.files.items() if "/sound/" not in name}
    files = {name: data for name, data in older.items() if "/" in name and not _is_of_any(name, mine)}
    files |= {name: data for name, data in text.items() if "/" not in name or _is_of_any(name, mine)}
    data = zipped(files)
    if row.pk is None or bytes(row.zip) != data:
        row.name, row.zip = pack.name[:120], data
        row.save()


def _is_of_any(name: str, modules: set[str]) -> bool:
    return any(places.is_of(name, module) for module in modules)


def packs_at_the_desk() -> dict[str, list[str]]:
    """``{code of the pack: folders of its published modules}``. What no pack brought in goes with the first."""
    live = {page.module.slug for page in ModulePage.objects.live().select_related("module")}
    found: dict[str, list[str]] = {}
    for row in KeptPack.objects.order_by("code"):
        folders = {name.partition("/")[0] for name in unzipped(bytes(row.zip)) if name.endswith("/module.md")}
        found[row.code] = sorted(folders & live)
    rest = live - {folder for folders in found.values() for folder in folders}
    if rest:
        first = next(iter(found), "curriculum")
        found[first] = sorted({*found.get(first, []), *rest})
    return {code: folders for code, folders in found.items() if folders}


def given_out(code: str, folder: str = "") -> bytes:
    """The pack ``code``, or one module of it with what it needs to be read, as a zip. Raises ``KeyError``."""
    folders = packs_at_the_desk()[code]
    if folder and folder not in folders:
        raise KeyError(folder)
    row = KeptPack.objects.filter(code=code).first()
    base = read(unzipped(bytes(row.zip)), Problems()) if row else packs.Pack(code=code, name=code)
    wanted = [folder] if folder else folders
    files = packs.write(published_pack(base, only=wanted))
    return zipped(
        {
            name: data
            for name, data in files.items()
            if name in (PACK_FILE, FACTS_FILE, TERMS_FILE) or _is_of_any(name, set(wanted))
        }
    )
