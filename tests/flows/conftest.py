"""The browser and the stage that every flow starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.flows.devices import CHROMIUM, DESK, FLAGS, PHONE
from tests.flows.gate import Gate
from tests.flows.kept_phone import Phone
from tests.flows.stage import Stage, staged


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flow)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, schema_folder: Path) -> Iterator[Stage]:
    """A server with the demonstration, made once."""
    with staged(tmp_path_factory.mktemp("stage"), schema_folder) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window. While it is open, Django refuses this thread the database."""
    assert CHROMIUM, "Chromium is missing. Type: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, stage: Stage) -> Iterator[Callable[..., Page]]:
    """Open a new phone (or desk) at the home page, with nothing remembered."""
    contexts = []

    def _open(device: dict[str, Any] = PHONE, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": stage.url, **device, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        return page

    yield _open
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(PHONE)


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    return open_page(DESK)


@pytest.fixture
def gate(stage: Stage) -> Iterator[Gate]:
    """A way to the stage that can be closed."""
    running = Gate(stage.url)
    yield running
    running.shut()


@pytest.fixture(autouse=True)
def _first_day(request: pytest.FixtureRequest) -> None:
    """Every flow begins on the first day of the demonstration, whatever came before it."""
    if "stage" in request.fixturenames:
        request.getfixturevalue("stage").start_over()


@pytest.fixture
def new_phone(browser: Browser, gate: Gate, tmp_path: Path) -> Iterator[Callable[[], Phone]]:
    """Make phones that can be killed, each with a profile of its own."""
    phones: list[Phone] = []

    def _new() -> Phone:
        phones.append(Phone(browser, tmp_path / f"phone-{len(phones)}", gate))
        return phones[-1]

    yield _new
    for phone in phones:
        phone.close()
