"""What it costs her: bytes over the line, time until she can read, work for a slow processor. In Chromium.

**Bytes** are what Chromium counts for each answer (``encodedDataLength``: compressed body and headers), pages,
styles, scripts, icons and redirects alike. What she sends, and the packets of TCP and TLS, are not among them.
Budgets that speak of what a page is made of (script, shell, worker, a pack) are bodies alone, compressed.

**Links.** Each time is measured twice. Chromium's own emulation (``Network.emulateNetworkConditions``) holds an
answer back until its latency has passed since the request, once a request and never for the opening of a
connection; then the rate. The bench checks that against a calculation: ``calculated`` below. Over a line of our
own (``bench/line.py``) the connection costs a round trip too, and TLS its handshake; that is nearer to life.
Text counts as visible at the last "largest contentful paint" before she touches anything, and must be the
lesson's own.

**Processor.** Blocking time is the sum of what long tasks take over 50 ms, at a processor made 6 times slower
than this machine. Neighbours on the machine make it longer, never shorter: the least of the rounds is given.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from bench.line import SlowLine, TlsFront
from bench.measures import Measure
from bench.phone import Phone, chromium, phone
from bench.site import Site, running_site

ROUNDS = 3
FAST, SLOW = (400, 400), (50, 800)
"""Kilobits a second, milliseconds: 3G at the edge, 2G in the middle (design, section 7)."""

ALL_MODULES = 16

PAINTED = """
async () => {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await new Promise((resolve) => {
      const seen = [];
      new PerformanceObserver((list) => seen.push(...list.getEntries()))
        .observe({ type: "largest-contentful-paint", buffered: true });
      setTimeout(() => resolve(seen), 100);
    });
    const read = found.filter((each) => each.element && each.element.closest("article.article"));
    if (read.length) return read[read.length - 1].startTime;
  }
  throw new Error("no text of the lesson was painted");
}
"""
LONG_TASKS = """
new PerformanceObserver((list) => {
  window.blocked = (window.blocked || 0) + list.getEntries().reduce((sum, each) => sum + each.duration - 50, 0);
}).observe({ type: "longtask", buffered: true });
"""


def run(_seconds: float) -> list[Measure]:
    """All budgets of design section 7 that are told in bytes or felt on her phone."""
    with running_site(8) as site:
        with chromium() as browser:
            found = [
                *_pages(site, browser),
                *_sessions(site, browser),
                *_waiting(site, browser),
                *_processor(site, browser),
                *_kept(site, browser),
            ]
        return found + _waiting_with_tls(site)


def _measure(measure: str, value: float, unit: str, budget: float | None = None, **more: Any) -> Measure:
    return Measure("bytes", measure, round(value, 2), unit, budget, **more)


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


# ------------------------------------------------------------------------------------------------ bytes


def _pages(site: Site, browser: Browser) -> list[Measure]:
    """One page at a time: the first of all, one lesson, the next."""
    facts, url = site.facts, _url(site.port)
    with phone(browser, url) as new:
        new.open("/en/sign-in/")
        sign_in = new.wire()
    with phone(browser, url, facts["sessions"][0]) as hers:
        hers.open(facts["lesson"])
        cold, script = hers.wire(), hers.body("Script")
        parts = {kind: hers.body(kind) for kind in ("Document", "Stylesheet", "Script")}
        hers.forget()
        hers.open(facts["next_lesson"])
        warm, warm_body = hers.wire(), hers.body()
    name = f"one text lesson ({facts['words']} words), cold: HTML, CSS, script"
    return [
        _measure("sign-in page, cold", sign_in / 1000, "kB", 12, peers=("1 069 kB", "2 855 kB")),
        _measure(name, cold / 1000, "kB", 14, peers=("1 235 kB", "2 430 kB")),
        *(_measure(f"of it {kind.lower()}, body", size / 1000, "kB") for kind, size in parts.items()),
        _measure("the next lesson, warm", warm_body / 1000, "kB", 3.5, peers=("19 kB", "3.8 kB")),
        _measure("the next lesson, warm, with its headers", warm / 1000, "kB"),
        _measure("script on a learner's page", script / 1000, "kB", 10),
    ]


def _sessions(site: Site, browser: Browser) -> list[Measure]:
    """A first day and the day after, on a phone that keeps what a browser keeps."""
    facts, account = site.facts, site.facts["accounts"][1]
    with phone(browser, _url(site.port)) as hers:
        _sign_in(hers, account)
        hers.open("/en/learn/")
        hers.open("/en/m4/")
        hers.open(facts["lesson"])
        _tap(hers, "button", "I have studied this")
        questions = _sit(hers)
        first = hers.wire()
        hers.page.context.clear_cookies()
        hers.forget()
        _sign_in(hers, account)
        hers.open("/en/m4/")
        hers.open(facts["next_lesson"])
        hers.open("/en/m4/q/practice/")
        _answer(hers)
        second = hers.wire()
    what = f"first session: sign in, course, lesson, quiz of {questions} questions, result"
    return [
        _measure(what, first / 1000, "kB", 45, peers=("1 467-4 165 kB", "4 741 kB")),
        _measure("second session: sign in, course, next lesson, practice, result", second / 1000, "kB", 20,
                 peers=("162 kB", "243 kB")),
    ]  # fmt: skip


def _sign_in(hers: Phone, account: dict[str, str]) -> None:
    hers.open("/en/sign-in/")
    hers.page.fill("[name=login]", account["login"])
    hers.page.fill("[name=password]", account["secret"])
    _tap(hers, "button", "Sign in")
    if "/today/" not in hers.page.url:
        raise SystemExit(f"the sign-in led to {hers.page.url}")


def _tap(hers: Phone, role: Any, name: str) -> None:
    with hers.page.expect_navigation(wait_until="networkidle"):
        hers.page.get_by_role(role, name=name, exact=True).first.click()


def _sit(hers: Phone) -> int:
    """The quiz that counts; the number of its questions."""
    hers.open("/en/m4/q/")
    _tap(hers, "button", "Start the quiz")
    return _answer(hers)


def _answer(hers: Phone) -> int:
    questions = hers.page.locator("fieldset.options").all()
    for question in questions:
        _choose(question)
    with hers.page.expect_navigation(wait_until="networkidle"):
        hers.page.locator("form:has(fieldset) ~ * button, .main-action button").first.click()
    if hers.page.locator("fieldset.options").count():
        raise SystemExit("the answers were not taken")
    return len(questions)


def _choose(question: Locator) -> None:
    """Whatever comes first, in the way that its kind asks for."""
    kind = question.get_attribute("data-kind")
    if kind == "number":
        question.locator("input").fill("6")
    elif kind == "ordering":
        for _step in question.locator("button.option").all():
            question.locator("button.option[aria-pressed=false]").first.click()
    elif kind == "matching":
        for _left in question.locator("button.option:not(.side)").all():
            question.locator("button.side").first.click()
    else:
        question.locator("input").first.check()


# ------------------------------------------------------------------------------------------------ time


def _waiting(site: Site, browser: Browser) -> list[Measure]:
    """Until the text of the lesson is there, with nothing in the cache."""
    found = []
    budgets = {FAST: (2.0, ("8.3 s", "33 s")), SLOW: (5.0, ("56 s", "237 s"))}
    for link, (budget, peers) in budgets.items():
        name = f"{link[0]} kbit/s, {link[1]} ms"
        times, sizes = zip(*(_emulated(site, browser, link) for _ in range(ROUNDS)), strict=True)
        found += [
            _measure(f"text visible at {name}", statistics.median(times), "s", budget, peers=peers),
            _measure(f"calculated for {name}", calculated(sizes[0], link), "s"),
        ]
        lined = [_over_line(browser, site.port, site.facts, link) for _ in range(ROUNDS)]
        found.append(_measure(f"text visible over a line of {name}, its connections opened", statistics.median(lined),
                              "s", budget))  # fmt: skip
    return found


def _waiting_with_tls(site: Site) -> list[Measure]:
    """The same over a line on which each connection also shakes hands; in a browser that trusts our certificate."""
    with tempfile.TemporaryDirectory() as folder:
        front = TlsFront(site.port, Path(folder))
        with chromium(front.flag) as browser:
            lined = [_over_line(browser, front.port, site.facts, SLOW, secure=True) for _ in range(ROUNDS)]
        front.close()
    name = f"{SLOW[0]} kbit/s, {SLOW[1]} ms"
    return [_measure(f"text visible over a line of {name} and TLS 1.3", statistics.median(lined), "s", 6)]


def calculated(sizes: dict[str, int], link: tuple[int, int]) -> float:
    """What an emulation with one latency a request comes to: the page, then the styles that it names, then paint.

    The script comes beside the styles and shares the rate with them; the icon comes after.
    """
    rate = link[0] * 1000 / 8
    return 2 * link[1] / 1000 + sum(sizes.values()) / rate


def _emulated(site: Site, browser: Browser, link: tuple[int, int]) -> tuple[float, dict[str, int]]:
    with phone(browser, _url(site.port), site.facts["sessions"][0]) as hers:
        hers.link(kilobits=link[0], milliseconds=link[1])
        time = _time_to_read(hers.page, site.facts["lesson"])
        hers.page.wait_for_load_state("networkidle", timeout=120_000)
        kinds = ("Document", "Stylesheet", "Script")
        return time, {kind: sum(each.wire for each in hers.transfers if each.kind == kind) for kind in kinds}


def _over_line(
    browser: Browser, port: int, facts: dict[str, Any], link: tuple[int, int], *, secure: bool = False
) -> float:
    line = SlowLine(port, kilobits=link[0], milliseconds=link[1])
    try:
        url = f"https://localhost:{line.port}" if secure else _url(line.port)
        with phone(browser, url, facts["sessions"][0]) as hers:
            return _time_to_read(hers.page, facts["lesson"])
    finally:
        line.close()


def _time_to_read(page: Page, path: str) -> float:
    """Seconds from the tap to the text, by the page's own clock."""
    page.goto(path, wait_until="commit", timeout=120_000)
    return float(page.evaluate(PAINTED)) / 1000


def _processor(site: Site, browser: Browser) -> list[Measure]:
    blocked = []
    for _ in range(ROUNDS):
        with phone(browser, _url(site.port), site.facts["sessions"][0]) as hers:
            hers.page.add_init_script(LONG_TASKS)
            hers.slower(6)
            hers.open(site.facts["lesson"])
            blocked.append(float(hers.page.evaluate("window.blocked || 0")))
    return [_measure("blocking time of a lesson at 6x slower processor", min(blocked), "ms", 50,
                     peers=("423 ms", "1 167 ms"))]  # fmt: skip


# ------------------------------------------------------------------------------------------------ what is kept


def _kept(site: Site, browser: Browser) -> list[Measure]:
    """What a phone keeps: the site itself, and what she chooses."""
    account, url = site.facts["accounts"][2], _url(site.port)
    with phone(browser, url) as hers:
        hers.open("/en/keep/")
        shell = {kind: hers.body(kind) for kind in ("Document", "Stylesheet", "Script")}
        _sign_in(hers, account)
        hers.open("/en/keep/")
        offers = hers.page.evaluate("async () => (await ask('state?tag=')).parts.packs")
        worker = _worker(url)
        heap, opened = _open_kept(hers, account)
    packs = {offer["place"]: offer["bytes"] for offer in offers}
    share = 450 * len(packs) / ALL_MODULES
    largest = max(packs, key=lambda place: packs[place])
    return [
        _measure("offline shell kept once: HTML, CSS, script, bodies", sum(shell.values()) / 1000, "kB", 25),
        *(_measure(f"of it {kind.lower()}", size / 1000, "kB") for kind, size in shell.items()),
        _measure("service worker", worker / 1000, "kB", 6),
        _measure(f"the largest of {len(packs)} modules kept with its quiz, text ({largest.upper()})",
                 packs[largest] / 1000, "kB", 30),
        _measure(f"the {len(packs)} modules that are written, of {ALL_MODULES}, in one language",
                 sum(packs.values()) / 1000, "kB", share),
        _measure(f"projection, not measured: {ALL_MODULES} modules as large as these on average",
                 ALL_MODULES * statistics.mean(packs.values()) / 1000, "kB"),
        _measure("script's memory of the shell with a kept module open", heap / 1e6, "MB"),
        _measure("a kept lesson opened at 6x slower processor", opened, "ms"),
    ]  # fmt: skip


def _worker(url: str) -> int:
    """Its two files as they are sent."""
    first = _get(url + "/worker.js")
    second = next(line for line in first.decode().splitlines() if line.startswith("importScripts("))
    return len(_get(url + "/worker.js", packed=True)) + len(
        _get(url + json.loads(second[len("importScripts(") : -2]), packed=True)
    )


def _get(address: str, *, packed: bool = False) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br" if packed else "identity"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return bytes(response.read())


def _open_kept(hers: Phone, account: dict[str, str]) -> tuple[float, float]:
    """Keep a module, open a lesson of it; bytes of memory after a collection, and milliseconds until it is drawn."""
    page = hers.page
    page.goto("/en/m4/")
    page.goto("/en/keep/#m4")
    form = page.locator("details[open] form")
    form.wait_for()
    if form.locator("[name=pin]").is_visible():
        form.locator("[name=pin]").fill(account["secret"])
    form.locator("button").click()
    page.locator("[data-id^='m4']").wait_for(state="attached", timeout=60_000)
    hers.slower(6)
    page.goto("/en/m4/")
    page.get_by_label("Work name").or_(page.locator("[data-lesson-row=l1] a")).first.wait_for(timeout=60_000)
    if page.get_by_label("Work name").is_visible():
        page.get_by_label("Work name").fill(account["login"])
        page.get_by_label("PIN").fill(account["secret"])
        page.get_by_role("button", name="Open", exact=True).click()
    page.locator("[data-lesson-row=l1] a").wait_for(timeout=60_000)
    took = page.evaluate(
        """async () => {
          const began = performance.now();
          document.querySelector("[data-lesson-row=l1] a").click();
          while (!document.querySelector("article.article")) await new Promise(requestAnimationFrame);
          return performance.now() - began;
        }"""
    )
    hers.control.send("HeapProfiler.collectGarbage")
    return float(hers.control.send("Runtime.getHeapUsage")["usedSize"]), float(took)
