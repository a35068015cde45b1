"""axe on every page of ours, and on the trainers' desk with Wagtail's own known ones named."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.flows.devices import DESK, PHONE
from tests.flows.journey import go_in

AXE = next(path for path in files("axe_playwright_python").iterdir() if path.name in {"axe.min.js"})

WAGTAILS_OWN = {"scrollable-region-focusable"}
"""Seen in Wagtail 8.0.1 on 2026-11-22, in its parts of the desk. This list may only shrink."""

LEARNER = (
    "today/",
    "learn/",
    "m4/",
    "m4/l2/",
    "m4/q/",
    "m4/q/practice/",
    "m4/p/",
    "certificates/",
    "settings/",
    "my-data/",
)
STAFF = {
    "Wambui": ("roster/", "roster/?show=all", "settings/"),
    "Esther": ("people/", "people/new/", "roster/?show=all"),
    "Peter": ("roster/",),
}
OPEN_TO_ALL = ("/en/", "/en/sign-in/", "/en/start/", "/en/help/", "/verify/", "/pause/")


def violations(page: Page) -> list[tuple[str, str]]:
    """(rule, first element) of everything axe objects to, whatever the page's policy on script."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(page.evaluate("axe.run().then(result => JSON.stringify(result))"))
    return [(entry["id"], entry["nodes"][0]["html"][:160]) for entry in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_learner_pages_have_no_violation(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(PHONE, color_scheme=scheme)
    go_in(page, "Chiŵale")
    found = {}
    for path in LEARNER:
        page.goto(f"/sw/{path}")
        found[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        page.evaluate("document.documentElement.className = 'size-2'")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, f"{path} in the largest letters"
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("who", STAFF)
def test_staff_pages_have_no_violation(open_page: Callable[..., Page], who: str) -> None:
    page = open_page(DESK)
    go_in(page, who)
    found = {}
    for path in STAFF[who]:
        page.goto(f"/en/{path}")
        found[path] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_open_pages_have_no_violation(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    found = {}
    for path in OPEN_TO_ALL:
        page.goto(path)
        found[path] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_trainers_desk_has_no_violation_of_ours(open_page: Callable[..., Page]) -> None:
    page = open_page(DESK)
    go_in(page, "Gathoni")
    page.wait_for_load_state("networkidle")
    for path in ("/admin/", "/admin/modules/", "/admin/translations/", "/admin/help-words/"):
        page.goto(path)
        assert {rule for rule, _html in violations(page)} - WAGTAILS_OWN == set(), path
