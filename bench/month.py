"""What it takes to send a month of work from a phone that had no network: seconds and bytes on a slow line.

The month: a woman who studies and practises nearly every evening, sits the four quizzes that count, and changes her
settings four times. Written down by the phone's own code, sealed one by one, and handed over in one go.
"""

from __future__ import annotations

import html
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from bench.line import SlowLine
from bench.measures import Measure
from bench.site import Site

LESSONS, SHEETS, TRIES, CHOICES = 60, 40, 4, 4
KILOBITS, MILLISECONDS = 50, 800
"""GPRS on a bad day: the slowest link of the budgets."""

MOST_SECONDS, MOST_BYTES = 60, 150_000

WRITE_DOWN = """
async ({ acts, seconds }) => {
  const said = await hello();
  const tag = await tagOf(said.owner);
  const now = Date.now.bind(Date);
  let back = acts.length * seconds * 1000;
  for (const { kind, payload } of acts) {
    Date.now = () => now() - back;
    await keepEntry({ owner: said.owner, tag, serverKey: said.key, kind, payload });
    back -= seconds * 1000;
  }
  Date.now = now;
  return said.owner;
}
"""


@dataclass
class _Metered:
    """A writer that counts what passes."""

    writer: Any
    passed: Counter[str]
    way: str

    def write(self, packet: bytes) -> None:
        self.passed[self.way] += len(packet)
        self.writer.write(packet)

    def close(self) -> None:
        self.writer.close()


class MeteredLine(SlowLine):
    """A slow line that counts the bytes of each way."""

    def __init__(self, target: int, *, kilobits: float, milliseconds: float) -> None:
        self.passed: Counter[str] = Counter()
        super().__init__(target, kilobits=kilobits, milliseconds=milliseconds)

    async def _carry(self, way: str, reader: Any, writer: Any) -> None:
        await super()._carry(way, reader, _Metered(writer, self.passed, way))


def measure(site: Site, browser: Browser, session: dict[str, str]) -> list[Measure]:
    """Make the month on a phone of its own, send it, and say what it took. Exits when not all of it arrives."""
    line = MeteredLine(site.port, kilobits=KILOBITS, milliseconds=MILLISECONDS)
    context = browser.new_context()
    url = f"http://127.0.0.1:{line.port}"
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in session.items()])
    page = context.new_page()
    try:
        page.goto(url + "/en/keep/", timeout=120_000)
        acts = _month(site, page)
        page.evaluate(WRITE_DOWN, {"acts": acts, "seconds": 30 * 86_400 // len(acts)})
        line.passed.clear()
        began = time.monotonic()
        sent = page.evaluate("async () => (await handOver()).sent")
        seconds = time.monotonic() - began
        refused = page.evaluate(
            "async () => (await read(['heard'], ({ heard }) => done(heard.getAll())))"
            ".filter(({ result }) => result === 'refused').map(({ reason }) => reason)"
        )
    finally:
        context.close()
        line.close()
    if sent != len(acts) or refused:
        sys.exit(f"of {len(acts)} acts {sent} arrived, refused: {refused}")
    link = f"{KILOBITS} kbit/s, {MILLISECONDS} ms"
    what = f"30 days ({LESSONS} lessons, {SHEETS} practice sheets, {TRIES} tries, {CHOICES} settings)"
    return [
        Measure("offline", f"{what} sent on {link}", seconds, "s", MOST_SECONDS),
        Measure("offline", "the same, bytes up", line.passed["up"], "B", MOST_BYTES),
        Measure("offline", "the same, bytes down", line.passed["down"], "B", MOST_BYTES / 3),
    ]


def _month(site: Site, page: Page) -> list[dict[str, Any]]:
    """The acts in a mixed order, each as a phone says it."""
    ask, url = page.context.request, f"http://127.0.0.1:{site.port}/sync/v1/"
    said = ask.get(url + "hello").json()
    places = [offer["place"] for offer in ask.get(url + "state").json()["parts"]["packs"]]
    kept = ask.post(url + "keep", data={"places": places}, headers={"X-CSRFToken": said["token"], "Referer": url})
    if not kept.ok:
        sys.exit(f"the site keeps nothing: {kept.status} {kept.text()[:200]}")
    tickets = ask.get(url + "state").json()["parts"]["tickets"][:TRIES]
    if len(tickets) < TRIES:
        sys.exit(f"{len(tickets)} quizzes of {len(places)} modules can be sat, {TRIES} are needed")
    sheets = [{"ticket": each["ticket"], "text": each["text"], "answers": _answers(each["html"])} for each in tickets]
    sheet = ask.get(f"http://127.0.0.1:{site.port}/en/m4/q/practice/").text()
    found = re.search(r'name="text" value="([0-9a-f]{64})"', sheet)
    if found is None:
        sys.exit("the practice sheet names no text")
    practice = {"ticket": None, "text": found[1], "answers": _answers(sheet)}
    chosen = [{"languages": ["en", "sw"]}, {"text_size": 1}, {"text_size": 2}, {"languages": ["en"], "text_size": 0}]
    acts = [{"kind": "study", "payload": site.facts["study"]}] * LESSONS
    acts += [{"kind": "attempt", "payload": practice}] * SHEETS
    acts += [{"kind": "attempt", "payload": each} for each in sheets]
    acts += [{"kind": "settings", "payload": each} for each in chosen[:CHOICES]]
    random.Random(1).shuffle(acts)
    return acts


def _answers(sheet: str) -> dict[str, Any]:
    """The first that can be chosen in each question of a sheet, in the shape that its kind asks for."""
    answers: dict[str, Any] = {}
    kind, part = "", ""
    for tag, inside in re.findall(r"<(fieldset|input|select|option)\b([^>]*)>", sheet):
        words = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', inside)}
        question, _dot, named = words.get("name", "").removeprefix("q-").partition(".")
        if tag == "fieldset":
            kind = words.get("data-kind", "")
        elif tag == "select":
            part, answers = named, {question: [] if kind == "ordering" else {}} | answers
            if kind == "ordering":
                answers[question].append(part)
            asked = question
        elif tag == "option" and kind == "matching" and words.get("value"):
            answers[asked].setdefault(part, words["value"])
        elif tag == "input" and words.get("name", "").startswith("q-") and question not in answers:
            chosen = words["value"] or "6"  # a number that she writes
            answers[question] = [chosen] if words.get("type") == "checkbox" else chosen
    return answers
