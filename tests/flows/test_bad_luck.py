"""Full and cleared storage, wrong clocks, Wi-Fi that lies, sessions that end: nothing is lost, and she reads why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.flows.devices import DESK, PHONE
from tests.flows.gate import Gate
from tests.flows.journey import go_in, go_in_new
from tests.flows.kept_phone import IN_STORE, count, keep, open_lock, until
from tests.flows.stage import Stage

STUDY = """
async ({ title = "x", ...other }) => {
  const [each] = Object.values(await keptPlaces());
  const pack = await packOf(each);
  const { lesson, content_hash, language } = pack.lessons.l1;
  const payload = { lesson, content_hash, language, country: pack.country, ...other };
  return act("study", payload, { lesson, title });
}
"""
SEND = "async () => { await contact(); return outcome.why; }"
SENT = "async () => { await contact(); return !(await read(['outbox'], ({ outbox }) => done(outbox.count()))); }"
FULL = "This phone has no room left. Remove something, then try again."
CLEARED = "This phone has cleared what was kept here. Go online, sign in, and keep it again."


FILL = """
(full) => {
  const { put } = window.realStore || (window.realStore = { put: IDBObjectStore.prototype.put });
  IDBObjectStore.prototype.put = full
    ? function () { throw new DOMException("full", "QuotaExceededError"); }
    : put;
}
"""


@pytest.fixture
def first_day(open_page: Callable[..., Page], gate: Gate) -> Page:
    """A phone whose way to the site can be closed."""
    return open_page(PHONE, base_url=gate.url)


@pytest.fixture
def page(first_day: Page, stage: Stage) -> Page:
    """Chiŵale keeps M4."""
    keep(first_day, stage, "Chiŵale", "learner_due", "m4")
    return first_day


@pytest.fixture
def unread(first_day: Page, stage: Stage) -> Page:
    """Amélia keeps M4; her first lesson is before her."""
    go_in_new(first_day)
    keep(first_day, stage, "Amélia", "learner_new", "m4")
    first_day.get_by_role("link", name="Open", exact=True).first.click()
    first_day.get_by_role("link", name=re.compile("Begin|Continue")).click()
    expect(first_day.get_by_role("button", name="I have studied this")).to_be_visible()
    return first_day


def studied(stage: Stage) -> int:
    return count(stage, "CHI-103", "progress_lessonstudy")


def soon(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until ``holds``; the page's own clock may be turned."""
    for _try in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("not within five seconds")


def waiting(page: Page) -> int:
    return int(page.evaluate(IN_STORE, "outbox"))


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def control(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


# Storage


def test_full_while_she_keeps_a_module(page: Page, gate: Gate) -> None:
    gate.shut()
    page.evaluate(STUDY, {})
    gate.open()
    page.evaluate(FILL, True)
    card = page.locator("[data-slot=offered] details.card").first
    card.locator("summary").click()
    card.get_by_role("button", name="Keep on this phone").click()
    expect(card.get_by_role("alert")).to_have_text(FULL)
    names = page.evaluate("async () => read(['packs'], ({ packs }) => done(packs.getAllKeys()))")
    kept = page.evaluate("async () => Object.values(await keptPlaces()).map(({ name }) => name)")
    assert [name for name in names if not name.startswith(("part ", "file "))] == kept
    assert len(kept) == 1
    page.evaluate(FILL, False)
    card.get_by_role("button", name="Keep on this phone").click()
    expect(page.locator("[data-id]")).to_have_count(2)


def test_full_while_she_studies(unread: Page, gate: Gate, stage: Stage) -> None:
    page, before = unread, count(stage, "AME-102", "progress_lessonstudy")
    gate.shut()
    page.evaluate(STUDY, {})
    page.evaluate(FILL, True)
    button = page.get_by_role("button", name="I have studied this")
    button.click()
    expect(page.get_by_text(FULL)).to_be_visible()
    assert waiting(page) == 1  # what she did before
    cards = page.evaluate("async () => read(['cards'], ({ cards }) => done(cards.getAllKeys()))")
    assert len([name for _tag, name in cards if name.startswith("act ")]) == 1  # nothing half kept
    page.evaluate(FILL, False)
    button.click()
    expect(page.get_by_text(FULL)).to_have_count(0)
    assert waiting(page) == 2
    gate.open()
    until(page, SENT)
    assert count(stage, "AME-102", "progress_lessonstudy") == before + 2


def test_cleared_while_her_pages_are_open(unread: Page, gate: Gate, stage: Stage) -> None:
    page = unread
    gate.shut()
    control(page).send("Storage.clearDataForOrigin", {"origin": origin(page), "storageTypes": "indexeddb"})
    page.get_by_role("button", name="I have studied this").click()
    expect(page.get_by_text(CLEARED)).to_be_visible()
    gate.open()
    page.goto("/en/m4/?site")
    expect(page.get_by_role("link", name="Keep on this phone")).to_be_visible()
    keep(page, stage, "Amélia", "learner_new", "m4")
    gate.shut()
    page.goto("/en/m4/")
    open_lock(page, stage, "learner_new")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()


def test_cleared_while_it_is_locked(page: Page, stage: Stage) -> None:
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url("**/pause/")
    page.goto("/en/keep/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    control(page).send("Storage.clearDataForOrigin", {"origin": origin(page), "storageTypes": "indexeddb"})
    open_lock(page, stage, "learner_due")
    expect(page.get_by_role("alert")).to_have_text(re.compile("This did not open"))
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    expect(page.locator("[data-id]")).to_have_count(1)


def test_a_pack_that_was_recalled_is_replaced_at_first_contact(page: Page) -> None:
    """The phone holds another pack than the one that the site offers."""
    offered = page.evaluate("""async () => {
      const kept = await keptPlaces();
      const [id] = Object.keys(kept);
      const { name } = kept[id];
      const row = await stored(name);
      const old = "f".repeat(32);
      await written(["packs"], ({ packs }) => { packs.delete(name); packs.put(row, old); });
      kept[id].name = old;
      await putCard("kept", kept);
      documents.clear();
      await contact();
      return name;
    }""")
    names = page.evaluate("async () => read(['packs'], ({ packs }) => done(packs.getAllKeys()))")
    assert names == [offered]
    kept = page.evaluate("async () => Promise.all(Object.values(await keptPlaces()).map(packOf))")
    assert [pack["place"] for pack in kept] == ["m4"]
    assert page.evaluate("async () => Object.values(await keptPlaces())[0].checked > Date.now() - 60000")


# Network and session


def welcome(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html>Welcome to our Wi-Fi. Watch this first.</html>")


def elsewhere(route: Route) -> None:
    route.fulfill(status=302, headers={"Location": "/pause/"})


@pytest.mark.parametrize("portal", [welcome, elsewhere])
def test_a_wifi_that_answers_for_the_site_takes_nothing(portal: Any, page: Page, gate: Gate, stage: Stage) -> None:
    before = studied(stage)
    gate.shut()
    page.evaluate(STUDY, {})
    page.context.route("**/sync/v1/**", portal)
    gate.open()
    assert page.evaluate(SEND) == "network"
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Waiting to be sent: 1")).to_be_visible()
    assert (waiting(page), studied(stage)) == (1, before)
    page.context.unroute("**/sync/v1/**")
    until(page, SENT)
    assert studied(stage) == before + 1
    expect(page.get_by_text("Everything is sent.")).to_be_visible()


def test_a_session_that_ended_keeps_what_waits_until_she_signs_in(page: Page, stage: Stage) -> None:
    before = studied(stage)
    page.context.clear_cookies()
    page.evaluate(STUDY, {})
    assert page.evaluate(SEND) == "signin"
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("link", name="Sign in to send it")).to_be_visible()
    assert (waiting(page), studied(stage)) == (1, before)
    go_in(page, "Chiŵale")
    page.goto("/en/keep/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert (waiting(page), studied(stage)) == (0, before + 1)


def test_what_waits_is_sent_with_her_pages_closed(page: Page, gate: Gate, stage: Stage) -> None:
    """Background Sync: the browser wakes the worker when the network is back."""
    before, context = studied(stage), page.context
    gate.shut()
    page.evaluate(STUDY, {})
    page.wait_for_timeout(1000)  # the browser wakes it once, in vain
    gate.open()
    other = context.new_page()
    other.goto("/pause/")  # where no script of ours runs
    page.close()
    session = control(other)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    other.wait_for_timeout(500)
    assert studied(stage) == before
    words = {"origin": origin(other), "registrationId": found[-1]["registrationId"], "tag": "out", "lastChance": False}
    session.send("ServiceWorker.dispatchSyncEvent", words)
    soon(other, lambda: studied(stage) > before)
    assert studied(stage) == before + 1


def test_what_was_refused_says_why_on_her_phone_and_waits_for_her_coordinator(
    page: Page, open_page: Callable[..., Page], stage: Stage
) -> None:
    page.evaluate(STUDY, {"lesson": "00000000-0000-4000-8000-000000000000", "title": "Milk and time"})
    page.evaluate(SEND)
    page.get_by_role("link", name="Today").click()
    row = page.locator("[data-acts] li").filter(has_text="Milk and time")
    expect(row).to_contain_text("Not accepted")
    expect(row).to_contain_text("This lesson is not known here. What you did is kept. Ask your coordinator.")
    assert waiting(page) == 0
    desk = open_page(DESK)
    go_in(desk, "Esther")
    desk.goto("/en/people/kept/")
    expect(desk.locator("main")).to_contain_text("CHI-103")
    expect(desk.locator("main")).to_contain_text("This lesson is not known here")
    expect(desk.locator("main")).not_to_contain_text("00000000")


# Clocks


@pytest.mark.parametrize("year", [1970, 2090])
def test_a_phone_whose_clock_is_wrong_by_decades(year: int, first_day: Page, gate: Gate, stage: Stage) -> None:
    page = first_day
    page.clock.install(time=datetime(year, 1, 2, tzinfo=UTC))
    keep(page, stage, "Chiŵale", "learner_due", "m4")
    assert page.evaluate("new Date().getFullYear()") == year
    gate.shut()
    page.goto("/en/m4/")
    open_lock(page, stage, "learner_due")
    expect(page.locator("[data-lesson-row=l1]")).to_be_visible()
    name = page.evaluate(STUDY, {})
    page.clock.fast_forward("02:00:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    gate.open()
    open_lock(page, stage, "learner_due")
    soon(page, lambda: waiting(page) == 0)
    sql = "SELECT happened_at, clock_is_doubtful FROM progress_lessonstudy WHERE client_uuid = ?"
    ((happened, doubtful),) = stage.rows(sql, name.replace("-", ""))
    ago = datetime.now(UTC) - datetime.fromisoformat(happened).replace(tzinfo=UTC)
    assert timedelta(hours=1, minutes=55) < ago < timedelta(hours=2, minutes=5)
    assert not doubtful
