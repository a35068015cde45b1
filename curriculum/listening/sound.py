"""Sound as a browser or a phone gives it becomes Opus in Ogg: one voice, evenly loud, without silence around it.

It is done at once, while the trainer looks on: she hears what learners will hear, and a file that is not sound is
told to her and not to a log. Some seconds of one core for a minute of speech. ``ffmpeg`` comes from the system;
see docs/running.md.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from curriculum.listening import ogg

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MOST_BYTES = 15_000_000
SHORTEST_MS = 300
LONGEST_SECONDS = 180
SECONDS_OF_WORK = 40
"""Less than the minute after which the web server takes a request for lost."""

LOUDNESS = "I=-16:TP=-1.5:LRA=11"
"""LUFS, EBU R 128; -16 is what is usual for speech on a phone's small speaker."""
SILENCE = "silenceremove=start_periods=1:start_silence=0.15:start_threshold=-50dB"
TRIMMED = f"aresample=48000,highpass=f=70,{SILENCE},areverse,{SILENCE},areverse"
SILENT_LUFS = -55.0

FORMATS: Sequence[tuple[int, bytes, str]] = (
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (8, b"WAVE", "wav"),
    (4, b"ftyp", "mov"),
    (0, b"ID3", "mp3"),
    (0, b"fLaC", "flac"),
    (0, b"#!AMR", "amr"),
)
"""``(offset, mark, name in ffmpeg)``. Only what is named here is read, and as what it is named: ffmpeg also knows
kinds of file that are lists of addresses to fetch."""


class SoundRefused(Exception):
    """There is no recording in this; ``sentence`` says why to the one who made it."""

    def __init__(self, sentence: StrPromise | str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NoConverter(Exception):
    """ffmpeg is not installed here, or is another program than we need."""


@dataclass(frozen=True)
class Sound:
    """An Ogg Opus file and how long it plays."""

    data: bytes
    duration_ms: int


NOT_SOUND = _("There is no sound in this file that can be read here. Choose a recording: MP3, M4A, OGG, WebM or WAV.")
TOO_BIG = _("This file is too big. One block is at most three minutes.")
TOO_LONG = _("This is longer than three minutes. Read this block by itself.")
TOO_SHORT = _("There is almost nothing in this recording. Please read it again.")
SILENT = _("Nothing is heard in this recording. Is the microphone on? Please read it again.")


def converter() -> str:
    """The path of ffmpeg, or nothing when it is not installed."""
    return shutil.which(settings.FFMPEG) or ""


def to_opus(data: bytes, *, kbits: int | None = None) -> Sound:
    """The recording in ``data`` (WebM, MP4, Ogg, MP3, WAV, FLAC or AMR) as phones play it.

    Raises ``SoundRefused`` for what is no sound, silent, too long or too short, ``NoConverter`` without ffmpeg.
    """
    program = converter()
    if not program:
        raise NoConverter
    if len(data) > MOST_BYTES:
        raise SoundRefused(TOO_BIG)
    kind = kind_of(data)
    with tempfile.TemporaryDirectory(prefix="sound-") as folder:
        source, made = Path(folder) / "given", Path(folder) / "made.opus"
        source.write_bytes(data)
        # One second more than allowed, so that what is too long is seen and not cut off.
        given = ["-protocol_whitelist", "file", "-f", kind, "-t", str(LONGEST_SECONDS + 1), "-i", str(source)]
        only_sound = ["-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-ac", "1"]
        heard = _loudness(_run(program, [*given, *only_sound, "-af", _filters(), "-f", "null", "-"]))
        _run(
            program,
            [
                *[*given, *only_sound, "-af", f"{_filters(heard)},aresample=48000"],
                *["-c:a", "libopus", "-application", "voip", "-vbr", "on", "-frame_duration", "60"],
                *["-b:a", f"{kbits or settings.SPEECH_KBITS}k"],
                # The same sound makes the same file, and the file says nothing of who made it with what.
                *["-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "ogg", str(made)],
            ],
        )
        opus = made.read_bytes()
    duration_ms = ogg.duration_ms(opus)
    if duration_ms > LONGEST_SECONDS * 1000:
        raise SoundRefused(TOO_LONG)
    if duration_ms < SHORTEST_MS:
        raise SoundRefused(TOO_SHORT)
    return Sound(opus, duration_ms)


def kind_of(data: bytes) -> str:
    """What ffmpeg calls the kind of file that ``data`` is. Raises ``SoundRefused`` for all others."""
    for offset, mark, name in FORMATS:
        if data[offset : offset + len(mark)] == mark:
            return name
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0:
        return "aac"
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "mp3"
    raise SoundRefused(NOT_SOUND)


def _filters(heard: dict[str, Any] | None = None) -> str:
    """Silence off, then evenly loud. Measured first: in one go the beginning would be louder than the rest."""
    measured = f":linear=true:print_format=summary:{_measured(heard)}" if heard else ":print_format=json"
    return f"{TRIMMED},loudnorm={LOUDNESS}{measured}"


def _measured(heard: dict[str, Any]) -> str:
    names = {"measured_I": "input_i", "measured_TP": "input_tp", "measured_LRA": "input_lra"}
    names |= {"measured_thresh": "input_thresh", "offset": "target_offset"}
    return ":".join(f"{name}={heard[found]}" for name, found in names.items())


def _loudness(said: str) -> dict[str, Any]:
    """What the measuring run found. Raises ``SoundRefused`` for silence."""
    try:
        heard: dict[str, Any] = json.loads(said[said.rindex("{") : said.rindex("}") + 1])
        loudness, peak = float(heard["input_i"]), float(heard["input_tp"])
    except (ValueError, KeyError):
        raise SoundRefused(NOT_SOUND) from None
    # A word alone is shorter than what loudness is measured over: then its peak tells whether there is a voice.
    if loudness < SILENT_LUFS and peak < SILENT_LUFS + 15:
        raise SoundRefused(SILENT)
    if loudness < SILENT_LUFS:
        heard["input_i"] = str(max(-50.0, peak - 14))
        heard["target_offset"] = "0"
    return heard


def _run(program: str, arguments: Sequence[str]) -> str:
    """Run ffmpeg, return what it said; refuse what it cannot read, or what takes it too long."""
    command = [program, "-hide_banner", "-nostdin", "-y", "-threads", "1", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program; the file's name is ours
            command, capture_output=True, timeout=SECONDS_OF_WORK / 2, check=False
        )
    except subprocess.TimeoutExpired:
        raise SoundRefused(NOT_SOUND) from None
    except OSError as problem:
        raise NoConverter from problem
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        # A program without what we ask of it is the operator's, whatever the file.
        if "Unknown encoder" in said or "No such filter" in said:
            raise NoConverter(said[-200:])
        raise SoundRefused(NOT_SOUND)
    return said
