"""A curriculum as text: read a pack folder, name every string in it, and find what is wrong.

A pack is a folder of modules. Each module is a folder with ``module.toml`` (the source, in
English) and one file per translation (``sw.toml``: one string per key). Every lesson, block,
question and option carries a short stable id, so that a translation is bound to the thing it
translates and not to its position.

This file reads text and judges text; it knows nothing of the database (see ``actions.py``).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum.listening import in_packs

BLOCK_STRINGS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "key_message": ("text",),
    "story": ("title", "text"),
    "picture": ("alt", "caption"),
    "audio": ("transcript",),
    "try_it": ("question",),
    "role_play": ("situation",),
    "checklist": ("title",),
    "word": (),
}
"""The strings of each type of block, in the order in which a reader meets them."""

MARKDOWN_STRINGS = {"text.text", "story.text", "role_play.situation"}
"""``type.field`` pairs that hold Markdown (paragraphs, ``- `` lists, bold); all others are plain."""

QUESTION_KINDS = {"single", "multiple", "true_false"}
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mg|ml|mL|milligrams?|millilitres?|mililita|miligramu)\b")
WORDS_PER_SENTENCE = 12  # curriculum blueprint, ground rule 2: plain words, short sentences
WORDS_PER_SCREEN = 120  # curriculum blueprint, section 7
ID = re.compile(r"^[a-z][a-z0-9_]{1,11}$")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a pack, with the file and the key where it stands."""

    file: Path
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}"


def load_source(folder: Path) -> dict[str, Any]:
    """Return ``module.toml`` of a module's folder. Raises ``tomllib.TOMLDecodeError``."""
    return tomllib.loads((folder / "module.toml").read_text(encoding="utf-8"))


def load_translation(folder: Path, language: str) -> dict[str, str]:
    """Return ``{key: text}`` of one translation; empty when the module has none in ``language``."""
    path = folder / f"{language}.toml"
    if not path.exists():
        return {}
    return {key: text.strip() for key, text in tomllib.loads(path.read_text(encoding="utf-8"))["strings"].items()}


def module_folders(folder: Path) -> list[Path]:
    """The folders of a pack's modules in a fixed order; ``folder`` itself when it is one."""
    if (folder / "module.toml").exists():
        return [folder]
    return sorted(file.parent for file in folder.glob("*/module.toml"))


def languages(folder: Path) -> list[str]:
    """The languages into which one module's folder is translated."""
    return sorted(file.stem for file in folder.glob("*.toml") if file.stem != "module")


def load_glossary(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return ``{key: {language: {"word", "meaning"}}}`` of a module's folder; empty when it explains no word."""
    path = folder / "words" / "glossary.toml"
    if not path.exists():
        return {}
    words: dict[str, dict[str, dict[str, str]]] = {}
    for key, fields in tomllib.loads(path.read_text(encoding="utf-8")).items():
        words[key] = {}
        for name, text in fields.items():
            language, _underscore, field = name.partition("_")
            words[key].setdefault(language, {})[field] = text
    return words


def load_shared(folder: Path, name: str) -> dict[str, Any]:
    """Return ``facts.toml`` or ``strands.toml``, which stand beside the modules; empty when there is none.

    ``folder`` is the pack's or that of one of its modules.
    """
    for place in (folder, folder.parent):
        if (path := place / f"{name}.toml").exists():
            return tomllib.loads(path.read_text(encoding="utf-8"))
    return {}


def strings(module: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield ``(key, text, is_markdown)`` for every string a learner can read, in reading order."""
    yield "title", module["title"], False
    yield "cover_title", module["cover_title"], False
    for objective in module["objectives"]:
        yield f"objective.{objective['id']}", objective["text"], False
    for lesson in module["lessons"]:
        yield f"{lesson['id']}.title", lesson["title"], False
        for block in lesson["blocks"]:
            stem = f"{lesson['id']}.{block['id']}"
            for field in BLOCK_STRINGS[block["type"]]:
                if block.get(field):
                    yield f"{stem}.{field}", block[field].strip(), f"{block['type']}.{field}" in MARKDOWN_STRINGS
            for option in block.get("options", []):
                yield f"{stem}.{option['id']}.text", option["text"], False
                yield f"{stem}.{option['id']}.feedback", option["feedback"], False
            for item in block.get("items", []):
                yield f"{stem}.{item['id']}", item["text"], False
    for step in module["practice"]["steps"]:
        yield f"practice.{step['id']}", step["text"], False
    for question in module["questions"]:
        yield f"{question['id']}.stem", question["stem"], False
        yield f"{question['id']}.why", question["why"], False
        for option in question["options"]:
            yield f"{question['id']}.{option['id']}.text", option["text"], False
            yield f"{question['id']}.{option['id']}.feedback", option["feedback"], False


def paragraphs(text: str) -> list[str]:
    """Split Markdown into the pieces a translator works on: paragraphs and list items."""
    pieces: list[str] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.strip().splitlines()
        if all(line.lstrip().startswith("- ") for line in lines):
            pieces += [line.lstrip()[2:].strip() for line in lines]
        else:
            pieces.append(" ".join(line.strip() for line in lines))
    return pieces


def words_per_sentence(text: str) -> float:
    """Average number of words in the sentences of ``text``."""
    sentences = [s for p in paragraphs(text) for s in re.split(r"(?<=[.!?:;])[\"”’)]*\s+", p) if s.strip()]
    return sum(len(s.split()) for s in sentences) / max(len(sentences), 1)


def check(folder: Path, placeholders: set[str] | None = None) -> list[Problem]:
    """Return every problem of one module's folder, all at once; an empty list means clean."""
    source_file = folder / "module.toml"
    try:
        module = load_source(folder)
        source = {key: (text, markdown) for key, text, markdown in strings(module)}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        return [Problem(source_file, "-", f"cannot be read: {error!r}")]
    problems = list(_check_structure(source_file, module))
    problems += _check_prose(source_file, {key: text for key, (text, _) in source.items()}, placeholders)
    for path in sorted(folder.glob("*.toml")):
        if path != source_file:
            problems += _check_translation(path, source, placeholders)
    problems += [Problem(*found) for found in in_packs.problems(folder)]
    return problems


def _check_structure(file: Path, module: dict[str, Any]) -> Iterator[Problem]:
    keys = [key for key, _, _ in strings(module)]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(file, key, "this id stands twice")
    lessons = {lesson["id"] for lesson in module["lessons"]}
    for lesson in module["lessons"]:
        if not lesson.get("minutes"):
            yield Problem(file, lesson["id"], "minutes are missing")
        for block in lesson["blocks"]:
            if not ID.match(block["id"]):
                yield Problem(file, f"{lesson['id']}.{block['id']}", "an id is 2 to 12 of a-z, 0-9, _")
            if block["type"] == "try_it" and not any(o.get("right") for o in block["options"]):
                yield Problem(file, f"{lesson['id']}.{block['id']}", "no option is right")
    if not any(step.get("safety") for step in module["practice"]["steps"]):
        yield Problem(file, "practice", "no step is marked safety")
    for question in module["questions"]:
        right = sum(bool(option.get("right")) for option in question["options"])
        if question["kind"] not in QUESTION_KINDS:
            yield Problem(file, question["id"], f"kind is one of {sorted(QUESTION_KINDS)}")
        if right == 0 or (question["kind"] != "multiple" and right != 1):
            yield Problem(file, question["id"], f"{right} right options for a {question['kind']} question")
        if question["kind"] == "true_false" and len(question["options"]) != 2:
            yield Problem(file, question["id"], "a true_false question has two options")
        if question["use"] not in {"certifying", "practice"}:
            yield Problem(file, question["id"], "use is certifying or practice")
        if question["lesson"] not in lessons:
            yield Problem(file, question["id"], f"no lesson {question['lesson']}")


def _check_prose(file: Path, texts: dict[str, str], placeholders: set[str] | None) -> Iterator[Problem]:
    for key, text in texts.items():
        if match := DOSE.search(text):
            yield Problem(file, key, f"a dose ({match.group()}) never stands in learner content")
        for name in PLACEHOLDER.findall(text):
            if placeholders is not None and name[1:-1] not in placeholders:
                yield Problem(file, key, f"unknown fact {name}")
        if len(text.split()) > WORDS_PER_SCREEN:
            yield Problem(file, key, f"{len(text.split())} words; a screen holds {WORDS_PER_SCREEN}")
    prose = "\n\n".join(texts.values())
    if (average := words_per_sentence(prose)) > WORDS_PER_SENTENCE:
        yield Problem(file, "-", f"{average:.1f} words a sentence on average; at most {WORDS_PER_SENTENCE}")


def _check_translation(
    file: Path, source: dict[str, tuple[str, bool]], placeholders: set[str] | None
) -> Iterator[Problem]:
    try:
        texts = load_translation(file.parent, file.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError) as error:
        yield Problem(file, "-", f"cannot be read: {error!r}")
        return
    for key in source.keys() - texts.keys():
        yield Problem(file, key, "not translated")
    for key in texts.keys() - source.keys():
        yield Problem(file, key, "there is no such string in the source")
    for key in source.keys() & texts.keys():
        english, is_markdown = source[key]
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(texts[key])):
            yield Problem(file, key, "the {placeholders} differ from the source")
        if is_markdown and len(paragraphs(english)) != len(paragraphs(texts[key])):
            yield Problem(
                file, key, f"{len(paragraphs(texts[key]))} paragraphs; the source has {len(paragraphs(english))}"
            )
    yield from _check_prose(file, texts, placeholders)


if __name__ == "__main__":
    found = [problem for folder in sys.argv[1:] for problem in check(Path(folder))]
    sys.stdout.write(("\n".join(map(str, found)) or "clean") + "\n")
    sys.exit(bool(found))
