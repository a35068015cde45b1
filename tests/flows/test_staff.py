"""A supervisor checks, a stranger finds nothing, a trainer changes what a learner reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.flows.devices import DESK, PHONE
from tests.flows.journey import go_in, heading, publish
from tests.flows.stage import Stage

CERTIFICATE = (
    "SELECT c.serial, t.uuid FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
    " JOIN people_user u ON u.id = t.learner_id JOIN certificates_award a ON a.id = c.award_id"
    " WHERE u.alias = ? AND a.code = ?"
)


def test_supervisor_checks_a_certificate(open_page: Callable[..., Page], stage: Stage) -> None:
    desk = open_page(DESK)
    ((serial, _term),) = stage.rows(CERTIFICATE, "ROS-109", "certified")
    go_in(desk, "Wambui")
    heading(desk, "Who needs me today")
    desk.get_by_label("Work name or certificate number").fill(serial)
    desk.get_by_role("button", name="Show").click()
    desk.get_by_role("link", name="Rose").first.click()
    expect(desk.locator("main")).to_contain_text(re.compile("work alone until", re.IGNORECASE))

    desk.get_by_role("link", name="Check a certificate").click()
    desk.locator("main input:not([type=hidden])").first.fill(serial)
    desk.get_by_role("button", name="Check").click()
    expect(desk.locator("main")).to_contain_text(re.compile("current", re.IGNORECASE))
    # She is beside her, so she reads who it is: in a part that says so, and nowhere else.
    only_hers = desk.locator("main section").filter(has_text="Only you see this")
    expect(only_hers).to_contain_text("Rose")
    expect(desk.locator("main").get_by_text("Rose")).to_have_count(1)

    stranger = open_page(DESK)
    stranger.goto("/verify/")
    stranger.locator("main input:not([type=hidden])").first.fill(serial)
    stranger.get_by_role("button", name="Check").click()
    expect(stranger.locator("main")).to_contain_text(re.compile("current", re.IGNORECASE))
    expect(stranger.locator("main")).not_to_contain_text("Rose")


def test_a_record_opens_only_to_those_beside_her(open_page: Callable[..., Page], stage: Stage) -> None:
    ((_serial, term),) = stage.rows(CERTIFICATE, "ROS-109", "certified")
    for who, status in (("Chiŵale", 404), ("Sister Atieno", 200), ("Peter", 404)):
        page = open_page(PHONE)
        go_in(page, who)
        answer = page.goto(f"/en/record/{UUID(term)}/")
        assert answer is not None
        assert (who, answer.status) == (who, status)
        assert ("Rose" in page.content()) == (status == 200)


def test_trainer_publishes_a_change_and_the_learner_sees_it(open_page: Callable[..., Page]) -> None:
    trainer = open_page(DESK)
    go_in(trainer, "Gathoni")
    trainer.get_by_role("link", name="My modules").first.click()
    row = trainer.get_by_role("row").filter(has_text="Feeding your baby")
    row.get_by_role("link", name=re.compile(r"^\s*8")).click()
    trainer.get_by_role("link", name="Why breast milk").first.click()
    trainer.locator("#id_title").fill("A title changed by its trainer")
    trainer.get_by_role("button", name="More actions").click()
    publish(trainer, "Other words")

    learner = open_page(PHONE)
    go_in(learner, "Chiŵale")
    learner.goto("/en/m4/")
    expect(learner.get_by_text("A title changed by its trainer")).to_be_visible()
