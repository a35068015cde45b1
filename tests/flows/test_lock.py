"""When what she reads is put away by itself, and by her."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.devices import PHONE
from tests.flows.kept_phone import keep, open_lock
from tests.flows.stage import Stage

HIDE = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}
"""


@pytest.fixture
def page(open_page: Callable[..., Page], stage: Stage) -> Page:
    """Her module is open on her phone, without network, and the phone's clock can be turned."""
    made = open_page(PHONE)
    made.clock.install()
    keep(made, stage, "Chiŵale", "learner_due", "m4")
    made.context.set_offline(True)
    made.get_by_role("link", name="Open", exact=True).first.click()
    expect(made.locator("[data-lesson-row=l1]")).to_be_visible()
    return made


def is_put_away(page: Page) -> None:
    expect(page.locator("form[data-act=unlock]")).to_be_visible()
    expect(page.locator("[data-lesson-row]")).to_have_count(0)
    assert page.evaluate("isOpen()") is False


def test_it_locks_after_the_set_minutes_without_a_touch(page: Page, stage: Stage) -> None:
    page.clock.fast_forward("04:30")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    page.mouse.wheel(0, 20)  # somebody reads
    page.get_by_role("heading", level=1).click()
    page.clock.fast_forward("04:30")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    page.clock.fast_forward("00:40")
    is_put_away(page)
    open_lock(page, stage, "learner_due")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()


def test_a_phone_that_slept_is_locked_by_the_next_touch(page: Page) -> None:
    """Timers sleep with the phone: only the clock has gone on."""
    page.evaluate("() => { const now = Date.now.bind(Date); Date.now = () => now() + 6 * 60000; }")
    page.get_by_role("heading", level=1).click()
    is_put_away(page)


def test_out_of_sight_it_shows_nothing_and_locks_after_half_a_minute(page: Page) -> None:
    page.evaluate(HIDE, True)
    assert page.evaluate("document.documentElement.hidden")
    page.clock.fast_forward("00:20")
    page.evaluate(HIDE, False)
    assert not page.evaluate("document.documentElement.hidden")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    page.evaluate(HIDE, True)
    page.clock.fast_forward("00:31")
    assert page.evaluate("isOpen()") is False
    page.evaluate(HIDE, False)
    is_put_away(page)


def test_escape_twice_leaves_and_there_is_nothing_to_come_back_to(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/pause/")
    page.go_back()
    is_put_away(page)


def test_a_page_that_the_browser_puts_aside_holds_nothing(page: Page) -> None:
    """The memory in which a browser keeps pages for "back"."""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert page.evaluate("[isOpen(), document.getElementById('main').textContent]") == [False, ""]
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    is_put_away(page)


def test_the_lock_in_one_tab_locks_the_other(page: Page, stage: Stage) -> None:
    other = page.context.new_page()
    other.goto("/en/m4/")
    open_lock(other, stage, "learner_due")
    expect(other.locator("[data-lesson-row=l1]")).to_be_visible()
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url("**/pause/")
    is_put_away(other)


def test_after_exit_her_session_opens_nothing_by_itself(page: Page, stage: Stage) -> None:
    """Also when the site has not heard of the exit, because there was no network."""
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url("**/pause/")
    page.context.set_offline(False)
    page.goto("/en/m4/")
    is_put_away(page)
    page.wait_for_timeout(2500)
    is_put_away(page)
