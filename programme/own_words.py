"""``words/<language>.po`` of a programme: phrases of the interface in its own words, checked against ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.utils.translation import override

from curriculum.packs.model import Problems
from programme.models import Role, UnitLevel
from programme.wording import spoken

WORDS_FOLDER = "words"
HOLES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|%%")

Wording = dict[str, dict[str, str | list[str]]]


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def phrases() -> dict[str, str]:
    """Every phrase of the interface, with its plural (or nothing)."""
    found: dict[str, str] = {}
    for folder in settings.LOCALE_PATHS:
        for file in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            for entry in polib.pofile(str(file)):
                if not entry.obsolete:
                    found[entry.msgid] = entry.msgid_plural or ""
    return found


def read(folder: Path, fields: Mapping[str, Any], values: Mapping[str, Any], problems: Problems) -> Wording:
    """The words of ``words/*.po``, with those for levels and roles that ``programme.toml`` says."""
    wording: Wording = {}
    with spoken(None), override("en"):
        levels = {level.value: str(level.label) for level in UnitLevel}
        named_roles = {role.value: str(role.label) for role in Role}
    for level, names in fields.get("level_names", {}).items():
        for language, word in names.items():
            wording.setdefault(language, {})[levels[level]] = word
    roles = values.get("roles", {})
    for language, roles_named in roles.items() if isinstance(roles, dict) else []:
        for role, word in roles_named.items() if isinstance(roles_named, dict) else []:
            if role in named_roles and isinstance(word, str):
                wording.setdefault(language, {})[named_roles[role]] = word
    known = phrases() if (folder / WORDS_FOLDER).is_dir() else {}
    for path in sorted((folder / WORDS_FOLDER).glob("*.po")):
        _read_words(path, problems, known, wording.setdefault(path.stem, {}))
    _tell_gaps(fields.get("languages", []), wording, problems)
    return wording


def _read_words(path: Path, problems: Problems, known: Mapping[str, str], into: dict[str, str | list[str]]) -> None:
    name = f"{WORDS_FOLDER}/{path.name}"
    if path.stem not in languages():
        problems.error(name, 0, "", f"{path.stem} is no language of this installation")
        return
    try:
        entries = polib.pofile(str(path))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        problems.error(name, 0, "", f"cannot be read: {error}")
        return
    for entry in entries:
        if entry.obsolete:
            continue
        if entry.msgid not in known:
            problems.error(name, entry.linenum, "", f"the interface has no such phrase: {entry.msgid!r}")
            continue
        forms = [entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural)] or [entry.msgstr]
        if bool(known[entry.msgid]) != bool(entry.msgstr_plural):
            problems.error(name, entry.linenum, "", "this phrase has a singular and a plural, or none of both")
        elif not all(form.strip() for form in forms):
            problems.error(name, entry.linenum, "", f"the words for {entry.msgid!r} are missing")
        elif any(_holes(form) != _holes(known[entry.msgid] or entry.msgid) for form in forms[-1:]):
            problems.error(name, entry.linenum, "", f"other places to fill than in {entry.msgid!r}")
        else:
            into[entry.msgid] = forms if entry.msgstr_plural else forms[0]


def _holes(text: str) -> set[str]:
    return {match[0] for match in HOLES.finditer(text)} - {"%%"}


def _tell_gaps(offered: list[str], wording: Mapping[str, Mapping[str, Any]], problems: Problems) -> None:
    """A phrase that has own words in one language of the programme needs them in all of them."""
    spoken = [language for language in offered if language in languages()]
    every = {phrase for language in spoken for phrase in wording.get(language, {})}
    for language in spoken:
        missing = sorted(every - set(wording.get(language, {})))
        for phrase in missing:
            problems.error(f"{WORDS_FOLDER}/{language}.po", 0, "", f"own words are missing for {phrase!r}")
