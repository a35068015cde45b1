"""What her data costs: pictures only on tap, nothing brought ahead, a meter that agrees with the line, old phones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import PHONE
from tests.flows.journey import go_in, heading

WITH_PICTURE = "/en/m4/l2/"


def asked_for(page: Page) -> list[str]:
    """The addresses that ``page`` asks for from now on."""
    found: list[str] = []
    page.context.on("request", lambda request: found.append(request.url))
    return found


@pytest.mark.parametrize(
    "options",
    [{}, {"java_script_enabled": False}, {"extra_http_headers": {"Save-Data": "on"}}],
    ids=["script", "no script", "save data"],
)
def test_a_picture_comes_when_it_is_tapped(open_page: Callable[..., Page], options: dict[str, Any]) -> None:
    page = open_page(PHONE, **options)
    go_in(page, "Wanjikũ")
    asked = asked_for(page)
    page.goto(WITH_PICTURE, wait_until="networkidle")
    tap = page.locator("figure.picture a").first
    tap.scroll_into_view_if_needed()
    page.wait_for_timeout(300)

    expect(tap).to_have_text(re.compile(r"Show the picture \(\d+ KB\)"))
    assert [url for url in asked if "/media/" in url] == []
    with page.expect_response(lambda response: "/media/" in response.url):
        tap.click()
    expect(page.locator("figure.picture img").first).to_be_visible()


def test_the_storage_page_installs_nothing_before_something_is_kept(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    go_in(page, "Wanjikũ")
    asked = asked_for(page)
    page.goto("/en/keep/", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Not kept yet")).to_be_visible()

    assert [url for url in asked if "worker" in url] == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def wire(page: Page) -> dict[str, float]:
    """Counts what comes down for ``page``, as its line sees it."""
    counted = {"bytes": 0.0}
    control = page.context.new_cdp_session(page)

    def add(event: dict[str, Any]) -> None:
        counted["bytes"] += event["encodedDataLength"]

    control.on("Network.loadingFinished", add)
    control.send("Network.enable")
    return counted


def shown_kilobytes(page: Page) -> int:
    found = re.search(r"about (\d+) KB", page.locator("[data-used]").inner_text())
    assert found, page.locator("[data-used]").inner_text()
    return int(found[1])


def test_the_meter_agrees_with_the_line_and_begins_again_each_month(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    go_in(page, "Wanjikũ")
    page.evaluate("delete localStorage.used")
    counted = wire(page)
    for path in ("/en/today/", "/en/m4/", "/en/m4/l1/", "/en/learn/", "/en/settings/"):
        page.goto(path, wait_until="networkidle")
    expect(page.locator("[data-used]")).to_be_visible()

    assert abs(shown_kilobytes(page) * 1000 - counted["bytes"]) <= 0.25 * counted["bytes"] + 1000

    page.evaluate("localStorage.used = '2020-01 999000'")
    page.reload(wait_until="networkidle")
    assert shown_kilobytes(page) < 100
    assert re.fullmatch(r"\d{4}-\d\d \d+", page.evaluate("localStorage.used"))


def test_an_old_browser_is_told_plainly_and_everything_works_online(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    page.add_init_script("delete self.DecompressionStream; delete self.CompressionStream")
    go_in(page, "Wanjikũ")
    page.goto("/en/m4/")
    page.get_by_role("link", name="Keep on this phone").click()

    heading(page, "This cannot be kept here")
    expect(page.get_by_text("This browser is too old to keep anything")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    heading(page, re.compile("Hello"))  # type: ignore[arg-type]
    page.goto(WITH_PICTURE)
    expect(page.locator("article.article")).to_be_visible()
