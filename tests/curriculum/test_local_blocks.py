"""A country has a block of its own in a shared lesson; the rest goes on flowing, and its trainer sees what changed."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from curriculum import packs
from curriculum.actions import Undecided, always, export_pack, import_pack
from curriculum.local_blocks import is_behind
from curriculum.models import Article, LessonPage, LocalBlock
from curriculum.openable import closed
from tests.curriculum.pack import write_pack
from tests.curriculum.test_import_over_edits import edit

pytestmark = pytest.mark.django_db

LOCAL = """::: key-message {#km replaces}
Karibu opens the door.
:::

::: story {#own after=tx title="Atieno at the gate"}
Atieno waits.
:::
"""
SWAHILI = {
    "l1.km.text": ("Karibu opens the door.", "Karibu inafungua mlango."),
    "l1.own.title": ("Atieno at the gate", "Atieno mlangoni"),
    "l1.own.text": ("Atieno waits.", "Atieno anasubiri."),
}


def po(entries: dict[str, tuple[str, str]]) -> str:
    head = 'msgid ""\nmsgstr ""\n"Language: sw\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    return head + "".join(
        f'\nmsgctxt "{key}"\nmsgid "{made_from}"\nmsgstr "{text}"\n' for key, (made_from, text) in entries.items()
    )


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The small pack with a story and a key message of Kenya's own, brought in."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return with_local(write_pack(tmp_path))


def with_local(folder: Path, local: str = LOCAL) -> Path:
    own = folder / "countries" / "ke" / "x1"
    (own / "po").mkdir(parents=True, exist_ok=True)
    (own / "l1.md").write_text(local)
    (own / "po" / "sw.po").write_text(po(SWAHILI))
    packs.fix(folder)
    return folder


def promise_nothing(folder: Path) -> None:
    """No language has to be whole."""
    file = folder / "pack.toml"
    file.write_text(file.read_text().replace('languages = ["sw"]', "languages = []"))


def html(country: str, language: str = "en") -> str:
    return closed(Article.objects.get(path="x1/l1", language=language, country=country).html)


def hashes(country: str) -> list[str]:
    return list(
        Article.objects.filter(country=country).order_by("path", "language").values_list("content_hash", flat=True)
    )


def test_a_country_reads_its_own_block_and_others_the_shared_one(folder: Path) -> None:
    import_pack(folder)

    assert "Karibu opens the door." in html("KE")
    assert "A greeting opens the door." not in html("KE")
    assert html("KE").index("Then you wait.") < html("KE").index("Atieno waits.") < html("KE").index("Karibu opens")
    assert "Karibu inafungua mlango." in html("KE", "sw")
    assert "Atieno" not in html("ZA")
    assert "A greeting opens the door." in html("ZA")


def test_articles_of_other_countries_keep_their_hashes(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    import_pack(write_pack(tmp_path))
    before, kenya = hashes("ZA"), hashes("KE")

    import_pack(with_local(tmp_path / "small"))

    assert hashes("ZA") == before
    assert hashes("KE") != kenya


def test_a_second_import_and_an_export_change_nothing(folder: Path) -> None:
    import_pack(folder)
    before = list(LocalBlock.objects.order_by("pk").values())

    again = import_pack(folder)

    assert (again.published, again.changes) == (0, [])
    assert list(LocalBlock.objects.order_by("pk").values()) == before
    assert export_pack(folder) == []


def test_the_words_of_an_export_come_from_the_desk(folder: Path) -> None:
    import_pack(folder)
    files = {path: path.read_bytes() for path in (folder / "countries").rglob("*.*")}
    for path in files:
        path.write_text(path.read_text().replace("Karibu opens the door.", "Forgotten."))

    export_pack(folder)

    assert {path: path.read_bytes() for path in files} == files


def test_an_edit_at_the_desk_stays_and_is_exported(folder: Path) -> None:
    import_pack(folder)
    say("Pole pole.")

    assert [(str(change.place), change.what) for change in import_pack(folder).changes] == [("KE/X1/l1.km", "kept")]
    export_pack(folder)
    assert "Pole pole." in (folder / "countries/ke/x1/l1.md").read_text()


def say(text: str) -> None:
    row = LocalBlock.objects.get(name="km", language="en")
    raw = list(row.body.raw_data)
    raw[0]["value"]["text"] = text
    row.body = json.dumps(raw)
    row.save()


def test_a_change_in_both_waits_for_a_decision(folder: Path) -> None:
    import_pack(folder)
    say("Pole pole.")
    local = folder / "countries/ke/x1/l1.md"
    local.write_text(local.read_text().replace("Karibu opens the door.", "Karibu."))
    (folder / "countries/ke/x1/po/sw.po").write_text(po(SWAHILI | {"l1.km.text": ("Karibu.", "Karibu sana.")}))

    with pytest.raises(Undecided) as refusal, transaction.atomic():
        import_pack(folder)
    assert [str(change.place) for change in refusal.value.conflicts] == ["KE/X1/l1.km"]
    import_pack(folder, decide=always("replace"))
    assert "Karibu." in html("KE")


def test_her_trainer_sees_that_the_shared_text_has_changed(folder: Path) -> None:
    import_pack(folder)
    replaced, added = LocalBlock.objects.filter(language="en").order_by("position")
    assert (is_behind(replaced), is_behind(added)) == (False, False)

    edit("A smile opens the door.")

    replaced.refresh_from_db()
    assert (is_behind(replaced), is_behind(added)) == (True, False)
    # The pack says so, too.
    export_pack(folder)
    opened = packs.open_pack(folder)
    assert [problem.key for problem in opened.problems if "shared block has changed" in problem.what] == ["l1.km"]


def test_a_block_that_is_taken_out_of_the_pack_goes(folder: Path) -> None:
    import_pack(folder)
    (folder / "countries/ke/x1/l1.md").write_text(LOCAL.partition("\n\n:::")[0] + "\n")
    packs.fix(folder)

    import_pack(folder)

    assert set(LocalBlock.objects.values_list("name", flat=True)) == {"km"}
    assert "Atieno" not in html("KE")


def test_without_a_translation_of_its_own_a_country_reads_the_shared_block(folder: Path) -> None:
    (folder / "pack.toml").write_text(
        (folder / "pack.toml").read_text().replace('languages = ["sw"]', "languages = []")
    )
    (folder / "countries/ke/x1/po/sw.po").unlink()

    import_pack(folder)

    assert "Salamu inafungua mlango." in html("KE", "sw")


def test_a_block_written_at_the_desk_is_exported_and_comes_in_as_the_same(folder: Path) -> None:
    import_pack(folder)
    lesson = LessonPage.objects.get(slug="l1", locale__language_code="en")
    hers = LocalBlock.objects.create(
        country_id="KE",
        lesson=lesson.lesson,
        where="after",
        beside=lesson.body[2].id,
        position=5,
        body=json.dumps([{"type": "key_message", "id": str(uuid.uuid4()), "value": {"text": "Pole pole."}}]),
    )

    export_pack(folder)

    text = (folder / "countries/ke/x1/l1.md").read_text()
    assert f'uuid="{hers.identity}"' in text
    assert "after=st" in text
    promise_nothing(folder)
    import_pack(folder)
    assert LocalBlock.objects.get(identity=hers.identity, language="en").pk == hers.pk
    assert "Pole pole." in html("KE")


def test_the_shared_rest_goes_on_flowing(folder: Path) -> None:
    import_pack(folder)
    lesson = LessonPage.objects.get(slug="l1", locale__language_code="en")
    body = list(lesson.body.raw_data)
    body[2]["value"]["title"] = "Wanjikũ waits"
    lesson.body = json.dumps(body)
    lesson.save_revision().publish()

    assert "Wanjikũ waits" in html("KE")
    assert "Karibu opens the door." in html("KE")
