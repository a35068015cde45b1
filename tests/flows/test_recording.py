"""A trainer reads a lesson aloud: block by block, over two days, with the network gone in between."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.devices import CHROMIUM, DESK, FLAGS, PHONE
from tests.flows.journey import go_in, publish
from tests.flows.stage import Stage
from tests.flows.test_access import WAGTAILS_OWN, violations

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed here")

LESSON = "/admin/listening/en/read/p2/l2/"
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
IN_USE = (
    "SELECT r.place, r.is_synthetic FROM curriculum_recording r"
    " WHERE r.stopped_at IS NULL AND r.language = 'en' AND r.place LIKE 'p2/l2#%' ORDER BY r.id"
)


@pytest.fixture
def studio(browser: Browser) -> Iterator[Browser]:
    """A browser whose microphone beeps."""
    running = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *MICROPHONE])
    yield running
    running.close()


@pytest.fixture
def sit_down(studio: Browser, stage: Stage) -> Iterator[Callable[..., Page]]:
    """Open the desk as the trainer of the demonstration."""
    contexts = []

    def _sit_down(device: dict[str, Any] = DESK) -> Page:
        context = studio.new_context(base_url=stage.url, permissions=["microphone"], **device)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        go_in(page, "Gathoni")
        return page

    yield _sit_down
    for context in contexts:
        context.close()


def read_aloud(page: Page, *, seconds: float = 2.5, press: str = "") -> None:
    """Record the block on the page, with the mouse or with a key."""
    begin = page.locator("[data-do=record]")
    begin.press(press) if press else begin.click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.wait_for_timeout(seconds * 1000)
    begin.press(press) if press else begin.click()


def kept(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("Kept")


def test_a_trainer_reads_a_lesson_over_two_sittings(sit_down: Callable[..., Page], stage: Stage) -> None:
    page = sit_down()
    page.get_by_role("link", name=re.compile("Listening")).first.click()
    row = page.get_by_role("row").filter(has_text="p2/l2")
    expect(row).to_contain_text("0 of 15 recorded")
    row.get_by_role("link").click()

    # The space bar alone: record, stop, and on to the next block.
    expect(page.locator("[data-now]")).to_have_text("Block 1 of 15")
    for number in (1, 2):
        expect(page.locator("[data-do=record]")).to_be_focused()
        read_aloud(page, press="Space")
        kept(page)
        expect(page.locator("[data-do=next]")).to_be_focused()
        page.keyboard.press("Space")
        expect(page.locator("[data-now]")).to_have_text(f"Block {number + 1} of 15")
    first_two = stage.rows(IN_USE)
    assert [is_synthetic for _place, is_synthetic in first_two] == [0, 0]

    # The tab is closed in the middle of the third block: that one is lost, nothing else.
    page.keyboard.press("r")
    page.wait_for_timeout(800)
    page.close(run_before_unload=False)
    page = sit_down()
    page.goto(LESSON)
    expect(page.locator("[data-now]")).to_have_text("Block 3 of 15")
    expect(page.locator("[data-done]")).to_have_text("2 of 15 recorded")
    assert stage.rows(IN_USE) == first_two

    # The network goes: what is read meanwhile waits in the page, and is sent when it is back.
    page.context.set_offline(True)
    read_aloud(page)
    expect(page.locator("[data-status]")).to_contain_text("No connection. Blocks not sent yet: 1")
    page.get_by_role("button", name="Next", exact=True).click()
    read_aloud(page)
    expect(page.locator("[data-status]")).to_contain_text("Blocks not sent yet: 2")
    page.context.set_offline(False)
    expect(page.locator("[data-do=send]")).to_be_hidden()
    assert len(stage.rows(IN_USE)) == 4

    # One block again: the new one is used, and it is what she hears.
    before = page.locator(".say-bar .say-line").get_attribute("data-url")
    page.wait_for_timeout(300)
    read_aloud(page, seconds=3.5)
    kept(page)
    after = page.locator(".say-bar .say-line").get_attribute("data-url")
    assert before != after
    page.keyboard.press("l")
    page.wait_for_function(
        "performance.getEntriesByType('resource').some((each) => each.name.includes('/media/sound/'))"
    )
    assert len(stage.rows(IN_USE)) == 4

    # Her words change: the block waits, first in the list, and nothing is played to the new words.
    page.goto("/admin/pages/")
    ((page_id,),) = stage.rows(
        "SELECT p.id FROM wagtailcore_page p JOIN wagtailcore_locale l ON l.id = p.locale_id"
        " JOIN curriculum_lessonpage lp ON lp.page_ptr_id = p.id"
        " JOIN curriculum_article a ON a.lesson_id = lp.lesson_id"
        " WHERE l.language_code = 'en' AND a.path = 'p2/l2' LIMIT 1"
    )
    page.goto(f"/admin/pages/{page_id}/edit/")
    page.locator("#id_title").fill("Clues that others can see")
    page.get_by_role("button", name="More actions").click()
    publish(page, "Other words")
    page.goto("/admin/")
    expect(page.get_by_role("link", name=re.compile("blocks? to read aloud again"))).to_be_visible()
    page.goto("/admin/listening/")
    expect(page.get_by_role("row").filter(has_text="p2/l2")).to_contain_text("3 of 15 recorded, 1 to read again")
    expect(page.get_by_role("row").nth(1)).to_contain_text("to read again")
    page.get_by_role("link", name="Read them in one sitting").click()
    page.get_by_role("button", name="Show all blocks").click()
    line = page.locator(".say-line").filter(has_text="Clues that others can see")
    line.get_by_role("button", name="Read this block aloud").click()
    read_aloud(page)
    expect(page.locator("[data-status]")).to_have_text(re.compile("Kept|Every block is recorded"))
    page.goto("/admin/listening/en/again/")
    expect(page.locator("main")).not_to_contain_text("Clues that others can see")


def test_a_block_is_withdrawn_and_a_file_takes_its_place(sit_down: Callable[..., Page], tmp_path: Any) -> None:
    page = sit_down()
    page.goto("/admin/listening/en/read/p2/l1/")
    line = page.locator(".say-line").first
    expect(line).to_contain_text("synthetic voice")
    line.get_by_role("button", name="Do not use this recording").click()
    expect(page.get_by_text("Not used any more")).to_be_visible()

    page.get_by_role("button", name="Show all blocks").click()
    line = page.locator(".say-line").first
    expect(line).to_contain_text("to read again")
    line.get_by_text("Choose a file instead").click()
    (tmp_path / "letter.txt").write_text("hello")
    line.locator("input[type=file]").set_input_files(tmp_path / "letter.txt")
    line.get_by_role("button", name="Keep this recording").click()
    expect(page.get_by_text("There is no sound in this file")).to_be_visible()


def test_without_a_microphone_each_block_takes_a_file(open_page: Callable[..., Page]) -> None:
    page = open_page(DESK)
    go_in(page, "Gathoni")
    page.goto("/admin/listening/en/read/p2/l3/")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The browser gives no microphone")).to_be_visible()
    expect(page.locator("input[type=file]").first).to_be_visible()
    assert page.locator("input[type=file]").count() == 16


def test_without_script_each_block_takes_a_file(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(DESK)
    go_in(page, "Gathoni")
    session = page.context.cookies()
    plain = open_page(DESK, java_script_enabled=False)
    plain.context.add_cookies(session)
    plain.goto("/admin/listening/en/read/p2/l3/")
    expect(plain.locator("input[type=file]").first).to_be_visible()
    expect(plain.get_by_role("button", name="Record", exact=True)).to_be_hidden()


@pytest.mark.parametrize("device", [DESK, PHONE | {"color_scheme": "dark"}], ids=["desk", "phone in the dark"])
def test_the_room_can_be_used_by_everybody(sit_down: Callable[..., Page], device: dict[str, Any]) -> None:
    page = sit_down(device)
    for address in ("/admin/listening/", "/admin/listening/en/read/p2/l1/", "/admin/listening/en/read/p2/l5/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        wrong = [one for one in violations(page) if one[0] not in WAGTAILS_OWN]
        assert (address, wrong) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
