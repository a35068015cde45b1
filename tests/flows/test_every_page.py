"""Every page that links lead to, for the people of the demonstration: read by axe, and no wider than a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.flows.devices import PHONE
from tests.flows.journey import go_in
from tests.flows.test_access import violations

NOT_HTML = re.compile(r"\.(pdf|json|opus|css|js)$|^/(media|static|documents)/")
LEADS_OUT = re.compile(r"^/admin/|^/(en|sw|fr|pt)/(keep|demo|exit)/")
"""The trainers' desk has its own tests (test_access.py), and so has what the worker draws."""


def name_of(path: str) -> str:
    """The name of the view behind an address, in whichever language it is."""
    return resolve(re.sub("^/(sw|fr|pt)/", "/en/", path)).view_name


def reached(page: Page, seen: set[str]) -> list[str]:
    """The addresses of the page's links, one for each view that is not in ``seen``."""
    links = page.locator("a[href^='/'], a[href^='?']").evaluate_all("links => links.map(one => one.href)")
    found = []
    for link in links:
        parts = urlsplit(link)
        if NOT_HTML.search(parts.path) or LEADS_OUT.match(parts.path):
            continue
        name = name_of(parts.path) + f"?{parts.query.split('=')[0]}"
        if name not in seen:
            seen.add(name)
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


@pytest.mark.parametrize(
    ("who", "language", "least"),
    [("Wanjikũ", "fr", 20), ("Chiŵale", "sw", 20), ("Wambui", "pt", 15), ("Esther", "sw", 20), ("Peter", "en", 5)],
)
def test_what_she_can_reach_has_no_violation_and_fits(
    open_page: Callable[..., Page], who: str, language: str, least: int
) -> None:
    page = open_page(PHONE)
    go_in(page, who, language=language)
    start = re.sub("^/(en|sw|fr|pt)/", f"/{language}/", urlsplit(page.url).path)
    waiting, seen, looked, wrong = [start], {name_of(start) + "?"}, 0, {}
    while waiting:
        address = waiting.pop(0)
        page.goto(address)
        looked += 1
        found = violations(page)
        if found:
            wrong[address] = found
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wrong[address] = [*found, ("width", str(width))]
        waiting += reached(page, seen)
    assert wrong == {}
    assert looked >= least, sorted(seen)
