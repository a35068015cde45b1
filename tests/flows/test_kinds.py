"""Every kind of question on her phone: without script, by taps, by keys, by ear, and without network."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.assessments.kinds.test_numbers import EXAMPLES
from tests.flows.devices import PHONE
from tests.flows.journey import answer, answer_in_parts, go_in, heading, right_answers
from tests.flows.kept_phone import Phone, fill_in, keep, open_lock, until
from tests.flows.stage import Stage, manage
from tests.flows.test_access import violations
from tests.flows.test_listening import VOICE

PUBLISH = (
    "from tests.assessments.kinds.making import make_every_kind; "
    "make_every_kind('D1', languages=('en', 'sw'), is_critical=True)"
)
PRACTICE = "/en/d1/q/practice/"


EVERY_KIND = ".every-kind"


@pytest.fixture(scope="module")
def published(stage: Stage) -> None:
    stage.start_over()
    manage(stage.database.parent, "shell", "-v0", "-c", PUBLISH)
    stage.remember(EVERY_KIND)


@pytest.fixture
def every_kind(stage: Stage, published: None) -> None:
    """The quiz of D1 asks one question of every kind, to practise and to be certified, in English and in Kiswahili."""
    stage.start_over(EVERY_KIND)


@pytest.fixture
def right(stage: Stage, every_kind: None) -> set[str]:
    return right_answers(stage, "D1")


def of_kind(page: Page, kind: str) -> Locator:
    return page.locator(f'[data-kind="{kind}"]')


def steps(page: Page) -> list[str]:
    return of_kind(page, "ordering").locator("button.option [lang]").all_inner_texts()


def points(stage: Stage, alias: str) -> list[tuple[int, int]]:
    return stage.rows(
        "SELECT a.points_earned, a.points_possible FROM assessments_attempt a JOIN programme_term t ON t.id = a.term_id"
        " JOIN people_user u ON u.id = t.learner_id WHERE u.alias = ? ORDER BY a.id",
        alias,
    )


def test_every_kind_without_script(open_page: Callable[..., Page], right: set[str]) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    go_in(page, "Chiŵale")
    page.goto(PRACTICE)
    expect(page.locator("fieldset.options")).to_have_count(7)
    expect(page.get_by_text("Tap what comes first")).to_be_hidden()
    answer(page, right)
    of_kind(page, "number").locator("input").fill("6 weeks")
    page.get_by_role("button", name="I have answered").click()
    expect(page.get_by_text("Write only the number, in digits. “months” stands here already.")).to_be_visible()
    of_kind(page, "number").locator("input").fill("6 months")
    page.get_by_role("button", name="I have answered").click()
    heading(page, "You know all of these")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_by_taps(open_page: Callable[..., Page], right: set[str], stage: Stage, scheme: str) -> None:
    page = open_page(PHONE, color_scheme=scheme)
    wrong_words: list[str] = []
    page.on("pageerror", lambda problem: wrong_words.append(str(problem)))
    page.on("console", lambda said: wrong_words.append(said.text))
    go_in(page, "Chiŵale")
    page.goto("/sw/d1/q/practice/")
    assert violations(page) == []
    page.goto(PRACTICE)
    expect(of_kind(page, "ordering").locator("select").first).to_be_hidden()

    order = of_kind(page, "ordering")
    shown = steps(page)
    order.get_by_role("button", name=shown[2]).click()
    order.get_by_role("button", name=shown[0]).click()
    expect(order.locator("button.option[aria-pressed=true]")).to_have_count(2)
    expect(order.get_by_role("button", name=f"{shown[2]} 1st")).to_be_visible()
    expect(order.get_by_role("status")).to_have_text(f"{shown[0]}: 2nd")
    order.get_by_role("button", name=f"{shown[2]} 1st").click()  # her mind changes: the first place is free again
    order.get_by_role("button", name=shown[1]).click()
    expect(order.get_by_role("button", name=f"{shown[1]} 1st")).to_be_visible()
    order.get_by_role("button", name="Begin again").click()
    expect(order.locator("button.option[aria-pressed=true]")).to_have_count(0)
    expect(order.get_by_role("button", name="Begin again")).to_be_hidden()

    answer(page, right)
    assert steps(page) == [
        "Greet her and find a quiet place",
        "Listen",
        "Ask what she knows",
        "Agree on the next visit",
    ]
    expect(order.locator("[data-full]")).to_be_visible()
    expect(of_kind(page, "matching").locator("[data-full]")).to_be_visible()
    assert violations(page) == []
    for letters in ("", "size-2"):
        page.evaluate("(size) => (document.documentElement.className = size)", letters)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="I have answered").click()
    heading(page, "You know all of these")
    assert points(stage, "CHI-103")[-1] == (84, 84)

    page.goto(PRACTICE)
    answer(page, right, wrong=7)
    page.get_by_role("button", name="I have answered").click()
    heading(page, "7 things to look at again")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert wrong_words == []


def test_every_kind_by_keys_alone(open_page: Callable[..., Page], right: set[str]) -> None:
    page = open_page(PHONE)
    go_in(page, "Chiŵale")
    page.goto(PRACTICE)
    order, pairs = of_kind(page, "ordering"), of_kind(page, "matching")
    shown = steps(page)
    order.locator("button.option").first.focus()
    for place in range(4):
        page.keyboard.press("Enter")
        expect(page.locator("button:focus")).to_contain_text(shown[place])  # the focus stays where she is
        if place < 3:
            page.keyboard.press("Tab")
    expect(order.get_by_role("status")).to_have_text(
        f"{shown[3]}: 4th: This is your order. Tap one to take its place away."
    )
    assert steps(page) == shown

    pairs.locator("button.side").first.focus()
    told = pairs.get_by_role("status")
    side = pairs.locator("button.side [lang]").first.inner_text()
    for left, after in (
        ("An injection", "A leaking roof"),
        ("A leaking roof", "Fear of a visit"),
        ("Fear of a visit", "These are your pairs. Tap one to choose again."),
    ):
        page.keyboard.press("Space")
        expect(told).to_have_text(f"{left}: {side}: {after}")
    page.keyboard.press("Space")  # nothing is marked: nothing changes
    values = pairs.locator("select").evaluate_all("(all) => all.map((each) => each.selectedOptions[0].textContent)")
    assert values == [side] * 3


def test_numbers_are_read_on_the_phone_as_on_the_site(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(PHONE)
    go_in(page, "Chiŵale")
    page.goto("/en/keep/")
    until(page, "() => isOpen !== undefined")
    page.evaluate("() => arrival('sheets')")
    read = "(all) => all.map(([typed, sign, unit]) => numberIn(typed, sign, unit))"
    found = page.evaluate(read, [list(example[:3]) for example in EXAMPLES])
    wanted = [None if meant is None else float(meant) for *_typed, meant in EXAMPLES]
    assert {EXAMPLES[n]: got for n, got in enumerate(found) if got != wanted[n]} == {}


def wrongly(page: Page, right: set[str]) -> None:
    """Answer every question of the sheet, none of them rightly."""
    for question in page.locator("fieldset.options").all():
        if not answer_in_parts(question, right, wrong=True):
            for box in question.locator("input[type=checkbox]").all():
                box.uncheck()
            wrong = [box for box in question.locator("input").all() if box.get_attribute("value") not in right]
            wrong[0].check()


def test_every_kind_without_network(new_phone: Callable[[], Phone], right: set[str], stage: Stage) -> None:
    """She reads the module in Kiswahili; what the phone says of itself is in the language of the address."""
    phone = new_phone()
    page = phone.page
    keep(page, stage, "Wanjikũ", "learner", "d1")
    before = len(points(stage, "WAN-101"))
    until(page, "async () => Boolean(await caches.match(document.body.dataset.sheets))")
    phone.kill()
    phone.gate.shut()
    phone.start()
    page = phone.page
    done = "button[form=sheet]"
    page.goto(PRACTICE)
    open_lock(page, stage, "learner")

    fill_in(page, right)
    of_kind(page, "number").locator("input").fill("sita")
    of_kind(page, "ordering").locator("[data-again]").click()
    page.locator(done).click()
    expect(page.get_by_text("Questions that still need an answer: 2.")).to_be_visible()
    expect(of_kind(page, "number").locator("[data-problem]")).to_be_visible()

    wrongly(page, right)
    page.locator(done).click()
    heading(page, "To look at again: 7")
    cards = page.locator("[data-slot=again] .card")
    order = cards.filter(has_text="Panga ziara ya kwanza kwa utaratibu.")
    expect(order.locator("ol").first.locator("li").first).to_have_text("Mkubaliane ziara ijayo")
    expect(order).to_contain_text("Kilicho nyuma yake: s3")
    expect(order.locator("ol").nth(1).locator("li").first).to_have_text("Msalimu na utafute mahali patulivu")
    expect(cards.filter(has_text="Nani anasaidia na nini?")).to_contain_text("Sindano: Muuguzi")
    expect(cards.filter(has_text="miezi mingapi")).to_contain_text("6 miezi")
    expect(cards.filter(has_text="Unamwambia nini?")).to_contain_text("Amina ameketi nje.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Practise").click()
    fill_in(page, right)
    page.locator(done).click()
    heading(page, "You know all of these")

    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Go to the quiz").click()
    fill_in(page, right)
    page.locator("legend").first.click()  # her number is written down when she leaves its field
    page.wait_for_timeout(300)
    phone.kill()
    phone.start()
    page = phone.page
    page.goto("/en/d1/q/")
    open_lock(page, stage, "learner")
    page.get_by_role("link", name="Go to the quiz").click()
    expect(of_kind(page, "matching").locator("[data-full]")).to_be_visible()  # what she had done is there again
    assert steps(page)[0] == "Msalimu na utafute mahali patulivu"
    expect(of_kind(page, "number").locator("input")).to_have_value("6")
    page.locator(done).click()
    expect(page.get_by_text("They will be marked when they are sent.")).to_be_visible()

    phone.gate.open()
    go_in(page, "Wanjikũ")
    page.goto("/en/keep/")
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert points(stage, "WAN-101")[before:] == [(0, 84), (84, 84), (84, 84)]
    ((kept,),) = stage.rows("SELECT answers FROM assessments_attemptanswers ORDER BY id DESC LIMIT 1")
    shapes = sorted(type(each).__name__ for each in json.loads(kept).values())
    assert shapes == ["dict", "list", "list", "str", "str", "str", "str"]


def test_every_kind_by_ear(open_page: Callable[..., Page], right: set[str]) -> None:
    """The words are out of sight: the first touch reads, the second takes."""
    page = open_page(PHONE)
    page.add_init_script(VOICE)
    go_in(page, "Chiŵale")
    page.goto("/en/d1/q/practice/listen/")
    forward = page.locator("[data-hear=next]")

    def spoken() -> list[str]:
        return [said[0] for said in page.evaluate("window.spoken")]

    for kind in ("ordering", "matching", "number"):
        while not of_kind(page, kind).is_visible():
            page.locator("fieldset:visible .option").first.click()
            page.locator("fieldset:visible .option").first.click()
            forward.click()
        question = of_kind(page, kind)
        expect(forward).to_be_disabled()
        if kind == "ordering":
            expect(question.get_by_text("Listen", exact=True)).to_have_css("position", "absolute")  # out of sight
            for _step in range(4):
                open_step = question.locator("button.option[aria-pressed=false]").first
                words = open_step.locator("[lang]").inner_text()
                open_step.click()
                until(page, "(words) => window.spoken.some(([said]) => said === words)", words)
                expect(open_step).to_have_attribute("aria-pressed", "false")  # it was only read
                page.locator("[data-hear=choose]").click()
        elif kind == "matching":
            for place in range(3):
                side = question.locator("button.side").nth(place)
                side.click()
                side.click()
            expect(question.locator("button.option .tag").first).to_have_text("●")
        else:
            question.locator("input").fill("6")
        expect(forward).to_be_enabled()
        forward.click()
    until(page, "() => window.spoken.some(([said]) => said.startsWith('Amina sits outside.'))")
    assert {"Put the first visit in order.", "Who helps with what?", "An injection"} <= {*spoken(), "An injection"}
    page.locator("fieldset:visible .option").first.click()
    page.locator("fieldset:visible .option").first.click()
    page.get_by_role("button", name="I have answered").click()
    page.wait_for_url("**/result/**/listen/")
