"""A pack becomes files, in the one way in which a pack is written: the formatter, and the end of every export."""

from __future__ import annotations

from curriculum.packs import lessons, parts, po, toml_text
from curriculum.packs.model import Module, Pack
from curriculum.packs.reading import FACTS_FILE, MODULE_FILE, PACK_FILE, WORDS_FILE
from curriculum.packs.strings import strings
from curriculum.packs.terms import TERMS_FILE


def write(pack: Pack) -> dict[str, bytes]:
    """``{name: bytes}`` of all files of ``pack`` in canonical form; reading them gives an equal pack."""
    files = {PACK_FILE: _pack_file(pack)}
    if pack.facts_text:
        # By hand and with remarks: kept as it was written.
        files[FACTS_FILE] = pack.facts_text
    if pack.terms_text:
        files[TERMS_FILE] = pack.terms_text
    found = {name: text.encode() for name, text in files.items()}
    for module in pack.all_modules():
        found |= {module.file(name): text.encode() for name, text in _module_files(module, pack).items()}
        found |= {module.file(name): data for name, data in module.others.items()}
    return found


def _module_files(module: Module, pack: Pack) -> dict[str, str]:
    files = {} if module.country else {MODULE_FILE: lessons.written_module(module)}
    for lesson in module.lessons:
        files[f"{lesson.id}.md"] = lessons.written_lesson(lesson, is_local=bool(module.country))
    if module.words:
        files[WORDS_FILE] = "\n".join(
            f"[{word.key}]\n" + toml_text.table({"word": word.word, "meaning": word.meaning}) for word in module.words
        )
    for part in parts.registered():
        if part.name in module.parts:
            files |= part.write(module.parts[part.name])
    source = list(strings(module))
    title = f"{pack.code} {module.folder}"
    for language, translation in sorted(module.translations.items()):
        files[f"po/{language}.po"] = po.written(po.in_form(translation, source), source, title)
    return files


def _pack_file(pack: Pack) -> str:
    head = toml_text.table(
        {
            "code": pack.code,
            "name": pack.name,
            "source_language": pack.source_language,
            "languages": pack.languages,
            "library": pack.library,
        }
    )
    strands = [
        "[[strands]]\n" + toml_text.table({"code": strand.code, "title": strand.title}) for strand in pack.strands
    ]
    return "\n".join([head, *strands])
