"""The room where a trainer reads lessons aloud: what she sees, who may, and what it says without a converter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from curriculum.listening.checks import ffmpeg_is_there
from curriculum.listening.readings import readings
from curriculum.listening.sound import NoConverter, Sound, to_opus
from curriculum.models import Recording
from tests.curriculum.listening.making import (
    JSON,
    KEEP,
    LESSON,
    change_key_message,
    fake,
    keep,
    line,
    posted,
    sign_in,
    tone,
)

pytestmark = pytest.mark.django_db


def test_the_room_lists_what_is_recorded_and_what_waits_first(library: None, client: Client) -> None:
    sign_in(client)
    for number in (0, 3):
        keep(line(key="x1/l2", number=number), f"two {number}")
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    keep(said)
    change_key_message("Changed.")

    html = client.get("/admin/listening/").content.decode()

    assert "1 block to read again" in html
    assert "2 of 8 recorded" in html
    assert "0 of 7 recorded, <strong>1 to read again</strong>" in html
    assert html.index("1 to read again</strong>") < html.index("2 of 8 recorded") < html.index("Module<")


def test_the_queue_shows_only_what_waits(library: None, client: Client) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    keep(said)
    empty = client.get("/admin/listening/en/again/").content.decode()
    change_key_message("Changed words.")
    html = client.get("/admin/listening/en/again/").content.decode()

    assert "Nothing waits to be read again" in empty
    assert (html.count('class="say-line"'), "Changed words." in html) == (1, True)


def test_a_sitting_asks_for_no_more_with_more_recordings(
    library: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    sign_in(client)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for number in (0, 1, 2):
        keep(line(number=number), str(number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LESSON).status_code == 200
        costs.append(len(queries))
    assert len(set(costs[1:])) == 1


@pytest.mark.parametrize(
    ("craft", "right", "room", "lesson", "may_keep"),
    [
        ("author", {}, 200, 200, True),
        ("translator", {"language": "sw"}, 200, 404, False),
        ("reviewer", {"language": "en", "country": "ZA"}, 200, 200, False),
        ("reviewer", {"language": "sw"}, 200, 404, False),
    ],
)
def test_a_recording_is_made_by_who_writes_its_language(
    client: Client,
    library: None,
    monkeypatch: Any,
    craft: str,
    right: dict[str, str],
    room: int,
    lesson: int,
    may_keep: bool,
) -> None:
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    person = sign_in(client, craft, **right)
    said = line(number=2)

    found = (client.get("/admin/listening/").status_code, client.get(LESSON).status_code)
    kept = client.post(KEEP, posted(said, b"sound"), **JSON)

    assert found == (room, lesson)
    assert kept.status_code == (200 if may_keep else 404)
    assert list(Recording.objects.values_list("recorded_by", "text")) == ([(person.pk, said.text)] if may_keep else [])


def test_a_translator_records_her_language(client: Client, begin_with: Callable[..., Any], monkeypatch: Any) -> None:
    begin_with()
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client, "translator", language="sw")
    said = line(number=2, language="sw")

    assert client.post("/admin/listening/sw/keep/", posted(said, b"sound"), **JSON).json()["kept"] is True
    assert Recording.objects.get().language == "sw"


def test_a_learner_finds_no_room(library: None, client: Client) -> None:
    from tests.factories import give_consent, make_user

    learner = make_user()
    give_consent(learner)
    client.force_login(learner)

    assert [client.get(address).status_code for address in ("/admin/listening/", LESSON)] == [404, 404]
    assert client.post(KEEP, posted(line(number=2), b"sound")).status_code == 404


@pytest.mark.parametrize(
    ("craft", "right", "status", "is_used"),
    [
        ("author", {}, 302, False),
        ("reviewer", {"language": "en", "country": "KE"}, 302, False),
        ("translator", {"language": "sw"}, 404, True),
        ("reviewer", {"language": "sw"}, 404, True),
    ],
)
def test_not_this_one_is_said_by_trainer_or_reviewer(
    library: None, client: Client, craft: str, right: dict[str, str], status: int, is_used: bool
) -> None:
    kept = keep(line(number=2))
    person = sign_in(client, craft, **right)

    answers = [client.post("/admin/listening/en/stop/", {"recording": kept.pk}).status_code for _time in range(2)]

    assert answers == [status, status]
    kept.refresh_from_db()
    assert (kept.stopped_at is None, kept.stopped_by == person) == (is_used, not is_used)


def test_a_recording_of_another_language_is_not_stopped(library: None, client: Client) -> None:
    kept = keep(line(number=2), language="sw")
    sign_in(client)

    client.post("/admin/listening/en/stop/", {"recording": kept.pk})

    kept.refresh_from_db()
    assert kept.stopped_at is None


def test_words_that_changed_meanwhile_are_not_kept(library: None, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    change_key_message("Changed.")

    answer = client.post(KEEP, posted(said, b"sound"), **JSON)

    assert (answer.status_code, answer.json()["kept"]) == (409, False)
    assert not Recording.objects.exists()


def test_a_block_too_many_for_what_she_was_promised_is_not_kept(
    library: None, client: Client, monkeypatch: Any, settings: Any
) -> None:
    settings.LESSON_SOUND_MOST_KB = 1
    sounds = {b"first": b"OggS" + b"1" * 600, b"again": b"OggS" + b"2" * 900, b"second": b"OggS" + b"3" * 600}
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: Sound(sounds[data], 1500))
    sign_in(client)

    statuses = [
        client.post(KEEP, posted(line(number=number), data), **JSON).status_code
        for number, data in ((0, b"first"), (0, b"again"), (1, b"second"))
    ]

    assert statuses == [200, 200, 400]  # the same block anew takes the place of what it was
    assert [row.size_bytes for row in Recording.objects.in_use()] == [904]
    answer = client.post(KEEP, posted(line(number=1), b"second"), **JSON)
    assert "would cost her 2 KB; 1 KB is the most" in answer.json()["sentence"]


def test_without_script_she_comes_back_to_her_block(library: None, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client)
    said = line(number=2)

    answer = client.post(KEEP, posted(said, b"sound"), follow=True)

    assert answer.redirect_chain == [(f"{LESSON}#{said.mark}", 302)]
    html = answer.content.decode()
    assert "Kept. Learners can listen to it now." in html
    assert Recording.objects.get().url in html


def test_the_page_says_whose_voice_it_is(library: None, client: Client) -> None:
    person = sign_in(client)
    keep(line(number=2), "person", recorded_by=person)
    keep(line(number=0), "machine", is_synthetic=True)

    html = client.get(LESSON).content.decode()

    assert html.count("synthetic voice") == 1
    assert person.get_full_name() in html


def test_only_the_room_may_use_the_microphone_and_play_what_was_just_read(library: None, client: Client) -> None:
    sign_in(client)
    inside, elsewhere, public = (client.get(address) for address in (LESSON, "/admin/", "/verify/"))

    assert "microphone=(self)" in inside.headers["Permissions-Policy"]
    assert "microphone=()" in elsewhere.headers["Permissions-Policy"]
    assert "script-src 'self';" in public.headers["Content-Security-Policy"]
    assert "default-src 'none';" in public.headers["Content-Security-Policy"]
    assert "media-src 'self' blob:" in inside.headers["Content-Security-Policy"]
    assert "blob:" not in public.headers["Content-Security-Policy"]


# ---------------------------------------------------------------- without ffmpeg


def test_without_ffmpeg_everything_is_said_and_nothing_breaks(library: None, client: Client, settings: Any) -> None:
    settings.FFMPEG = "no-such-program"
    sign_in(client)
    said = line(number=2)
    kept = keep(said, "before")

    room, page = (client.get(address) for address in ("/admin/listening/", LESSON))
    answer = client.post(KEEP, posted(said, tone()), **JSON)
    plainly = client.post(KEEP, posted(said, tone()), follow=True)

    for html in (room.content.decode(), page.content.decode(), plainly.content.decode(), answer.json()["sentence"]):
        assert "it lacks the program ffmpeg" in html
    assert (answer.status_code, answer.json()["kept"]) == (503, False)
    assert (kept.url in page.content.decode(), "Keep this recording" in page.content.decode()) == (True, False)
    assert list(Recording.objects.all()) == [kept]


def test_the_operator_is_told_that_ffmpeg_is_missing(settings: Any) -> None:
    settings.FFMPEG = "no-such-program"
    (warning,) = ffmpeg_is_there(None)
    assert (warning.id, "docs/running.md" in warning.hint) == ("curriculum.W001", True)
    settings.FFMPEG = "true"
    assert ffmpeg_is_there(None) == []


def test_another_program_of_that_name_is_no_converter(settings: Any, tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho \"Unknown encoder 'libopus'\" >&2\nexit 1\n")
    program.chmod(0o755)
    settings.FFMPEG = str(program)

    with pytest.raises(NoConverter):
        to_opus(tone())
