"""A woman on a 360 px phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.devices import PHONE
from tests.flows.journey import answer, go_in, heading, right_answers
from tests.flows.stage import Stage


def test_on_her_first_day_she_consents_and_studies_a_lesson(phone: Page) -> None:
    go_in(phone, "Amélia")
    heading(phone, "Five questions first")
    assert phone.locator("input[type=checkbox]:checked").count() == 0
    phone.locator("input[type=radio]").first.check()
    phone.get_by_role("button", name="Save my answers").click()

    heading(phone, "Hello, Amélia")
    phone.get_by_role("link", name="Begin").click()
    expect(phone.get_by_text("Lesson 1 of 5")).to_be_visible()
    expect(phone.get_by_text("Not approved for clinical use").first).to_be_visible()
    assert phone.title() == "Thuto"
    phone.get_by_role("button", name="I have studied this").click()
    expect(phone.get_by_text("Lesson 2 of 5")).to_be_visible()


def test_quick_exit_leaves_nothing_to_come_back_to(phone: Page) -> None:
    go_in(phone, "Chiŵale")
    phone.get_by_role("link", name="My modules").click()
    phone.get_by_role("button", name="Exit").click()
    phone.wait_for_url("**/pause/")
    phone.go_back()
    expect(phone.locator("body")).not_to_contain_text("Chiŵale")
    expect(phone.get_by_role("link", name="My modules")).to_have_count(0)


def test_quick_exit_without_script_signs_out(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    go_in(page, "Chiŵale")
    page.get_by_role("button", name="Exit").click()
    assert page.url.endswith("/pause/")
    page.goto("/en/today/")
    assert "/sign-in/" in page.url


def test_everything_she_needs_works_without_script(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    go_in(page, "Chiŵale")
    page.goto("/en/m4/l2/")
    page.locator(".try-it summary").first.click()
    expect(page.locator(".try-it details[open]").first).to_be_visible()
    page.goto("/en/m4/q/practice/")
    answer(page, right_answers(stage, "M4"))
    page.get_by_role("button", name="I have answered").click()
    heading(page, "You know all of these")
