"""``manage.py open_staff_account``: a member of staff of a real programme, with her first role and a slip."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programme.actions import DemonstrationRefuses, open_staff_account
from programme.models import OrganisationUnit, Role
from programme.models.units import UnitLevel

WRITES_IN_A_LANGUAGE = frozenset({Role.TRANSLATOR})


class Command(BaseCommand):
    help = (
        "Open an account for somebody who works for a programme, give her a role at a unit and everything below it, "
        "and print the work name and the code with which she chooses her password. The code works once, for 14 days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="as she wants to be called")
        parser.add_argument("role", choices=[role for role in Role.values if role != Role.LEARNER])
        parser.add_argument("unit", help="the short code of the unit at which she has the role")
        parser.add_argument("--language", default="", help="the one that she writes or translates")
        parser.add_argument("--reads", default="en", help="her languages, the best first: sw,en")

    def handle(self, *args: Any, name: str, role: str, unit: str, language: str, reads: str, **options: Any) -> None:
        known = dict(settings.LANGUAGES)
        languages = [code.strip() for code in reads.split(",") if code.strip()]
        if unknown := sorted({*languages, *([language] if language else [])} - known.keys()):
            raise CommandError(f"There is no language {', '.join(unknown)} here; there are {', '.join(known)}.")
        if role in WRITES_IN_A_LANGUAGE and not language:
            raise CommandError("A translator translates into one language: --language sw")
        place = OrganisationUnit.objects.filter(short_code=unit).first()
        if place is None:
            raise CommandError(f"No unit has the short code {unit}.")
        if role == Role.REVIEWER and place.level == UnitLevel.ROOT:
            raise CommandError("A clinical reviewer reviews for one country: name the unit of that country.")
        on = timezone.now().date()
        try:
            user, code = open_staff_account(
                display_name=name, role=role, unit=place, language=language, languages=languages or ["en"], on=on
            )
        except DemonstrationRefuses:
            raise CommandError("This database holds a demonstration: everybody in it is invented.") from None
        self.stdout.write(
            f"work name: {user.alias}\ncode: {code}\nShe opens “I have a slip with a code” and types both."
        )
