"""What an operator is told when she starts the site: recordings cannot be made here."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.core.checks import register as register_check

from curriculum.listening.sound import converter

NO_CONVERTER = Warning(
    "ffmpeg is not installed: trainers cannot record or upload speech here. What is recorded already plays.",
    hint="Install ffmpeg with libopus from the system, or name it in FFMPEG. See docs/running.md, Recorded speech.",
    id="curriculum.W001",
)


def ffmpeg_is_there(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [] if converter() else [NO_CONVERTER]


def register() -> None:
    register_check(ffmpeg_is_there)
