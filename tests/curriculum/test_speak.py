"""``manage.py speak``: a machine's voice where nobody has read yet, and always said to be one."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from curriculum.listening import synthetic
from curriculum.listening.actions import record, withdraw
from curriculum.listening.readings import readings
from curriculum.listening.sound import Sound
from curriculum.models import Recording

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def library(begin_with: Callable[..., Any]) -> None:
    begin_with(swahili="")


@pytest.fixture
def machine(monkeypatch: Any) -> list[str]:
    """What a machine without sound was asked to say."""
    said: list[str] = []

    def say(text: str, language: str) -> bytes:
        said.append(text)
        return text.encode()

    monkeypatch.setattr("curriculum.management.commands.speak.say", say)
    monkeypatch.setattr("curriculum.management.commands.speak.to_opus", lambda data, kbits: Sound(data, 1000))
    return said


def speak(*arguments: str) -> str:
    out = io.StringIO()
    call_command("speak", *arguments, stdout=out)
    return out.getvalue()


def test_a_lesson_is_spoken_once_and_labelled(machine: list[str]) -> None:
    (lesson,) = readings("en", "x1/l1")

    assert speak("x1/l1").startswith(f"en x1/l1: {lesson.total} of {lesson.total} blocks")
    assert machine == [line.text for line in lesson.lines]
    said = Recording.objects.filter(is_synthetic=True, recorded_by=None, licence=synthetic.LICENCE)
    assert said.count() == Recording.objects.count() == lesson.total
    assert "0 of 7 blocks" in speak("x1/l1")
    assert "7 of 7 blocks" in speak("x1/l1", "--again", "--dry-run")


def test_a_person_is_not_spoken_over_and_what_was_withdrawn_stays_silent(machine: list[str]) -> None:
    first, second = readings("en", "x1/l1")[0].lines[:2]
    person = record(
        language="en", place=first.place, text=first.text, sound=Sound(b"OggS", 1), recorded_by=None, recorded_at=NOW
    )
    speak("x1/l1")
    withdraw(recording=Recording.objects.in_use().get(text=second.text), withdrawn_by=None, withdrawn_at=NOW)

    assert "stays silent" in speak("x1/l1", "--again")
    assert Recording.objects.in_use().get(text=first.text) == person
    assert not Recording.objects.in_use().filter(text=second.text).exists()


def test_only_some_places_are_spoken(machine: list[str]) -> None:
    title = readings("en", "x1/l1")[0].lines[0]
    speak("x1/l1", "--only", title.place)

    assert machine == [title.text]


def test_what_is_not_there_is_said(machine: list[str]) -> None:
    with pytest.raises(CommandError, match="Nothing is published in sw at x1/l9"):
        speak("x1/l9", "--language", "sw")


def test_without_the_programs_the_step_is_named(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(synthetic.shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match=r"espeak-ng is not installed here. See docs/running\.md"):
        speak("x1/l1")

    monkeypatch.undo()
    monkeypatch.setattr("curriculum.management.commands.speak.say", lambda text, language: b"RIFF")
    settings.FFMPEG = "no-such-program"
    with pytest.raises(CommandError, match=r"ffmpeg is not installed here. See docs/running\.md"):
        speak("x1/l1")


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed here")
@pytest.mark.parametrize("language", sorted(synthetic.VOICES))
def test_the_machine_speaks_every_language_of_the_product(language: str) -> None:
    assert synthetic.say("Habari\nshe waits", language)[8:12] == b"WAVE"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed here")
def test_a_language_without_a_voice_is_said() -> None:
    with pytest.raises(synthetic.NoVoice):
        synthetic.say("Habari", "xx-none")
