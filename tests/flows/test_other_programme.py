"""Another programme behind its own door: a visitor's four weeks, and not a word of the first programme on the way."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.flows.devices import DESK, PHONE
from tests.flows.journey import answer, go_in, heading, right_answers
from tests.flows.stage import Stage, manage

SECOND_DAY = ".both-programmes"
HOST = "jirani.localhost"
NEVER = re.compile(
    r"(?<![a-z])(hiv|aids|pmtct|mothers?|bab(?:y|ies)|clinics?|clinical|facilit(?:y|ies)|mentors?)(?![a-z])",
    re.IGNORECASE,
)
"""What no page, paper or message of hers may say."""

FETCHED = "place => fetch(place).then(answer => answer.text())"
TERM = "SELECT t.id FROM programme_term t JOIN people_user u ON u.id = t.learner_id WHERE u.alias = ?"


class Reader:
    """Reads everything that reaches a phone, and remembers where a word stood that may not."""

    def __init__(self, page: Page) -> None:
        self.read: set[str] = set()
        self.found: list[tuple[str, str]] = []
        page.on("response", self._look)

    def _look(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if not kind.startswith(("text/html", "application/json", "application/manifest")) or response.status in (
            301,
            302,
            303,
        ):
            return
        with contextlib.suppress(Exception):  # the page has gone on before it was read
            self.look(urlsplit(response.url).path, response.text())

    def look(self, place: str, text: str) -> None:
        self.read.add(place)
        self.found += [(place, f"{text[max(0, m.start() - 40) : m.end() + 40]}") for m in NEVER.finditer(text)]


@pytest.fixture
def there(stage: Stage) -> str:
    """The address of the other programme's place, once it stands and the server has learned of it."""
    if stage.database.with_suffix(SECOND_DAY).exists():
        stage.start_over(SECOND_DAY)
    else:
        manage(stage.database.parent, "demo", "--whole", "--json")
        stage.remember(SECOND_DAY)
    address = f"http://{HOST}:{urlsplit(stage.url).port}"
    deadline = time.monotonic() + 60
    request = urllib.request.Request(stage.url + "/en/", headers={"Host": HOST})  # noqa: S310 -- our own server
    said = 0
    while time.monotonic() < deadline and said < 6:  # every worker of it
        with urllib.request.urlopen(request, timeout=10) as answer_:  # noqa: S310 -- our own server
            said = said + 1 if "<title>Jirani</title>" in answer_.read().decode() else 0
        time.sleep(0.3)
    assert said
    return address


def weeks_pass(stage: Stage, alias: str, days: int) -> None:
    """Let the term of ``alias`` have begun ``days`` earlier: what was done since stays on its day, today."""
    ((term,),) = stage.rows(TERM, alias)
    with contextlib.closing(sqlite3.connect(stage.database, timeout=20)) as database, database:
        back = f"-{days} days"
        database.execute("UPDATE programme_term SET start_on = date(start_on, ?) WHERE id = ?", (back, term))
        database.execute("UPDATE programme_placement SET from_on = date(from_on, ?) WHERE term_id = ?", (back, term))


def study_and_pass(page: Page, stage: Stage, module: str) -> None:
    """Every lesson of ``module``, one after the other as they are offered, and its quiz."""
    page.goto(f"/en/{module}/")
    page.get_by_role("link", name=re.compile("Begin lesson 1|Go to the quiz")).click()
    for _lesson in range(12):
        page.get_by_role("button", name=re.compile("I have studied this")).click()
        page.wait_for_load_state()
        page.goto(f"/en/{module}/")
        onward = page.get_by_role("link", name=re.compile("Begin lesson"))
        if onward.count() == 0:
            break
        onward.first.click()
    page.goto(f"/en/{module}/q/")
    page.get_by_role("button", name="Start the quiz").click()
    answer(page, right_answers(stage, module.upper()))
    page.get_by_role("button", name="I have answered").click()
    heading(page, "Passed")


def watch_and_sign(leader: Page, module: str) -> None:
    leader.goto("/en/roster/?q=THA-401")
    leader.get_by_role("link", name=re.compile("Thandiwe")).first.click()
    leader.get_by_role("link", name=f"Watch {module.upper()} and sign").click()
    leader.get_by_label("Role play").check()
    for step in leader.locator(".card > fieldset.options").all():
        step.get_by_label("Done well").check()
    leader.get_by_label("What went well").fill("Warm and unhurried.")
    leader.get_by_label("The next step").fill("Let the silence be.")
    leader.get_by_role("button", name="Sign this practice").click()
    expect(leader.get_by_text("Saved: signed off.")).to_be_visible()


def test_a_visitor_finishes_four_weeks_and_nothing_of_hers_names_the_first_programme(
    open_page: Callable[..., Page], stage: Stage, there: str, tmp_path: Path
) -> None:
    visitor = open_page(PHONE, base_url=there)
    hers = Reader(visitor)
    go_in(visitor, "Thandiwe")
    heading(visitor, "Hello, Thandiwe")
    assert visitor.title() == "Jirani"
    size = visitor.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert float(size.removesuffix("px")) > 20  # ours is 18
    visitor.goto("/en/learn/")
    expect(visitor.locator("main")).to_contain_text("The visit")
    for module in ("a1", "a2", "a3"):
        study_and_pass(visitor, stage, module)

    leader = open_page(PHONE, base_url=there)
    theirs = Reader(leader)
    go_in(leader, "Oupa Daniels")
    for module in ("a1", "a2", "a3"):
        watch_and_sign(leader, module)
    leader.get_by_role("link", name="Back to her record").click()
    leader.get_by_role("link", name="Certificate of Training: Visiting Companion").click()
    expect(leader.locator("main")).to_contain_text("The course runs until")

    weeks_pass(stage, "THA-401", 27)
    leader.reload()
    leader.get_by_role("button", name="Sign off: she can do this work").click()
    coordinator = open_page(DESK, base_url=there)
    go_in(coordinator, "Marlene")
    coordinator.goto("/en/roster/?q=THA-401")
    coordinator.get_by_role("link", name=re.compile("Thandiwe")).first.click()
    coordinator.get_by_role("link", name="Certificate of Training: Visiting Companion").click()
    coordinator.get_by_role("button", name="Issue the certificate").click()
    expect(coordinator.get_by_role("link", name="Get the paper (PDF)")).to_be_visible()

    visitor.goto("/en/certificates/")
    with visitor.expect_download() as waiting:
        visitor.get_by_role("link", name="Get the paper (PDF)").click()
    paper = tmp_path / "paper.pdf"
    waiting.value.save_as(paper)
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert "Thandiwe" in text
    assert "Certificate of Training" in text
    hers.look("the paper", text)
    hers.look("what the paper says of itself", about + paper.read_bytes().decode("latin-1"))

    # Every page that a link of hers leads to, and what her phone keeps.
    waiting_pages, seen = ["/en/today/", "/en/help/", "/en/my-data/", "/en/settings/", "/en/keep/"], set[str]()
    while waiting_pages and len(seen) < 120:
        place = waiting_pages.pop()
        if place in seen:
            continue
        seen.add(place)
        text = visitor.evaluate(FETCHED, place)
        hers.look(place, text)
        found = re.findall(r'href="(/[^"#]*)', text)
        waiting_pages += [link for link in found if link.startswith("/en/") and not link.endswith(".pdf")]
    for place in ("/manifest.webmanifest", "/worker.js", "/en/my-data/record.json", "/sync/v1/hello"):
        hers.look(place, visitor.evaluate(FETCHED, place))

    assert len(seen) > 20, seen
    assert hers.found == []
    assert theirs.found == []


def test_pictures_of_her_pages(open_page: Callable[..., Page], stage: Stage, there: str, tmp_path: Path) -> None:
    visitor = open_page(PHONE, base_url=there, viewport={"width": 360, "height": 740})
    go_in(visitor, "Elsabé")
    for place in ("today", "learn", "a1", "a1/l1", "a3/p", "certificates", "help"):
        visitor.goto(f"/en/{place}/")
        width = visitor.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, place
        visitor.screenshot(path=str(tmp_path / f"{place.replace('/', '-')}.png"), full_page=True)
