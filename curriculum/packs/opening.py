"""From a folder or a zip to a pack that is understood, with everything that is wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from curriculum.listening import in_packs
from curriculum.packs import files as places
from curriculum.packs import parts, po
from curriculum.packs.checking import check
from curriculum.packs.minting import mint_missing
from curriculum.packs.model import Module, Pack, Problem, Problems
from curriculum.packs.reading import MODULE_FILE, WORDS_FILE, read
from curriculum.packs.strings import strings
from curriculum.packs.writing import write


@dataclass
class Opened:
    """A pack as it was found, and what is wrong with it. With an error in it, nothing of it is brought in."""

    pack: Pack
    problems: Problems
    files: Mapping[str, bytes] = field(repr=False)
    root: Path | None = None

    @property
    def errors(self) -> list[Problem]:
        return self.problems.errors

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "warning"]

    @property
    def is_fixable(self) -> bool:
        return any(problem.is_fixable for problem in self.problems)


def module_folders(folder: Path) -> list[Path]:
    """The folders of a pack's modules in a fixed order; ``folder`` itself when it is one."""
    if (folder / MODULE_FILE).exists():
        return [folder]
    return sorted(file.parent for file in folder.glob(f"*/{MODULE_FILE}"))


def open_pack(folder: Path) -> Opened:
    """The pack in ``folder``, or the one module whose folder it is, with all its problems in the order of its files."""
    problems = Problems()
    root, only = places.pack_root(folder)
    found = places.from_folder(folder, problems)
    opened = open_files({name: data for name, data in found.items() if _matters_to(name, only)}, problems)
    opened.root = root
    if only:
        # Read beside the codes and words of all others, for one may stand there too; told alone.
        opened.pack.modules = [module for module in opened.pack.modules if module.folder == only]
        opened.pack.variants = [variant for variant in opened.pack.variants if variant.folder.endswith(f"/{only}")]
        problems[:] = [found for found in problems if "/" not in found.file or places.is_of(f"{found.file}/", only)]
    for module in opened.pack.modules:
        for file, key, what in in_packs.problems(opened.root / module.folder):
            problems.error(file.relative_to(opened.root).as_posix(), 0, "" if key == "-" else key, what)
    return opened


def _matters_to(name: str, only: str) -> bool:
    """Whether a file has to be read for the module in the folder ``only``; without one, every file has."""
    if not only or "/" not in name or places.is_of(name, only):
        return True
    return name.count("/") == 1 and name.endswith((f"/{MODULE_FILE}", f"/{WORDS_FILE}"))


def open_zip(file: BinaryIO) -> Opened:
    """The pack in a zip; nothing is unpacked onto the disk."""
    problems = Problems()
    return open_files(places.from_zip(file, problems), problems)


def open_files(files: Mapping[str, bytes], problems: Problems | None = None) -> Opened:
    """The pack that ``files`` say, with all its problems in the order of its files and lines."""
    problems = Problems() if problems is None else problems
    pack = read(files, problems)
    check(pack, problems)
    for name in sorted(_not_in_form(pack, files, problems)):
        problems.warn(name, 0, "", "not in canonical form; --fix writes it so", is_fixable=True)
    problems.sort(key=lambda problem: (problem.file, problem.line, problem.key))
    return Opened(pack, problems, files)


def fix(folder: Path) -> list[str]:
    """Give ids to what has none and write every file of the pack in ``folder`` in canonical form; name the changed.

    A file that is not wholly understood stays as it is, and the translations of its module with it.
    """
    problems = Problems()
    root, only = places.pack_root(folder)
    found = places.from_folder(folder, problems)
    pack = read(found, problems)
    mint_missing(pack)
    files = _writable(write(pack), problems)
    return places.to_folder({name: data for name, data in files.items() if not only or places.is_of(name, only)}, root)


def _writable(files: Mapping[str, bytes], problems: Problems) -> dict[str, bytes]:
    """Those of ``files`` of which every word was understood."""
    unread = {name.rpartition("/")[0] for name in problems.unread if not name.endswith(".po")}
    return {
        name: data
        for name, data in files.items()
        if name not in problems.unread and not (name.endswith(".po") and name.rpartition("/po/")[0] in unread)
    }


def _not_in_form(pack: Pack, files: Mapping[str, bytes], problems: Problems) -> list[str]:
    return [name for name, data in _writable(write(pack), problems).items() if name in files and files[name] != data]


def counts(pack: Pack) -> dict[str, Any]:
    """How much there is: modules, lessons, blocks, words, what the parts count, facts, and each language's share."""
    found = [string for module in pack.modules for string in strings(module)]
    told: Counter[str] = Counter()
    for module in pack.modules:
        for part in parts.registered():
            if part.name in module.parts:
                told.update(part.count(module.parts[part.name]))
    return {
        "modules": len(pack.modules),
        "lessons": sum(len(module.lessons) for module in pack.modules),
        "blocks": sum(len(lesson.blocks) for module in pack.modules for lesson in module.lessons),
        "strings": len(found),
        "words": sum(len(string.text.split()) for string in found),
        **dict(sorted(told.items())),
        "facts": len(pack.fact_keys),
        "values": len(pack.facts.get("values", [])),
        "variants": len(pack.variants),
        "languages": {language: _shares(pack, language) for language in _languages(pack)},
    }


def _languages(pack: Pack) -> list[str]:
    begun = {language for module in pack.modules for language in module.translations}
    return [*pack.languages, *sorted(begun - set(pack.languages))]


def _shares(pack: Pack, language: str) -> dict[str, float | int]:
    """How many strings are in each state in one language, and how many in a hundred are there and current."""
    states = Counter(
        _state(module, language, string.key, string.text) for module in pack.modules for string in strings(module)
    )
    total = sum(states.values())
    current = states["draft"] + states["reviewed"]
    return {
        **{state: states[state] for state in ("missing", "stale", "draft", "reviewed")},
        "percent": round(100 * current / total, 1) if total else 0.0,
    }


def _state(module: Module, language: str, key: str, source: str) -> po.State:
    translation = module.translations.get(language)
    return po.state_of(translation.entries.get(key) if translation else None, source)
