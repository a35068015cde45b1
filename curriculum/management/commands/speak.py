"""``manage.py speak KEY``: a machine reads a text aloud, for a demonstration or until a trainer has."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from curriculum.listening.actions import record
from curriculum.listening.ogg import name_of
from curriculum.listening.readings import Line, readings
from curriculum.listening.sound import NoConverter, to_opus
from curriculum.listening.synthetic import LICENCE, NoVoice, say
from curriculum.models import Recording

KBITS = 16


class Command(BaseCommand):
    help = (
        "Have espeak-ng read a published text aloud. Learners and trainers are told that the voice is synthetic. "
        "What a person has read stays; what was withdrawn stays silent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", nargs="+", help="p2/l1 for a lesson, p2/q for questions, p2 for the module's title")
        known = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", action="append", choices=known, help="more than one if need be")
        parser.add_argument("--only", action="append", default=[], help="only places that begin so, such as p2/q#1a2b")
        parser.add_argument("--again", action="store_true", help="also what a machine has read already")
        parser.add_argument("--dry-run", action="store_true", help="say what would be read, and read nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for language in options["language"] or [settings.LANGUAGE_CODE]:
            for key in options["key"]:
                found = readings(language, key)
                if not found:
                    raise CommandError(f"Nothing is published in {language} at {key}.")
                for reading in found:
                    wanted = [line for line in reading.lines if self._is_wanted(line, options)]
                    said = sum(self._speak(line, language) for line in wanted) if not options["dry_run"] else 0
                    what = f"{len(wanted)} of {reading.total} blocks, {said / 1000:.0f} kB"
                    self.stdout.write(f"{language} {key}: {what}")

    def _is_wanted(self, line: Line, options: dict[str, Any]) -> bool:
        if options["only"] and not line.place.startswith(tuple(options["only"])):
            return False
        return line.recording is None or (line.recording.is_synthetic and options["again"])

    def _speak(self, line: Line, language: str) -> int:
        try:
            sound = to_opus(say(line.text, language), kbits=KBITS)
        except NoVoice as problem:
            raise CommandError(f"{problem}. See docs/running.md, Recorded speech.") from None
        except NoConverter:
            raise CommandError("ffmpeg is not installed here. See docs/running.md, Recorded speech.") from None
        name = name_of(sound.data)
        if Recording.objects.filter(language=language, name=name, stop=Recording.Stop.WITHDRAWN).exists():
            self.stdout.write(f"{line.place}: withdrawn, so it stays silent until a person reads it")
            return 0
        kept = record(
            language=language,
            place=line.place,
            text=line.text,
            sound=sound,
            recorded_by=None,
            recorded_at=timezone.now().replace(microsecond=0),
            is_synthetic=True,
            licence=LICENCE,
        )
        return kept.size_bytes
