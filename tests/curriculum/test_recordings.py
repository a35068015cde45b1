"""Recorded speech: words and their marks, what waits, who may, what the server makes of a file."""

from __future__ import annotations

import io
import json
import math
import shutil
import struct
import subprocess
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from curriculum.freeze import content_hash
from curriculum.listening import ogg, sound
from curriculum.listening.actions import record, withdraw
from curriculum.listening.checks import ffmpeg_is_there
from curriculum.listening.readings import State, readings, recordings_of, spoken_of
from curriculum.listening.sound import NoConverter, Sound, SoundRefused, to_opus
from curriculum.listening.texts import plain, spoken_hash, spoken_of_article
from curriculum.models import Article, FactValue, LessonPage, Recording
from tests.curriculum.admin_desk import make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed here")
LESSON = "/admin/listening/en/read/x1/l1/"
KEEP = "/admin/listening/en/keep/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def library(bring_in: Callable[..., Any]) -> None:
    """One language is enough here, and half the time."""
    bring_in(swahili="")


def tone(seconds: float = 2, *, hertz: float = 220, loud: float = 0.5, rate: int = 16_000) -> bytes:
    """A WAV file with a tone that swells, as a voice does."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        levels = (loud * (0.6 + 0.4 * math.sin(place / 900)) for place in range(int(seconds * rate)))
        samples = [
            int(32_000 * level * math.sin(place * hertz * math.tau / rate)) for place, level in enumerate(levels)
        ]
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return made.getvalue()


def fake(mark: str = "a", *, duration_ms: int = 1500) -> Sound:
    """A sound that only has to be stored."""
    return Sound(f"OggS {mark}".encode(), duration_ms)


def line(place: str = "", *, key: str = "x1/l1", language: str = "en", number: int = 0) -> Any:
    (reading,) = readings(language, key)
    if not place:
        return reading.lines[number]
    return next(one for one in reading.lines if one.place == f"{key}#{place}")


def keep(said: Any, mark: str = "a", *, language: str = "en", **fields: Any) -> Recording:
    return record(
        language=language,
        place=said.place,
        text=said.text,
        sound=fake(mark),
        **{"recorded_by": None, "recorded_at": NOW} | fields,
    )


def change_key_message(text: str) -> None:
    page = LessonPage.objects.get(slug="l1", locale__language_code="en")
    blocks = list(page.body.raw_data)
    blocks[1]["value"]["text"] = text
    page.body = json.dumps(blocks)
    page.save_revision().publish()


def posted(said: Any, data: bytes, **fields: str) -> dict[str, Any]:
    return {"place": said.place, "hash": said.hash, "sound": SimpleUploadedFile("block", data), **fields}


def sign_in(client: Client, craft: str = "author", **right: str) -> Any:
    person = make_person(craft, **right)
    client.force_login(person)
    return person


# ---------------------------------------------------------------- words


def test_what_is_read_aloud_of_a_lesson_is_what_is_printed_in_its_country(library: None) -> None:
    article = Article.objects.get(path="x1/l1", language="en", country="ZA")

    assert [(one.kind, one.text) for one in spoken_of(article)] == [
        ("title", "Greeting"),
        ("text", "First you greet her. Then you wait.\nShe sits.\nYou sit.\nHow long: 12 months & more"),
        ("key_message", "A greeting opens the door."),
        ("story", "Wanjikũ at the gate\nWanjikũ waits. Nobody greets her."),
        ("picture", "A woman stands at a gate.\nShe waits."),
        ("word", "greeting\nThe first words of a talk."),
    ]


def test_a_question_inside_a_lesson_is_read_piece_by_piece_without_the_signs_beside_it(library: None) -> None:
    article = Article.objects.get(path="x1/l2", language="en", country="ZA")
    place = next(one.place for one in spoken_of(article) if one.kind == "question")

    assert [(one.place.removeprefix(place), one.kind, one.text) for one in spoken_of(article)][1:6] == [
        ("", "question", "She is silent. What do you do?"),
        (".1", "option", "I wait."),
        (".1f", "feedback", "Yes. Silence is work."),
        (".2", "option", "I talk."),
        (".2f", "feedback", "It fills the room. She needs the room."),
    ]
    assert [(one.kind, one.text) for one in spoken_of(article)][6:] == [
        ("role_play", "Practise together\nOne of you is silent.\nCount to ten.\nBreathe."),
        ("checklist", "Before you go\nI have waited."),
    ]


def test_every_place_is_an_element_of_the_page(library: None) -> None:
    for article in Article.objects.filter(kind="lesson"):
        places = [one.place for one in spoken_of(article)][1:]
        assert len(places) == len(set(places))
        assert [f'data-place="{place}"' in article.html for place in places] == [True] * len(places)


def test_the_mark_of_a_place_is_no_part_of_what_was_read(library: None) -> None:
    """Evidence names the hash of a text; it must not change because places were marked."""
    article = Article.objects.get(path="x1/l1", language="en", country="ZA")
    before = article.content_hash
    article.html = article.html.replace(' data-place="', ' data-place="0')

    assert content_hash(article) == before


def test_the_same_words_have_one_mark_in_two_countries_and_others_where_a_value_differs(library: None) -> None:
    kenya, south_africa = (
        {one.place: one.hash for one in spoken_of(Article.objects.get(path="x1/l1", language="en", country=code))}
        for code in ("KE", "ZA")
    )

    assert [place for place in kenya if kenya[place] != south_africa[place]] == [list(kenya)[1]]


@given(st.text(max_size=60))
def test_spaces_lines_and_the_form_of_a_letter_do_not_change_the_mark(text: str) -> None:
    import unicodedata

    spaced = unicodedata.normalize("NFD", text.replace(" ", " \n\t "))
    assert spoken_hash(spaced) == spoken_hash(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("other", ["Not now.", "now", "Now!", "Nów."])
def test_other_words_have_another_mark(other: str) -> None:
    assert spoken_hash(other) != spoken_hash("Now.")


def test_a_title_alone_is_read_too() -> None:
    (one,) = spoken_of_article(title="Greeting", objectives=[" "], html="")

    assert (one.place, one.kind, one.text) == ("title", "title", "Greeting")


# ---------------------------------------------------------------- recordings


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


# ---------------------------------------------------------------- what waits


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


# ---------------------------------------------------------------- the room


def test_the_room_lists_what_is_recorded_and_what_waits_first(client: Client, library: None) -> None:
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


def test_the_queue_shows_only_what_waits(client: Client, library: None) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    keep(said)
    empty = client.get("/admin/listening/en/again/").content.decode()
    change_key_message("Changed words.")
    html = client.get("/admin/listening/en/again/").content.decode()

    assert "Nothing waits to be read again" in empty
    assert (html.count('class="say-line"'), "Changed words." in html) == (1, True)


def test_a_sitting_asks_for_no_more_with_more_recordings(
    client: Client, library: None, django_assert_max_num_queries: Any
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


def test_a_translator_records_her_language(client: Client, bring_in: Callable[..., Any], monkeypatch: Any) -> None:
    bring_in()
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client, "translator", language="sw")
    said = line(number=2, language="sw")

    assert client.post("/admin/listening/sw/keep/", posted(said, b"sound"), **JSON).json()["kept"] is True
    assert Recording.objects.get().language == "sw"


def test_a_learner_finds_no_room(client: Client, library: None) -> None:
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
    client: Client, library: None, craft: str, right: dict[str, str], status: int, is_used: bool
) -> None:
    kept = keep(line(number=2))
    person = sign_in(client, craft, **right)

    answers = [client.post("/admin/listening/en/stop/", {"recording": kept.pk}).status_code for _time in range(2)]

    assert answers == [status, status]
    kept.refresh_from_db()
    assert (kept.stopped_at is None, kept.stopped_by == person) == (is_used, not is_used)


def test_a_recording_of_another_language_is_not_stopped(client: Client, library: None) -> None:
    kept = keep(line(number=2), language="sw")
    sign_in(client)

    client.post("/admin/listening/en/stop/", {"recording": kept.pk})

    kept.refresh_from_db()
    assert kept.stopped_at is None


def test_words_that_changed_meanwhile_are_not_kept(client: Client, library: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")
    change_key_message("Changed.")

    answer = client.post(KEEP, posted(said, b"sound"), **JSON)

    assert (answer.status_code, answer.json()["kept"]) == (409, False)
    assert not Recording.objects.exists()


def test_without_script_she_comes_back_to_her_block(client: Client, library: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("curriculum.listening.views.to_opus", lambda data: fake())
    sign_in(client)
    said = line(number=2)

    answer = client.post(KEEP, posted(said, b"sound"), follow=True)

    assert answer.redirect_chain == [(f"{LESSON}#{said.mark}", 302)]
    html = answer.content.decode()
    assert "Kept. Learners can listen to it now." in html
    assert Recording.objects.get().url in html


def test_the_page_says_whose_voice_it_is(client: Client, library: None) -> None:
    person = sign_in(client)
    keep(line(number=2), "person", recorded_by=person)
    keep(line(number=0), "machine", is_synthetic=True)

    html = client.get(LESSON).content.decode()

    assert html.count("synthetic voice") == 1
    assert person.get_full_name() in html


def test_only_the_room_may_use_the_microphone_and_play_what_was_just_read(client: Client, library: None) -> None:
    sign_in(client)
    inside, elsewhere, public = (client.get(address) for address in (LESSON, "/admin/", "/verify/"))

    assert "microphone=(self)" in inside.headers["Permissions-Policy"]
    assert "microphone=()" in elsewhere.headers["Permissions-Policy"]
    assert "script-src 'self';" in public.headers["Content-Security-Policy"]
    assert "default-src 'none';" in public.headers["Content-Security-Policy"]
    assert "media-src 'self' blob:" in inside.headers["Content-Security-Policy"]
    assert "blob:" not in public.headers["Content-Security-Policy"]


# ---------------------------------------------------------------- without ffmpeg


def test_without_ffmpeg_everything_is_said_and_nothing_breaks(client: Client, library: None, settings: Any) -> None:
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


# ---------------------------------------------------------------- what the server makes of a file


def as_format(extension: str, data: bytes, folder: Path, *arguments: str) -> bytes:
    given, made = folder / "given.wav", folder / f"made.{extension}"
    given.write_bytes(data)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", given, *arguments, made], check=True)
    return made.read_bytes()


@needs_ffmpeg
@pytest.mark.parametrize("extension", ["wav", "webm", "ogg", "m4a", "mp3", "flac", "mp4"])
def test_whatever_a_browser_gives_becomes_one_even_voice(extension: str, tmp_path: Path) -> None:
    arguments = ["-metadata", "artist=Nomsa", "-ac", "2"] + (["-c:a", "aac"] if extension == "mp4" else [])
    made = to_opus(as_format(extension, tone(3, loud=0.05), tmp_path, *arguments), kbits=16)

    assert abs(made.duration_ms - 3000) < 150
    assert made.data[28:36] == b"OpusHead"
    assert made.data[37] == 1  # channels, RFC 7845 section 5.1
    assert b"Nomsa" not in made.data
    assert len(made.data) < 3 * 24_000 / 8
    assert -18 < loudness(made.data, tmp_path) < -14


def loudness(data: bytes, folder: Path) -> float:
    path = folder / "heard.opus"
    path.write_bytes(data)
    measured = ["-af", "loudnorm=print_format=json", "-f", "null", "-"]
    said = subprocess.run(["ffmpeg", "-i", path, *measured], capture_output=True, check=True, text=True).stderr
    return float(json.loads(said[said.rindex("{") :])["input_i"])


@needs_ffmpeg
def test_silence_around_the_words_goes(tmp_path: Path) -> None:
    quiet = ["-af", "adelay=4000,apad=pad_dur=5"]
    made = to_opus(as_format("wav", tone(2), tmp_path, *quiet))

    assert 1900 < made.duration_ms < 2700


@needs_ffmpeg
def test_the_same_sound_is_the_same_file() -> None:
    assert to_opus(tone()) == to_opus(tone())


@needs_ffmpeg
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (tone(3, loud=0), sound.SILENT),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * 50, sound.NOT_SOUND),
        (b"\x1aE\xdf\xa3" + b"\0" * 50, sound.NOT_SOUND),
        (b"#EXTM3U\nhttp://127.0.0.1:1/secret", sound.NOT_SOUND),
        (b"ffconcat version 1.0\nfile given", sound.NOT_SOUND),
        (b"<svg/>", sound.NOT_SOUND),
        (b"", sound.NOT_SOUND),
    ],
)
def test_what_is_no_recording_is_refused_in_words(data: bytes, sentence: Any) -> None:
    with pytest.raises(SoundRefused) as refused:
        to_opus(data)
    assert refused.value.sentence == sentence


@needs_ffmpeg
def test_a_click_is_no_recording() -> None:
    with pytest.raises(SoundRefused) as refused:
        to_opus(tone(0.1))
    assert refused.value.sentence in {sound.TOO_SHORT, sound.SILENT}


@needs_ffmpeg
def test_one_word_alone_is_enough() -> None:
    assert to_opus(tone(0.6)).duration_ms > 400


@needs_ffmpeg
def test_what_is_too_long_is_refused_and_not_cut_off() -> None:
    with pytest.raises(SoundRefused) as refused:
        to_opus(tone(182, rate=4000))
    assert refused.value.sentence == sound.TOO_LONG


@needs_ffmpeg
def test_a_block_is_read_kept_and_heard(client: Client, library: None) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")

    answer = client.post(KEEP, posted(said, tone(2)), **JSON).json()
    heard = Client().get(answer["url"])

    assert (answer["kept"], answer["seconds"], answer["is_doubtful"]) == (True, 2, False)
    assert ogg.duration_ms(heard.content) == Recording.objects.get().duration_ms
    assert recordings_of("en", [said.hash])[said.hash].url == answer["url"]


@needs_ffmpeg
def test_a_recording_much_too_short_for_its_words_is_kept_with_a_doubt(client: Client, library: None) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "text")

    assert client.post(KEEP, posted(said, tone(1)), **JSON).json()["is_doubtful"] is True
    assert "short or long for its words" in client.get(LESSON).content.decode()


@needs_ffmpeg
def test_a_file_that_is_no_sound_is_refused_on_the_page(client: Client, library: None) -> None:
    sign_in(client)
    answer = client.post(KEEP, posted(line(number=2), b"hello"), follow=True)

    assert answer.status_code == 200
    assert "There is no sound in this file" in answer.content.decode()
    assert not Recording.objects.exists()


# ---------------------------------------------------------------- serving


@pytest.fixture
def served(library: None) -> Recording:
    said = line(number=2)
    return record(
        language="en",
        place=said.place,
        text=said.text,
        sound=Sound(b"OggS" + bytes(range(256)) * 4, 1000),
        recorded_by=None,
        recorded_at=NOW,
    )


def test_a_recording_is_served_to_whoever_asks_and_for_ever(client: Client, served: Recording) -> None:
    response = client.get(served.url, HTTP_ACCEPT_ENCODING="gzip")

    assert (response.status_code, response.content) == (200, b"OggS" + bytes(range(256)) * 4)
    assert {name: response.headers.get(name) for name in ("Content-Type", "Accept-Ranges", "Content-Encoding")} == {
        "Content-Type": "audio/ogg",
        "Accept-Ranges": "bytes",
        "Content-Encoding": None,
    }
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    # Not by cookie: after her next sign-in she would pay for it once more.
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in response.headers
    known = client.get(served.url, HTTP_IF_NONE_MATCH=response.headers["ETag"])
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "status", "part", "said"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/1028"),
        ("bytes=1000-", 206, slice(1000, 1028), "bytes 1000-1027/1028"),
        ("bytes=-28", 206, slice(1000, 1028), "bytes 1000-1027/1028"),
        ("bytes=1020-9999", 206, slice(1020, 1028), "bytes 1020-1027/1028"),
        ("bytes=2000-", 416, slice(0, 0), "bytes */1028"),
        ("bytes=5-2", 416, slice(0, 0), "bytes */1028"),
        ("bytes=0-1,5-6", 200, slice(None), None),
        ("bytes=-", 200, slice(None), None),
        ("lines=1-2", 200, slice(None), None),
    ],
)
def test_a_player_may_ask_for_a_part(
    client: Client, served: Recording, wanted: str, status: int, part: slice, said: str | None
) -> None:
    whole = b"OggS" + bytes(range(256)) * 4

    response = client.get(served.url, HTTP_RANGE=wanted, HTTP_ACCEPT_ENCODING="gzip")

    assert (response.status_code, response.content) == (status, whole[part] if status != 416 else b"")
    assert response.headers.get("Content-Range") == said


def test_a_part_of_an_older_copy_is_answered_with_the_whole(client: Client, served: Recording) -> None:
    response = client.get(served.url, HTTP_RANGE="bytes=0-3", HTTP_IF_RANGE='"other"')

    assert (response.status_code, len(response.content)) == (200, 1028)


@pytest.mark.parametrize("name", ["0" * 32, "../original_images/x", "Z" * 32])
def test_there_is_nothing_under_another_name(client: Client, served: Recording, name: str) -> None:
    assert client.get(f"/media/sound/{name}.opus").status_code == 404
