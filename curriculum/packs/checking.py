"""What is wrong in a pack that could be read: between its lines, its files, and its languages."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any

from curriculum import typed_values
from curriculum.packs import ids, lessons, parts, pictures, toml_text
from curriculum.packs.check_prose import check_source, check_translation
from curriculum.packs.model import WITH_ITEMS, WITH_OPTIONS, Block, Item, Lesson, Module, Pack, Problems
from curriculum.packs.reading import FACTS_FILE, MODULE_FILE, PACK_FILE, WORDS_FILE
from curriculum.packs.strings import strings

_SAFE_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,80}$")
_FOLDER = re.compile(r"^[a-z][a-z0-9]{0,7}$")
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
MARKS = ("sourced", "recalled", "unsure")
FACT_KINDS = ("text", "number", "times")
FACT_FIELDS = {"statement": str, "kind": str, "names": dict, "register": str, "source": str, "mark": str}
VALUE_FIELDS = {
    "texts": dict, "source": str, "version": str, "reviewer": str, "reviewed_on": date, "review_due_on": date
}  # fmt: skip


def check(pack: Pack, problems: Problems) -> None:
    """Tell ``problems`` everything that is wrong in ``pack``."""
    _check_pack(pack, problems)
    _check_facts(pack, problems)
    for module in pack.all_modules():
        if module.country:
            _check_country(module, pack, problems)
        else:
            _check_module(module, pack, problems)
        _check_ids(module, problems)
        _check_files(module, problems)
        for lesson in module.lessons:
            _check_lesson(lesson, module, pack, problems)
        for part in parts.registered():
            if part.name in module.parts:
                part.check(module.parts[part.name], module, pack, problems)
        check_source(module, pack, problems)
        if not any(
            file.startswith(f"{module.folder}/") and file.endswith((".md", ".gift", ".toml"))
            for file in problems.unread
        ):
            # While the source cannot be read whole, half of every translation would seem to belong to nothing.
            for translation in module.translations.values():
                check_translation(translation, module, pack, problems)
    _check_words(pack, problems)


# ---------------------------------------------------------------- the pack


def _check_pack(pack: Pack, problems: Problems) -> None:
    if not pack.modules and not problems.unread:
        problems.error(PACK_FILE, 0, "", "there is no module here: a module is a folder with a file module.md")
    seen: dict[str, str] = {}
    for module in pack.modules:
        file = module.file(MODULE_FILE)
        if module.code and module.code in seen:
            problems.error(file, 2, "code", f"{module.code} is also the code of {seen[module.code]}")
        seen[module.code] = module.folder
    codes = [strand.code for strand in pack.strands]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        problems.error(PACK_FILE, 0, code, "this strand stands twice")
    for strand in pack.strands:
        for language in [pack.source_language, *pack.languages]:
            if not strand.title.get(language):
                problems.error(PACK_FILE, 0, strand.code, f"it has no title in {language}")
    for language in [pack.source_language, *pack.languages]:
        if not pack.library.get(language):
            problems.error(PACK_FILE, 0, "library", f"it has no title in {language}")


def _check_facts(pack: Pack, problems: Problems) -> None:
    countries, facts = pack.facts.get("countries", {}), pack.facts.get("facts", {})
    for key, given in facts.items():
        if isinstance(given, dict):
            _check_fact(given, toml_text.line_of(pack.facts_text, f"facts.{key}"), key, problems)
    wanted = {"fact": str, "country": str, "mark": str, "valid_from_on": date}
    for place, given in enumerate(pack.facts.get("values", []), start=1):
        line = toml_text.line_of(pack.facts_text, "values", nth=place)
        key = f"{given.get('fact', '?')}.{given.get('country', '?')}"
        for name, kind in wanted.items():
            if name not in given:
                problems.error(FACTS_FILE, line, key, f"{name} is missing")
            elif not isinstance(given[name], kind):
                problems.error(FACTS_FILE, line, key, f"{name} is not what it should be")
        if all(isinstance(given.get(name), kind) for name, kind in wanted.items()):
            _check_value(given, line, key, countries, facts, problems)


def _check_fact(given: dict[str, Any], line: int, key: str, problems: Problems) -> None:
    """A fact that is a table: what it says of itself, and nothing else."""
    for name, kind in FACT_FIELDS.items():
        if name in given and not (isinstance(given[name], kind) and (kind is not dict or _all_words(given[name]))):
            problems.error(FACTS_FILE, line, key, f"{name} is not what it should be")
    for name in given.keys() - FACT_FIELDS.keys():
        problems.error(FACTS_FILE, line, key, f"{name} has no meaning here")
    if not given.get("statement"):
        problems.error(FACTS_FILE, line, key, "statement is missing")
    if given.get("kind", "text") not in FACT_KINDS:
        problems.error(FACTS_FILE, line, key, f"kind is one of {', '.join(FACT_KINDS)}")
    if given.get("mark", MARKS[0]) not in MARKS:
        problems.error(FACTS_FILE, line, key, f"mark is one of {', '.join(MARKS)}")


def _all_words(given: dict[str, Any]) -> bool:
    return all(isinstance(each, str) for each in given.values())


def _check_value(
    given: dict[str, Any], line: int, key: str, countries: dict[str, Any], facts: dict[str, Any], problems: Problems
) -> None:
    if given.get("fact") not in facts:
        problems.error(FACTS_FILE, line, key, "there is no such fact under [facts]")
    if given.get("country") not in countries:
        problems.error(FACTS_FILE, line, key, "there is no such country under [countries]")
    if given.get("mark") not in MARKS:
        problems.error(FACTS_FILE, line, key, f"mark is one of {', '.join(MARKS)}")
    for name, shape in VALUE_FIELDS.items():
        if name in given and not (isinstance(given[name], shape) and (shape is not dict or _all_words(given[name]))):
            problems.error(FACTS_FILE, line, key, f"{name} is not what it should be")
    for name in given.keys() - VALUE_FIELDS.keys() - {"fact", "country", "mark", "valid_from_on", "value"}:
        problems.error(FACTS_FILE, line, key, f"{name} has no meaning here")
    fact = facts.get(given["fact"], {})
    kind: str = fact.get("kind", "text") if isinstance(fact, dict) else "text"
    if "value" not in given and not given.get("texts"):
        problems.error(FACTS_FILE, line, key, "it has neither value nor texts")
    if "value" in given and kind in FACT_KINDS:
        for what in typed_values.problems(kind, given["value"]):
            problems.error(FACTS_FILE, line, key, what)


def _check_words(pack: Pack, problems: Problems) -> None:
    """One word has one meaning in the whole pack: lessons of all modules print the same."""
    seen: dict[str, tuple[str, str, str]] = {}
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for module in pack.modules:
        for word in module.words:
            says = (word.word, word.meaning, module.file(WORDS_FILE))
            if word.key in seen and seen[word.key][:2] != says[:2]:
                problems.error(says[2], word.line, word.key, f"{seen[word.key][2]} explains this word in other words")
            seen.setdefault(word.key, says)
        for language, translation in module.translations.items():
            for key, entry in translation.entries.items():
                if not key.startswith("glossary.") or not entry.text:
                    continue
                file = module.file(f"po/{language}.po")
                text, other = said.setdefault((language, key), (entry.text, file))
                if text != entry.text:
                    problems.error(file, entry.line, key, f"{other} says this word in other words")


# ---------------------------------------------------------------- a module


def _check_module(module: Module, pack: Pack, problems: Problems) -> None:
    file = module.file(MODULE_FILE)
    if file in problems.unread:
        return
    if not _FOLDER.match(module.folder) or module.folder != module.code.lower():
        problems.error(
            file, 2, "code", f"the folder of {module.code or 'a module'} bears its code: {module.code.lower()}"
        )
    for name in ("code", "strand", "title", "cover_title", "hours"):
        if not getattr(module, name):
            problems.error(file, 1, name, f"{name} is missing")
    if module.strand and module.strand not in {strand.code for strand in pack.strands}:
        problems.error(file, 3, "strand", f"there is no strand {module.strand} in {PACK_FILE}")
    if not module.lessons and not any(name.startswith(f"{module.folder}/l") for name in problems.unread):
        problems.error(file, 0, "", "the module has no lesson: a lesson is a file l1.md")
    if not any(step.is_safety for step in module.steps):
        problems.error(file, 0, "practice", "no step is marked safety, as in {#s1 safety}")
    for language in pack.languages:
        if language not in module.translations and module.file(f"po/{language}.po") not in problems.unread:
            problems.error(
                module.file(f"po/{language}.po"),
                0,
                "",
                "there is no such file: --fix makes an empty one",
                is_fixable=True,
            )


def _check_lesson(lesson: Lesson, module: Module, pack: Pack, problems: Problems) -> None:
    if not module.country and lesson.file not in problems.unread:
        for name in ("title", "minutes"):
            if not getattr(lesson, name):
                problems.error(lesson.file, 1, lesson.id, f"{name} is missing")
        if not lesson.blocks:
            problems.error(lesson.file, 1, lesson.id, "the lesson is empty")
    words = {word.key for each in pack.modules for word in each.words}
    for block in lesson.blocks:
        key = f"{lesson.id}.{block.id}" if block.id else lesson.id
        if block.kind in WITH_OPTIONS | WITH_ITEMS:
            _check_items(block, key, lesson.file, problems)
        if block.kind == "word" and block.target and block.target not in words:
            problems.error(lesson.file, block.line, key, f"no glossary.toml explains the word {block.target}")
        if block.kind in ("picture", "audio") and block.target:
            _check_target(block, key, lesson, module, problems)


def _check_items(block: Block, key: str, file: str, problems: Problems) -> None:
    if not block.items:
        problems.error(file, block.line, key, "it has no line that begins with - [ ]")
    for item in block.items:
        if not item.text:
            problems.error(file, item.line, key, "this line says nothing")
    if block.kind not in WITH_OPTIONS:
        return
    if block.items and not any(item.is_right for item in block.items):
        problems.error(file, block.line, key, "no option is right; a right one begins with - [x]")
    for item in block.items:
        if not item.feedback:
            problems.error(
                file,
                item.line,
                f"{key}.{item.id}",
                "nothing is said to her when she taps it: a line below that begins with >",
            )


def _check_target(block: Block, key: str, lesson: Lesson, module: Module, problems: Problems) -> None:
    folder = "pictures/" if block.kind == "picture" else "sound/"
    if not block.target.startswith(folder):
        problems.error(lesson.file, block.line, key, f"the file stands in {folder}")
    elif block.target not in module.others and module.file(block.target) not in problems.unread:
        problems.error(lesson.file, block.line, key, f"there is no file {module.file(block.target)}")


def _check_files(module: Module, problems: Problems) -> None:
    used = {block.target for lesson in module.lessons for block in lesson.blocks}
    for name, data in module.others.items():
        file = module.file(name)
        if not _SAFE_NAME.match(name.partition("/")[2]):
            problems.error(file, 0, "", "a file's name is made of a-z, 0-9, ., - and _")
        if name.startswith("pictures/"):
            for level, what in pictures.problems(name, data):
                (problems.error if level == "error" else problems.warn)(file, 0, "", what)
            if name not in used:
                problems.warn(file, 0, "", "no lesson shows this picture")


# ---------------------------------------------------------------- ids


def _check_ids(module: Module, problems: Problems) -> None:
    file = module.file(MODULE_FILE)
    for found in (module.objectives, module.steps):
        _check_item_ids(found, "", file, problems)
    for lesson in module.lessons:
        seen: dict[str, int] = {}
        _check_uuid(lesson.uuid, lesson.file, 1, lesson.id, problems)
        for block in lesson.blocks:
            _check_uuid(block.uuid, lesson.file, block.line, f"{lesson.id}.{block.id}", problems)
            if not block.id:
                problems.error(lesson.file, block.line, lesson.id, "an id is missing; --fix gives one", is_fixable=True)
            elif not ids.ID.match(block.id):
                problems.error(
                    lesson.file,
                    block.line,
                    f"{lesson.id}.{block.id}",
                    "an id is at most 12 of a-z, 0-9, _, a letter first",
                )
            elif block.id in seen:
                problems.error(
                    lesson.file,
                    block.line,
                    f"{lesson.id}.{block.id}",
                    f"this id stands twice; also on line {seen[block.id]}",
                )
            seen.setdefault(block.id, block.line)
            _check_item_ids(block.items, f"{lesson.id}.{block.id}", lesson.file, problems)
    keys: dict[str, str] = {}
    for string in strings(module):
        if string.key in keys and not any(str(problem.key) == string.key for problem in problems):
            problems.error(string.file, string.line, string.key, "this key stands twice")
        keys.setdefault(string.key, string.file)


def _check_uuid(given: str, file: str, line: int, key: str, problems: Problems) -> None:
    if given and not _UUID.match(given):
        problems.error(file, line, key, "this is no uuid; it was written by an export, and nobody changes it")


def _check_item_ids(found: list[Item], stem: str, file: str, problems: Problems) -> None:
    seen: dict[str, int] = {}
    for item in found:
        key = f"{stem}.{item.id}" if stem else item.id
        _check_uuid(item.uuid, file, item.line, key, problems)
        if not item.id:
            problems.error(file, item.line, stem, "an id is missing; --fix gives one", is_fixable=True)
        elif not ids.ID.match(item.id):
            problems.error(file, item.line, key, "an id is at most 12 of a-z, 0-9, _, a letter first")
        elif item.id in seen:
            problems.error(file, item.line, key, f"this id stands twice; also on line {seen[item.id]}")
        seen.setdefault(item.id, item.line)


# ---------------------------------------------------------------- what a country has of its own


def _check_country(module: Module, pack: Pack, problems: Problems) -> None:
    folder = module.folder.split("/")[-1]
    shared = next((other for other in pack.modules if other.folder == folder), None)
    if module.country not in pack.facts.get("countries", {}):
        problems.error(module.folder, 0, "", f"there is no country {module.country} in {FACTS_FILE}")
    if shared is None:
        problems.error(module.folder, 0, "", f"there is no module {folder} of which this could be a part")
        return
    known = {lesson.id: {block.id: block for block in lesson.blocks} for lesson in shared.lessons}
    for lesson in module.lessons:
        if lesson.id not in known:
            problems.error(
                lesson.file, 0, lesson.id, f"there is no {shared.folder}/{lesson.id}.md beside which this could stand"
            )
            continue
        taken: dict[str, list[Block]] = defaultdict(list)
        for block in lesson.blocks:
            _check_local(block, lesson, known[lesson.id], problems)
            taken[block.of].append(block)
    for language in pack.languages:
        if module.lessons and language not in module.translations:
            problems.error(
                module.file(f"po/{language}.po"),
                0,
                "",
                "there is no such file: --fix makes an empty one",
                is_fixable=True,
            )


def _check_local(block: Block, lesson: Lesson, known: dict[str, Block], problems: Problems) -> None:
    key = f"{lesson.id}.{block.id}"
    if not block.place:
        problems.error(
            lesson.file,
            block.line,
            key,
            "a country's block replaces another ({#k7f2 replaces}) or stands after one ({#n3aa after=k7f2})",
        )
    elif block.of not in known:
        problems.error(lesson.file, block.line, key, f"the shared lesson has no block {block.of}")
    elif block.place == "after" and block.id in known:
        problems.error(lesson.file, block.line, key, "this id is one of the shared lesson's")
    elif block.place == "replaces" and not block.seen:
        problems.warn(
            lesson.file,
            block.line,
            key,
            "which shared text this replaces is not marked; --fix marks it",
            is_fixable=True,
        )
    elif block.place == "replaces" and block.seen != ids.mark_of(lessons.said_by(known[block.of])):
        problems.warn(
            lesson.file,
            block.line,
            key,
            f"the shared block has changed since; look at it, then take away ={block.seen}, and use --fix",
        )
