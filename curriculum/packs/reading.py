"""A pack's files become a pack. Nothing here raises for what a file says: all that is wrong is told at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from curriculum.packs import lessons, parts, plain, po, terms, toml_text
from curriculum.packs.model import Lesson, Module, Pack, Problems, Strand, Translation, Word
from curriculum.packs.terms import TERMS_FILE

PACK_FILE, FACTS_FILE, MODULE_FILE, WORDS_FILE = "pack.toml", "facts.toml", "module.md", "glossary.toml"
COUNTRIES = "countries"
KEPT_FOLDERS = ("pictures", "sound")
"""Folders of a module whose files are kept as they are."""
BESIDE = re.compile(r"^(README|LICEN[CS]E|COPYING|AUTHORS)[.\w-]*$")
"""What may stand beside a curriculum without being part of it."""

OF_THE_PROGRAMME = re.compile(r"^(programme\.toml$|words/)")
"""A programme that brings its curriculum along says beside it what it is: no part of the pack, and never taken away."""

_LESSON_FILE = re.compile(r"^(l[1-9][0-9]{0,2})\.md$")
_PO_FILE = re.compile(r"^po/([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)\.po$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def read(files: Mapping[str, bytes], problems: Problems) -> Pack:
    """The pack that ``files`` (``{name: bytes}``) say. Names are those of a zip: ``m4/l1.md``."""
    texts = _texts(files, problems)
    pack = Pack()
    if PACK_FILE in texts:
        _read_pack_file(texts[PACK_FILE], pack, problems)
    elif PACK_FILE not in problems.unread:
        problems.error(PACK_FILE, 0, "", "there is no such file: it names the pack, its languages and its strands")
    if FACTS_FILE in texts:
        _read_facts(texts[FACTS_FILE], pack, problems)
    if TERMS_FILE in texts:
        pack.terms_text = texts[TERMS_FILE]
        pack.terms = terms.read(pack.terms_text, problems, pack.source_language)
    for folder, names in sorted(_by_module(files, problems).items(), key=lambda found: _order(found[0])):
        country = folder.split("/")[1].upper() if folder.startswith(f"{COUNTRIES}/") else ""
        module = Module(folder, country=country)
        _read_module(module, {name: texts[path] for name, path in names.items() if path in texts}, problems)
        module.others = {name: files[path] for name, path in names.items() if name.partition("/")[0] in KEPT_FOLDERS}
        (pack.variants if country else pack.modules).append(module)
    return pack


def _order(folder: str) -> tuple[str, int, str]:
    letters = re.sub(r"\d+$", "", folder)
    return letters, int(folder[len(letters) :] or 0), folder


def _texts(files: Mapping[str, bytes], problems: Problems) -> dict[str, str]:
    """The files that hold text, decoded, with line ends written one way."""
    texts = {}
    for name, data in sorted(files.items()):
        if any(f"/{folder}/" in name for folder in KEPT_FOLDERS):
            continue
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            problems.unreadable(name, line, "this is not UTF-8; save the file again as UTF-8")
            continue
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        for place, line_text in enumerate(text.split("\n"), start=1):
            if found := _CONTROL.search(line_text):
                problems.unreadable(name, place, f"a sign that cannot be seen stands here (U+{ord(found[0]):04X})")
        texts[name] = text
    return texts


def _by_module(files: Mapping[str, bytes], problems: Problems) -> dict[str, dict[str, str]]:
    """``{folder: {name in it: name in the pack}}``; what belongs nowhere is told."""
    known = {name for part in parts.registered() for name in part.files}
    modules: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(files):
        if "/" not in path:
            if path not in (PACK_FILE, FACTS_FILE, TERMS_FILE) and not BESIDE.match(path):
                problems.warn(path, 0, "", "this file is no part of a pack")
            continue
        steps = path.split("/")
        depth = 3 if steps[0] == COUNTRIES else 1
        folder, name = "/".join(steps[:depth]), "/".join(steps[depth:])
        is_known = (
            name in (MODULE_FILE, WORDS_FILE)
            or name in known
            or _LESSON_FILE.match(name)
            or _PO_FILE.match(name)
            or (name.count("/") == 1 and name.split("/")[0] in KEPT_FOLDERS)
        )
        if not name or not is_known or (depth == 3 and name in (MODULE_FILE, WORDS_FILE, *known)):
            problems.warn(path, 0, "", "this file is no part of a pack")
        else:
            modules[folder][name] = path
    return modules


# ---------------------------------------------------------------- the pack itself


def _read_pack_file(text: str, pack: Pack, problems: Problems) -> None:
    values = _toml(text, PACK_FILE, problems)
    wanted = {
        "code": str,
        "name": str,
        "source_language": str,
        "languages": list,
        "library": dict,
        "strands": list,
    }
    for name, given in values.items():
        if name not in wanted:
            problems.unreadable(PACK_FILE, toml_text.line_of(text, name), f"{name} has no meaning here", name)
        elif not isinstance(given, wanted[name]):
            problems.unreadable(PACK_FILE, toml_text.line_of(text, name), f"{name} is not what it should be", name)
        elif name == "strands":
            _read_strands(given, text, pack, problems)
        elif name in ("library", "languages") and not _all_words(given):
            problems.unreadable(PACK_FILE, toml_text.line_of(text, name), f"{name} holds words only", name)
        else:
            setattr(pack, name, given)
    for name in ("code", "name", "source_language"):
        if not values.get(name):
            problems.error(PACK_FILE, 0, name, f"{name} is missing")


def _read_strands(given: list[Any], text: str, pack: Pack, problems: Problems) -> None:
    for place, strand in enumerate(given, start=1):
        line = toml_text.line_of(text, "strands", nth=place)
        code = strand.get("code") if isinstance(strand, dict) else None
        title = strand.get("title") if isinstance(strand, dict) else None
        if not isinstance(code, str) or not isinstance(title, dict) or not _all_words(title) or len(strand) > 2:
            problems.unreadable(PACK_FILE, line, "a strand has a code and a title in each language (title.en = ...)")
        else:
            pack.strands.append(Strand(code, title))


def _all_words(given: list[Any] | dict[str, Any]) -> bool:
    return all(isinstance(each, str) for each in (given.values() if isinstance(given, dict) else given))


FACT_SHAPES: dict[str, Any] = {"countries": str, "facts": str | dict, "values": dict}
"""A fact is its statement, or a table with more about it."""


def _read_facts(text: str, pack: Pack, problems: Problems) -> None:
    pack.facts_text = text
    shapes = {"countries": dict, "facts": dict, "values": list}
    for name, given in _toml(text, FACTS_FILE, problems).items():
        line = toml_text.line_of(text, name)
        if name not in shapes:
            problems.unreadable(FACTS_FILE, line, f"{name} has no meaning here", name)
        elif not isinstance(given, shapes[name]) or not all(
            isinstance(each, FACT_SHAPES[name]) for each in (given if name == "values" else given.values())
        ):
            problems.unreadable(FACTS_FILE, line, f"{name} is not what it should be", name)
        else:
            pack.facts[name] = given


def _toml(text: str, file: str, problems: Problems) -> dict[str, Any]:
    try:
        return toml_text.read(text)
    except toml_text.NotToml as error:
        problems.unreadable(file, error.line, f"cannot be read: {error.what}")
        return {}


# ---------------------------------------------------------------- a module


def _read_module(module: Module, texts: Mapping[str, str], problems: Problems) -> None:
    order: list[str] = []
    if MODULE_FILE in texts:
        order = lessons.read_module(texts[MODULE_FILE], module, problems)
    elif not module.country and module.file(MODULE_FILE) not in problems.unread:
        problems.error(module.file(MODULE_FILE), 0, "", "there is no such file: it names the module")
    for name in sorted(texts, key=lessons.order_of):
        if found := _LESSON_FILE.match(name):
            lesson = Lesson(found[1], file=module.file(name), line=1)
            lessons.read_lesson(texts[name], lesson, problems, is_local=bool(module.country))
            module.lessons.append(lesson)
    _in_order(module, order, problems)
    if WORDS_FILE in texts:
        _read_words(texts[WORDS_FILE], module, problems)
    for part in parts.registered():
        if mine := {name: texts[name] for name in part.files if name in texts}:
            module.parts[part.name] = part.read(mine, module, problems)
    for name in sorted(texts):
        if found := _PO_FILE.match(name):
            translation = Translation(found[1], file=module.file(name))
            po.read(texts[name], translation, problems)
            module.translations[found[1]] = translation


def _in_order(module: Module, order: list[str], problems: Problems) -> None:
    present = [lesson.id for lesson in module.lessons]
    if order and sorted(order) != sorted(present):
        file = module.file(MODULE_FILE)
        problems.unreadable(file, 2, f"lessons names {', '.join(order)}; the files are {', '.join(present)}", "lessons")
    elif order:
        module.lessons.sort(key=lambda lesson: order.index(lesson.id))


def _read_words(text: str, module: Module, problems: Problems) -> None:
    file = module.file(WORDS_FILE)
    for key, given in _toml(text, file, problems).items():
        line = toml_text.line_of(text, key)
        if not isinstance(given, dict) or not _all_words(given) or given.keys() != {"word", "meaning"}:
            problems.unreadable(file, line, "a word has a word and a meaning; other languages stand in po/", key)
        else:
            module.words.append(Word(key, plain.one_line(given["word"]), plain.one_line(given["meaning"]), line))
