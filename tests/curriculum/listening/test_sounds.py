"""What the server makes of a file that somebody read into, and how it is served."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from curriculum.listening import ogg, sound
from curriculum.listening.actions import record
from curriculum.listening.readings import readings, recordings_of
from curriculum.listening.sound import Sound, SoundRefused, to_opus
from curriculum.models import Recording
from tests.curriculum.listening.making import (
    JSON,
    KEEP,
    LESSON,
    NOW,
    line,
    needs_ffmpeg,
    posted,
    sign_in,
    tone,
)

pytestmark = pytest.mark.django_db


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
def test_a_block_is_read_kept_and_heard(library: None, client: Client) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "key_message")

    answer = client.post(KEEP, posted(said, tone(2)), **JSON).json()
    heard = Client().get(answer["url"])

    assert (answer["kept"], answer["seconds"], answer["is_doubtful"]) == (True, 2, False)
    assert ogg.duration_ms(heard.content) == Recording.objects.get().duration_ms
    assert recordings_of("en", [said.hash])[said.hash].url == answer["url"]


@needs_ffmpeg
def test_a_recording_much_too_short_for_its_words_is_kept_with_a_doubt(library: None, client: Client) -> None:
    sign_in(client)
    said = next(one for one in readings("en", "x1/l1")[0].lines if one.kind == "text")

    assert client.post(KEEP, posted(said, tone(1)), **JSON).json()["is_doubtful"] is True
    assert "short or long for its words" in client.get(LESSON).content.decode()


@needs_ffmpeg
def test_a_file_that_is_no_sound_is_refused_on_the_page(library: None, client: Client) -> None:
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
