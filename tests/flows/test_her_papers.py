"""On a phone she reads what her paper says, hands on its address and keeps her name on it; staff see who is next."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.devices import DESK
from tests.flows.journey import go_in, heading
from tests.flows.stage import Stage

HERS = (
    "SELECT c.serial FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
    " JOIN people_user u ON u.id = t.learner_id WHERE u.alias = 'CHI-103'"
)
CATCH = "window.shared = []; navigator.share = async (what) => { window.shared.push(what); };"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_she_reads_what_it_says_and_hands_on_its_address(phone: Page, stage: Stage) -> None:
    ((serial,),) = stage.rows(HERS)
    phone.add_init_script(CATCH)
    go_in(phone, "Chiŵale")
    phone.get_by_role("link", name="My certificates").first.click()
    heading(phone, "My certificates")
    for summary in ("Show it to check", "Share it, or carry it with you", "What it says, and to whom"):
        phone.get_by_text(summary).first.click()
    expect(phone.get_by_text("Whoever holds the paper reads").first).to_be_visible()
    assert phone.evaluate(TOO_WIDE) == 0

    phone.get_by_role("button", name="Send the address").first.click()
    (shared,) = phone.evaluate("window.shared")
    # The address alone: no name, no title, nothing that says what it is about.
    assert list(shared) == ["url"]
    assert shared["url"].endswith(f"/verify/{serial}/")

    with phone.expect_download() as taken:
        phone.get_by_role("link", name="A card for your wallet").first.click()
    assert taken.value.suggested_filename == f"{serial}-card.pdf"


def test_her_name_stays_without_her_pin(phone: Page, stage: Stage) -> None:
    ((serial,),) = stage.rows(HERS)
    go_in(phone, "Chiŵale")
    phone.goto(f"/en/certificates/{serial}/name/")
    phone.get_by_label("“Not current”: as if it had never been given.").check()
    phone.get_by_label("Your PIN").fill("000000")
    phone.get_by_role("button", name="Take my name off").click()
    expect(phone.get_by_role("alert")).to_contain_text("Nothing was changed.")
    assert phone.evaluate(TOO_WIDE) == 0
    phone.get_by_role("link", name="Leave it as it is").click()
    expect(phone.get_by_text("Get the paper (PDF)").first).to_be_visible()


def test_a_coordinator_finds_who_can_have_one(open_page: Callable[..., Page]) -> None:
    desk = open_page(DESK)
    go_in(desk, "Esther")
    desk.get_by_role("link", name="Certificates: who can have one now").click()
    desk.locator("main .path a").first.click()
    expect(desk.locator("main")).to_contain_text(re.compile(r"\d+ not yet"))
    expect(desk.locator("main")).to_contain_text(
        re.compile(r"lessons? and the quiz (is|are) left|practice not yet signed off")
    )
