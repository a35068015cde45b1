"""The foot of a page leads to accounts and terms only for those who keep them."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import User
from tests.factories import give_role, make_unit, make_user

pytestmark = pytest.mark.django_db

LINK = 'href="/en/people/"'


@pytest.mark.parametrize(
    ("role", "is_led_there"),
    [("coordinator", True), ("programme_manager", True), ("supervisor", False), ("monitoring", False)],
)
def test_foot_leads_to_accounts_and_terms_for_those_who_keep_them(role: str, is_led_there: bool) -> None:
    staff = make_user(name="Wambui", secret_kind=User.SecretKind.PASSWORD)
    give_role(staff, role, make_unit())
    client = Client()
    client.force_login(staff)

    assert (LINK in client.get("/en/settings/").text) is is_led_there
