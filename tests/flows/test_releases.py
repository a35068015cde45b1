"""Phones that run an earlier release when the next one comes: their work arrives, open pages stay as they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.flows.devices import PHONE
from tests.flows.earlier import RELEASES, EarlierSite
from tests.flows.kept_phone import IN_STORE, count, keep, open_lock, until
from tests.flows.stage import Stage

RELEASE = "() => document.body.dataset.release"
STUDY = """
async () => {
  const [each] = Object.values(await keptPlaces());
  const { lessons, country } = await packOf(each);
  const { lesson, content_hash, language } = lessons.l1;
  return act("study", { lesson, content_hash, language, country }, { lesson, title: "x" });
}
"""
NEW_WORKER_WAITS = """
async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  for (let tries = 0; !registration.waiting; tries += 1) {
    if (tries > 150) throw new Error("the new worker does not come");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
"""


@pytest.fixture(params=sorted(folder.name for folder in RELEASES.iterdir()))
def earlier(request: pytest.FixtureRequest, stage: Stage) -> Iterator[EarlierSite]:
    site = EarlierSite(stage.url, request.param)
    yield site
    site.close()


def wake(page: Page) -> None:
    """The browser tells the worker that runs that the network is back."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    words = {"origin": page.evaluate("location.origin"), "registrationId": found[-1]["registrationId"]}
    session.send("ServiceWorker.dispatchSyncEvent", words | {"tag": "out", "lastChance": False})


def next_start(context: BrowserContext, old: str) -> Page:
    """Her next start; one in the very moment in which the browser changes workers may still be the old one's."""
    for _start in range(3):
        page = context.new_page()
        page.goto("/en/m4/")
        expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
        if page.evaluate(RELEASE) != old:
            return page
        page.close()
        time.sleep(1)
    raise AssertionError(old)


def test_what_an_earlier_release_wrote_arrives_and_the_next_start_is_the_new_one(
    earlier: EarlierSite, open_page: Callable[..., Page], stage: Stage
) -> None:
    page = open_page(PHONE, base_url=earlier.url)
    context = page.context
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    page.reload()  # now it is the old worker's: the next one waits until it is closed
    expect(page.locator("[data-id]").first).to_be_attached()
    before, old = count(stage, "CHI-103", "progress_lessonstudy"), page.evaluate(RELEASE)
    earlier.is_away = True
    for _act in range(3):
        page.evaluate(STUDY)
    assert page.evaluate(IN_STORE, "outbox") == 3
    earlier.is_away = False
    earlier.update()
    page.evaluate(NEW_WORKER_WAITS)
    assert page.evaluate(RELEASE) == old
    page.get_by_role("link", name="Open", exact=True).first.click()
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    wake(page)  # the old worker hands over to the new site
    until(page, "async () => !(await read(['outbox'], ({ outbox }) => done(outbox.count())))")
    assert count(stage, "CHI-103", "progress_lessonstudy") == before + 3

    earlier.is_away = True
    page.evaluate(STUDY)
    assert page.evaluate(IN_STORE, "outbox") == 1
    page.close()
    earlier.is_away = False
    page = next_start(context, old)
    until(page, "async () => !(await read(['outbox'], ({ outbox }) => done(outbox.count())))")
    assert count(stage, "CHI-103", "progress_lessonstudy") == before + 4
    assert page.evaluate(IN_STORE, "vaults") == 1
    earlier.is_away = True
    page.goto("/en/m4/l1/")
    open_lock(page, stage, "learner_due")
    expect(page.locator("article.article")).to_be_visible()
