"""The other programme of the demonstration, made of its own text like any other: behind a door of its own.

It costs seconds to bring in, and nobody waits for it: the background worker does, when the first one already answers.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from certificates.setting_up import set_up_programme
from demonstration import cast, staging
from people.models import User
from programme.configuration import NotConfigured
from programme.models import Installation, Pairing, Programme, Term

FOLDER = Path(settings.BASE_DIR) / "packs" / cast.SECOND


def stands() -> bool:
    """Whether it has been brought in."""
    return Programme.objects.filter(code=cast.SECOND).exists()


@transaction.atomic
def bring_in(*, today: date) -> bool:
    """Bring it in and put its people where the cast list says; say whether it stands now.

    An installation whose hosts do not allow it a door of its own goes without.
    """
    if not Installation.is_demo():
        return False
    is_new = not stands()
    try:
        set_up_programme(FOLDER)
    except NotConfigured:
        return stands()
    if is_new:
        stage(today=today, secrets=staging.Secrets())
    return True


@task(backend="background", queue_name="background")
def bring_in_later() -> None:
    """For the worker: what ``bring_in`` does, for today."""
    bring_in(today=timezone.now().date())


def stage(*, today: date, secrets: staging.Secrets) -> None:
    """Everybody of it where the cast list says, told from ``today``. Nobody of it may stand there already."""
    staff = staging.stage_staff(today, secrets, cast.SECOND_STAFF)
    at_home = staging.Staff(staff.supervisors, {"ZA": staff.coordinators["GC"]})
    texts = staging.Texts()
    for part in cast.SECOND_PARTS:
        staging.stage_part(part, today, at_home, texts, secrets)
    pair = Term.objects.filter(learner__alias__in=cast.SECOND_PAIR).order_by("pk")
    Pairing.objects.create(one=pair[0], other=pair[1], from_on=today)


def account(name: str) -> tuple[User, str, str] | None:
    """``(user, secret, the page she starts on)`` of the part called ``name``; ``None`` when nobody is."""
    for part in cast.SECOND_PARTS:
        if part.account == name:
            return User.objects.get(alias=part.alias), cast.PIN, "today"
    for member in cast.SECOND_STAFF:
        if member.account == name:
            return User.objects.get(alias=member.alias), cast.PASSWORD, member.opens
    return None


def directory() -> dict[str, Any]:
    """Its host and its accounts, for tools that try the demonstration."""
    programme = Programme.objects.get(code=cast.SECOND)
    names = [part.account for part in cast.SECOND_PARTS if part.account]
    names += [member.account for member in cast.SECOND_STAFF]
    told = {name: found for name in names if (found := account(name))}
    return {
        "host": programme.host_name,
        "accounts": {name: {"login": user.alias, "secret": secret} for name, (user, secret, _opens) in told.items()},
    }
