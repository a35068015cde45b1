"""Every account that ``demo --json`` names signs in by the form, with its login and its secret."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.flows.devices import PHONE
from tests.flows.stage import Stage

NAMED = {
    "learner", "learner_new", "learner_due", "trainer", "translator", "reviewer", "supervisor", "coordinator", "nurse",
    "district_manager", "programme_manager", "monitoring", "privacy_officer",
}  # fmt: skip


def test_every_named_account_signs_in_by_the_form(open_page: Callable[..., Page], stage: Stage) -> None:
    assert stage.accounts.keys() >= NAMED
    for name, account in stage.accounts.items():
        page = open_page(PHONE, java_script_enabled=False)
        page.goto(stage.urls["sign_in"])
        page.locator("[name=login]").fill(account["login"])
        page.locator("[name=password]").fill(account["secret"])
        page.locator("button[form=sign-in]").click()
        assert "/sign-in/" not in page.url, name
        page.context.close()


def test_every_named_address_answers(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(PHONE)
    page.get_by_role("button", name="Chiŵale").click()
    page.wait_for_url("**/today/")
    for name, url in stage.urls.items():
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == (404 if name in {"admin", "roster", "people"} else 200), name
