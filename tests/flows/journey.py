"""What every journey does: go in through a door, and tap what can be seen."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

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
    """The identities of the right options in the newest version of a module's quiz."""
    ((structure,),) = stage.rows(
        "SELECT v.structure FROM assessments_quizversion v JOIN assessments_quiz q ON q.id = v.quiz_id"
        " JOIN curriculum_module m ON m.id = q.module_id WHERE m.code = ? ORDER BY v.number DESC LIMIT 1",
        module,
    )
    return {choice["id"] for item in json.loads(structure)["items"] for choice in item["choices"] if choice["is_right"]}


def answer(page: Page, right: set[str], *, wrong: int = 0) -> None:
    """Answer the sheet on the page; the first ``wrong`` questions get something else than the right options."""
    expect(page.get_by_role("button", name="I have answered")).to_be_visible()
    for place, question in enumerate(page.locator("fieldset.options").all()):
        options = {box.get_attribute("value"): box for box in question.locator("input").all()}
        chosen = [value for value in options if (value in right) != (place < wrong)]
        for value in chosen if options[chosen[0]].get_attribute("type") == "checkbox" else chosen[:1]:
            options[value or ""].check()


def heading(page: Page, text: str) -> None:
    """The page's one main heading reads ``text``."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
