"""The main job from end to end: she passes, two people sign, she holds a paper, a stranger checks it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.flows.devices import DESK, PHONE
from tests.flows.journey import answer, go_in, heading, right_answers
from tests.flows.stage import Stage

SERIAL = (
    "SELECT c.serial FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
    " JOIN people_user u ON u.id = t.learner_id WHERE u.alias = 'WAN-101'"
)


def test_from_the_last_quiz_to_a_checked_certificate(
    open_page: Callable[..., Page], stage: Stage, tmp_path: Path
) -> None:
    visitor = open_page(DESK)
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Start over").click()

    learner = open_page(PHONE)
    go_in(learner, "Wanjikũ")
    heading(learner, "Habari, Wanjikũ")
    learner.get_by_role("link", name="English").first.click()
    learner.get_by_role("link", name="Go to the quiz").click()
    learner.get_by_role("button", name="Start the quiz").click()
    answer(learner, right_answers(stage, "D1"), wrong=5)
    learner.get_by_role("button", name="I have answered").click()
    expect(learner.get_by_role("heading", level=1)).to_contain_text("Not yet")
    expect(learner.get_by_role("heading", name="What you know already")).to_be_visible()
    expect(learner.get_by_role("heading", name="What to look at again")).to_be_visible()
    learner.goto("/en/d1/q/")
    learner.get_by_role("button", name="Start the quiz").click()
    answer(learner, right_answers(stage, "D1"))
    learner.get_by_role("button", name="I have answered").click()
    heading(learner, "Passed")

    supervisor = open_page(PHONE)
    go_in(supervisor, "Wambui")
    supervisor.get_by_role("link", name=re.compile("Wanjikũ")).first.click()
    supervisor.get_by_role("link", name="Watch M4 and sign").click()
    heading(supervisor, "Practice of Wanjikũ")
    supervisor.get_by_label("Role play").check()
    expect(supervisor.get_by_role("button", name="Sign this practice")).to_be_visible()
    for step in supervisor.locator(".card > fieldset.options").all():
        step.get_by_label("Done well").check()
    supervisor.get_by_label("What went well").fill("Utulivu, maneno wazi.")
    supervisor.get_by_label("The next step").fill("Mpe nafasi ya kuongea.")
    supervisor.get_by_role("button", name="Sign this practice").click()
    expect(supervisor.get_by_text("Saved: signed off.")).to_be_visible()
    supervisor.get_by_role("link", name="Back to her record").click()
    supervisor.get_by_role("link", name=re.compile("Certificate of Induction")).click()
    supervisor.get_by_role("button", name="Sign off: she can do this work").click()
    expect(supervisor.locator("main")).to_contain_text("Signed off")

    coordinator = open_page(DESK)
    go_in(coordinator, "Esther")
    coordinator.goto("/en/roster/?q=WAN-101")
    coordinator.get_by_role("link", name=re.compile("Wanjikũ")).first.click()
    coordinator.get_by_role("link", name=re.compile("Certificate of Induction")).click()
    coordinator.get_by_role("button", name="Issue the certificate").click()
    expect(coordinator.get_by_role("link", name="Get the paper (PDF)")).to_be_visible()

    ((serial,),) = stage.rows(SERIAL)
    learner.goto("/en/m4/p/")
    expect(learner.get_by_text("Mpe nafasi ya kuongea.")).to_be_visible()
    learner.goto("/en/certificates/")
    with learner.expect_download() as waiting:
        learner.get_by_role("link", name="Get the paper (PDF)").click()
    assert waiting.value.suggested_filename == f"{serial}.pdf"
    paper = tmp_path / "paper.pdf"
    waiting.value.save_as(paper)
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    assert "Wanjikũ" in text

    stranger = open_page(PHONE)
    stranger.goto(f"/verify/{serial}/")
    expect(stranger.locator("main")).to_contain_text(re.compile("current", re.IGNORECASE))
    assert "Wanjik" not in stranger.content()
