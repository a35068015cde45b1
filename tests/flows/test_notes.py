"""What she writes for herself in a lesson: hers alone, on this phone alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.devices import PHONE
from tests.flows.kept_phone import EVERYTHING, IN_STORE, keep, open_lock, until
from tests.flows.stage import Stage

IS_WRITTEN = """
async (words) => {
  const [each] = Object.values(await keptPlaces());
  const written = await getCard("note " + (await packOf(each)).lessons.l1.lesson);
  return Boolean(written) && Object.values(written).includes(words);
}
"""
WORDS = "My sister Achieng helps me on Sundays"


def test_it_is_there_again_after_the_lock_and_never_leaves_the_phone(
    open_page: Callable[..., Page], stage: Stage
) -> None:
    page = open_page(PHONE)
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    page.get_by_role("link", name="Open", exact=True).first.click()
    page.locator("[data-lesson-row=l1] a").click()
    page.get_by_label("Write for yourself").press_sequentially(WORDS)
    until(page, IS_WRITTEN, WORDS)
    assert page.evaluate(IN_STORE, "outbox") == 0
    assert "Achieng" not in page.evaluate(EVERYTHING)
    page.context.set_offline(True)
    page.goto("/en/keep/")
    open_lock(page, stage, "learner_due")
    page.locator("[data-id]").first.wait_for()
    page.locator("[data-id] summary").first.click()
    page.get_by_role("link", name="Open", exact=True).first.click()
    page.locator("[data-lesson-row=l1] a").click()
    expect(page.get_by_label("Write for yourself")).to_have_value(WORDS)
    page.context.set_offline(False)
    page.evaluate("contact()")
    assert not [each for each in sent if "Achieng" in each]

    page.get_by_role("link", name="On this phone").click()
    page.locator("[data-slot=remove-all] summary").click()
    page.get_by_role("button", name="Remove everything of mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    until(page, f"async () => !(await ({IN_STORE})('cards'))")
