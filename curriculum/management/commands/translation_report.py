"""``manage.py translation_report``: how far each language is, module by module."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum.translating.report import Report, Row, report_of_all
from curriculum.translating.segments import State


class Command(BaseCommand):
    help = (
        "Tell for every module and language how many texts are missing, written, stale, published and read, how many "
        "English words are left, and how many texts say what the English says. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same as one JSON object")
        parser.add_argument(
            "--language", action="append", default=[], help="only this language; may be given again. Else all begun"
        )

    def handle(self, *args: Any, language: list[str], **options: Any) -> None:
        known = dict(settings.LANGUAGES)
        if unknown := sorted(set(language) - known.keys()):
            raise CommandError(f"There is no language {', '.join(unknown)} here.")
        found = report_of_all(language)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            self._write_text(found)

    def _write_text(self, found: Report) -> None:
        for code, title, rows in found.modules:
            for language, row in rows.items():
                self.stdout.write(f"{code or 'library'} {language}: {_told(row)} ({title})")
        for language, row in found.totals.items():
            self.stdout.write(f"{language}: {_told(row)}, {row.same_share} % as in the source")
        if not found.totals:
            self.stdout.write("No language is begun.")


def _told(row: Row) -> str:
    states = ", ".join(f"{row.states[state]} {state}" for state in State if row.states[state])
    return f"{row.percent} % of {row.total} ({states or 'nothing'}), {row.words_left} words left"
