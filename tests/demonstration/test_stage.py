"""The demonstration never becomes real, never ages, and can start over."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import Client

from demonstration.staging import Secrets
from programme.models import Installation
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_demo_refuses_a_database_that_holds_a_real_programme() -> None:
    Installation.decide(is_demonstration=False)
    with pytest.raises(CommandError, match="one of its own"):
        call_command("demo", stdout=StringIO())


def test_demo_refuses_a_database_with_people_in_it() -> None:
    make_user()
    with pytest.raises(CommandError, match="one of its own"):
        call_command("demo", stdout=StringIO())
    assert not Installation.objects.exists()


@pytest.mark.parametrize("path", ["/en/demo/sign-in/learner/", "/en/demo/start-over/"])
def test_doors_do_not_exist_outside_a_demonstration(client: Client, path: str) -> None:
    Installation.decide(is_demonstration=False)
    make_user(alias="WAN-101")
    assert client.post(path).status_code == 404
    assert "_auth_user_id" not in client.session


def test_home_outside_a_demonstration_shows_no_door_and_no_bar(client: Client) -> None:
    Installation.decide(is_demonstration=False)
    page = client.get("/en/").content.decode()
    assert "/demo/" not in page
    assert "Sign in" in page


def test_starting_over_gives_the_secret_back_and_leaves_alone_who_still_has_it() -> None:
    first, second, new = make_user(), make_user(), make_user()
    first.set_password("204060")
    second.set_password("111111")
    new.set_unusable_password()
    before = first.password
    secrets = Secrets()

    for user in (second, first, new):
        secrets.give(user, "204060")

    assert first.password == before
    assert [check_password("204060", user.password) for user in (first, second, new)] == [True, True, True]
