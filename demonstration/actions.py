"""The verbs of the demonstration: load its content once, stage it for today, say who is on stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation

import curriculum.actions
from curriculum.models import Article, Country, ModulePage
from curriculum.review_actions import ensure_review_workflow
from demonstration import cast, further, releases, second, staging
from demonstration.models import Staging
from people.models import User
from people.signing import signing_pin_of
from programme.models import (
    Installation,
)


class NotADemonstration(Exception):
    """This database belongs to a real programme; a demonstration is never staged in it."""


@dataclass(frozen=True)
class Account:
    """Somebody a visitor can sign in as, and the page she starts on."""

    name: str
    user: User
    secret: str
    opens: str
    signing_pin: str = ""

    def as_told(self) -> dict[str, str]:
        """Her work name and her secret, and the PIN that she signs with on others' phones if she has one."""
        told = {"login": self.user.alias, "secret": self.secret}
        return told | ({"signing_pin": self.signing_pin} if self.signing_pin else {})


def prepare(*, say: Callable[[str], Any]) -> None:
    """Decide that this is a demonstration and load its content; what is there already stays.

    Raises ``NotADemonstration`` for a database that was decided otherwise or already holds people.
    """
    decided = Installation.objects.first()
    if decided is not None and not decided.is_demonstration:
        raise NotADemonstration("This database holds a real programme. The demonstration needs one of its own.")
    if decided is None:
        if User.objects.exists():
            raise NotADemonstration("There are people in this database. The demonstration needs one of its own.")
        Installation.decide(is_demonstration=True)
    for code, name in cast.COUNTRY_NAMES.items():
        languages = ["sw", "en"] if code == "KE" else ["en", "sw"]
        Country.objects.get_or_create(code=code, defaults={"name": name, "languages": languages})
    if not ModulePage.objects.exists():
        say("Loading four modules in English and Kiswahili ...")
        with transaction.atomic():
            for folder in further.first_folders():
                curriculum.actions.import_pack(folder, languages=further.FIRST_LANGUAGES)
        curriculum.actions.renew_references.enqueue()
    # Also into a demonstration that an earlier release made.
    for folder in further.first_folders():
        curriculum.actions.import_recordings(folder)
    if Article.objects.filter(kind=Article.Kind.LESSON, spoken=[]).exists():
        curriculum.actions.freeze_all()
    ensure_review_workflow()
    with transaction.atomic():
        staging.stage_programme()


def stage_if_stale(*, today: date) -> bool:
    """Stage it for ``today`` unless that is done; say whether anything was done."""
    if Staging.objects.filter(staged_on=today).exists():
        return False
    stage(today=today)
    return True


@transaction.atomic
def stage(*, today: date) -> None:
    """Strike the set and put everybody where the cast list says, told from ``today``."""
    if not Installation.is_demo():
        raise NotADemonstration("Only a demonstration can start over.")
    releases.strike_releases()
    staging.strike()
    secrets = staging.Secrets()
    staff = staging.stage_staff(today, secrets)
    texts = staging.Texts()
    for part in [*cast.LEADING_PARTS, *cast.further_parts()]:
        staging.stage_part(part, today, staff, texts, secrets)
    if second.stands():
        second.stage(today=today, secrets=secrets)
    releases.stage_release()
    Staging.objects.update_or_create(id=1, defaults={"staged_on": today})


def account(name: str) -> Account | None:
    """The part called ``name`` in ``demo --json``; ``None`` when nobody is."""
    for part in cast.LEADING_PARTS:
        if part.account and part.account == name:
            return Account(name, User.objects.get(alias=part.alias), cast.PIN, "today")
    for member in cast.STAFF:
        if member.account == name:
            user = User.objects.get(alias=member.alias)
            signs = signing_pin_of(user) is not None
            return Account(name, user, cast.PASSWORD, member.opens, cast.SIGNING_PIN if signs else "")
    return None


def second_account(name: str) -> Account | None:
    """The part of the other programme called ``name``; ``None`` when nobody is, or it does not stand."""
    found = second.account(name) if second.stands() else None
    return Account(name, *found) if found else None


def directory() -> dict[str, Any]:
    """Accounts and addresses for tools that try the demonstration, as design section 6 names them."""
    names = [part.account for part in cast.LEADING_PARTS if part.account] + [member.account for member in cast.STAFF]
    accounts = [found for name in names if (found := account(name))]
    with translation.override("en"):
        urls = {
            "home": reverse("home"),
            "sign_in": reverse("account_login"),
            "today": reverse("today"),
            "learn": reverse("learn"),
            "module": reverse("module", args=["m4"]),
            "lesson": reverse("lesson", args=["m4", "l2"]),
            "quiz": reverse("quiz", args=["m4"]),
            "practice": reverse("practice", args=["m4"]),
            "certificates": reverse("my-certificates"),
            "help": reverse("help-for-me"),
            "settings": reverse("settings"),
            "my_data": reverse("my-data"),
            "verify": reverse("verify"),
            "roster": reverse("roster"),
            "people": reverse("people-list"),
            "admin": "/admin/",
        }
    told = {"accounts": {account.name: account.as_told() for account in accounts}, "urls": urls}
    return told | ({cast.SECOND: second.directory()} if second.stands() else {})
