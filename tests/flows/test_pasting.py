"""A trainer pastes from Word, with a clipboard as a browser has it: into a text of a lesson, and a whole lesson."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.curriculum.pasting import samples
from tests.flows.devices import DESK
from tests.flows.journey import go_in

PASTE = """(place, [html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  place.focus();
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_text_of_a_lesson_keeps_what_it_can_and_names_the_rest(open_page: Callable[..., Page]) -> None:
    page = open_page(DESK)
    go_in(page, "Gathoni")
    page.goto("/admin/from-word/")
    page.locator("#from-word-box").evaluate(PASTE, [samples.WORD, "Keep it safe"])
    expect(page.get_by_text("Left out: 1 picture; 1 footnote; 1 comment; colours.")).to_be_visible()
    expect(page.locator(".from-word-text li").first).to_contain_text("Greet her")

    page.get_by_label("Module").select_option(index=1)
    page.get_by_role("button", name="Make a draft of it").click()
    expect(page.get_by_text("A draft is there.")).to_be_visible()
    text = page.locator(".Draftail-Editor [contenteditable=true]").first
    expect(text).to_contain_text("Anna keeps her phone locked and near.")

    text.click()
    page.keyboard.press("Control+End")
    text.evaluate(PASTE, [samples.GOOGLE_DOCS, "A quiet place"])
    expect(page.get_by_text("Left out: 1 picture; lines under or through words.")).to_be_visible()
    expect(text).to_contain_text("A quiet place")
    expect(text.locator("ul li").filter(has_text="a room")).to_have_class(re.compile("depth1"))
    expect(text.locator("[style*=bold]").filter(has_text=re.compile("^nobody$"))).to_be_visible()
