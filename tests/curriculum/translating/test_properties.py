"""Whatever is done in whatever order: what the room shows is what the hashes say, and nothing reads "current" else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale
from wagtail_localize.models import TranslationSource

from curriculum.actions import always, import_pack
from curriculum.meanings import WORDING, said
from curriculum.models import Article, GlossaryMeaning, LessonPage, TextReading, TranslatedSegment
from curriculum.translating.actions import publish_all, sign_reading, write_words
from curriculum.translating.brought_in import bring_in as bring_file_in
from curriculum.translating.brought_in import offered_in_po
from curriculum.translating.given_out import as_po, room_of
from curriculum.translating.originals import originals
from curriculum.translating.report import report
from curriculum.translating.segments import Segment, State, segments
from curriculum.translation.sentences import normal, segment_hash, sentences_of
from curriculum.translation.words import PATHS, as_sentence, record_words, word_key
from people.models import User
from tests.curriculum.admin_desk import make_person
from tests.curriculum.pack import SWAHILI, write_pack
from tests.curriculum.test_import_over_edits import KISWAHILI, KM, WORDS, edit, page

pytestmark = pytest.mark.django_db

ACTS = [
    "edit",
    "edit_draft",
    "edit_word",
    "write",
    "write_word",
    "publish",
    "publish_words",
    "sync",
    "take_back",
    "import",
    "import_beginning",
    "file",
    "read",
]
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(WORDS)), min_size=1, max_size=7)


def test_over_any_sequence_the_room_shows_what_the_hashes_say(tmp_path: Path) -> None:
    import_pack(write_pack(tmp_path))
    people = make_person("translator", language="sw"), make_person("translator", language="sw")

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    def from_the_same_beginning(done: list[tuple[str, str]]) -> None:
        with transaction.atomic():
            for act, text in done:
                DO[act](tmp_path, text, *people)
                what_is_shown_is_true()
            transaction.set_rollback(True)

    from_the_same_beginning()


# ---------------------------------------------------------------- what can happen


def _segment(path: str = "") -> Segment:
    path = path or f"body.{page().body[1].id}.text"
    return next(one for one in segments(["X1"], ["sw"])["sw"] if one.text.path == path)


def _edit(_folder: Path, text: str, *_people: User) -> None:
    edit(text)


def _edit_draft(_folder: Path, text: str, *_people: User) -> None:
    edit(text, publish=False)


def _edit_word(_folder: Path, text: str, *_people: User) -> None:
    meaning = GlossaryMeaning.objects.get(language="en")
    meaning.meaning = text
    meaning.save()
    record_words([meaning.entry])


def _write(_folder: Path, text: str, writer: User, _reader: User) -> None:
    write_words(segment=_segment(), words=KISWAHILI[text], written_by=writer)


def _write_word(_folder: Path, text: str, writer: User, _reader: User) -> None:
    write_words(segment=_segment("meaning"), words=KISWAHILI[text], written_by=writer)


def _publish(_folder: Path, _text: str, writer: User, _reader: User) -> None:
    # The room asks; a question that a file gave other words has changed too.
    with said(WORDING, by=writer):
        publish_all(found=originals(["X1"]), language="sw", published_by=writer)


def _publish_words(_folder: Path, _text: str, writer: User, _reader: User) -> None:
    words = [one for one in originals(["X1"]) if one.kind == "word"]
    publish_all(found=words, language="sw", published_by=writer)


def _sync(_folder: Path, _text: str, *_people: User) -> None:
    source = TranslationSource.objects.get_for_instance(page())
    source.update_from_db()
    source.create_or_update_translation(Locale.objects.get(language_code="sw"), publish=False)


def _take_back(_folder: Path, _text: str, *_people: User) -> None:
    page(language="sw").unpublish()


def _import(folder: Path, text: str, *_people: User) -> None:
    pack = write_pack(folder, {KM: f"{{#km}}\n{text}"}, swahili=SWAHILI | {"l1.km.text": KISWAHILI[text]})
    import_pack(pack, decide=always("replace"))


def _import_beginning(folder: Path, text: str, *_people: User) -> None:
    """A pack whose translation has nothing to say of the sentence that changed."""
    swahili = {key: words for key, words in SWAHILI.items() if key != "l1.km.text"}
    import_pack(write_pack(folder, {KM: f"{{#km}}\n{text}"}, swahili=swahili, promised=False), decide=always("replace"))


def _file(_folder: Path, text: str, writer: User, _reader: User) -> None:
    room = room_of("X1", "sw")
    file = as_po(room, timezone.now()).replace('msgstr "Salamu inafungua mlango."', f'msgstr "{KISWAHILI[text]}"')
    offered, at = offered_in_po(file, room)
    bring_file_in(offered, room, brought_by=writer, given_out_at=at, decide=lambda key: "replace")


def _read(_folder: Path, _text: str, _writer: User, reader: User) -> None:
    found = segments(["X1"], ["sw"])["sw"]
    sign_reading(found=found, reader=reader, read_by="Amina Otieno", read_on=date(2026, 3, 4))


DO: dict[str, Callable[..., Any]] = dict(
    zip(
        ACTS,
        [
            _edit,
            _edit_draft,
            _edit_word,
            _write,
            _write_word,
            _publish,
            _publish_words,
            _sync,
            _take_back,
            _import,
            _import_beginning,
            _file,
            _read,
        ],
        strict=True,
    )
)


# ---------------------------------------------------------------- what must be true


def what_is_shown_is_true() -> None:
    """Asked another way: of the library's own sentences, and of what learners are given to read."""
    lesson = LessonPage.objects.get(slug="l1", locale__language_code="en")
    source: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences_of(lesson):
        source[sentence.path].append(sentence.text)
    meaning = GlossaryMeaning.objects.get(language="en")
    for path in PATHS:
        source[path] = [as_sentence(getattr(meaning, path))]
    live = LessonPage.objects.filter(slug="l1", locale__language_code="sw", live=True).first()
    read_there = {}
    for sentence in sentences_of(live) if live else ():
        read_there.setdefault(sentence.path, []).append(sentence.text)
    swahili = GlossaryMeaning.objects.filter(language="sw").first()
    for path in PATHS if swahili else ():
        read_there[path] = [as_sentence(getattr(swahili, path))]
    shown = [one for one in segments(["X1"], ["sw"])["sw"] if one.original.kind in ("lesson", "word")]
    shown = [one for one in shown if one.original.name in ("l1", "greeting")]
    for one in shown:
        rows = TranslatedSegment.objects.of(one.original.key, "sw").filter(path=one.text.path)
        made_from = {row.source_hash for row in rows}
        now = {segment_hash(text) for text in source[one.text.path]}
        for row in rows:
            assert row.source_hash == segment_hash(row.source), row
            assert row.is_stale == (row.source_hash not in now) or made_from != now, row
        if one.state in (State.CURRENT, State.REVIEWED):
            assert made_from == now, one
            assert not any(row.is_stale for row in rows), one
            # It is what learners read, to the letter.
            words = [normal(text) for text in read_there[one.text.path]]
            assert words == [normal(text) for text in one.said.sentences], one  # type: ignore[union-attr]
        if one.state is State.STALE:
            assert one.made_from != one.source, one
        if one.read_by:
            assert one.is_there, one
            assert (
                TextReading.objects.filter(source_hash=one.source_hash, text_hash=one.text_hash).exists()
                or rows.exclude(reviewed_by="").exists()
            ), one
    whole = {one.original.key for one in shown if one.original.kind == "lesson"}
    assert whole == {lesson.translation_key}
    current = all(one.state in (State.CURRENT, State.REVIEWED, State.DRAFT) for one in shown)
    stands = all(
        {row.source_hash for row in TranslatedSegment.objects.of(one.original.key, "sw").filter(path=one.text.path)}
        == {segment_hash(text) for text in source[one.text.path]}
        for one in shown
        if one.original.kind == "lesson"
    )
    for article in Article.objects.filter(path="x1/l1", language="sw"):
        assert article.is_stale or stands, (article, current)
    numbers = report(["sw"], codes=["X1"]).totals["sw"]
    assert numbers.total == len(segments(["X1"], ["sw"])["sw"])
    assert word_key("greeting") in {one.original.key for one in shown}
