"""``programme.toml``: a programme as text. Read whole, checked whole; every problem told at once with its line.

Nothing here knows the database: ``certificates.setting_up`` makes rows of it. docs/programmes.md is for who writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from curriculum.blocked_words import blocked_words_in
from curriculum.packs import toml_text
from curriculum.packs.model import Problem, Problems
from programme import configured_awards, own_words
from programme.colours import contrast
from programme.models import Milestone, Role, UnitLevel

PROGRAMME_FILE = "programme.toml"
COLOUR = re.compile(r"^#[0-9a-f]{6}$")
HOST = re.compile(r"^(?=.{1,120}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
LONGEST_TERM_MONTHS = 60


@dataclass(frozen=True)
class Unit:
    """A place of the tree, under ``parent`` by its short code."""

    code: str
    name: str
    level: str
    country: str
    time_zone: str
    parent: str = ""


@dataclass
class Configuration:
    """What a ``programme.toml`` and the words beside it say. Plain values under the names of the models' fields."""

    folder: Path
    fields: dict[str, Any] = field(default_factory=dict)
    curriculum: str = ""
    root_code: str = ""
    pathway: dict[str, Any] = field(default_factory=dict)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    awards: list[dict[str, Any]] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)

    @property
    def code(self) -> str:
        return str(self.fields.get("code", ""))

    @property
    def pack(self) -> Path:
        """The folder of its curriculum: its own, or the one beside it that it names."""
        return self.folder if self.curriculum in ("", self.folder.name) else self.folder.parent / self.curriculum


class NotConfigured(ValueError):
    """A programme was refused; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read(folder: Path) -> Configuration:
    """The programme in ``folder``. Never raises for what a file says: ``problems`` holds it."""
    found = Configuration(folder.resolve())
    path = folder / PROGRAMME_FILE
    try:
        text = path.read_bytes().decode("utf-8")
        values = toml_text.read(text)
    except FileNotFoundError:
        found.problems.error(PROGRAMME_FILE, 0, "", "there is no such file")
        return found
    except UnicodeDecodeError as error:
        found.problems.error(PROGRAMME_FILE, 0, "", f"this is not UTF-8 (byte {error.start})")
        return found
    except toml_text.NotToml as error:
        found.problems.error(PROGRAMME_FILE, error.line, "", f"cannot be read: {error.what}")
        return found
    _Reading(found, text).all(values)
    found.fields["wording"] = own_words.read(folder, found.fields, values, found.problems)
    _check_what_strangers_see(found, text)
    return found


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


# ---------------------------------------------------------------- programme.toml


class _Reading:
    """One file being read: every table says what it knows, and the rest is told."""

    def __init__(self, found: Configuration, text: str) -> None:
        self.found, self.text, self.problems = found, text, found.problems

    def line(self, key: str, nth: int = 1) -> int:
        return toml_text.line_of(self.text, key, nth=nth)

    def wrong(self, key: str, what: str, nth: int = 1) -> None:
        self.problems.error(PROGRAMME_FILE, self.line(key, nth), key, what)

    def all(self, values: Mapping[str, Any]) -> None:
        readers: dict[str, Callable[[Any], None]] = {
            "code": self._code,
            "curriculum": self._curriculum,
            "name": lambda given: self._words("name", given, 120),
            "issuing_name": lambda given: self._words("issuing_name", given, 120),
            "issuing_short_name": lambda given: self._words("issuing_short_name", given, 40),
            "public_name": lambda given: self._words("public_name", given, 30),
            "host_name": self._host,
            "languages": self._languages,
            "entry_is_health_data": lambda given: self._yes_or_no("entry_is_health_data", given),
            "retention_years": self._years,
            "working_language": self._working_language,
            "named_copy_name": self._named_copy,
            "after_term_months": self._after_term,
            "peer": self._peer,
            "levels": lambda given: self._level_names(given),
            "roles": lambda given: None,
            "look": self._look,
            "terms": self._terms,
            "letterhead": lambda given: self._letterhead(given),
            "signatories": self._signatories,
            "complaint": lambda given: self._texts("complaint_contact", given, "complaint"),
            "pathway": self._pathway,
            "awards": self._awards,
            "units": self._units,
        }
        for name, given in values.items():
            if name not in readers:
                self.wrong(name, "this has no meaning here")
            else:
                readers[name](given)
        for name in ("code", "name", "issuing_name", "issuing_short_name", "pathway", "awards", "peer", "units"):
            if name not in values:
                self.problems.error(PROGRAMME_FILE, 0, name, f"{name} is missing")
        self._check_gates()
        _check_roles(self, values.get("roles", {}))

    def _code(self, given: Any) -> None:
        if not isinstance(given, str) or not CODE.match(given) or len(given) > 30:
            self.wrong("code", "a code has small letters, figures and hyphens, 30 at most")
        else:
            self.found.fields["code"] = given

    def _curriculum(self, given: Any) -> None:
        if not isinstance(given, str) or not CODE.match(given) or len(given) > 30:
            self.wrong("curriculum", "this names the folder of a pack")
        else:
            self.found.curriculum = given

    def _words(self, name: str, given: Any, longest: int) -> None:
        if not isinstance(given, str) or not given.strip() or len(given) > longest:
            self.wrong(name, f"{name} is a few words, {longest} letters at most")
        else:
            self.found.fields[name] = given.strip()

    def _host(self, given: Any) -> None:
        if not isinstance(given, str) or not HOST.match(given):
            self.wrong("host_name", "a host name has small letters, figures, hyphens and dots, and no port")
        else:
            self.found.fields["host_name"] = given

    def _languages(self, given: Any) -> None:
        unknown = [each for each in given if each not in languages()] if isinstance(given, list) else [given]
        if unknown or not given:
            self.wrong("languages", f"this installation has {', '.join(languages())}; not {unknown}")
        else:
            self.found.fields["languages"] = given

    def _yes_or_no(self, name: str, given: Any, to: str = "") -> None:
        if not isinstance(given, bool):
            self.wrong(name, f"{name} is true or false")
        else:
            self.found.fields[to or name] = given

    def _years(self, given: Any) -> None:
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= 30:
            self.wrong("retention_years", "evidence is kept from 1 to 30 years")
        else:
            self.found.fields["retention_years"] = given

    def _texts(self, to: str, given: Any, name: str, longest: int = 400) -> None:
        """``{language: text}``."""
        if not isinstance(given, dict) or not given:
            self.wrong(name, f"{name} has a text for each language ({name}.en = ...)")
            return
        for language, text in given.items():
            if language not in languages():
                self.wrong(name, f"{language} is no language of this installation")
            elif not isinstance(text, str) or not text.strip() or len(text) > longest:
                self.wrong(name, f"the text in {language} is words, {longest} letters at most")
        self.found.fields[to] = given

    def _peer(self, given: Any) -> None:
        titles: dict[str, dict[str, str]] = {}
        for language, names in given.items() if isinstance(given, dict) else [("", None)]:
            if language not in languages() or not isinstance(names, dict) or names.keys() != {"one", "many"}:
                self.wrong(
                    "peer", "each language has a word for one and for many (peer.en = { one = ..., many = ... })"
                )
            elif not all(isinstance(each, str) and 0 < len(each) <= 60 for each in names.values()):
                self.wrong("peer", f"the titles in {language} are words, 60 letters at most")
            else:
                titles[language] = names
        self.found.fields["peer_titles"] = titles
        if titles:
            first = titles.get("en") or next(iter(titles.values()))
            self.found.fields["peer_title"] = first["one"]

    def _level_names(self, given: Any) -> None:
        names: dict[str, dict[str, str]] = {}
        for language, levels in given.items() if isinstance(given, dict) else [("", None)]:
            if language not in languages() or not isinstance(levels, dict):
                self.wrong("levels", "each language says its own words for levels (levels.en = { facility = ... })")
                continue
            for level, word in levels.items():
                if level not in UnitLevel.values:
                    self.wrong("levels", f"{level} is no level; there are {', '.join(UnitLevel.values)}")
                elif not isinstance(word, str) or not word.strip():
                    self.wrong("levels", f"the word for {level} in {language} is missing")
                else:
                    names.setdefault(level, {})[language] = word
        self.found.fields["level_names"] = names

    def _look(self, given: Any) -> None:
        known = {"accent": "accent_colour", "accent_dark": "accent_colour_dark"}
        for name, value in given.items() if isinstance(given, dict) else [("look", None)]:
            if name in known:
                if not isinstance(value, str) or not COLOUR.match(value):
                    self.wrong(name, 'a colour is written like "#1f5d4c"')
                else:
                    self.found.fields[known[name]] = value
                    self._check_contrast(name, value)
            elif name == "larger_text":
                self._yes_or_no(name, value, "has_larger_text")
            else:
                self.wrong(name, "this has no meaning here; a look has accent, accent_dark and larger_text")

    def _check_contrast(self, name: str, colour: str) -> None:
        paper = "#161a17" if name == "accent_dark" else "#faf6ee"
        if contrast(colour, paper) < 4.5:
            self.wrong(name, f"this colour cannot be read on {paper}: {contrast(colour, paper):.1f} to 1, not 4.5")

    def _terms(self, given: Any) -> None:
        for name, value in given.items() if isinstance(given, dict) else [("terms", None)]:
            if name == "months":
                lengths = value if isinstance(value, list) else []
                if not lengths or not all(isinstance(n, int) and 0 <= n <= LONGEST_TERM_MONTHS for n in lengths):
                    self.wrong(name, f"lengths of a term in months, up to {LONGEST_TERM_MONTHS}; 0 has no planned end")
                else:
                    self.found.fields["term_months"] = value
            elif name == "in_pairs":
                self._yes_or_no(name, value, "works_in_pairs")
            else:
                self.wrong(name, "this has no meaning here; terms have months and in_pairs")

    def _letterhead(self, given: Any) -> None:
        for language, lines in given.items() if isinstance(given, dict) else [("", None)]:
            is_lines = isinstance(lines, list) and 0 < len(lines) <= 4 and all(isinstance(each, str) for each in lines)
            if language not in languages() or not is_lines:
                self.wrong("letterhead", 'each language has up to four lines (letterhead.en = ["...", "..."])')
        self.found.fields["letterhead"] = given

    def _signatories(self, given: Any) -> None:
        rows = given if isinstance(given, list) else [None]
        for place, row in enumerate(rows, start=1):
            is_right = isinstance(row, dict) and row.keys() <= {"name", "title"} and isinstance(row.get("title"), dict)
            if not is_right:
                self.wrong(
                    "signatories", "who signs has a name (which may be empty) and a title in each language", place
                )
        if len(rows) > 3:
            self.wrong("signatories", "a certificate has room for three signatures", 4)
        self.found.fields["signatories"] = [
            {"name": row.get("name", ""), "title": row.get("title", {})} for row in rows if isinstance(row, dict)
        ]

    # ------------------------------------------------------------ pathway and awards

    def _pathway(self, given: Any) -> None:
        bounds = {
            "pass_mark_percent": (1, 100),
            "certifying_tries": (1, 10),
            "practice_pass_percent": (1, 100),
            "long_leave_days": (1, 730),
        }
        self.found.pathway = {"code": "pathway"}
        for name, value in given.items() if isinstance(given, dict) else [("pathway", None)]:
            if name == "code":
                if not isinstance(value, str) or not CODE.match(value) or len(value) > 30:
                    self.wrong("pathway", "its code has small letters, figures and hyphens")
                else:
                    self.found.pathway["code"] = value
            elif name in bounds:
                low, high = bounds[name]
                if not isinstance(value, int) or not low <= value <= high:
                    self.wrong(name, f"this is a number from {low} to {high}")
                else:
                    self.found.pathway[name] = value
            elif name == "milestones":
                self._milestones(value)
            else:
                self.wrong(name, "this has no meaning here")
        if not self.found.milestones:
            self.wrong("pathway", "a pathway asks for something: [[pathway.milestones]] is missing")

    def _milestones(self, given: Any) -> None:
        seen: set[tuple[str, str]] = set()
        for place, row in enumerate(given if isinstance(given, list) else [None], start=1):
            key = "pathway.milestones"
            if not isinstance(row, dict) or row.keys() != {"kind", "module", "day", "gate"}:
                self.wrong(key, "a milestone has kind, module, day and gate", place)
                continue
            what = (row["kind"], row["module"])
            if row["kind"] not in Milestone.Kind.values:
                self.wrong(key, f"{row['kind']} is no kind; there are {', '.join(Milestone.Kind.values)}", place)
            elif not isinstance(row["day"], int) or not 1 <= row["day"] <= 1000:
                self.wrong(key, "day is the day of the term, from 1", place)
            elif what in seen:
                self.wrong(key, f"{row['kind']} of {row['module']} is asked twice", place)
            else:
                seen.add(what)
                self.found.milestones.append(row)

    def _awards(self, given: Any) -> None:
        self.found.awards = configured_awards.read(given, languages(), self.wrong)

    def _working_language(self, given: Any) -> None:
        if given not in languages():
            self.wrong("working_language", f"this installation has {', '.join(languages())}; not {given}")
        else:
            self.found.fields["working_language"] = given

    def _named_copy(self, given: Any) -> None:
        """Her own copy may say what the neutral name does not: she chooses it, for herself."""
        self._words("named_copy_name", given, 120)
        self.found.fields["allows_named_copy"] = True

    def _after_term(self, given: Any) -> None:
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= 120:
            self.wrong("after_term_months", "she keeps her sign-in for 0 to 120 months after her term")
        else:
            self.found.fields["after_term_months"] = given

    def _check_gates(self) -> None:
        gates = {row["gate"] for row in self.found.milestones}
        for place, award in enumerate(self.found.awards, start=1):
            for gate in award.get("gates", []):
                if gate not in gates:
                    self.wrong("awards", f"no milestone has the gate {gate}: nobody could ever earn this", place)
        asked = {gate for award in self.found.awards for gate in award.get("gates", [])}
        for place, row in enumerate(self.found.milestones, start=1):
            if self.found.awards and row["gate"] not in asked:
                self.wrong("pathway.milestones", f"no award asks for the gate {row['gate']}", place)

    def _units(self, given: Any) -> None:
        codes: set[str] = set()
        for place, row in enumerate(given if isinstance(given, list) else [None], start=1):
            known = {"code", "name", "level", "country", "time_zone", "parent"}
            if not isinstance(row, dict) or not {"code", "name", "level"} <= row.keys() <= known:
                self.wrong("units", f"a unit has code, name and level, and of {', '.join(sorted(known))}", place)
                continue
            if row["level"] not in UnitLevel.values:
                self.wrong("units", f"{row['level']} is no level; there are {', '.join(UnitLevel.values)}", place)
            elif row["code"] in codes or len(str(row["code"])) > 12:
                self.wrong("units", f"{row['code']} is not a short code of its own (12 letters at most)", place)
            elif (row["level"] == UnitLevel.ROOT) != ("parent" not in row):
                self.wrong("units", "every unit but the root names its parent", place)
            elif "parent" in row and row["parent"] not in codes:
                self.wrong("units", f"its parent {row['parent']} does not stand before it", place)
            elif row["level"] == UnitLevel.FACILITY and not row.get("country"):
                self.wrong("units", "a place of work has a country", place)
            else:
                codes.add(row["code"])
                if row["level"] == UnitLevel.ROOT:
                    self.found.root_code = row["code"]
                self.found.units.append(Unit(**{"country": "", "time_zone": "Africa/Nairobi", **row}))
        if not self.found.root_code:
            self.wrong("units", 'one unit is the root (level = "root")')


def _check_roles(reading: _Reading, given: Any) -> None:
    for language, names in given.items() if isinstance(given, dict) else [("", None)]:
        if language not in languages() or not isinstance(names, dict):
            reading.wrong("roles", "each language says its own words for roles (roles.en = { supervisor = ... })")
            continue
        for role in names:
            if role not in Role.values:
                reading.wrong("roles", f"{role} is no role; there are {', '.join(Role.values)}")


def _check_what_strangers_see(found: Configuration, text: str) -> None:
    """Names, titles and the host are read by whoever holds the paper or the phone: none of them tells an illness."""
    seen: list[tuple[str, str]] = [
        (name, str(found.fields.get(name, "")))
        for name in ("issuing_name", "issuing_short_name", "public_name", "host_name")
    ]
    seen += [("awards", title) for award in found.awards for title in award["titles"].values()]
    if found.fields.get("entry_is_health_data", True):
        seen += [("letterhead", line) for lines in found.fields.get("letterhead", {}).values() for line in lines]
    for key, words in seen:
        for said in blocked_words_in(words):
            found.problems.error(
                PROGRAMME_FILE, toml_text.line_of(text, key), key, f"a stranger reads “{words}”, and “{said}” tells"
            )
