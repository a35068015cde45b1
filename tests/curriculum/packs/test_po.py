"""A translation never pretends: what was made from other words, or changed after it was read, says so."""

from __future__ import annotations

from pathlib import Path

import polib
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.packs import fix, open_pack, po
from curriculum.packs.model import Entry, Problems, Reviewed, String, Translation
from tests.curriculum.pack import SWAHILI, write_pack


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def entry_of(folder: Path, key: str) -> polib.POEntry:
    return next(row for row in polib.pofile(str(folder / "x1/po/sw.po")) if row.msgctxt == key)


def state(folder: Path, key: str) -> str:
    [module] = open_pack(folder).pack.modules
    text = module.lessons[0].blocks[1].words["text"]
    return po.state_of(module.translations["sw"].entries.get(key), text)


KEY = "l1.km.text"


def test_a_changed_source_shows_by_itself_and_the_translator_sees_both(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    change(folder / "x1/l1.md", "A greeting opens the door.", "A smile opens the door.")

    assert state(folder, KEY) == "stale"
    assert [(found.level, found.key) for found in open_pack(folder).problems if "stale" in found.what] == [
        ("warning", KEY)
    ]

    fix(folder)
    row = entry_of(folder, KEY)
    assert (row.msgid, row.previous_msgid, row.msgstr, row.fuzzy) == (
        "A smile opens the door.",
        "A greeting opens the door.",
        SWAHILI[KEY],
        True,
    )
    assert state(folder, KEY) == "stale"
    # Once more changes nothing, also not what it was made from.
    assert fix(folder) == []


def test_a_translator_who_takes_the_fuzzy_mark_away_has_translated_it(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    change(folder / "x1/l1.md", "A greeting opens the door.", "A smile opens the door.")
    fix(folder)
    file = polib.pofile(str(folder / "x1/po/sw.po"))
    row = next(row for row in file if row.msgctxt == KEY)
    row.msgstr, row.previous_msgid, row.previous_msgctxt = "Tabasamu inafungua mlango.", None, None
    row.flags.remove("fuzzy")
    file.save()

    assert state(folder, KEY) == "draft"


def test_a_source_that_comes_back_makes_its_translation_current_again(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    before = (folder / "x1/po/sw.po").read_text()
    change(folder / "x1/l1.md", "A greeting opens the door.", "A smile opens the door.")
    fix(folder)
    change(folder / "x1/l1.md", "A smile opens the door.", "A greeting opens the door.")
    fix(folder)

    assert (folder / "x1/po/sw.po").read_text() == before


def test_a_reviewers_yes_is_bound_to_the_words_that_were_read(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    path = folder / "x1/po/sw.po"
    change(path, f'msgctxt "{KEY}"', f'# reviewed by Amina Otieno on 2026-03-04\nmsgctxt "{KEY}"')
    assert state(folder, KEY) == "reviewed"
    fix(folder)
    assert entry_of(folder, KEY).tcomment.startswith("reviewed by Amina Otieno on 2026-03-04 [")

    change(
        path,
        f'msgid "A greeting opens the door."\nmsgstr "{SWAHILI[KEY]}"',
        'msgid "A greeting opens the door."\nmsgstr "Hodi."',
    )

    assert state(folder, KEY) == "draft"
    assert [found.what for found in open_pack(folder).warnings if found.key == KEY] == [
        "changed since it was read: it is a draft again"
    ]
    fix(folder)
    assert entry_of(folder, KEY).tcomment == ""


def test_a_string_that_is_gone_is_kept_for_the_translator(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    change(folder / "x1/l1.md", "::: key-message {#km}\nA greeting opens the door.\n:::\n\n", "")
    assert [(found.key, found.is_fixable) for found in open_pack(folder).errors] == [(KEY, True)]

    fix(folder)

    assert open_pack(folder).errors == []
    assert f'#~ msgstr "{SWAHILI[KEY]}"' in (folder / "x1/po/sw.po").read_text()
    assert fix(folder) == []


def test_what_changes_in_a_translation_is_told(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        swahili=SWAHILI
        | {"l1.tx.text": "Kwanza.\n\nMuda gani: {bf_lenth}", "l1.title": "Salamu 7", "l1.km.text": "Meza 5 ml."},
    )

    found = {(problem.key, problem.level, problem.what) for problem in open_pack(folder).problems}

    assert found >= {
        ("l1.tx.text", "error", "the {placeholders} differ from the source"),
        ("l1.tx.text", "error", "unknown fact {bf_lenth}"),
        ("l1.tx.text", "error", "2 paragraphs; the source has 4"),
        ("l1.title", "warning", "the numbers differ from the source"),
        ("l1.km.text", "error", "a dose (5 ml) never stands in learner content"),
    }


def test_a_file_that_is_no_po_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "x1/po/sw.po").write_text('msgid ""\nmsgstr ""\n\nmsgctxt "title"\nmsgid "Talking\n')

    assert [(found.file, found.line) for found in open_pack(folder).errors] == [("x1/po/sw.po", 5)]


def test_an_entry_twice_and_another_language_inside_are_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    path = folder / "x1/po/sw.po"
    path.write_text(
        path.read_text().replace("Language: sw", "Language: fr") + '\nmsgctxt "title"\nmsgid "a"\nmsgstr "b"\n'
    )

    assert [what.partition(";")[0] for what in (found.what for found in open_pack(folder).errors)] == [
        "the file says that it is in fr",
        "this entry stands twice",
    ]


SOURCES = st.sampled_from(["one", "two", "three"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("source"), SOURCES),
        st.tuples(st.just("translate"), st.sampled_from(["moja", "mbili", "tatu"])),
        st.tuples(st.just("review"), st.just("")),
        st.tuples(st.just("edit"), st.sampled_from(["nne", "tano"])),
        st.tuples(st.just("format"), st.just("")),
        st.tuples(st.just("disk"), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_nothing_reads_as_current_that_was_made_from_other_words(steps: list[tuple[str, str]]) -> None:
    """Any order of changing, translating, reading, formatting and saving."""
    source, made_from, read = "one", None, None
    translation = Translation("sw")
    for what, words in steps:
        strings = [String("k", source)]
        entry = translation.entries.get("k")
        if what == "source":
            source = words
        elif what == "translate":
            translation.entries["k"], made_from = Entry("k", source, words), source
        elif what == "edit" and entry and entry.text:
            entry.text = words
        elif what == "review" and entry and entry.text and made_from == source:
            entry.reviewed, read = Reviewed("A", "2026-03-04", po.mark(source, entry.text)), (source, entry.text)
        elif what == "format":
            translation = po.in_form(translation, strings)
        elif what == "disk":
            text = po.written(po.in_form(translation, strings), strings, "small x1")
            translation = Translation("sw")
            po.read(text, translation, Problems())

        entry = translation.entries.get("k")
        state = po.state_of(entry, source)
        assert (state in ("draft", "reviewed")) == bool(entry and entry.text and made_from == source)
        assert state != "reviewed" or (entry and read == (source, entry.text))
