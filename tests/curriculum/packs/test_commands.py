"""``check_pack`` says what is wrong, counts what is there, and ends with 1 when there is an error."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from curriculum.packs import open_files
from tests.curriculum.pack import FILES, SWAHILI, write_pack

COUNTS = (
    "1 modules, 2 lessons, 8 blocks, 31 strings, 116 words, 1 questions, 1 questions certifying, 1 questions critical, "
    "0 questions practice, 1 facts, 2 values, 0 variants\nsw: 100.0 % (31 draft, 0 reviewed, 0 stale, 0 missing)\n"
)
FEW = [
    "x1/questions.gift: warning: 1 certifying questions; at least 8 is the aim",
    "x1/questions.gift: warning: 0 practice questions; at least 5 is the aim",
]


def test_a_clean_pack_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_pack", str(write_pack(tmp_path)))

    assert capsys.readouterr().out == "\n".join(FEW) + "\n" + COUNTS + "0 errors, 2 warnings.\n"


def test_an_error_ends_with_one_and_says_what_fix_mends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path)
    lesson = folder / "x1" / "l1.md"
    lesson.write_text(lesson.read_text().replace("::: key-message {#km}", "::: key-message"))

    with pytest.raises(SystemExit) as ending:
        call_command("check_pack", str(folder))

    said = capsys.readouterr().out
    assert ending.value.code == 1
    assert "x1/l1.md:15: l1: an id is missing; --fix gives one\n" in said
    assert "--fix mends" in said


def test_fix_names_what_it_wrote_and_then_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path)
    lesson = folder / "x1" / "l1.md"
    lesson.write_text(lesson.read_text().replace("She sits.", "She  sits. "))

    call_command("check_pack", str(folder), fix=True)

    assert capsys.readouterr().out.startswith("written: x1/l1.md\n")
    assert lesson.read_text() == FILES["x1/l1.md"]


def test_json_holds_counts_and_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path, swahili={key: text for key, text in SWAHILI.items() if key != "l1.km.text"})

    with pytest.raises(SystemExit):
        call_command("check_pack", str(folder), json=True)

    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["languages"]["sw"] == {"missing": 1, "stale": 0, "draft": 30, "reviewed": 0, "percent": 96.8}
    assert [problem["key"] for problem in said["problems"] if problem["level"] == "error"] == ["l1.km.text"]


def test_a_zip_is_looked_at_and_not_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_pack(tmp_path)
    kept = tmp_path / "small.zip"
    with zipfile.ZipFile(kept, "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(tmp_path))

    call_command("check_pack", str(kept))
    assert COUNTS in capsys.readouterr().out
    with pytest.raises(CommandError, match="Unpack it first"):
        call_command("check_pack", str(kept), fix=True)


def test_nothing_at_the_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is nothing at"):
        call_command("check_pack", str(tmp_path / "no"))
    with pytest.raises(SystemExit):
        call_command("check_pack", str(tmp_path), stdout=io.StringIO())


def test_the_example_for_trainers_is_a_lesson_without_errors() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "packs.md").read_text()
    shared, local = [part.partition("```")[0] for part in page.split("```markdown\n")[1:]]
    facts = FILES["facts.toml"]
    files = FILES | {
        "pack.toml": FILES["pack.toml"].replace('["sw"]', "[]"),
        "x1/l1.md": shared,
        "countries/ke/x1/l1.md": local,
        "facts.toml": facts,
    }

    opened = open_files({name: text.encode() for name, text in files.items()})

    assert opened.errors == []
    assert [problem.what for problem in opened.warnings if problem.file.endswith("l1.md")] == [
        "which shared text this replaces is not marked; --fix marks it"
    ]
