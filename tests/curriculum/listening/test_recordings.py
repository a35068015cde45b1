"""Recordings of words: found, replaced, withdrawn, and silent when the words change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from curriculum.listening import ogg
from curriculum.listening.actions import withdraw
from curriculum.listening.readings import State, readings, recordings_of, spoken_of
from curriculum.models import Article, FactValue, Recording
from tests.curriculum.listening.making import (
    NOW,
    change_key_message,
    fake,
    keep,
    line,
)

pytestmark = pytest.mark.django_db


def test_recordings_are_found_by_their_words_in_one_query(library: None, django_assert_num_queries: Any) -> None:
    kept = [keep(line(number=number), str(number)) for number in range(3)]
    keep(line(number=0), "sw", language="sw")
    hashes = [one.hash for one in spoken_of(Article.objects.get(path="x1/l1", language="en", country="ZA"))]

    with django_assert_num_queries(1):
        found = recordings_of("en", hashes)

    assert found == {recording.spoken_hash: recording for recording in kept if recording.spoken_hash in hashes}
    assert {recording.language for recording in recordings_of("sw", hashes).values()} == {"sw"}
    with django_assert_num_queries(0):
        assert recordings_of("en", []) == {}


def test_reading_again_replaces_and_repeating_is_harmless(library: None) -> None:
    said = line(number=2)
    first, repeated = keep(said, "a"), keep(said, "a")
    second = keep(said, "b")

    assert first == repeated
    assert recordings_of("en", [said.hash]) == {said.hash: second}
    assert list(Recording.objects.order_by("pk").values_list("stop", flat=True)) == ["replaced", ""]
    assert default_storage.exists(first.file_name)


def test_two_who_read_the_same_words_at_once_both_come_through(library: None, monkeypatch: Any) -> None:
    said = line(number=2)
    from curriculum.listening import actions

    store, first = actions.store, []

    def store_after_somebody_else(name: str, data: bytes) -> None:
        monkeypatch.setattr(actions, "store", store)
        first.append(keep(said, "theirs"))
        store(name, data)

    monkeypatch.setattr(actions, "store", store_after_somebody_else)
    second = keep(said, "hers")

    assert recordings_of("en", [said.hash]) == {said.hash: second}
    first[0].refresh_from_db()
    assert first[0].stop == "replaced"


def test_two_voices_for_the_same_words_are_refused_by_the_database(library: None) -> None:
    kept = keep(line(number=2))
    kept.pk, kept.name = None, "0" * 32

    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()


def test_a_stopped_recording_without_a_reason_is_refused_by_the_database(library: None) -> None:
    kept = keep(line(number=2))

    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.filter(pk=kept.pk).update(stopped_at=NOW)


def test_a_half_written_file_is_written_again(library: None) -> None:
    said = line(number=2)
    from django.core.files.base import ContentFile

    name = f"sound/{ogg.name_of(fake().data)}.opus"
    default_storage.save(name, ContentFile(b"Og"))
    keep(said)

    with default_storage.open(name) as stored:
        assert stored.read() == fake().data


def test_what_is_withdrawn_is_silent_and_off_the_server(library: None, django_capture_on_commit_callbacks: Any) -> None:
    said = line(number=2)
    kept = keep(said)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(recording=kept, withdrawn_by=None, withdrawn_at=NOW)
    again = withdraw(recording=kept, withdrawn_by=None, withdrawn_at=datetime(2027, 1, 1, tzinfo=UTC))

    assert again.stopped_at == NOW
    assert recordings_of("en", [said.hash]) == {}
    assert not default_storage.exists(kept.file_name)
    assert line(number=2).state is State.AGAIN


def test_a_changed_text_is_silent_and_waits_to_be_read_again(library: None) -> None:
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    keep(said)
    assert line(said.place.partition("#")[2]).state is State.RECORDED

    change_key_message("A greeting opens every door.")

    now = line(said.place.partition("#")[2])
    assert (now.state, now.recording, now.text) == (State.AGAIN, None, "A greeting opens every door.")
    assert [(reading.key, reading.again) for reading in readings("en") if reading.again] == [("x1/l1", 1)]

    change_key_message("A greeting opens the door.")

    assert line(said.place.partition("#")[2]).state is State.RECORDED


def test_other_words_of_another_country_are_not_a_changed_text(library: None) -> None:
    lines = [one for one in readings("en", "x1/l1")[0].lines if one.kind == "text"]
    assert [(one.countries, "Ask your trainer" in one.text) for one in lines] == [
        (["Kenya"], True),
        (["South Africa"], False),
    ]
    keep(lines[1])

    assert [one.state for one in readings("en", "x1/l1")[0].lines if one.kind == "text"] == [
        State.MISSING,
        State.RECORDED,
    ]


def test_a_changed_value_makes_its_block_wait(library: None) -> None:
    lines = [one for one in readings("en", "x1/l1")[0].lines if one.kind == "text"]
    keep(lines[1])
    from curriculum.actions import freeze_all

    value = FactValue.objects.get(country="ZA")
    value.texts = {"en": "24 months", "sw": "miezi 24"}
    value.save()
    freeze_all()

    changed = next(one for one in readings("en", "x1/l1")[0].lines if "24 months" in one.text)
    assert changed.state is State.AGAIN


def test_what_there_is_to_read_costs_the_same_for_one_lesson_and_for_all(
    library: None, django_assert_num_queries: Any
) -> None:
    keep(line(number=2))
    for key in ("x1/l1", ""):
        # Articles, quizzes, checklists, countries, recordings; a key asks only the source that has it.
        with django_assert_num_queries(5 if not key else 3):
            readings("en", key)
