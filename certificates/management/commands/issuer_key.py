"""``manage.py issuer_key make|rotate|retire|lost|list [PROGRAMME]``: the keys that sign papers. docs/keys.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates import keys
from certificates.models import IssuerKey
from programme.models import Programme


class Command(BaseCommand):
    help = (
        "Make, rotate, retire or lose the key with which a programme signs its certificates, or list the keys. "
        "What a key has signed stays good for ever, unless it is lost."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=("make", "rotate", "retire", "lost", "list"))
        parser.add_argument("code", nargs="?", default="", help="of the programme, such as agewell; list takes all")
        parser.add_argument(
            "--key", default="", metavar="START", help="for retire and lost: an older key, by the start of its name"
        )
        parser.add_argument("--pem", action="store_true", help="with list: the certificates of those not lost")
        parser.add_argument("--json", action="store_true", help="with list: as one JSON array")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, verb: str, code: str, **options: Any) -> None:
        programmes = Programme.objects.order_by("code")
        if code:
            programmes = programmes.filter(code=code)
            if not programmes:
                known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
                raise CommandError(f"There is no programme {code}. There are: {known or 'none yet'}")
        elif verb != "list":
            raise CommandError(f"Which programme? manage.py issuer_key {verb} PROGRAMME")
        if verb == "list":
            self._list(list(programmes), **options)
        elif verb in ("make", "rotate"):
            self._make(verb, programmes[0], is_dry=options["dry_run"])
        else:
            self._end(verb, programmes[0], options["key"], is_dry=options["dry_run"])

    def _make(self, verb: str, programme: Programme, *, is_dry: bool) -> None:
        old = keys.active_key(programme)
        if verb == "make" and old is not None:
            raise CommandError(
                f"{programme.code} signs with {old} already. Nothing was changed. "
                f"To change the key: manage.py issuer_key rotate {programme.code}"
            )
        if old is not None:
            self.stdout.write(f"{old} is retired; what it signed stays good.")
        if is_dry:
            self.stdout.write("A key would be made. Nothing was changed.")
            return
        try:
            made = keys.rotate(programme=programme, at=timezone.now())
        except (keys.NoSigningKey, keys.KeyStands) as refusal:
            raise CommandError(f"Nothing was changed. {getattr(refusal, 'detail', refusal)}") from None
        self.stdout.write(f"{programme.code} signs with {made} from now on.")
        self.stdout.write(f"Its file: {keys.file_of(made.fingerprint)}. Copy it to a safe place (docs/keys.md).")

    def _end(self, verb: str, programme: Programme, start: str, *, is_dry: bool) -> None:
        key = self._meant(programme, start)
        if is_dry:
            self.stdout.write(f"{key} would be {'lost' if verb == 'lost' else 'retired'}. Nothing was changed.")
            return
        if verb == "lost":
            keys.lose(key=key, at=timezone.now())
            known = key.certificates.count()
            self.stdout.write(f"{key} is lost. A paper that it signed is genuine only where it is known: {known} here.")
        else:
            keys.retire(key=key, at=timezone.now())
            self.stdout.write(f"{key} is retired. What it signed stays good; it signs nothing any more.")
        if keys.active_key(programme) is None:
            self.stdout.write(f"Nothing is issued until there is another: manage.py issuer_key make {programme.code}")

    def _meant(self, programme: Programme, start: str) -> IssuerKey:
        if not start:
            key = keys.active_key(programme)
            if key is None:
                raise CommandError(f"{programme.code} has no key that signs. Name one with --key (issuer_key list).")
            return key
        found = list(IssuerKey.objects.filter(programme=programme, fingerprint__startswith=start.lower()))
        if len(found) != 1:
            raise CommandError(f"{len(found)} keys of {programme.code} begin with {start}. Nothing was changed.")
        return found[0]

    def _list(self, programmes: list[Programme], **options: Any) -> None:
        found = IssuerKey.objects.filter(programme__in=programmes).select_related("programme")
        rows = list(found.order_by("programme__code", "made_at", "pk"))
        if options["json"]:
            told = [
                {
                    "programme": key.programme.code,
                    "fingerprint": key.fingerprint,
                    "state": str(keys.state_of(key)),
                    "made_at": key.made_at.isoformat(),
                    "problem": keys.problem_of(key) if keys.state_of(key) is keys.KeyState.ACTIVE else "",
                    "certificate": key.certificate_pem,
                }
                for key in rows
            ]
            self.stdout.write(json.dumps(told, indent=2))
            return
        if options["pem"]:
            # Who holds only these cannot know which papers of a lost key are good.
            for key in rows:
                if keys.state_of(key) is not keys.KeyState.LOST:
                    self.stdout.write(key.certificate_pem.strip())
            return
        for key in rows:
            state = keys.state_of(key)
            made = f"{key.made_at:%Y-%m-%d}"
            self.stdout.write(f"{key.programme.code}  {key.fingerprint}  made {made}  {state.value}")
            problem = keys.problem_of(key) if state is keys.KeyState.ACTIVE else ""
            if problem:
                self.stdout.write(f"  It cannot sign: {problem}")
            elif state is keys.KeyState.ACTIVE and keys.is_open_to_others(key):
                path = keys.file_of(key.fingerprint)
                self.stdout.write(f"  Others on this machine can read its file: chmod 600 {path}")
        for programme in programmes:
            if not any(key.programme_id == programme.pk and keys.state_of(key) is keys.KeyState.ACTIVE for key in rows):
                self.stdout.write(f"{programme.code} has no key: manage.py issuer_key make {programme.code}")
