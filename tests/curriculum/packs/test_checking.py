"""A broken pack is told all of its problems at once, each with its file and its line."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curriculum.packs import files as places
from curriculum.packs import fix, open_files, open_pack
from tests.curriculum.pack import FILES, SWAHILI, write_pack

BASE = {name: text.encode() for name, text in FILES.items()} | {
    "pack.toml": FILES["pack.toml"].replace('["sw"]', "[]").encode()
}


def told(files: dict[str, bytes], *, level: str = "error") -> list[tuple[str, int, str, str]]:
    found = [problem for problem in open_files(files).problems if problem.level == level]
    return [(problem.file, problem.line, problem.key, problem.what) for problem in found]


def with_text(name: str, old: str, new: str) -> dict[str, bytes]:
    assert old in FILES[name]
    return BASE | {name: FILES[name].replace(old, new).encode()}


def test_the_small_pack_is_clean() -> None:
    assert told(BASE) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "what"),
    [
        ("x1/l1.md", "A greeting", "Take 5 ml. A greeting", 15, "a dose (5 ml) never stands in learner content"),
        ("x1/l1.md", "{bf_duration}", "{no_fact}", 6, "unknown fact {no_fact}"),
        ("x1/l1.md", "First you", "<script>x</script> First you", 7, "html has no place in a lesson"),
        ("x1/l1.md", "First you", "[A link](https://example.org) First you", 7, "a link has no place in a lesson"),
        ("x1/l1.md", "- You sit.", "- You sit.\n\n# No", 12, "a heading has no place in a lesson"),
        ("x1/l1.md", "A greeting", "<script>x</script> A greeting", 15, "html (<script>) has no place here"),
        ("x1/l1.md", "{#km}", "{#tx}", 15, "this id stands twice; also on line 6"),
        ("x1/l1.md", "{#km}", "", 15, "an id is missing; --fix gives one"),
        ("x1/l1.md", "{#km}", "{#K-m}", 15, "an id is at most 12 of a-z, 0-9, _, a letter first"),
        ("x1/l1.md", "{#km}", "{#km loud}", 15, "loud has no meaning in ::: key_message"),
        ("x1/l1.md", "::: key-message", "::: shout", 15, "there is no ::: shout; there are: text, key-message"),
        ("x1/l1.md", "entry=greeting", "entry=farewell", 29, "no glossary.toml explains the word farewell"),
        ("x1/l1.md", "pictures/gate", "pictures/door", 23, "there is no file x1/pictures/door.svg"),
        ("x1/l1.md", "minutes = 4", 'minutes = "4"', 3, "minutes is a whole number"),
        ("x1/l1.md", "minutes = 4", "minutes = = 4", 3, "cannot be read between +++ and +++: "),
        ("x1/l1.md", "minutes = 4", "", 1, "minutes is missing"),
        ("x1/l1.md", "door.\n:::", "door.", 15, "::: key_message is not closed before line 18"),
        ("x1/l1.md", "\n::: key-message", "\nloose words\n\n::: key-message", 15, "these words stand outside of any"),
        ("x1/l1.md", "First you", "First \x07you", 7, "a sign that cannot be seen stands here (U+0007)"),
        ("x1/l2.md", "- [x] I wait", "- [ ] I wait", 6, "no option is right; a right one begins with - [x]"),
        ("x1/l2.md", "  > Yes. Silence is work.\n", "", 9, "nothing is said to her when she taps it"),
        ("x1/l2.md", "{#r2}", "{#r1}", 19, "this id stands twice; also on line 18"),
        ("x1/l2.md", "{#r2}", "", 19, "an id is missing; --fix gives one"),
        ("x1/module.md", "{#s1 safety}", "{#s1}", 0, "no step is marked safety, as in {#s1 safety}"),
        (
            "x1/module.md",
            'cover_title = "',
            'cover_title = "HIV and pregnancy: ',
            2,
            "strangers see this title: say it without hiv",
        ),
        ("x1/module.md", '"practice"', '"theory"', 3, "there is no strand theory in pack.toml"),
        ("x1/module.md", '"X1"', '"X2"', 2, "the folder of X2 bears its code: x2"),
        ("x1/questions.gift", "lesson l1", "lesson l9", 2, "no lesson l9"),
        ("x1/questions.gift", "X1-Q1", "M4-Q1", 2, "the code of a question begins with X1-"),
        ("facts.toml", 'fact = "bf_duration"', 'fact = "bf"', 9, "there is no such fact under [facts]"),
        ("facts.toml", '"sourced"', '"sure"', 9, "mark is one of sourced, recalled, unsure"),
        ("pack.toml", 'title.sw = "Mama na mtoto"', "title = 3", 11, "cannot be read: "),
    ],
)
def test_a_problem_is_told_with_its_place(name: str, old: str, new: str, line: int, what: str) -> None:
    found = told(with_text(name, old, new))

    assert (name, line) in [(file, at) for file, at, _key, _what in found]
    assert [said for file, at, _key, said in found if (file, at) == (name, line) and said.startswith(what)], found


DAMAGE = st.sampled_from(
    [
        b"",
        b"\xff",
        b"\x00",
        b"{#",
        b"}",
        b":::",
        b"\n:::\n",
        b"+++",
        b'"',
        b"= 3",
        b"[",
        b"]]",
        b"\n- [ ]",
        b"\r",
        b"# ",
        b"\\",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BASE)), st.integers(0, 700), st.integers(0, 40), DAMAGE)
def test_no_damage_stops_the_check(name: str, place: int, length: int, damage: bytes) -> None:
    data = BASE[name]
    place %= len(data)

    opened = open_files(BASE | {name: data[:place] + damage + data[place + length :]})

    assert all(problem.what for problem in opened.problems)


def test_everything_is_told_at_once() -> None:
    broken = with_text("x1/l1.md", "{bf_duration}", "{no_fact}") | {
        "x1/l2.md": FILES["x1/l2.md"].encode() + b"\xff",
        "x1/pictures/gate.svg": b"no picture",
        "y9/l1.md": FILES["x1/l1.md"].encode(),
    }

    found = {(file, line) for file, line, _key, _what in told(broken)}

    assert found >= {("x1/l1.md", 6), ("x1/l2.md", 25), ("x1/pictures/gate.svg", 0), ("y9/module.md", 0)}


def test_an_average_sentence_over_twelve_words_is_an_error_and_so_is_a_full_screen() -> None:
    long = " ".join(["word"] * 600)

    found = told(with_text("x1/l1.md", "She waits.\n", f"{long}\n"))

    assert found[0] == ("x1/l1.md", 23, "l1.pc.caption", "600 words; a screen holds 120")
    assert found[1][:3] == ("x1/module.md", 0, "")
    assert found[1][3].endswith("words a sentence on average; at most 12")


def test_hard_english_is_a_warning_and_plain_english_is_none() -> None:
    hard = "Exclusive breastfeeding necessitates uninterrupted antiretroviral administration. " * 15

    found = told(with_text("x1/l1.md", "She waits.\n", f"{hard}\n"), level="warning")

    assert [(file, what[:13]) for file, _line, _key, what in found if what.startswith("reading")] == [
        ("x1/l1.md", "reading grade")
    ]
    plain = "She sits with you. You give her time. She tells you what she can. Then you plan. " * 6
    found = told(with_text("x1/l1.md", "She waits.\n", f"{plain}\n"), level="warning")
    assert [what for _file, _line, _key, what in found if what.startswith("reading")] == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "<script> has no place in a drawing"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g onclick="x()"/></svg>', "onclick has no place in a drawing"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:x()"/></svg>', "the drawing fetches something"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g style="fill:url(http://a/b)"/></svg>', "the drawing fetches"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>Mama</text></svg>', "words stand inside the drawing"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "this is not a drawing"),
        (b"<html></html>", "this is not a drawing: it does not begin with <svg>"),
        (b"", "this is not a drawing"),
    ],
)
def test_a_drawing_holds_a_drawing_and_no_more(data: bytes, what: str) -> None:
    [found] = told(BASE | {"x1/pictures/gate.svg": data})

    assert found[3].startswith(what)


def test_a_photograph_is_what_its_name_says() -> None:
    kept = io.BytesIO()
    Image.new("RGB", (3, 3)).save(kept, "PNG")

    assert told(BASE | {"x1/pictures/a.png": kept.getvalue()}) == []
    assert [what for *_place, what in told(BASE | {"x1/pictures/a.jpg": kept.getvalue()})] == [
        "this picture is of the kind PNG, and its name says otherwise"
    ]
    assert [what for *_place, what in told(BASE | {"x1/pictures/a.png": b"GIF89a"})] == ["this is not a picture"]
    assert [what for *_place, what in told(BASE | {"x1/pictures/a.exe": b"MZ"})] == [
        "a picture is a file of the kind svg, png, jpg or webp"
    ]


def test_the_same_code_and_word_in_two_modules_are_told() -> None:
    second = {
        name.replace("x1/", "x2/"): data
        for name, data in BASE.items()
        if name.startswith("x1/") and not name.endswith(".gift")
    }
    second["x2/glossary.toml"] = second["x2/glossary.toml"].replace(b"The first words", b"Any words")

    found = [(file, what) for file, _line, _key, what in told(BASE | second)]

    assert ("x2/module.md", "X1 is also the code of x1") in found
    assert ("x2/glossary.toml", "x1/glossary.toml explains this word in other words") in found


# ---------------------------------------------------------------- what a country has of its own


def with_variant(text: str) -> dict[str, bytes]:
    return BASE | {"countries/ke/x1/l1.md": text.encode()}


def test_a_country_replaces_a_block_and_adds_one() -> None:
    opened = open_files(
        with_variant(
            '::: story {#st replaces title="Atieno at the gate"}\nAtieno waits.\n:::\n\n'
            "::: key-message {#n3aa after=km}\nPole pole.\n:::\n"
        )
    )

    assert opened.errors == []
    [variant] = opened.pack.variants
    assert [(block.place, block.of, block.kind) for block in variant.lessons[0].blocks] == [
        ("replaces", "st", "story"),
        ("after", "km", "key_message"),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("::: key-message {#zz}\nA.\n:::\n", "a country's block replaces another"),
        ("::: key-message {#zz replaces}\nA.\n:::\n", "the shared lesson has no block zz"),
        ("::: key-message {#zz after=yy}\nA.\n:::\n", "the shared lesson has no block yy"),
        ("::: key-message {#km after=st}\nA.\n:::\n", "this id is one of the shared lesson's"),
    ],
)
def test_a_countrys_block_must_have_its_place(text: str, what: str) -> None:
    found = told(with_variant(text))

    said = next(said for file, _line, _key, said in found if file == "countries/ke/x1/l1.md")
    assert said.startswith(what)


def test_a_country_learns_that_the_shared_block_has_changed(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, swahili={})
    local = folder / "countries" / "ke" / "x1" / "l1.md"
    local.parent.mkdir(parents=True)
    local.write_text("::: key-message {#km replaces}\nPole pole.\n:::\n")
    fix(folder)
    assert "{#km replaces=" in local.read_text()
    assert [problem.what for problem in open_pack(folder).problems if problem.file.startswith("countries")] == []

    shared = folder / "x1" / "l1.md"
    shared.write_text(shared.read_text().replace("A greeting opens", "A smile opens"))

    [found] = [problem for problem in open_pack(folder).problems if problem.file.startswith("countries")]
    assert (found.level, found.line, found.key) == ("warning", 1, "l1.km")
    assert found.what.startswith("the shared block has changed since")


# ---------------------------------------------------------------- fix


def test_fix_gives_ids_that_stay_and_writes_in_canonical_form(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    lesson = folder / "x1" / "l1.md"
    lesson.write_text(
        '+++\nminutes = 4\ntitle="Greeting"\n+++\n\n::: key-message\nA greeting\nopens the door.\n:::\n'
        "\nLoose *words*.\n\n::: try-it\nWhat now?\n\n- [X] Wait.\n  > Yes.\n- [ ] Talk\n  more.\n\n  > No.\n:::\n"
    )

    changed = fix(folder)

    first = lesson.read_text()
    message, text, question = (block.id for block in open_pack(folder).pack.modules[0].lessons[0].blocks)
    assert changed == ["x1/l1.md", "x1/po/sw.po"]
    assert first == (
        '+++\ntitle = "Greeting"\nminutes = 4\n+++\n\n'
        f"::: key-message {{#{message}}}\nA greeting opens the door.\n:::\n\n"
        f"::: text {{#{text}}}\nLoose *words*.\n:::\n\n"
        f"::: try-it {{#{question}}}\nWhat now?\n\n"
        "- [x] Wait. {#a}\n  > Yes.\n- [ ] Talk more. {#b}\n  > No.\n:::\n"
    )
    assert fix(folder) == []
    lesson.write_text(first.replace("A greeting opens", "A smile opens"))
    fix(folder)
    assert lesson.read_text() == first.replace("A greeting opens", "A smile opens")


def test_fix_leaves_alone_what_it_does_not_understand(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    lesson, po = folder / "x1" / "l1.md", folder / "x1" / "po" / "sw.po"
    lesson.write_text(lesson.read_text().replace("::: story", "::: stry"))
    before = lesson.read_text(), po.read_text()

    assert fix(folder) == []
    assert (lesson.read_text(), po.read_text()) == before


def test_one_module_is_told_alone_and_knows_the_words_of_the_others(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, swahili={})
    second = folder / "x2"
    second.mkdir()
    for name in ("module.md", "l2.md"):
        (second / name).write_text(FILES[f"x1/{name}"].replace('"X1"', '"X2"').replace("- [x]", "- [ ]"))
    with (second / "l2.md").open("a") as lesson:
        lesson.write("\n::: word {#wd entry=greeting}\n:::\n")

    assert open_pack(folder / "x1").errors == []
    opened = open_pack(second)
    assert [module.code for module in opened.pack.modules] == ["X2"]
    assert [(problem.file, problem.what[:18]) for problem in opened.errors] == [("x2/l2.md", "no option is right")]
    (folder / "x1" / "l1.md").write_text(FILES["x1/l1.md"].replace("{#km}", ""))
    assert fix(second) == []


def test_fix_of_a_clean_pack_changes_nothing(tmp_path: Path) -> None:
    assert fix(write_pack(tmp_path)) == []


def test_a_large_file_is_told_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_pack(tmp_path)
    monkeypatch.setattr(places, "MOST_BYTES_A_FILE", 2_000_000)
    with (folder / "x1" / "pictures" / "big.png").open("wb") as file:
        file.truncate(2_000_001)

    assert [(problem.file, problem.what) for problem in open_pack(folder).errors] == [
        ("x1/pictures/big.png", "the file is larger than 2 MB")
    ]


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    secret = tmp_path / "secret.svg"
    secret.write_text(FILES["x1/pictures/gate.svg"])
    (folder / "x1" / "pictures" / "other.svg").symlink_to(secret)

    assert [(problem.file, problem.what[:14]) for problem in open_pack(folder).errors] == [
        ("x1/pictures/other.svg", "this is a link")
    ]


def test_a_missing_translation_is_an_error_where_the_language_is_promised(tmp_path: Path) -> None:
    without = {key: text for key, text in SWAHILI.items() if key != "l1.km.text"}
    folder = write_pack(tmp_path, swahili=without)

    [found] = open_pack(folder).errors
    assert (found.file, found.key, found.what) == ("x1/po/sw.po", "l1.km.text", "not translated")
    assert (folder / "x1/po/sw.po").read_text().split("\n")[found.line - 1].startswith(('msgctxt "l1.km', "#. "))

    pack = folder / "pack.toml"
    pack.write_text(pack.read_text().replace('["sw"]', "[]"))
    assert open_pack(folder).errors == []
    assert [problem.what for problem in open_pack(folder).warnings if problem.key] == ["not translated"]


def test_a_word_that_two_modules_translate_differently_is_told(tmp_path: Path) -> None:
    first = write_pack(tmp_path) / "x1"
    shutil.copytree(first, first.parent / "x2")
    file = first.parent / "x2" / "po" / "sw.po"
    words = polib.pofile(str(file))
    next(each for each in words if each.msgctxt.startswith("glossary.")).msgstr = "Kitu kingine"
    words.save()

    found = [(problem.file, problem.what) for problem in open_pack(first.parent).errors]

    assert ("x2/po/sw.po", "x1/po/sw.po says this word in other words") in found
