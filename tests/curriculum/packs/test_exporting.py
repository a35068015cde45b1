"""What was brought in is given back byte for byte; what the desk changed is what changes in the text."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from curriculum import packs
from curriculum.actions import export_pack, import_pack
from curriculum.models import LessonPage, ModulePage
from curriculum.packs import module_folders, po
from tests.curriculum.pack import SWAHILI

pytestmark = pytest.mark.django_db
REAL_PACK = Path(settings.BASE_DIR) / "packs" / "mentor-mother"


def texts_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


IDEA = re.compile(r'^msgctxt ".*(\.idea|\.m\d+\.feedback)"$', re.MULTILINE)
FIRST_LINE, FORGOTTEN = re.compile(r'\nmsgstr "[A-Z].*"(?=\n|$)'), '\nmsgstr "Limesahauliwa."'


def forget_words(folder: Path) -> None:
    """Take the words out of a pack and leave its ids: what stands there afterwards comes from the database."""
    for path in folder.rglob("*.md"):
        path.write_text(re.sub(r"(?<=\n)[A-Z][^\n{}]*(?=\n:::)", "Forgotten.", path.read_text()))
    for path in folder.rglob("*.po"):
        entries = path.read_text().split("\n\n")
        # What is behind a wrong answer is for trainers: no page holds it.
        path.write_text("\n\n".join(each if IDEA.search(each) else FIRST_LINE.sub(FORGOTTEN, each) for each in entries))


def publish(page: Any) -> None:
    page.save_revision().publish()


def test_export_after_import_changes_no_byte(tmp_path: Path, begin_with: Callable[..., Any]) -> None:
    begin_with()
    folder = tmp_path / "small"
    before = texts_of(folder)

    assert export_pack(folder) == []
    assert texts_of(folder) == before


def test_the_words_come_from_what_is_published(tmp_path: Path, begin_with: Callable[..., Any]) -> None:
    begin_with()
    folder = tmp_path / "small"
    before = texts_of(folder)
    forget_words(folder)
    assert texts_of(folder) != before

    export_pack(folder)

    assert texts_of(folder) == before


def test_export_into_an_empty_folder_is_a_pack_without_errors_of_form(
    tmp_path: Path, begin_with: Callable[..., Any]
) -> None:
    begin_with()

    export_pack(tmp_path / "new")

    opened = packs.open_pack(tmp_path / "new")
    assert {problem.file for problem in opened.errors} == {"x1/l1.md", "x1/po/sw.po"}  # facts.toml has no home yet
    assert {problem.what for problem in opened.errors} == {"unknown fact {bf_duration}"}
    [module] = opened.pack.modules
    assert [block.kind for block in module.lessons[0].blocks] == ["text", "key_message", "story", "picture", "word"]
    assert all(block.uuid for block in module.lessons[0].blocks)
    assert module.translations["sw"].entries["title"].text == SWAHILI["title"]


def test_a_change_at_the_desk_is_one_change_in_the_text(tmp_path: Path, begin_with: Callable[..., Any]) -> None:
    begin_with()
    folder = tmp_path / "small"
    page = LessonPage.objects.get(slug="l1", locale__language_code="en")
    body = list(page.body.raw_data)
    body[1]["value"]["text"] = "A smile opens the door."
    body.append({"type": "key_message", "value": {"text": "Wait."}, "id": str(uuid.uuid4())})
    page.body = json.dumps(body)
    publish(page)

    assert export_pack(folder) == ["x1/l1.md", "x1/po/sw.po"]

    opened = packs.open_pack(folder)
    [module] = opened.pack.modules
    assert module.lessons[0].blocks[1].words == {"text": "A smile opens the door."}
    new = module.lessons[0].blocks[-1]
    assert (new.words, new.uuid) == ({"text": "Wait."}, body[-1]["id"])
    # The translation in Swahili was made from the older words, and says so.
    entry = module.translations["sw"].entries["l1.km.text"]
    assert (entry.made_from, po.state_of(entry, "A smile opens the door.")) == ("A greeting opens the door.", "stale")
    # It is brought in again as the same block.
    (folder / "pack.toml").write_text((folder / "pack.toml").read_text().replace('["sw"]', "[]"))
    import_pack(folder)
    page = LessonPage.objects.get(slug="l1", locale__language_code="en")
    assert [block["id"] for block in page.body.raw_data] == [block["id"] for block in body]


def test_a_step_that_was_written_at_the_desk_keeps_its_identity(tmp_path: Path, begin_with: Callable[..., Any]) -> None:
    begin_with()
    folder = tmp_path / "small"
    page = ModulePage.objects.get(locale__language_code="en")
    identity = str(uuid.uuid4())
    steps = [*page.practice.raw_data]
    steps.append(
        {
            "type": "step",
            "value": {"step": identity, "text": "Says goodbye.", "is_safety": False},
            "id": str(uuid.uuid4()),
        }
    )
    page.practice = json.dumps(steps)
    publish(page)

    export_pack(folder)

    assert f'- [ ] Says goodbye. {{#s3 uuid="{identity}"}}' in (folder / "x1/module.md").read_text()


def test_command_names_what_it_wrote(
    tmp_path: Path, begin_with: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    begin_with()
    page = LessonPage.objects.get(slug="l1", locale__language_code="en")
    page.study_minutes = 9
    publish(page)

    call_command("export_pack", str(tmp_path / "small"))

    assert capsys.readouterr().out == "written: x1/l1.md\n1 files changed.\n"


@pytest.mark.slow
def test_export_after_import_of_a_real_module_changes_no_byte(tmp_path: Path) -> None:
    folder = tmp_path / "mentor-mother"
    shutil.copytree(REAL_PACK, folder, ignore=lambda _at, names: [name for name in names if name in OTHERS])
    nothing_changes(folder)


@pytest.mark.whole
def test_export_after_import_of_the_whole_pack_changes_no_byte(tmp_path: Path) -> None:
    folder = tmp_path / "mentor-mother"
    shutil.copytree(REAL_PACK, folder)
    nothing_changes(folder)


OTHERS = {folder.name for folder in module_folders(REAL_PACK)} - {"m2"}


def nothing_changes(folder: Path) -> None:
    before = texts_of(folder)
    import_pack(folder)
    forget_words(folder)
    assert texts_of(folder) != before

    export_pack(folder)

    after = texts_of(folder)
    assert [name for name in before if after.get(name) != before[name]] == []
    assert after.keys() == before.keys()
