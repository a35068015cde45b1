"""A phone whose browser can be killed and started again, and what a woman does to keep a module on it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.flows.devices import CHROMIUM, FLAGS, PHONE
from tests.flows.journey import answer_in_parts, go_in
from tests.flows.stage import Stage

IN_STORE = "async (name) => (await read([name], (stores) => done(stores[name].getAll()))).length"
EVERYTHING = """
async () => {
  const all = (store) => Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  const rows = await read(Object.keys(STORES), (stores) => Promise.all(Object.values(stores).map(all)));
  const letters = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return JSON.stringify(rows, (_key, value) => (value instanceof Uint8Array ? letters(value) : value));
}
"""


class Reached(Protocol):
    """Something with an address at which pages are asked for."""

    url: str


class Phone[Through: Reached]:
    """A phone whose browser can be killed and started again on the same profile."""

    def __init__(self, browser: Browser, profile: Path, gate: Through) -> None:
        self._browser, self.profile, self.gate = browser, profile, gate
        self.context: BrowserContext
        self.page: Page
        self.start()

    def start(self) -> None:
        self.context = self._browser.browser_type.launch_persistent_context(
            str(self.profile), executable_path=CHROMIUM, args=FLAGS, base_url=self.gate.url, **PHONE
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()

    def kill(self) -> None:
        """As when the battery is taken out: no page hears of it."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"--user-data-dir={self.profile}".encode() in (process / "cmdline").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()

    def close(self) -> None:
        with contextlib.suppress(Error):
            self.context.close()


def until(page: Page, asked: str, about: object = None, *, seconds: float = 15) -> None:
    """Ask the page again and again until it says yes. ``wait_for_function`` takes every promise for a yes."""
    end = time.monotonic() + seconds
    while not page.evaluate(asked, about):
        assert time.monotonic() < end, f"not in {seconds} seconds: {asked}"
        page.wait_for_timeout(50)


def keep(page: Page, stage: Stage, who: str, account: str, place: str) -> None:
    """Sign in, and keep a module with the PIN that the site knows."""
    go_in(page, who)
    page.goto(f"/en/{place}/")
    page.get_by_role("link", name="Keep on this phone").click()
    card = page.locator("details[open]")
    card.get_by_role("button", name="Keep on this phone").wait_for()
    if card.get_by_label("Your PIN, once").is_visible():
        card.get_by_label("Your PIN, once").fill(stage.accounts[account]["secret"])
    card.get_by_role("button", name="Keep on this phone").click()
    expect(page.locator("[data-id]").filter(has_text="last checked").first).to_be_attached()
    # The shell itself is kept a moment later, by the worker.
    until(page, "async () => Boolean(await caches.match('/en/keep/'))")


def open_lock(page: Page, stage: Stage, account: str, pin: str = "") -> None:
    page.get_by_label("Work name").fill(stage.accounts[account]["login"].lower())
    page.get_by_label("PIN").fill(pin or stage.accounts[account]["secret"])
    page.get_by_role("button", name="Open", exact=True).click()


def count(stage: Stage, alias: str, table: str, more: str = "") -> int:
    sql = (
        f"SELECT count(*) FROM {table} e JOIN programme_term t ON t.id = e.term_id"  # noqa: S608 -- our own words
        f" JOIN people_user u ON u.id = t.learner_id WHERE u.alias = ? AND t.ended_on IS NULL {more}"
    )
    return int(stage.rows(sql, alias)[0][0])


def fill_in(page: Page, right: set[str]) -> None:
    page.locator("fieldset.options").first.wait_for()
    for question in page.locator("fieldset.options").all():
        if answer_in_parts(question, right):
            continue
        for box in question.locator("input").all():
            if box.get_attribute("value") in right:
                box.check()
