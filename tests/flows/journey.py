"""What every journey does: go in through a door, and tap what can be seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.flows.stage import Stage


def go_in(page: Page, who: str, *, language: str = "en") -> None:
    """Choose somebody on the demonstration's home page, in one tap."""
    page.goto(f"/{language}/")
    page.get_by_role("button", name=who).click()
    page.wait_for_url(lambda url: not url.endswith(f"/{language}/"))


def go_in_new(page: Page) -> None:
    """Amélia on her first day: she answers the five questions, and all her lessons are before her."""
    go_in(page, "Amélia")
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Save my answers").click()
    page.wait_for_url("**/today/")


def right_answers(stage: Stage, module: str) -> set[str]:
    """What is right in the newest version of a module's quiz: identities of options, and "part answer" of the others
    (a step and its place, a left side and its right one, a question and its number)."""
    ((structure,),) = stage.rows(
        "SELECT v.structure FROM assessments_quizversion v JOIN assessments_quiz q ON q.id = v.quiz_id"
        " JOIN curriculum_module m ON m.id = q.module_id WHERE m.code = ? ORDER BY v.number DESC LIMIT 1",
        module,
    )
    return {one for item in json.loads(structure)["items"] for one in _right_in(item)}


def _right_in(item: dict[str, Any]) -> Iterator[str]:
    for choice in item["choices"]:
        if item["kind"] == "ordering":
            yield f"{choice['id']} {choice['place']}"
        elif item["kind"] == "matching":
            yield f"{choice['id']} {choice['goes_with']}"
        elif choice["is_right"]:
            yield f"{item['question']} {choice['from']}" if item["kind"] == "number" else choice["id"]


def answer_in_parts(question: Locator, right: set[str], *, wrong: bool = False, by_ear: bool = False) -> bool:
    """Answer a question that is put in order, matched or written, by taps where there is script; say whether it is one.

    ``wrong``: nothing of it is right. ``by_ear``: a touch reads, and what was read is then taken.
    """

    def touch(button: Locator) -> None:
        button.click()
        choose = question.page.locator("[data-hear=choose]")
        if by_ear and choose.is_visible():  # not where the words are in sight, because nobody has read them aloud
            choose.click()

    kind = question.get_attribute("data-kind")
    if kind is None:
        return False
    answers = dict(entry.split(" ", 1) for entry in right if " " in entry)
    if kind == "number":
        field = question.locator("input")
        field.fill("987654" if wrong else answers[(field.get_attribute("name") or "")[2:]])
        return True
    parts = [(select.get_attribute("name") or "").split(".")[1] for select in question.locator("select").all()]
    if kind == "ordering":
        order = sorted(parts, key=lambda part: int(answers[part]))
        wanted = {part: str(place) for place, part in enumerate(order[::-1] if wrong else order, start=1)}
    else:
        wanted = {part: answers[parts[parts.index(part) - 1]] if wrong else answers[part] for part in parts}
    for part in sorted(parts, key=lambda part: wanted[part]) if kind == "ordering" else parts:
        select = question.locator(f'select[name$=".{part}"]')
        if select.is_visible():
            select.select_option(wanted[part])
            continue
        touch(select.locator("..").locator("button"))
        if kind == "matching":
            words = select.locator(f'option[value="{wanted[part]}"]').text_content() or ""
            touch(question.locator("button.side").filter(has=question.page.get_by_text(words, exact=True)))
    return True


def answer(page: Page, right: set[str], *, wrong: int = 0) -> None:
    """Answer the sheet on the page; the first ``wrong`` questions get something else than the right options."""
    expect(page.get_by_role("button", name="I have answered")).to_be_visible()
    for place, question in enumerate(page.locator("fieldset.options").all()):
        if answer_in_parts(question, right, wrong=place < wrong):
            continue
        options = {box.get_attribute("value"): box for box in question.locator("input").all()}
        chosen = [value for value in options if (value in right) != (place < wrong)]
        for value in chosen if options[chosen[0]].get_attribute("type") == "checkbox" else chosen[:1]:
            options[value or ""].check()


def publish(page: Page, meaning: str) -> None:
    """Publish what is being edited at the desk, and say what the change does to those who have read it."""
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("radio", name=meaning).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(re.compile("published", re.IGNORECASE)).first).to_be_visible()


def heading(page: Page, text: str) -> None:
    """The page's one main heading reads ``text``."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
