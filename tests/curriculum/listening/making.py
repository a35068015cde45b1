"""Sounds, and the lines of a lesson that somebody reads."""

from __future__ import annotations

import io
import json
import math
import shutil
import struct
import wave
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from curriculum.listening.actions import record
from curriculum.listening.readings import readings
from curriculum.listening.sound import Sound
from curriculum.models import LessonPage, Recording
from tests.curriculum.admin_desk import make_person

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed here")
LESSON = "/admin/listening/en/read/x1/l1/"
KEEP = "/admin/listening/en/keep/"
JSON = {"HTTP_ACCEPT": "application/json"}


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
