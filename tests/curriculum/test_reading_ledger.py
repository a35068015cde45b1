"""Who has read a translation, and that nothing reads "current" beside other words than it was made from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale
from wagtail_localize.models import TranslationSource

from curriculum import packs
from curriculum.actions import always, export_pack, import_pack, publish_translation, translate
from curriculum.models import Article, LessonPage, TranslatedSegment
from curriculum.translation import segment_hash
from curriculum.translation.sentences import sentences_of
from tests.curriculum.pack import SWAHILI, write_pack
from tests.curriculum.test_import_over_edits import KISWAHILI, KM, WORDS, edit, page

pytestmark = pytest.mark.django_db
READ = "# reviewed by Amina Otieno on 2026-03-04\n"


def signed(folder: Path, *keys: str) -> Path:
    """The pack with a reader's line above some entries."""
    file = folder / "x1/po/sw.po"
    text = file.read_text()
    for key in keys:
        text = text.replace(f'msgctxt "{key}"', f'{READ}msgctxt "{key}"')
    file.write_text(text)
    packs.fix(folder)
    return folder


def readers() -> set[tuple[str, str, str]]:
    rows = TranslatedSegment.objects.exclude(reviewed_by="")
    return {(row.text, row.reviewed_by, str(row.reviewed_on)) for row in rows}


def test_a_reader_goes_into_the_ledger_and_comes_out_again(tmp_path: Path) -> None:
    folder = signed(write_pack(tmp_path), "l1.km.text", "l2.title", "q1.stem", "practice.s1")
    before = (folder / "x1/po/sw.po").read_text()

    import_pack(folder)

    assert readers() == {
        (text, "Amina Otieno", "2026-03-04")
        for text in ("Salamu inafungua mlango.", "Kusikiliza", "Nini kinakuja kwanza?", "Anamsalimia kwanza.")
    }
    # The lines come out of the ledger, not out of the folder.
    (folder / "x1/po/sw.po").write_text("\n".join(line for line in before.split("\n") if "reviewed by" not in line))
    export_pack(folder)
    assert (folder / "x1/po/sw.po").read_text().count("# reviewed by Amina Otieno on 2026-03-04 [") == 4
    assert import_pack(folder).published == 0


def test_a_text_of_several_sentences_is_read_as_a_whole(tmp_path: Path) -> None:
    folder = signed(write_pack(tmp_path), "l1.tx.text")

    import_pack(folder)

    assert TranslatedSegment.objects.exclude(reviewed_by="").count() == 4
    assert export_pack(folder) == []


def test_other_words_are_a_draft_again(tmp_path: Path) -> None:
    import_pack(signed(write_pack(tmp_path), "l1.km.text", "l2.title"))
    lesson = page()

    translate(lesson, "sw", {f"body.{lesson.body[1].id}.text": "Salamu hufungua mlango."})

    assert {text for text, _by, _on in readers()} == {"Kusikiliza"}


def test_another_source_is_not_read(tmp_path: Path) -> None:
    folder = signed(write_pack(tmp_path), "l1.km.text")
    import_pack(folder)

    edit("A smile opens the door.")
    export_pack(folder)

    assert "reviewed by Amina" not in (folder / "x1/po/sw.po").read_text()


# ---------------------------------------------------------------- any sequence

ACTS = ["edit", "translate", "publish", "sync", "import", "read"]
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(WORDS)), min_size=1, max_size=6)


def test_over_any_sequence_nothing_is_current_while_its_hashes_differ(tmp_path: Path) -> None:
    import_pack(signed(write_pack(tmp_path), "l1.km.text"))

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    def from_the_same_beginning(said: list[tuple[str, str]]) -> None:
        with transaction.atomic():
            for act, text in said:
                DO[act](tmp_path, text)
                nothing_pretends()
            transaction.set_rollback(True)

    from_the_same_beginning()


def _edit(_folder: Path, text: str) -> None:
    edit(text)


def _translate(_folder: Path, text: str) -> None:
    lesson = page()
    translate(lesson, "sw", {f"body.{lesson.body[1].id}.text": KISWAHILI[text]})


def _publish(_folder: Path, _text: str) -> None:
    publish_translation(page(), "sw")


def _sync(_folder: Path, _text: str) -> None:
    source = TranslationSource.objects.get_for_instance(page())
    source.update_from_db()
    source.create_or_update_translation(Locale.objects.get(language_code="sw"), publish=False)


def _import(folder: Path, text: str, *keys: str) -> None:
    pack = write_pack(folder, {KM: f"{{#km}}\n{text}"}, swahili=SWAHILI | {"l1.km.text": KISWAHILI[text]})
    import_pack(signed(pack, *keys), decide=always("replace"))


def _read(folder: Path, text: str) -> None:
    _import(folder, text, "l1.km.text")


DO: dict[str, Callable[[Path, str], Any]] = dict(
    zip(ACTS, [_edit, _translate, _publish, _sync, _import, _read], strict=True)
)


def nothing_pretends() -> None:
    """What says that it is current was made from the words that learners of the source read today."""
    source: dict[str, set[str]] = defaultdict(set)
    lesson = LessonPage.objects.get(slug="l1", locale__language_code="en")
    for sentence in sentences_of(lesson):
        source[sentence.path].add(segment_hash(sentence.text))
    rows = TranslatedSegment.objects.filter(translation_key=lesson.translation_key, language="sw")
    for row in rows:
        assert row.is_stale or row.source_hash in source[row.path], row
        assert row.source_hash == segment_hash(row.source), row
        if row.reviewed_by and not row.is_stale:
            assert row.source_hash in source[row.path], row
    stands = not any(row.is_stale for row in rows) and {row.path for row in rows} == set(source)
    for article in Article.objects.filter(path="x1/l1", language="sw"):
        assert article.is_stale or stands
    km = next(
        block["value"]["text"]
        for block in json.loads(json.dumps(list(lesson.body.raw_data)))
        if block["type"] == "key_message"
    )
    row = rows.get(path=f"body.{lesson.body[1].id}.text")
    if row.reviewed_by and not row.is_stale:
        # Read by a person: exactly the translation that the pack signed for exactly these words.
        assert row.text == KISWAHILI[km]
