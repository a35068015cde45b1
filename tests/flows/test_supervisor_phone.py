"""A supervisor's own phone: her list without network, for seven days at most, and gone when a colleague ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.journey import go_in, heading
from tests.flows.kept_phone import EVERYTHING, IN_STORE, Phone, count, until
from tests.flows.stage import Stage

NAMES = "async () => (await read(['cards'], ({ cards }) => done(cards.getAllKeys()))).map(([, name]) => name)"
THE_WORKER_HAS_THE_LIST = """
async () => {
  const both = ["/en/keep/", document.body.dataset.list];
  const here = async () => (await Promise.all(both.map((each) => caches.match(each)))).every(Boolean);
  while (!(await here())) await new Promise((resolve) => setTimeout(resolve, 50));
}
"""
DAYS_LATER = """
(days) => {
  const now = Date.now.bind(Date);
  Date.now = () => now() + days * 86400000;
}
"""


@pytest.fixture
def phone(new_phone: Callable[[], Phone]) -> Phone:
    """A phone, and a demonstration as on its first day."""
    return new_phone()


def keep_list(page: Page, stage: Stage) -> None:
    """Wambui signs in and keeps who needs her, with the password that the site knows."""
    go_in(page, "Wambui")
    page.get_by_role("link", name="Keep on this phone").click()
    field = page.get_by_label("Your password, once")
    expect(field).to_have_attribute("inputmode", "text")
    field.fill("something else entirely")
    page.get_by_role("button", name="Keep on this phone").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the PIN that you sign in with.")
    field.fill(stage.accounts["supervisor"]["secret"])
    page.get_by_role("button", name="Keep on this phone").click()
    expect(page.get_by_text("seven days more each time you are online").first).to_be_attached()
    page.evaluate(THE_WORKER_HAS_THE_LIST)


def unlock(page: Page, stage: Stage) -> None:
    page.get_by_label("Work name").fill(stage.accounts["supervisor"]["login"])
    page.get_by_label("PIN or password").fill(stage.accounts["supervisor"]["secret"])
    page.get_by_role("button", name="Open", exact=True).click()


def tick_everything(page: Page) -> None:
    page.locator("#sheet").wait_for()
    page.locator("#sheet [name=setting]").first.check()
    for step in page.locator("#sheet fieldset:has([name^=step-])").all():
        step.locator("[value=done_well]").check()
    page.get_by_label("What went well").fill("Calm voice")
    page.get_by_label("The next step").fill("Ask one question more")


def test_she_sees_who_needs_her_without_network_and_signs_a_practice(phone: Phone, stage: Stage) -> None:
    keep_list(phone.page, stage)
    before = count(stage, "ACH-105", "assessments_observation")
    written = phone.page.evaluate(EVERYTHING)
    for secret in ("ACH-105", "Achieng", "SUP-304", "Practice to watch", stage.accounts["supervisor"]["secret"]):
        assert secret not in written
    phone.kill()
    phone.gate.shut()
    phone.start()
    page = phone.page

    page.goto("/en/roster/")
    heading(page, "Locked")
    unlock(page, stage)
    heading(page, "Who needs me")
    page.get_by_role("link", name="ACH-105").click()
    expect(page.get_by_text("Practice to watch: P2, S1")).to_be_visible()
    page.get_by_role("link", name="Watch S1 and sign").click()
    tick_everything(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I have seen this").click()
    page.get_by_role("button", name="Sign this practice").click()
    expect(page.locator("[data-practice=s1]").get_by_text("Signed and kept on this phone")).to_be_visible()
    page.get_by_role("link", name="Who needs me").first.click()
    expect(page.get_by_text("Practice: S1 \u00b7 ACH-105")).to_be_visible()
    assert page.evaluate(IN_STORE, "outbox") == 1

    phone.gate.open()
    go_in(page, "Wambui")
    page.goto("/en/keep/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    page.wait_for_load_state("networkidle")  # then the newest list comes down
    assert count(stage, "ACH-105", "assessments_observation") == before + 1
    assert (
        count(stage, "ACH-105", "assessments_observation", "AND e.is_signed_off AND e.signed_with = 'own_phone'") == 1
    )
    page.goto("/en/roster/")
    expect(page.get_by_text("Practice to watch: P2, S1")).to_have_count(0)
    page.context.set_offline(True)
    page.goto("/en/roster/")
    unlock(page, stage)
    heading(page, "Who needs me")
    expect(page.get_by_text("Practice to watch: P2, S1")).to_have_count(0)


@pytest.mark.parametrize(("days", "is_there"), [(6, True), (8, False)])
def test_after_seven_days_the_list_is_gone_without_anybody_unlocking(
    phone: Phone, stage: Stage, days: int, is_there: bool
) -> None:
    page = phone.page
    keep_list(page, stage)
    assert "list" in page.evaluate(NAMES)
    phone.context.set_offline(True)
    phone.context.add_init_script(f"({DAYS_LATER})({days})")
    page.goto("/en/roster/")
    heading(page, "Locked")
    assert ("list" in page.evaluate(NAMES)) is is_there
    unlock(page, stage)
    heading(page, "Who needs me" if is_there else "Not on this phone")


def test_a_clock_that_is_turned_back_takes_the_list_too(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep_list(page, stage)
    phone.context.set_offline(True)
    phone.context.add_init_script(f"({DAYS_LATER})(-0.005)")  # seven minutes: a phone sets its clock by the network
    page.goto("/en/roster/")
    heading(page, "Locked")
    assert "list" in page.evaluate(NAMES)
    phone.context.add_init_script(f"({DAYS_LATER})(-1)")
    page.goto("/en/roster/")
    heading(page, "Locked")
    assert "list" not in page.evaluate(NAMES)


def test_the_worker_takes_it_too(phone: Phone, stage: Stage) -> None:
    """Whatever page of the site is opened: no shell has to start."""
    page = phone.page
    keep_list(page, stage)
    page.evaluate("""async () => {
      const key = [openTag(), "list"];
      const row = await read(["cards"], ({ cards }) => done(cards.get(key)));
      await written(["cards"], ({ cards }) => void cards.put({ ...row, until: Date.now() - 1 }, key));
    }""")
    page.goto("/en/help/")
    page.goto("/en/keep/")
    assert "list" not in page.evaluate(NAMES)


def test_a_colleague_ends_her_sign_ins_and_at_its_next_contact_the_phone_lets_go(
    phone: Phone, stage: Stage, new_phone: Callable[[], Phone]
) -> None:
    page = phone.page
    keep_list(page, stage)
    phone.context.set_offline(True)
    page.evaluate("""async () => {
      await act("settings", { text_size: 1 }, { title: "x" });
    }""")
    colleague = new_phone().page
    go_in(colleague, "Esther")
    colleague.goto("/en/people/phones/?q=SUP-304")
    colleague.get_by_role("link", name="SUP-304").click()
    newest = colleague.locator("section.card").first
    expect(newest.get_by_text("A list with")).to_be_visible()
    newest.get_by_text("This phone is lost").click()
    newest.get_by_role("button", name="Yes, it is lost").click()
    expect(colleague.get_by_role("status")).to_contain_text("Reported.")

    page.goto("/en/roster/")  # without network it still opens, for whoever knows her password
    heading(page, "Locked")
    assert page.evaluate(IN_STORE, "vaults") == 1
    phone.context.set_offline(False)
    page.goto("/en/keep/")
    until(page, "async () => (await read(['vaults'], ({ vaults }) => done(vaults.count()))) === 0")
    assert page.evaluate(NAMES) == []
    assert page.evaluate(IN_STORE, "outbox") == 1  # sealed, and sent after she has signed in again

    officer = new_phone().page
    go_in(officer, "Naledi")
    officer.goto("/en/people/phones/lost/")
    officer.get_by_role("link", name="SUP-304").first.click()
    expect(officer.get_by_text("ACH-105")).to_be_visible()
    expect(officer.get_by_text("It was told to wipe on")).to_be_visible()
    assert "Achieng" not in officer.content()
