"""The interface's text in its languages: taken from the code, kept in ``locale/``, compiled (``script/messages``).

Babel does the work. It does not know Django's template tags, so Django's own ``templatize``, with which
``makemessages`` reads templates, turns them into calls that Babel's Python reader understands.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import languages

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
SOURCE = "en"
LANGUAGES = tuple(code for code, _name in [*languages.COMPLETE, *languages.BEGINNING])
BEGINNING = tuple(code for code, _name in languages.BEGINNING)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOTE = ["Translators:"]
# Header lines that would change with every run, or say nothing here.
UNSAID = tuple(
    f'"{name}: '
    for name in (
        *("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Generated-By"),
        *("Language-Team", "Report-Msgid-Bugs-To"),
    )
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w+)\}")


def extract_template(fileobj: Any, keywords: Any, comment_tags: Any, options: dict[str, Any]) -> Iterator[Any]:
    """Babel extraction method for Django templates."""
    from django.conf import settings  # noqa: PLC0415 -- only here is anything of Django needed
    from django.utils.translation.template import templatize  # noqa: PLC0415 -- the same

    if not settings.configured:
        settings.configure(USE_I18N=True)
    source = fileobj.read().decode("utf-8")
    # ``templatize`` drops a translators' note, or the string after it, when both are on one line.
    source = re.sub(r"({#\s*Translators.*?#}|{%\s*endcomment\s*%})(?=.*\S)", r"\1\n", source)
    # Inside brackets Python asks for no indentation.
    code = f"({templatize(source)}\n)"
    readable: Any = options | {"encoding": "utf-8"}
    yield from extract_python(io.BytesIO(code.encode()), keywords, comment_tags, readable)


def extracted() -> Catalog:
    """Every string that the code and the templates hold now."""
    catalog = Catalog(project="Thuto", version="1", charset="utf-8", fuzzy=False)
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=NOTE,
        strip_comment_tags=True,
        directory_filter=lambda folder: (
            Path(folder).name not in {"tests", "var", "migrations", "bench", "script"}
            and not Path(folder).name.startswith(".")
        ),
    )
    # Sorted by place, and without line numbers: a catalog changes only when a string does.
    for filename, _line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        place: Any = (filename, None)
        catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def kept(language: str) -> Catalog:
    """The catalog as it stands in ``locale/``; an empty one when there is none yet."""
    if not path_of(language).exists():
        return Catalog(locale=language, project="Thuto", version="1", charset="utf-8", fuzzy=False)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def _forms(text: Any) -> list[str]:
    """One form, or one for each number."""
    return [text] if isinstance(text, str) else list(text or [""])


def is_missing(message: Message) -> bool:
    """Not translated yet, or only guessed from a similar string."""
    return message.fuzzy or not all(_forms(message.string))


def placeholders(text: str) -> set[str]:
    return {match[0] or match[1] for match in PLACEHOLDER.findall(text)}


def wrong_placeholders(message: Message) -> list[str]:
    """Translations that drop a value or name one that is not there.

    A form for one number may leave the number out: "one lesson" needs no figure.
    """
    if is_missing(message):
        return []
    known = set.union(*(placeholders(text) for text in _forms(message.id)))
    needed = (
        known if not message.pluralizable else set.intersection(*(placeholders(text) for text in _forms(message.id)))
    )
    return [text for text in _forms(message.string) if not needed <= placeholders(text) <= known]


def stale(language: str) -> list[str]:
    """Strings that the catalog of ``language`` lacks or holds in vain; one that is beginning may lack any."""
    now = {(message.context, str(message.id)) for message in extracted() if message.id}
    before = {(message.context, str(message.id)) for message in kept(language) if message.id}
    different = before - now if language in BEGINNING else now ^ before
    return sorted(
        f"{text} ({'not in the catalog' if (context, text) in now else 'no longer used'})"
        for context, text in different
    )


def update() -> None:
    """Bring every catalog up to date with the code; translations that are there stay."""
    template = extracted()
    for language in LANGUAGES:
        catalog = kept(language)
        before = {(m.context, str(m.id)): m.string for m in catalog if m.id}
        # A guess that nobody has read is worse than English: no fuzzy matching.
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
        if language in BEGINNING:
            _keep_what_is_said(catalog)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.header_comment = f"# Thuto, the interface in {catalog.locale.english_name}.\n"
        after = {(m.context, str(m.id)): m.string for m in catalog if m.id}
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        new = io.BytesIO()
        write_po(new, catalog, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=False)
        lines = [line for line in new.getvalue().decode().splitlines(keepends=True) if not line.startswith(UNSAID)]
        path_of(language).write_text("".join(lines), encoding="utf-8")
        rest = "" if language == SOURCE else f", {len(missing(language))} not translated"
        print(f"{language}: {len(after)} strings, {len(after.keys() - before.keys())} new{rest}")


def _keep_what_is_said(catalog: Catalog) -> None:
    """A language that is beginning lists the words it has; ``--missing`` tells the others."""
    for message in [message for message in catalog if message.id and is_missing(message)]:
        catalog.delete(message.id, message.context)


def add_calendar(catalog: Catalog, language: str) -> None:
    """Give the catalog of a language of which Django knows nothing the names of months and days, as CLDR has them.

    They are not in our text: the strings are Django's own, and stand in its catalogs for every language it knows.
    """
    if language not in BEGINNING:
        return
    english, own = Locale.parse("en"), Locale.parse(language)
    for number, month in english.months["format"]["wide"].items():
        said = own.months["format"]["wide"][number]
        short = own.months["format"]["abbreviated"][number]
        catalog.add(month, said)
        catalog.add(month, said, context="alt. month")
        catalog.add(english.months["format"]["abbreviated"][number].lower()[:3], short)
    for number, day in english.days["format"]["wide"].items():
        catalog.add(day, own.days["format"]["wide"][number])
        catalog.add(english.days["format"]["abbreviated"][number], own.days["format"]["abbreviated"][number])


def compile_catalogs() -> None:
    """Make each ``.mo`` that is older than its ``.po``."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], charset="utf-8")
        add_calendar(catalog, source.parts[-3])
        # Two processes may do this at once: nobody may read half a file.
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.replace(target)


def missing(language: str) -> list[Message]:
    """What is not translated into ``language`` yet."""
    said = kept(language)
    if language in BEGINNING:
        said.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    return [message for message in said if message.id and is_missing(message)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/messages", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["update", "compile"], default="update")
    parser.add_argument("--missing", metavar="LANGUAGE", help="print what is not translated yet, as PO entries")
    parser.add_argument("--check", action="store_true", help="only say whether the catalogs are up to date")
    chosen = parser.parse_args()
    if chosen.missing:
        rest = Catalog(locale=chosen.missing, charset="utf-8", fuzzy=False)
        for message in missing(chosen.missing):
            rest[message.id] = message
        write_po(sys.stdout.buffer, rest, width=110, omit_header=True, include_lineno=False)
        return 0
    if chosen.check:
        problems = [f"{language}: {text}" for language in LANGUAGES for text in stale(language)]
        print("\n".join([*problems, "do: script/messages"]) if problems else "The catalogs are up to date.")
        return bool(problems)
    if chosen.what == "update":
        update()
    compile_catalogs()
    return 0


if __name__ == "__main__":
    sys.exit(main())
