"""A supervisor checks, a coordinator issues, a trainer changes what a learner reads."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.conftest import DESK, PHONE
from tests.flows.journey import go_in
from tests.flows.stage import Stage


def test_supervisor_checks_a_certificate(desk: Page, stage: Stage) -> None:
    ((serial, term),) = stage.rows(
        "SELECT c.serial, t.uuid FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
        " JOIN people_user u ON u.id = t.learner_id JOIN certificates_award a ON a.id = c.award_id"
        " WHERE u.alias = 'ROS-109' AND a.code = 'certified'"
    )
    go_in(desk, "Wambui")
    search = desk.get_by_role("searchbox")
    search.fill(serial)
    search.press("Enter")
    desk.get_by_role("link", name="Rose").first.click()
    expect(desk.locator("main")).to_contain_text(re.compile("May work alone until"))
    assert term.replace("-", "") in desk.url.replace("-", "")

    desk.goto("/verify/")
    desk.get_by_role("textbox").first.fill(serial)
    desk.get_by_role("textbox").first.press("Enter")
    expect(desk.locator("main")).to_contain_text("Current")
    expect(desk.locator("main")).not_to_contain_text("Rose")


def test_a_stranger_gets_not_found(open_page: Callable[..., Page], stage: Stage) -> None:
    ((term,),) = stage.rows(
        "SELECT t.uuid FROM programme_term t JOIN people_user u ON u.id = t.learner_id WHERE u.alias = 'ROS-109'"
    )
    for who in ("Chiŵale", "Sister Atieno"):
        page = open_page(PHONE)
        go_in(page, who)
        answer = page.goto(f"/en/record/{term}/")
        assert answer is not None
        assert answer.status == (200 if who == "Sister Atieno" else 404)


def test_trainer_publishes_a_change_and_the_learner_sees_it(open_page: Callable[..., Page]) -> None:
    trainer = open_page(DESK)
    go_in(trainer, "Gathoni")
    trainer.get_by_role("link", name="My modules").first.click()
    trainer.get_by_role("link", name="Feeding your baby").first.click()
    trainer.get_by_role("link", name=re.compile("Why breast milk|Milk")).first.click()
    title = trainer.locator("#id_title")
    title.fill("A title changed by its trainer")
    trainer.get_by_role("button", name=re.compile("More actions|Actions")).first.click()
    trainer.get_by_role("button", name="Publish").click()
    expect(trainer.locator(".messages, [data-w-messages]").first).to_contain_text("published")

    learner = open_page(PHONE)
    go_in(learner, "Chiŵale")
    learner.goto("/en/m4/")
    expect(learner.get_by_text("A title changed by its trainer")).to_be_visible()
