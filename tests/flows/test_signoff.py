"""A practice signed on the learner's phone, with no network and a supervisor who is not signed in there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.journey import go_in, heading
from tests.flows.kept_phone import EVERYTHING, IN_STORE, Phone, count, keep, open_lock
from tests.flows.stage import Stage

WENT_WELL, NEXT_STEP = "Kept her voice low.", "Sit down first."


@pytest.fixture
def phone(new_phone: Callable[[], Phone]) -> Phone:
    """A phone, and a demonstration as on its first day."""
    return new_phone()


def fill_checklist(page: Page, *, not_done: int | None = None) -> None:
    """Everything done well in a role play, save step number ``not_done``."""
    page.locator("#sheet input[value=role_play]").check()
    for number, box in enumerate(page.locator("#sheet .card input[value=done_well]").all()):
        if number != not_done:
            box.check()
    if not_done is not None:
        page.locator("#sheet .card input[value=not_done]").nth(not_done).check()
    page.get_by_label("What went well").fill(WENT_WELL)
    page.get_by_label("The next step").fill(NEXT_STEP)


def read_together(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I have seen this").click()


def sign(page: Page, name: str, pin: str, again: str = "") -> None:
    page.get_by_label("Your work name").fill(name)
    page.get_by_label("Your signing PIN").fill(pin)
    page.get_by_label("The same once more").fill(again or pin)
    page.get_by_role("button", name="Sign this practice").click()


def observed(stage: Stage, more: str = "") -> int:
    return count(stage, "CHI-103", "assessments_observation", more)


def test_signed_without_network_and_received_once(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "d1")
    before = observed(stage)
    signer = stage.accounts["supervisor_2"]
    phone.gate.shut()
    page.goto("/en/d1/p/")
    open_lock(page, stage, "learner_due")
    page.get_by_role("link", name="Somebody watches me now").click()

    # What is missing is shown where it is missing, and nothing is signed.
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Choose what you saw.").first).to_be_visible()
    fill_checklist(page)
    page.get_by_label("The next step").fill("Call 0722 123 456")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-problem=number]:visible")).to_have_count(1)
    page.get_by_label("The next step").fill(NEXT_STEP)
    page.get_by_label("The next step").blur()

    # A session takes longer than the lock waits: what was ticked is still there.
    page.evaluate("keepDraft(main.querySelector('#sheet'))")
    page.evaluate("lock()")
    open_lock(page, stage, "learner_due")
    expect(page.get_by_label("The next step")).to_have_value(NEXT_STEP)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#sheet input[value=not_done]").first).to_be_hidden()
    expect(page.locator("#sheet input[value=done_well]").first).to_be_visible()
    expect(page.get_by_label("Your signing PIN")).to_be_hidden()
    page.get_by_role("button", name="I have seen this").click()

    # Typed on a phone that cannot check it: twice.
    field = page.get_by_label("Your signing PIN")
    assert field.get_attribute("type") != "password"
    assert field.evaluate("(field) => getComputedStyle(field).webkitTextSecurity") == "disc"
    sign(page, signer["login"].lower(), signer["signing_pin"], "482931")
    expect(page.get_by_text("The two are not the same.")).to_be_visible()
    for label in ("Your work name", "Your signing PIN", "The same once more"):
        expect(page.get_by_label(label)).to_have_value("")
    sign(page, signer["login"].lower(), signer["signing_pin"])
    expect(page.get_by_text("Waits for confirmation")).to_be_visible()
    expect(page.get_by_text("It is checked when it is sent.")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Waits for confirmation")).to_be_visible()

    # Nothing of it is written where somebody could read it, and nothing is left in the document.
    written = page.evaluate(EVERYTHING) + page.content()
    for secret in (signer["signing_pin"], signer["login"], signer["login"].lower(), WENT_WELL, NEXT_STEP):
        assert secret not in written
    assert page.evaluate(IN_STORE, "outbox") == 1

    phone.kill()
    phone.start()
    page = phone.page
    page.goto("/en/d1/p/")
    open_lock(page, stage, "learner_due")
    expect(page.get_by_text("Waits for confirmation")).to_be_visible()
    assert observed(stage) == before

    phone.gate.open()
    go_in(page, "Chiŵale")
    page.goto("/en/keep/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    expect(page.locator("[data-acts] .tag.ok")).to_have_text("Signed off")
    assert page.evaluate(IN_STORE, "outbox") == 0
    assert observed(stage) == before + 1
    assert observed(stage, "AND e.signed_with = 'pin' AND e.is_signed_off") == 1
    page.goto("/en/d1/p/")
    expect(page.get_by_text("Waits for confirmation")).to_be_hidden()
    expect(page.get_by_text(WENT_WELL)).to_be_visible()
    page.goto("/en/d1/")
    expect(page.locator("[data-lesson-row=p]")).to_have_class("done")

    # And the one who signed sees it in her list.
    go_in(page, "Wambui")
    page.context.clear_cookies()
    page.goto("/en/sign-in/?with=password")
    page.get_by_label("Work name").fill(signer["login"])
    page.get_by_label("Password").fill(signer["secret"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/roster/")
    page.goto("/en/signing/")
    expect(page.get_by_role("cell", name="CHI-103")).to_be_visible()


def test_not_yet_names_the_step_and_a_wrong_pin_reads_its_sentence(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "d1")
    before = observed(stage)
    signer = stage.accounts["supervisor_2"]
    page.goto("/en/d1/p/sign/")
    heading(page, "Practice")
    phone.context.set_offline(True)
    fill_checklist(page)
    read_together(page)
    sign(page, signer["login"], "592718")
    expect(page.get_by_text("Waits for confirmation")).to_be_visible()
    phone.context.set_offline(False)
    expect(page.get_by_text("The work name or the signing PIN was not right")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("The work name or the signing PIN was not right")).to_be_visible()
    assert observed(stage) == before

    page.goto("/en/d1/p/sign/")
    safety = page.locator("#sheet .card").filter(has_text="Safety step").first
    step = safety.locator("legend > span").first.inner_text()
    number = page.locator("#sheet .card").evaluate_all(
        "(cards) => cards.findIndex((card) => card.querySelector('.tag'))"
    )
    fill_checklist(page, not_done=number)
    read_together(page)
    sign(page, signer["login"], signer["signing_pin"])
    expect(page.get_by_text("A safety step was not done yet:")).to_be_visible()
    expect(page.locator(".card li").get_by_text(step, exact=True).first).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text(f"Not yet: {step}")).to_be_visible()
    assert observed(stage) == before + 1
    assert observed(stage, "AND NOT e.is_signed_off AND e.signed_with = 'pin'") == 1
    kept = stage.rows("SELECT payload FROM offline_refusedentry WHERE reason = 'not_confirmed'")
    assert "592718" not in json.dumps(kept)
