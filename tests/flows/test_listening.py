"""Listening to a lesson and doing a quiz by ear: without script, with it, without network, by the phone's own voice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.devices import PHONE
from tests.flows.journey import answer_in_parts, go_in, go_in_new, right_answers
from tests.flows.kept_phone import Phone, count, open_lock, until
from tests.flows.stage import Stage
from tests.flows.test_access import violations

FASTER = """
// A minute of speech in two seconds: what is tested is what comes after what.
const rate = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "playbackRate");
window.asked = [];
Object.defineProperty(HTMLMediaElement.prototype, "playbackRate", {
  get() { return rate.get.call(this); },
  set(value) { window.asked.push(value); rate.set.call(this, value * 12); },
});
"""
VOICE = """
window.spoken = [];
const voices = [
  { lang: "en_KE", localService: true, name: "here" },
  { lang: "sw-KE", localService: false, name: "elsewhere" },
];
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => voices,
  cancel() {},
  speak(one) {
    window.spoken.push([one.text.trim(), one.voice.name, one.lang, one.rate]);
    setTimeout(() => one.onend(), 20);
  },
}) });
"""
PART = "[...document.querySelectorAll('[data-part]')].findIndex((each) => each.matches('.reading'))"
"""Which part of a lesson is being read, from 0."""


def tap(page: Page, name: str) -> None:
    page.locator(f"[data-hear={name}]").click()


def heard_of(page: Page) -> list[str]:
    """The recordings that were fetched, by name."""
    return page.evaluate("[...sounds.keys()].map((src) => src.slice(-37, -5))")


@pytest.fixture
def listener(new_phone: Callable[[], Phone]) -> Phone:
    """A phone, and a demonstration as on its first day."""
    return new_phone()


def test_lesson_can_be_heard_without_script(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    go_in(page, "Chiŵale")
    page.goto("/en/p2/l1/")
    page.get_by_role("link", name=re.compile(r"Listen \(\d+ KB\)")).click()
    expect(page.get_by_text(re.compile(r"Listening to all of it costs \d+ KB"))).to_be_visible()
    first = page.locator("audio").first
    expect(first).to_be_visible()
    assert first.get_attribute("preload") == "none"
    assert page.request.get(first.get_attribute("src") or "").headers["content-type"] == "audio/ogg"
    expect(page.locator("[data-player]")).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("[data-part] p").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_to_listen_to_have_no_violation(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(PHONE, color_scheme=scheme)
    go_in(page, "Chiŵale")
    found = {}
    for path in ("p2/listen/", "p2/l1/listen/", "p2/q/listen/", "p2/q/practice/listen/"):
        page.goto(f"/sw/{path}")
        found[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        page.evaluate("document.documentElement.className = 'size-2'")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, f"{path} in the largest letters"
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_lesson_is_read_block_after_block_after_a_tap(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    page.add_init_script(FASTER)
    go_in(page, "Chiŵale")
    page.goto("/en/p2/l1/listen/")
    page.wait_for_timeout(300)
    assert heard_of(page) == []  # nothing is fetched, and nothing begins, by itself
    assert page.evaluate("sound.src") == ""
    expect(page.locator("[data-part] p:visible")).to_have_count(0)  # the words are out of sight
    hint = page.get_by_text("Others can hear this too.")
    expect(hint).to_be_visible()
    tap(page, "play")
    expect(hint).to_be_hidden()
    expect(page.locator("[data-hear=pause]")).to_be_visible()
    until(page, "document.querySelectorAll('.reading[data-part]').length === 1")
    assert len(heard_of(page)) <= 3  # what is read and the next one only
    tap(page, "pause")
    at = page.evaluate("sound.currentTime")
    assert page.evaluate("sound.paused")
    tap(page, "play")
    until(page, "!sound.paused")
    assert page.evaluate("sound.currentTime") >= at
    tap(page, "speed")
    expect(page.locator("[data-hear=speed]")).to_have_text("1.25×")
    assert page.evaluate("asked.at(-1)") == 1.25
    place = page.evaluate(PART)
    tap(page, "next")
    until(page, f"(before) => {PART} > before", place)
    page.locator("[data-part]:not([data-answer]) [data-hear=here]").last.click()
    expect(page.locator("[data-hear=play]")).to_be_visible(timeout=30_000)  # it has come to its end
    expect(page.locator(".main-action .button").first).to_be_in_viewport()
    page.goto("/en/p2/l2/listen/")
    page.goto("/en/p2/l1/listen/")
    expect(page.locator("[data-hear=speed]")).to_have_text("1.25×")  # for this visit
    expect(hint).to_be_hidden()


def test_listening_stops_at_once_when_she_leaves(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    go_in(page, "Chiŵale")
    page.goto("/en/p2/l1/listen/")
    tap(page, "play")
    until(page, "!sound.paused")
    page.route("**/exit/", lambda route: None)  # a network that does not answer
    page.get_by_role("button", name="Exit").click()
    until(page, "sound.paused")


def test_saved_data_is_not_fetched_ahead(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } });")
    go_in(page, "Chiŵale")
    page.goto("/en/p2/l1/listen/")
    tap(page, "play")
    until(page, "!sound.paused")
    assert len(heard_of(page)) == 1


def test_phone_that_speaks_reads_what_nobody_has_recorded(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    page.add_init_script(VOICE)
    go_in(page, "Chiŵale")
    page.goto("/sw/m4/l1/")
    expect(page.locator("[data-voice]")).to_be_hidden()  # that voice would be told her words, elsewhere
    page.goto("/en/m4/l1/")
    page.get_by_role("link", name="Listen").click()
    title = page.get_by_role("heading", level=1).inner_text()
    tap(page, "speed")
    tap(page, "play")
    until(page, "spoken.length > 5")
    spoken = page.evaluate("spoken")
    assert spoken[0] == [title, "here", "en_KE", 1.25]
    assert {voice for _text, voice, _lang, _rate in spoken} == {"here"}
    assert all(len(text) < 400 for text, *_ in spoken)  # by the sentence
    expect(page.get_by_text("Not recorded yet").first).to_be_hidden()


def test_phone_without_a_voice_offers_nothing_that_nobody_has_recorded(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    go_in(page, "Chiŵale")
    page.goto("/en/m4/l1/")
    expect(page.locator("[data-voice]")).to_be_hidden()
    page.goto("/en/m4/l1/listen/")  # by an old address: the words are there
    expect(page.locator("[data-player]")).to_be_hidden()
    expect(page.locator("[data-part] p").first).to_be_visible()


def do_by_ear(page: Page, right: set[str]) -> None:
    """Answer every question by touch, as somebody who cannot read: hear each answer, then take the right ones."""
    while True:
        card = page.locator("fieldset.options:visible")
        expect(card).to_have_count(1)
        is_in_parts = answer_in_parts(card, right, by_ear=True)
        for option in [] if is_in_parts else card.locator(".option").all():
            box = option.locator("input")
            is_right = box.get_attribute("value") in right
            if card.locator(".option b").count():
                expect(option.locator("[data-say]")).to_have_css("width", "1px")  # its words are out of sight
                option.click()
                assert not box.is_checked()  # the first touch reads
                expect(option).to_have_class(re.compile("reading"))
                if is_right:
                    tap(page, "choose")
            elif is_right:
                option.click()
            if is_right:
                assert box.is_checked()
        onward = page.locator("[data-hear=next]")
        if onward.is_disabled():
            break
        onward.click()
    page.locator("button[form=sheet]").click()


def test_quiz_is_done_by_ear(open_page: Callable[..., Page], stage: Stage) -> None:
    page = open_page(PHONE)
    page.add_init_script(VOICE)
    go_in(page, "Chiŵale")
    page.goto("/en/m4/")
    page.get_by_role("link", name="Listen", exact=True).click()
    page.goto("/en/m4/q/listen/")
    page.get_by_role("link", name="Practise").click()
    expect(page.locator("button[form=sheet]")).to_be_hidden()
    tap(page, "play")
    stem = page.locator("fieldset.options:visible legend [data-say]").inner_text()
    until(page, "spoken.length")
    assert page.evaluate("spoken.map(([text]) => text).join(' ')").startswith(stem.split(".")[0][:30])
    do_by_ear(page, right_answers(stage, "M4"))
    page.wait_for_url("**/q/result/*/listen/")
    tap(page, "play")
    until(page, "spoken.length && spoken[0][0] === 'You know all of these'")


def keep_with_sound(phone: Phone, stage: Stage) -> int:
    """Amélia, new and reading English, keeps P2 with its recordings; return the kilobytes that were named before."""
    page = phone.page
    go_in_new(page)
    page.goto("/en/p2/")
    page.get_by_role("link", name="Keep on this phone").click()
    card = page.locator("details[open]")
    price = card.get_by_text(re.compile(r"Sound too: \d+ KB more"))
    said = int(re.findall(r"\d+", price.inner_text())[0])
    price.click()
    if card.get_by_label("Your PIN, once").is_visible():
        card.get_by_label("Your PIN, once").fill(stage.accounts["learner_new"]["secret"])
    card.get_by_role("button", name="Keep on this phone").click()
    expect(page.locator("[data-id]").filter(has_text="last checked").first).to_be_attached(timeout=60_000)
    page.evaluate("""async () => {
      const here = async (address) => (await Promise.all((await caches.keys()).map(async (name) =>
        (await (await caches.open(name)).keys()).map((each) => each.url)))).flat().some((url) => url.includes(address));
      while (!(await here("/en/keep/")) || !(await here("kept-hearing"))) await new Promise((r) => setTimeout(r, 50));
    }""")
    return said


def test_module_is_heard_and_its_quizzes_done_by_ear_without_network(listener: Phone, stage: Stage) -> None:
    phone = listener
    said = keep_with_sound(phone, stage)
    files = phone.page.evaluate("keptPlaces().then((all) => Object.values(all)[0].files)")
    sounds = [file for file in files if file["kind"] == "audio"]
    assert abs(sum(file["bytes"] for file in sounds) / 1000 - said) <= 1
    rows = phone.page.evaluate("""async () => {
      const rows = await read(["packs"], ({ packs }) => done(packs.getAll()));
      return rows.map(({ type, body }) => [type || "", String.fromCharCode(...body.slice(0, 64))]);
    }""")
    heard = [body for kind, body in rows if kind.startswith("audio/ogg")]
    assert len(heard) == len(sounds)
    assert not any("OggS" in body or "Opus" in body for body in heard)  # ciphertext
    sat = count(stage, "AME-102", "assessments_attempt")

    phone.kill()
    phone.gate.shut()
    phone.start()
    page = phone.page
    page.add_init_script(FASTER)
    page.goto("/en/p2/")
    open_lock(page, stage, "learner_new")
    page.get_by_role("link", name="Listen", exact=True).click()
    page.locator("[data-lesson-row=l1] a").click()
    expect(page.get_by_text("Listening to all of it costs")).to_be_hidden()  # it is here
    tap(page, "play")
    until(page, "!sound.paused && sound.src.startsWith('data:audio/ogg')")
    until(page, "document.querySelectorAll('.reading[data-part]').length === 1", seconds=20)
    assert page.locator("[data-player]").count() == 1

    # Her quiz by ear: questions of the first lesson are recorded, the others show their words.
    page.get_by_role("link", name="Lesson 1 of 5").click()
    page.locator("[data-lesson-row=q] a").click()
    expect(page).to_have_url(re.compile(r"/p2/q/listen/$"))
    page.get_by_role("link", name="Practise").click()
    expect(page.locator(".pointing:visible")).to_have_count(1)
    do_by_ear(page, right_answers(stage, "P2"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You know all of these")
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url(re.compile(r"/p2/q/listen/$"))
    page.get_by_role("link", name="Go to the quiz").click()
    do_by_ear(page, right_answers(stage, "P2"))
    expect(page.get_by_text("They will be marked when they are sent.")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Waiting to be sent: 2")).to_be_visible()
    page.get_by_role("button", name="Exit").click()
    page.wait_for_url("**/pause/")
    phone.gate.open()
    go_in(page, "Amélia")
    page.goto("/en/keep/")
    open_lock(page, stage, "learner_new")  # it was locked while the site could not hear of it
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    assert count(stage, "AME-102", "assessments_attempt") == sat + 2


def test_new_recording_is_the_only_one_that_is_fetched_again(listener: Phone, stage: Stage) -> None:
    phone = listener
    keep_with_sound(phone, stage)
    fetched = phone.page.evaluate("""async () => {
      const [kept] = Object.values(await keptPlaces());
      const [first, second] = kept.files.filter((file) => file.kind === "audio");
      const other = { ...first, src: second.src + "?again" };
      const offer = { ...kept, files: kept.files.map((file) => (file === first ? other : file)) };
      const real = window.fetch;
      const asked = [];
      window.fetch = (path, options) => {
        if (String(path).startsWith("/media/")) asked.push(String(path));
        return real(path, options);
      };
      const before = (await read(["packs"], ({ packs }) => done(packs.getAllKeys()))).length;
      await keepPlace(offer, { pictures: false, sound: true });
      const after = (await read(["packs"], ({ packs }) => done(packs.getAllKeys()))).length;
      const isHere = async ({ src }) => Boolean(await openFile(offer, src));
      return [asked, other.src, after - before, await isHere(other), await isHere(first), await isHere(second)];
    }""")
    asked, new, *others = fetched
    assert (asked, others) == ([new], [0, True, False, True])
