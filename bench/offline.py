"""What is lost and what is doubled when the network and the server misbehave; with the phone's own code.

Chromium runs the outbox that women use. Every act it was told is kept must reach the server once, whatever
happens on the way. A control outbox that lets go before the receipt must lose some, or the bench proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

from bench.faulty import FAULTS, KILL, FaultyNetwork
from bench.measures import Measure
from bench.month import measure
from bench.site import Site, running_site

ACTS, CONTROL_ACTS, PHONES, SHARE = 10_500, 480, 6, 0.4
KILLS, LEAST_OF_EACH = 50, 100
SEED = int(os.environ.get("BENCH_SEED") or random.SystemRandom().randrange(2**31))

LOOP = (Path(__file__).parent / "storm.js").read_text().partition("\n")[2]

MOST_AT_ONCE = 3
"""Acts that a phone makes before it tries to send: so many batches meet a fault that every kind comes often enough."""

LETS_GO_TOO_EARLY = "receipts=await sendBatch("
"""In the control this line first forgets what it is about to send."""


def run(_seconds: float) -> list[Measure]:
    with running_site(PHONES + 1) as site, _chromium() as browser:
        month = measure(site, browser, site.facts["sessions"].pop())
        real = _storm(site, browser, acts=ACTS, kills=KILLS, seed=SEED)
        control = _storm(site, browser, acts=CONTROL_ACTS, kills=0, seed=SEED, control=True)
    least = min(real.faults[fault] for fault in FAULTS)
    return [
        Measure("offline", f"acts made on {PHONES} phones (seed {SEED})", real.made, "", ACTS, at_least=True),
        Measure("offline", "acts whose batch met a fault", 100 * real.hit / real.made, "%", 30, at_least=True),
        Measure("offline", f"rarest of {len(FAULTS)} kinds of fault", least, "times", LEAST_OF_EACH, at_least=True),
        Measure("offline", "server killed", real.faults[KILL], "times", KILLS, at_least=True),
        Measure("offline", "acts lost", real.lost, "", 0),
        Measure("offline", "acts doubled", real.doubled, "", 0),
        Measure("offline", "control that lets go before the receipt: acts lost", control.lost, "", 1, at_least=True),
        Measure("offline", "time of the storm", real.seconds, "s"),
        *month,
    ]


class Storm:
    """What became of the acts of one storm."""

    def __init__(self, made: list[str], stored: Counter[str], network: FaultyNetwork, seconds: float) -> None:
        self.made, self.seconds, self.faults = len(made), seconds, network.done
        self.lost = len(set(made) - set(stored))
        self.doubled = sum(count - 1 for count in stored.values()) + len(set(stored) - set(made))
        self.hit = len(network.acts_hit & set(made))


def _storm(site: Site, browser: Browser, *, acts: int, kills: int, seed: int, control: bool = False) -> Storm:
    before = _stored(site)
    network = FaultyNetwork(site.port, SHARE, seed, site.kill_and_start_again, kills)
    began = time.monotonic()
    pages = []
    try:
        for session in site.facts["sessions"]:
            pages.append(_phone(browser, network.port, session, control=control))
        for number, page in enumerate(pages):
            clock = [time.time(), 3600.0, 3_786_912_000.0, time.time()][number % 4] * 1000  # today, 1970, 2090
            arguments = {"acts": acts // PHONES, "payload": site.facts["study"], "clock": clock, "most": MOST_AT_ONCE}
            page.evaluate(LOOP, arguments)
        _wait(pages, network)
        made = [name for page in pages for name in page.evaluate("window.made")]
    finally:
        for page in pages:
            page.context.close()
        network.close()
    stored = _stored(site)
    stored.subtract(before)
    return Storm(made, +stored, network, time.monotonic() - began)


def _phone(browser: Browser, port: int, session: dict[str, str], *, control: bool) -> Page:
    context = browser.new_context()
    url = f"http://127.0.0.1:{port}"
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in session.items()])
    page = context.new_page()
    if control:
        page.route("**/kept-shell*.js", _let_go_too_early)
    answer = page.goto(url + "/en/keep/")
    if answer is None or not answer.ok or page.url != url + "/en/keep/":
        sys.exit(f"the shell did not open: {answer and answer.status} {page.url}")
    return page


def _let_go_too_early(route: Route) -> None:
    code = route.fetch().text()
    if code.count(LETS_GO_TOO_EARLY) != 1:
        raise ValueError("the outbox has changed: the control has to follow it")
    forget = "await hear(tag, entries.map(({ uuid }) => ({ client_uuid: uuid, result: 'stored' })));\n"
    route.fulfill(body=code.replace(LETS_GO_TOO_EARLY, forget + LETS_GO_TOO_EARLY), content_type="text/javascript")


def _wait(pages: list[Page], network: FaultyNetwork) -> None:
    said = time.monotonic()
    while not all(page.evaluate("Boolean(window.finished || window.broken)") for page in pages):
        time.sleep(1)
        if time.monotonic() - said > 20:
            said = time.monotonic()
            made = sum(page.evaluate("window.made.length") for page in pages)
            print(f"  {made} acts, {network.requests} batches, {sum(network.done.values())} faults", file=sys.stderr)
    broken = [page.evaluate("window.broken") for page in pages]
    if any(broken):
        sys.exit(f"the outbox broke: {broken}")


def _stored(site: Site) -> Counter[str]:
    with contextlib.closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT client_uuid FROM progress_lessonstudy").fetchall()
    return Counter(f"{u[:8]}-{u[8:12]}-{u[12:16]}-{u[16:20]}-{u[20:]}" for (u,) in rows)


@contextlib.contextmanager
def _chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        sys.exit("Chromium is missing. Type: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
