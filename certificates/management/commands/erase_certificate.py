"""Erase one certificate: the name and the paper go, the number keeps answering."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from certificates.actions import NotAllowed
from certificates.erasing import erase_certificate
from certificates.models import Certificate
from certificates.serials import typed_serial
from people.models import User, alias_key


class Command(BaseCommand):
    help = (
        "Take the name and the paper out of a certificate, as she asked. Its number answers “not current” afterwards; "
        "with --stays-current it answers as before. This cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the number on the paper, with or without gaps")
        parser.add_argument("--by", required=True, help="work name of the privacy officer or coordinator who decides")
        parser.add_argument("--stays-current", action="store_true", help="she wants the number to stay good")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *, number: str, by: str, stays_current: bool, dry_run: bool, **_options: Any) -> None:
        certificate = Certificate.objects.filter(serial=typed_serial(number)).first()
        if certificate is None:
            raise CommandError("No certificate here has this number. Look at the paper again.")
        officer = User.objects.filter(alias_key=alias_key(by), is_active=True).first()
        if officer is None:
            raise CommandError(f"Nobody here has the work name {by}.")
        answer = "as before, without a name" if stays_current else "“not current”"
        if dry_run:
            self.stdout.write(f"{certificate.number} would be erased; its number would answer {answer}.")
            return
        try:
            erase_certificate(certificate=certificate, by=officer, stays_current=stays_current, at=timezone.now())
        except NotAllowed:
            raise CommandError(f"{by} may not decide about this certificate.") from None
        self.stdout.write(f"{certificate.number} is erased; its number answers {answer}.")
