"""The first people who work for a real programme, opened from the command line."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from programme.models import Installation, Role, RoleAssignment
from tests.factories import give_consent, make_programme, make_unit

pytestmark = pytest.mark.django_db
ROOT = "the root"


def opened(*arguments: str) -> tuple[str, str]:
    out = io.StringIO()
    call_command("open_staff_account", *arguments, stdout=out)
    found = re.match(r"work name: (\S+)\ncode: (\S+)\n", out.getvalue())
    assert found
    return found[1], found[2]


def test_a_coordinator_chooses_her_password_and_opens_accounts() -> None:
    root = make_unit(level="root", country="")
    make_programme(root=root)
    alias, code = opened("Esther", "coordinator", root.short_code, "--reads", "sw,en")
    held = RoleAssignment.objects.get()
    assert (held.role, held.unit, held.user.alias, held.user.languages) == (Role.COORDINATOR, root, alias, ["sw", "en"])
    assert not held.user.has_usable_password()

    secret = "a quiet morning by the lake"
    slip = {"alias": alias, "code": code}
    assert "again" in Client().post("/en/start/", slip).content.decode()
    Client().post("/en/start/", slip | {"pin": secret, "pin_again": secret})
    held.user.refresh_from_db()
    assert held.user.check_password(secret)
    give_consent(held.user)
    client = Client()
    client.post("/en/sign-in/", {"login": alias, "password": secret})

    assert client.get("/en/people/new/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Ada", "coordinator", "NO-1"), "No unit has the short code NO-1."),
        (("Ada", "translator", ROOT), "A translator translates into one language"),
        (("Ada", "trainer", ROOT, "--reads", "xx"), "There is no language xx here"),
        (("Ada", "reviewer", ROOT), "reviews for one country"),
    ],
)
def test_what_cannot_be_says_why_and_makes_nobody(arguments: tuple[str, ...], said: str) -> None:
    root = make_unit(level="root", country="")

    with pytest.raises(CommandError, match=said):
        opened(*(root.short_code if each == ROOT else each for each in arguments))

    assert not RoleAssignment.objects.exists()


def test_a_demonstration_takes_nobody_real() -> None:
    root = make_unit(level="root", country="")
    Installation.decide(is_demonstration=True)

    with pytest.raises(CommandError, match="everybody in it is invented"):
        opened("Ada", "coordinator", root.short_code)
