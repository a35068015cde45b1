"""A phone for the benches: Chromium with a narrow screen, a meter on its line, and a slower processor if wanted."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SCREEN: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


@contextlib.contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        sys.exit("Chromium is missing. Type: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()


@dataclass(frozen=True)
class Transfer:
    """One answer: ``wire`` bytes came over the line, ``head`` of them headers."""

    kind: str
    address: str
    wire: int
    head: int

    @property
    def body(self) -> int:
        return max(0, self.wire - self.head)


@dataclass
class Phone:
    """One tab. ``transfers`` is what came down since the last ``forget``, as the browser itself counts it."""

    page: Page
    transfers: list[Transfer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.control = self.page.context.new_cdp_session(self.page)
        self._kinds: dict[str, tuple[str, str]] = {}
        self._heads: dict[str, int] = {}
        hear: dict[str, Callable[[dict[str, Any]], None]] = {
            "Network.requestWillBeSent": self._asked,
            "Network.responseReceivedExtraInfo": self._answered,
            "Network.loadingFinished": self._finished,
        }
        for event, heard in hear.items():
            self.control.on(event, heard)
        self.control.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        if "redirectResponse" in event:  # never finishes by itself, and is all headers
            size = int(event["redirectResponse"]["encodedDataLength"])
            self.transfers.append(Transfer("Redirect", event["redirectResponse"]["url"], size, size))
        self._kinds[event["requestId"]] = (event.get("type", "Other"), event["request"]["url"])

    def _answered(self, event: dict[str, Any]) -> None:
        self._heads[event["requestId"]] = len(event.get("headersText", ""))

    def _finished(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        if event["encodedDataLength"] and number in self._kinds:
            kind, address = self._kinds[number]
            head = self._heads.get(number, 0)
            self.transfers.append(Transfer(kind, address, int(event["encodedDataLength"]), head))

    def forget(self) -> None:
        self.transfers.clear()

    def wire(self) -> int:
        """Everything that came down, headers and redirects included."""
        return sum(transfer.wire for transfer in self.transfers)

    def body(self, *kinds: str) -> int:
        """Compressed bodies alone, of these kinds or of all."""
        return sum(transfer.body for transfer in self.transfers if not kinds or transfer.kind in kinds)

    def open(self, path: str) -> None:
        """Open a page and wait until everything that it loads by itself is here."""
        answer = self.page.goto(path, wait_until="networkidle", timeout=120_000)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path} answered {answer and answer.status}")

    def link(self, *, kilobits: float, milliseconds: float) -> None:
        """Chromium's own emulation: a rate, and a delay from request to answer."""
        rate = kilobits * 1000 / 8
        conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": rate, "uploadThroughput": rate}
        self.control.send("Network.emulateNetworkConditions", conditions)

    def slower(self, times: int) -> None:
        self.control.send("Emulation.setCPUThrottlingRate", {"rate": times})


@contextlib.contextmanager
def phone(browser: Browser, url: str, cookies: dict[str, str] | None = None, **options: Any) -> Iterator[Phone]:
    """A new phone with nothing in its cache, signed in with ``cookies`` if there are any."""
    context = browser.new_context(base_url=url, **{**SCREEN, **options})
    try:
        sign_in(context, url, cookies or {})
        yield Phone(context.new_page())
    finally:
        context.close()


def sign_in(context: BrowserContext, url: str, cookies: dict[str, str]) -> None:
    """Put the cookies of a session into the browser."""
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
