"""What she keeps on her phone: without network, after a killed browser, beside another woman, with a forgotten PIN."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.journey import go_in, go_in_new, right_answers
from tests.flows.kept_phone import EVERYTHING, IN_STORE, Phone, count, fill_in, keep, open_lock
from tests.flows.stage import Stage

STUDY = """
async () => {
  const [each] = Object.values(await keptPlaces());
  const pack = await packOf(each);
  const { lesson, content_hash, language } = pack.lessons.l1;
  await act("study", { lesson, content_hash, language, country: pack.country }, { lesson, title: "x" });
}
"""


@pytest.fixture
def phone(new_phone: Callable[[], Phone]) -> Phone:
    """A phone, and a demonstration as on its first day."""
    return new_phone()


def test_killed_browser_and_server_away_and_everything_is_received_once(phone: Phone, stage: Stage) -> None:
    keep(phone.page, stage, "Wanjikũ", "learner", "d1")
    studied = count(stage, "WAN-101", "progress_lessonstudy")
    sat = count(stage, "WAN-101", "assessments_attempt")
    phone.kill()
    phone.gate.shut()
    phone.start()
    page = phone.page

    page.goto("/en/d1/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    open_lock(page, stage, "learner")
    page.locator("[data-lesson-row=l1] a").click()
    expect(page.locator("article.article")).to_be_visible()
    # She has studied it already, says the site; without the mark the button stands there.
    expect(page.locator("[data-when=studied]").first).to_be_visible()
    page.goto("/en/d1/q/")
    open_lock(page, stage, "learner")
    page.get_by_role("link", name="Practise").click()
    fill_in(page, right_answers(stage, "D1"))
    page.locator("button[form=sheet]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You know all of these")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Go to the quiz").click()
    fill_in(page, right_answers(stage, "D1"))
    phone.kill()
    phone.start()
    page = phone.page
    page.goto("/en/d1/q/")
    open_lock(page, stage, "learner")
    page.get_by_role("link", name="Go to the quiz").click()
    expect(page.locator("fieldset.options input:checked").first).to_be_visible()
    fill_in(page, right_answers(stage, "D1"))  # the last tap may not have been written when it was killed
    page.locator("button[form=sheet]").click()
    expect(page.get_by_text("They will be marked when they are sent.")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Waiting to be sent: 2")).to_be_visible()
    assert page.evaluate(IN_STORE, "outbox") == 2
    assert count(stage, "WAN-101", "assessments_attempt") == sat

    phone.gate.open()
    # Her session may have gone with the killed browser: the lock then opens to whoever signs in.
    go_in(page, "Wanjikũ")
    page.goto("/en/keep/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert page.evaluate(IN_STORE, "outbox") == 0
    assert count(stage, "WAN-101", "assessments_attempt") == sat + 2
    assert count(stage, "WAN-101", "assessments_attempt", "AND e.counts AND e.critical_missed = 0") >= 1
    assert count(stage, "WAN-101", "progress_lessonstudy") == studied
    page.goto("/en/d1/q/")
    expect(page.get_by_text("Passed", exact=True)).to_be_visible()


def test_a_lesson_studied_without_network_shows_at_once_and_arrives(phone: Phone, stage: Stage) -> None:
    """Amélia's lessons are all before her."""
    page = phone.page
    go_in_new(page)
    keep(page, stage, "Amélia", "learner_new", "m4")
    page.get_by_role("link", name="Open", exact=True).first.click()
    phone.context.set_offline(True)
    page.get_by_role("link", name=re.compile("Begin|Continue")).click()
    page.get_by_role("button", name="I have studied this").click()
    expect(page.get_by_text("Lesson 2 of 7")).to_be_visible()
    page.get_by_role("link", name="Lesson 2 of 7").click()
    expect(page.locator("[data-lesson-row=l1]")).to_have_class("done")
    expect(page.locator("[data-lesson-row=l2]")).to_have_class("now")
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Waiting to be sent: 1")).to_be_visible()
    phone.context.set_offline(False)
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert count(stage, "AME-102", "progress_lessonstudy") == 1


def test_nothing_is_left_when_it_is_locked(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    page.get_by_role("link", name="Open", exact=True).first.click()
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    written = page.evaluate(EVERYTHING)
    for secret in ("CHI-103", "CHI103", "Chiŵale", title, "data-lesson-row", stage.accounts["learner_due"]["secret"]):
        assert secret not in written
    phone.context.set_offline(True)
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url("**/pause/")
    expect(page.locator("table")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    assert title not in page.content()
    assert page.evaluate("isOpen()") is False


def test_what_she_sends_is_answered_by_the_site_however_slow_it_is(phone: Phone, stage: Stage) -> None:
    """The shell takes no page's place that the locked page leads to, and none that says what became of a form."""
    page = phone.page
    keep(page, stage, "Wanjikũ", "learner", "d1")
    phone.context.clear_cookies()
    phone.gate.seconds = 4.4
    page.goto("/en/sign-in/?site", timeout=40_000)
    page.locator("[name=login]").fill(stage.accounts["learner"]["login"])
    page.locator("[name=password]").fill("111111")
    page.locator("button[form=sign-in]").click()
    expect(page.locator(".errorlist")).to_be_visible(timeout=40_000)
    page.locator("[name=password]").fill(stage.accounts["learner"]["secret"])
    page.locator("button[form=sign-in]").click()
    page.wait_for_url("**/today/", timeout=40_000)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Locked")


def test_two_women_on_one_phone(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Wanjikũ", "learner", "d1")
    phone.context.clear_cookies()
    page.goto("/")
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    phone.context.set_offline(True)
    page.goto("/en/m4/")
    assert "CHI" not in page.content()
    assert "WAN" not in page.content()
    open_lock(page, stage, "learner_due")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    page.get_by_role("link", name="On this phone").click()
    expect(page.locator("[data-id]")).to_have_count(1)
    page.goto("/en/d1/")
    open_lock(page, stage, "learner_due")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not on this phone")
    page.goto("/en/d1/")
    open_lock(page, stage, "learner", stage.accounts["learner_due"]["secret"] + "1")
    expect(page.get_by_role("alert")).to_have_text(re.compile("This did not open"))
    open_lock(page, stage, "learner")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()


MAKE = """
async (payload) => {
  const said = await hello();
  return keepEntry({ owner: said.owner, tag: await tagOf(said.owner), serverKey: said.key, kind: "study", payload });
}
"""


def test_ten_wrong_pins_take_her_copies_and_not_her_work_nor_another_womans(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Wanjikũ", "learner", "d1")
    page.evaluate(MAKE, {"lesson": "never sent"})
    phone.context.clear_cookies()
    page.goto("/")
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    phone.context.set_offline(True)
    page.goto("/en/keep/")
    for _try in range(3):
        open_lock(page, stage, "learner", "000000")
        expect(page.get_by_label("PIN")).to_have_value("")
    open_lock(page, stage, "learner", "000000")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"Wait \d+ seconds, then try again\."))
    # The pauses are as long as they are: the clock goes on instead.
    page.evaluate("""async (alias) => {
      const now = Date.now.bind(Date);
      for (let tries = 3; tries < 10; tries += 1) {
        Date.now = () => now() + tries * 3600000;
        await openWithPin(alias, "000000");
      }
      Date.now = now;
    }""", stage.accounts["learner"]["login"])  # fmt: skip
    assert page.evaluate(IN_STORE, "vaults") == 1
    assert page.evaluate(IN_STORE, "outbox") == 1
    open_lock(page, stage, "learner")
    expect(page.get_by_label("PIN")).to_have_value("")
    expect(page.get_by_role("alert")).to_have_text(re.compile("This did not open"))
    open_lock(page, stage, "learner_due")
    expect(page.locator("[data-id]")).to_have_count(1)


def test_a_forgotten_pin_costs_no_work(phone: Phone, stage: Stage) -> None:
    """With a new PIN, chosen elsewhere, the site's word opens the phone once more, and what waited is sent."""
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    before = count(stage, "CHI-103", "progress_lessonstudy")
    page.get_by_role("link", name="Open", exact=True).first.click()
    page.locator("[data-lesson-row=l1] a").wait_for()
    phone.context.set_offline(True)
    page.evaluate(STUDY)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    go_in(page, "Chiŵale")
    page.goto("/en/settings/")
    new_pin = "824615"
    page.locator("[name=current]").fill(stage.accounts["learner_due"]["secret"])
    page.locator("[name=pin]").fill(new_pin)
    page.locator("[name=pin_again]").fill(new_pin)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".notice[role=status]").wait_for()
    page.goto("/en/m4/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Type your PIN once")
    page.get_by_label("PIN").fill(new_pin)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    page.get_by_role("link", name="On this phone").click()
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert count(stage, "CHI-103", "progress_lessonstudy") == before + 1
    phone.context.set_offline(True)
    page.goto("/en/m4/")
    open_lock(page, stage, "learner_due", new_pin)
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()


def test_half_a_pack_is_never_used_and_goes_on_where_it_stopped(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    asked = page.evaluate("""async () => {
      const { parts } = await getCard("state");
      const offer = parts.packs.find((each) => each.place === "d1");
      const real = window.fetch;
      const ranges = [];
      let cut = true;
      window.fetch = async (path, options = {}) => {
        if (!String(path).startsWith("/sync/v1/pack/")) return real(path, options);
        ranges.push((options.headers || {}).Range || "");
        const response = await real(path, options);
        if (!cut) return response;
        cut = false;
        return new Response((await response.arrayBuffer()).slice(0, 1000), { status: response.status });
      };
      const first = await keepPlace(offer, false).catch((problem) => problem.why);
      const half = await packOf(offer);
      await keepPlace(offer, false);
      const whole = await packOf(offer);
      return [first, half === undefined, ranges, whole.place];
    }""")
    assert asked == ["network", True, ["", "bytes=1000-"], "d1"]


def test_what_is_old_says_so_and_what_is_not_offered_goes(phone: Phone, stage: Stage) -> None:
    page = phone.page
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    page.evaluate("""async () => {
      const kept = await keptPlaces();
      for (const each of Object.values(kept)) each.checked = Date.now() - 31 * 86400000;
      kept["x9 en"] = { place: "x9", language: "en", name: "0".repeat(32), key: "AAAA", bytes: 1, files: [] };
      await putCard("kept", kept);
    }""")
    phone.context.set_offline(True)
    page.goto("/en/m4/l1/")
    open_lock(page, stage, "learner_due")
    expect(page.get_by_text("May be out of date: ask your nurse.")).to_be_visible()
    phone.context.set_offline(False)
    page.goto("/en/keep/")
    expect(page.locator("[data-id]")).to_have_count(1)
    expect(page.get_by_text("May be out of date: ask your nurse.")).to_have_count(0)
