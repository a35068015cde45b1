"""Packs made by chance: everything that a pack can say, in words that look like the signs around them."""

from __future__ import annotations

from hypothesis import strategies as st

from curriculum.packs import ids, lessons, plain, po, prose, strings
from curriculum.packs.model import (
    FIELDS,
    Block,
    Entry,
    Item,
    Lesson,
    Module,
    Pack,
    Reviewed,
    Strand,
    Translation,
    Word,
)

PIECES = [
    *"aäŵḓṅ Ω中🌿{}[]()<>*_`#\\!&;:.,?'\"=~-+|@^$%/0123456789",
    "**", "* ", "- ", "- [ ] ", "- [x] ", ":::", "::: text", "{#k7f2}", "> ", "1. ", "12) ", "![a](b)", "[a](b)", "](",
    "&amp;", "&#65;", "<b>", "</b>", "<!--", "{bf_duration}", "+++", "\\", "___", "```", "~~~", "===", "    ", " ",
    "\n",
    "\n\n", "\n- ", "\n  - ", "\n1. ", "\n> ", "\u00a0", "mama", "HIV", "Wanjikũ",
]  # fmt: skip
anything = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
words = anything.map(plain.tidy)
line = anything.map(plain.one_line)
some_words = words.filter(bool)
some_line = line.filter(bool)
markdown = anything.map(prose.canonical)
some_markdown = markdown.filter(lambda text: bool(text) and not list(prose.refusals(text)))
names = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
LANGUAGES = ("sw", "fr", "pt")


def unique(name: st.SearchStrategy[str], *, most: int, least: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(name, min_size=least, max_size=most, unique=True)


@st.composite
def items(draw: st.DrawFn, *, answers: bool = False, safety: bool = False, most: int = 3) -> list[Item]:
    return [
        Item(
            name,
            # What stands at the end of a line in {#...} is its id: words that have none may not look so.
            draw(some_line),
            is_right=draw(st.booleans()) if answers else False,
            feedback=draw(words) if answers else "",
            is_safety=draw(st.booleans()) if safety else False,
        )
        for name in draw(unique(names, most=most))
    ]


@st.composite
def blocks(draw: st.DrawFn, name: str) -> Block:
    kind = draw(st.sampled_from(sorted(FIELDS)))
    block = Block(name, kind)
    for field in FIELDS[kind]:
        if block.is_markdown(field):
            block.words[field] = draw(some_markdown)
        elif field in ("title", "alt"):
            block.words[field] = draw(some_line)
        elif field == "caption":
            block.words[field] = draw(words)
        else:
            block.words[field] = draw(some_words)
    if kind in ("try_it", "role_play", "checklist"):
        block.items = draw(items(answers=kind == "try_it"))
    if kind == "picture":
        block.target = "pictures/gate.svg"
    elif kind == "audio":
        block.target = "sound/gate.opus"
    elif kind == "word":
        block.target = "greeting"
    return block


@st.composite
def translations(draw: st.DrawFn, module: Module, language: str) -> Translation:
    """Of some strings nothing, of some an older text, of some one that a person has read."""
    found = Translation(language)
    for string in strings(module):
        text = draw(st.one_of(st.just(""), some_markdown if string.is_markdown else some_words))
        older = draw(st.one_of(st.none(), some_markdown if string.is_markdown else some_words)) if text else None
        made_from = string.text if older is None else older
        is_outdated = made_from != string.text
        reviewed = None
        if text and not is_outdated and draw(st.booleans()):
            reviewed = Reviewed("Amina wa Juma", "2026-03-04", po.mark(made_from, text))
        found.entries[string.key] = Entry(string.key, made_from, text, reviewed, "", is_outdated)
    return found


@st.composite
def modules(draw: st.DrawFn, folder: str) -> Module:
    module = Module(
        folder,
        folder.upper(),
        "practice",
        draw(some_line),
        draw(some_line),
        draw(st.integers(1, 40)),
        draw(items()),
        draw(items(safety=True)),
    )
    for lesson in draw(unique(st.sampled_from(["l1", "l2", "l10"]), most=2)):
        found = Lesson(lesson, draw(some_line), draw(st.integers(1, 30)), draw(st.lists(some_line, max_size=2)))
        found.blocks = [draw(blocks(name)) for name in draw(unique(names, most=3))]
        module.lessons.append(found)
    module.words = [Word("greeting", draw(some_line), draw(some_line))]
    module.others = {"pictures/gate.svg": b"<svg/>", "sound/gate.opus": b"OggS\x00\xff"}
    for language in draw(st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True)):
        module.translations[language] = draw(translations(module, language))
    return module


@st.composite
def variants(draw: st.DrawFn, module: Module) -> Module:
    """What a country has of its own: some blocks replaced, some added."""
    country = draw(st.sampled_from(["ke", "za"]))
    variant = Module(f"countries/{country}/{module.folder}", country=country.upper())
    for lesson in module.lessons:
        own = Lesson(lesson.id)
        taken = {block.id for block in lesson.blocks}
        for shared in lesson.blocks:
            if draw(st.booleans()):
                mine = draw(blocks(shared.id))
                mine.place, mine.of, mine.seen = "replaces", shared.id, ids.mark_of(lessons.said_by(shared))
                own.blocks.append(mine)
            elif draw(st.booleans()):
                name = draw(names.filter(lambda each, taken=taken: each not in taken))  # type: ignore[misc]
                taken.add(name)
                mine = draw(blocks(name))
                mine.place, mine.of = "after", shared.id
                own.blocks.append(mine)
        if own.blocks:
            variant.lessons.append(own)
    variant.lessons.sort(key=lambda lesson: lessons.order_of(lesson.id))
    if variant.lessons and draw(st.booleans()):
        variant.translations["sw"] = draw(translations(variant, "sw"))
    return variant


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    pack = Pack("small", draw(some_line), "en", draw(st.sampled_from([[], ["sw"], ["sw", "fr"]])))
    titles = st.fixed_dictionaries({"en": some_line}, optional={"sw": some_line, "fr": some_line})
    pack.library = draw(titles)
    pack.strands = [Strand("practice", draw(titles))]
    for folder in draw(unique(st.sampled_from(["m4", "p2", "m10"]), most=2)):
        module = draw(modules(folder))
        pack.modules.append(module)
        variant = draw(variants(module))
        if variant.lessons:
            pack.variants.append(variant)
    return pack
