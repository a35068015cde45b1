"""A machine's voice, for demonstrations and until somebody has read a text: espeak-ng from the system."""

from __future__ import annotations

import shutil
import subprocess

VOICES = {"en": "en-gb", "sw": "sw", "fr": "fr-fr", "pt": "pt"}
WORDS_A_MINUTE = 145
LICENCE = "Made by a machine (eSpeak NG) from the text of this pack; free to use as the pack is."
ENDS = ".!?:;…"


class NoVoice(Exception):
    """espeak-ng is not installed, or does not speak this language."""


def say(text: str, language: str) -> bytes:
    """``text`` as a WAV file. Raises ``NoVoice``."""
    program = shutil.which("espeak-ng")
    if not program:
        raise NoVoice("espeak-ng is not installed here")
    voice = VOICES.get(language, language)
    command = [program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-g", "2", "--stdin", "--stdout"]
    done = subprocess.run(  # noqa: S603 -- a fixed program
        command, input=_in_breaths(text).encode(), capture_output=True, timeout=120, check=False
    )
    if done.returncode or not done.stdout:
        raise NoVoice(f"espeak-ng does not speak {language}")
    return done.stdout


def _in_breaths(text: str) -> str:
    """Every line ends with a pause, also that of a list."""
    lines = (line if line.rstrip('”’")').endswith(tuple(ENDS)) else f"{line}." for line in text.splitlines())
    return "\n".join(lines) + "\n"
